"""Warnings that were given, and what people said to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models import CompanyOwned


class ExpiryAlarm(CompanyOwned):
    """One row is one warning about one thing, one end date and one occasion; it is given once.

    ``occasion`` is the threshold in days, or the day on which a snooze was over.
    """

    kind = models.CharField(_("kind"), max_length=80)
    record_id = models.BigIntegerField()
    ends_on = models.DateField(_("ends on"))
    occasion = models.CharField(max_length=20)
    at = models.DateTimeField(_("when"))

    class Meta:
        db_table = "backoffice_expiry_alarm"
        verbose_name = _("warning of an expiry")
        verbose_name_plural = _("warnings of expiries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "kind", "record_id", "ends_on", "occasion"],
                name="expiry_alarm_once",
                violation_error_message=_("This warning was given already."),
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind}:{self.record_id} {self.ends_on:%Y-%m-%d} {self.occasion}"


@tracked
class ExpiryMark(CompanyOwned):
    """One row is what people said to one end date of one thing: taken note of, or let sleep until a day."""

    kind = models.CharField(_("kind"), max_length=80)
    record_id = models.BigIntegerField()
    ends_on = models.DateField(_("ends on"))
    snoozed_until = models.DateField(_("sleeps until"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(_("noted at"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        db_table = "backoffice_expiry_mark"
        verbose_name = _("mark on an expiry")
        verbose_name_plural = _("marks on expiries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "kind", "record_id", "ends_on"],
                name="expiry_mark_once",
                violation_error_message=_("Somebody has marked this already."),
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | Q(reason__regex=r"\S"),
                name="expiry_mark_says_why",
                violation_error_message=_("Say why it can wait."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind}:{self.record_id}"
