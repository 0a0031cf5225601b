"""The one row that says whether a month of a domain is closed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class PeriodLock(models.Model):
    """One row is one month of one domain (payroll, ledger, stock, fiscal) of one company.

    Triggers of the domain's results read it ``FOR SHARE``; closing takes it ``FOR UPDATE``. The company
    is a plain number here, with its foreign key in SQL, because periods stand below the organization.
    """

    company_id = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    month = models.DateField(_("month"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "backoffice_period_lock"
        verbose_name = _("period lock")
        verbose_name_plural = _("period locks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company_id", "domain", "month"],
                name="period_lock_once",
                violation_error_message=_("This month exists already."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="period_lock_first_of_month",
                violation_error_message=_("A month is written as its first day."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.domain} {self.month:%m/%Y}"

    @property
    def closed(self) -> bool:
        """Whether results and postings of the month are refused."""
        return self.closed_at is not None
