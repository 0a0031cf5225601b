"""What the list of payslips can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from hr.payroll.models import Payslip, PayslipState


class PayslipFilter(django_filters.FilterSet):
    """Payslips by run, employee and state."""

    run = django_filters.NumberFilter(label=_("Run"), field_name="run_id")
    employee = django_filters.NumberFilter(label=_("Employee"), field_name="contract__employee_id")
    state = django_filters.ChoiceFilter(label=_("State"), choices=PayslipState.choices)

    class Meta:
        model = Payslip
        fields = ["run", "employee", "state"]
