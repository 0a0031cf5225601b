"""What lists of the organization can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from backoffice.official.models import LocalHoliday
from backoffice.organization.models import Branch, CostCenter, Department

CLOSED = django_filters.BooleanFilter(
    field_name="closed_on", lookup_expr="isnull", exclude=True, label=_("Closed")
)


class CostCenterFilter(django_filters.FilterSet):
    """Cost centres in use, or not any more."""

    closed = CLOSED

    class Meta:
        model = CostCenter
        fields = ["closed"]


class DepartmentFilter(django_filters.FilterSet):
    """Departments in use, and those below one."""

    closed = CLOSED
    parent = django_filters.NumberFilter(label=_("Parent department"), field_name="parent_id")

    class Meta:
        model = Department
        fields = ["closed", "parent"]


class BranchFilter(django_filters.FilterSet):
    """Branches in use, and those of one state."""

    closed = CLOSED
    state = django_filters.CharFilter(label=_("State"), lookup_expr="iexact")

    class Meta:
        model = Branch
        fields = ["closed", "state"]


class LocalHolidayFilter(django_filters.FilterSet):
    """Holidays of one municipality (code of IBGE), or of one state."""

    municipality = django_filters.CharFilter(label=_("IBGE code"), field_name="municipality_id")
    state = django_filters.CharFilter(
        label=_("State"), field_name="municipality__state", lookup_expr="iexact"
    )

    class Meta:
        model = LocalHoliday
        fields = ["municipality", "state"]
