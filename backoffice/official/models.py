"""Official lists of the country: municipalities, banks, and the holidays of a municipality."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked


class Municipality(models.Model):
    """One row is one municipality of Brazil, as IBGE lists it."""

    code = models.CharField(_("IBGE code"), max_length=7, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=2)
    source = models.CharField(_("source"), max_length=200)
    label = models.GeneratedField(
        expression=Concat("name", Value("/"), "state"),
        output_field=models.CharField(max_length=83),
        db_persist=True,
    )

    class Meta:
        db_table = "backoffice_municipality"
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["state", "name"], name="municipality_once_in_state"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[1-5][0-9]{6}$", state__regex=r"^[A-Z]{2}$"),
                name="municipality_form",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.name}/{self.state}"


class Bank(models.Model):
    """One row is one institution that payments can be sent to, with its code of three digits."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    ispb = models.CharField(_("ISPB"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=200)
    label = models.GeneratedField(
        expression=Concat("code", Value(" · "), "name"),
        output_field=models.CharField(max_length=126),
        db_persist=True,
    )

    class Meta:
        db_table = "backoffice_bank"
        verbose_name = _("bank")
        verbose_name_plural = _("banks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{3}$", ispb__regex=r"^[0-9A-Z]{8}$"),
                name="bank_form",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


@tracked
class LocalHoliday(models.Model):
    """One row is one holiday of one municipality: a day of the year, or a distance from Easter."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="holidays",
        verbose_name=_("municipality"),
    )
    name = models.CharField(_("name"), max_length=100)
    day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    easter_offset = models.SmallIntegerField(_("days from Easter"), null=True, blank=True)
    act = models.CharField(_("act"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_local_holiday"
        verbose_name = _("municipal holiday")
        verbose_name_plural = _("municipal holidays")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    day__isnull=False,
                    day__range=(1, 31),
                    month__isnull=False,
                    month__range=(1, 12),
                    easter_offset__isnull=True,
                )
                | Q(
                    day__isnull=True,
                    month__isnull=True,
                    easter_offset__isnull=False,
                    easter_offset__range=(-60, 70),
                ),
                name="local_holiday_day",
                violation_error_message=_("Give a day and a month, or a day counted from Easter."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="local_holiday_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
