"""What lists of employees sort and join by, kept by the database."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import CompanyOwned
from hr.people.models import Employee, EmploymentContract


class EmployeeListing(CompanyOwned):
    """One row for each employee: the name as it is sorted, and the contract that was admitted last.

    Triggers keep it (``migrations/sql/employee_listing.sql``); nobody else may write. Without it a page
    of fifty out of a hundred thousand would fold every name and look up every contract.
    """

    employee = models.OneToOneField(
        Employee,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        related_name="listing",
        verbose_name=_("employee"),
    )
    sort_name = models.TextField(_("name as it is sorted"))
    contract = models.ForeignKey(
        EmploymentContract,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("latest contract"),
    )

    class Meta:
        db_table = "hr_employee_listing"
        verbose_name = _("employee in lists")
        verbose_name_plural = _("employees in lists")
        indexes: ClassVar = [
            models.Index(
                fields=["company", "sort_name", "employee"], name="employee_listing_by_name"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.sort_name
