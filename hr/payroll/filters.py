"""What lists of the payroll can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from hr.payroll.models import PayItem, PayItemKind, PayrollRun, Payslip, PayslipState, RunState


class RunFilter(django_filters.FilterSet):
    """Runs by state."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=RunState.choices)

    class Meta:
        model = PayrollRun
        fields = ["state"]


class PayslipFilter(django_filters.FilterSet):
    """Payslips by run, employee and state."""

    run = django_filters.NumberFilter(label=_("Run"), field_name="run_id")
    employee = django_filters.NumberFilter(label=_("Employee"), field_name="contract__employee_id")
    state = django_filters.ChoiceFilter(label=_("State"), choices=PayslipState.choices)

    class Meta:
        model = Payslip
        fields = ["run", "employee", "state"]


class PayItemFilter(django_filters.FilterSet):
    """Pay items by kind."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PayItemKind.choices)

    class Meta:
        model = PayItem
        fields = ["kind"]
