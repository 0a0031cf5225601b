"""What the area shows in the administration pages: reference data to edit, documents to look at."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from typing_extensions import override

from backoffice.identity.admin import ReadOnlyAdmin, ReferenceAdmin
from hr.payroll.models import PayItem, PayrollRun, PayrollSettings
from hr.people.models import Employee, EmploymentContract, Occupation


@admin.register(Occupation)
class OccupationAdmin(ReferenceAdmin):
    """Occupations of the CBO; ``manage.py import_occupations`` brings a later list in."""

    list_display = ("code", "title", "source")
    search_fields = ("code", "title")
    ordering = ("code",)


@admin.register(PayItem)
class PayItemAdmin(ReferenceAdmin):
    """Standard pay items, which all companies share."""

    fields = (
        *("code", "key", "name", "kind", "nature"),
        *("incidence_cp", "incidence_irrf", "incidence_fgts", "source", "valid_from", "valid_to"),
    )
    list_display = (
        "code",
        "name",
        "kind",
        "nature",
        "incidence_cp",
        "incidence_irrf",
        "incidence_fgts",
    )
    list_filter = ("kind",)
    search_fields = ("code", "name")
    ordering = ("code",)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Only the standard ones."""
        return super().get_queryset(request).filter(company__isnull=True)


@admin.register(PayrollSettings)
class PayrollSettingsAdmin(ReferenceAdmin):
    """How the chosen company wants its payroll computed."""

    fields = ("irrf_minimum", "payment_business_day", "valid_from", "valid_to")
    list_display = ("valid_from", "valid_to", "irrf_minimum", "payment_business_day")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Only those of the chosen company."""
        return super().get_queryset(request).filter(company_id=getattr(request, "company_id", 0))

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: Model,
        form: "ModelForm[Model]",
        change: bool,
    ) -> None:
        """New settings belong to the chosen company."""
        if isinstance(obj, PayrollSettings) and not change:
            obj.company_id = getattr(request, "company_id", 0)
        super().save_model(request, obj, form, change)


@admin.register(Employee)
class EmployeeAdmin(ReadOnlyAdmin):
    """Employees; they are changed on their own pages."""

    permission = "hr.employee.view"
    fields = ("party", "company")
    list_display = ("party",)
    list_select_related = ("party",)
    search_fields = ("party__name",)


@admin.register(EmploymentContract)
class EmploymentContractAdmin(ReadOnlyAdmin):
    """Employment contracts."""

    permission = "hr.contract.view"
    list_display = ("registration", "employee", "category", "admitted_on", "ended_on")
    list_select_related = ("employee__party",)
    search_fields = ("registration", "employee__party__name")


@admin.register(PayrollRun)
class PayrollRunAdmin(ReadOnlyAdmin):
    """Payroll runs with their sums."""

    permission = "hr.payroll_run.view"
    list_display = ("competence", "kind", "state", "payslip_count", "error_count", "net")
    list_filter = ("state",)
    ordering = ("-competence",)
