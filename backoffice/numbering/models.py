"""Counters, the numbers they gave, and how a company writes them.

The company is a plain number here, with its foreign key in SQL: numbers stand below the organization.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.numbering.rules import LONGEST


class Counted(models.Model):
    """A series of one company, of one branch and year where it counts by them (0 where not)."""

    company_id = models.BigIntegerField()
    series = models.CharField(_("series"), max_length=80)
    branch_id = models.BigIntegerField(_("branch"), default=0)
    year = models.PositiveSmallIntegerField(_("year"), default=0)

    class Meta:
        abstract = True


class NumberCounter(Counted):
    """One row is the last number of one gapless series; its lock is the last of a transaction."""

    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        db_table = "backoffice_number_counter"
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company_id", "series", "branch_id", "year"], name="number_counter_once"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class IssuedNumber(Counted):
    """One row is one number of a gapless series and the record that got it; never changed."""

    number = models.PositiveIntegerField(_("number"))
    text = models.CharField(_("as written"), max_length=LONGEST)
    target_type = models.CharField(max_length=80)
    target_id = models.BigIntegerField()
    at = models.DateTimeField(_("issued at"))

    class Meta:
        db_table = "backoffice_issued_number"
        verbose_name = _("issued number")
        verbose_name_plural = _("issued numbers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company_id", "series", "branch_id", "year", "number"],
                name="issued_number_once",
            ),
            models.UniqueConstraint(
                fields=["company_id", "series", "text"], name="issued_number_text_once"
            ),
            models.UniqueConstraint(
                fields=["series", "target_type", "target_id"], name="issued_number_one_for_record"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.text


@tracked
class NumberFormat(models.Model):
    """One row is how one company writes the numbers of one series."""

    company_id = models.BigIntegerField()
    series = models.CharField(_("series"), max_length=80)
    pattern = models.CharField(_("pattern"), max_length=LONGEST)

    class Meta:
        db_table = "backoffice_number_format"
        verbose_name = _("format of numbers")
        verbose_name_plural = _("formats of numbers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company_id", "series"],
                name="number_format_once",
                violation_error_message=_("The company has a format for this series already."),
            ),
            models.CheckConstraint(
                condition=Q(pattern__contains="{number"),
                name="number_format_has_a_number",
                violation_error_message=_("A pattern contains {number}."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.pattern
