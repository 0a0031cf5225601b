"""What lists of people can be narrowed by."""

import django_filters
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.organization.models import Branch, Department
from hr.people.models import Employee, EmploymentContract

SITUATIONS = (("active", _("Active")), ("expected", _("Expected")), ("left", _("Left")))


def _of_company(model: type) -> object:
    """Choices of the company of the request only."""

    def choices(request: object) -> object:
        company_id = getattr(getattr(request, "access", None), "company_id", 0)
        return model.objects.filter(company_id=company_id).order_by("name")  # type: ignore[attr-defined]

    return choices


class EmployeeFilter(django_filters.FilterSet):
    """Employees by situation, department and branch, as of today."""

    situation = django_filters.ChoiceFilter(label=_("Situation"), choices=SITUATIONS)
    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        field_name="department_id_now",
        queryset=_of_company(Department),
        method="by_part",
    )
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"),
        field_name="branch_id_now",
        queryset=_of_company(Branch),
        method="by_part",
    )

    class Meta:
        model = Employee
        fields = ["situation", "department", "branch"]

    def by_part(self, rows: QuerySet[Employee], name: str, part: Model) -> QuerySet[Employee]:
        """Employees who stand in this part of the company today."""
        return rows.filter(**{name: part.pk})


class ContractFilter(django_filters.FilterSet):
    """Contracts by employee and situation."""

    situation = django_filters.ChoiceFilter(label=_("Situation"), choices=SITUATIONS)
    employee = django_filters.NumberFilter(label=_("Employee"), field_name="employee_id")

    class Meta:
        model = EmploymentContract
        fields = ["situation", "employee"]
