"""What lists of the organization can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from backoffice.organization.models import Branch, CostCenter, Department


class CostCenterFilter(django_filters.FilterSet):
    """Cost centres in use, or not any more."""

    active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = CostCenter
        fields = ["active"]


class DepartmentFilter(django_filters.FilterSet):
    """Departments in use, and those below one."""

    active = django_filters.BooleanFilter(label=_("Active"))
    parent = django_filters.NumberFilter(label=_("Parent department"), field_name="parent_id")

    class Meta:
        model = Department
        fields = ["active", "parent"]


class BranchFilter(django_filters.FilterSet):
    """Branches in use, and those of one state."""

    active = django_filters.BooleanFilter(label=_("Active"))
    state = django_filters.CharFilter(label=_("State"), lookup_expr="iexact")

    class Meta:
        model = Branch
        fields = ["active", "state"]
