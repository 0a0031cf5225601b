"""What the payroll does in the background: the kinds of job that workers know."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.registry import JobKind, register
from hr.payroll.services.computing import compute_chunk, finish_run
from hr.payroll.services.printing import PRINT, print_run_chunk
from hr.payroll.services.runs import JOB

register(
    JobKind(
        name=PRINT,
        title=_("Print payslips"),
        queue="reports",
        permission="hr.payroll_run.print",
        run=print_run_chunk,
        target_url=lambda pk: reverse("hr.payroll_run.detail", args=[pk]),
    )
)
register(
    JobKind(
        name=JOB,
        title=_("Compute payroll"),
        queue="payroll",
        permission="hr.payroll_run.compute",
        run=compute_chunk,
        finish=finish_run,
        target_url=lambda pk: reverse("hr.payroll_run.detail", args=[pk]),
    )
)
