"""What the payroll does in the background: the kinds of job that workers know."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.commands import Context
from backoffice.jobs.registry import Duty, JobKind, register, register_duty
from backoffice.periods.rules import format_competence, month_start
from hr.payroll.models import PayrollRun, RunKind
from hr.payroll.services.computing import compute_chunk, finish_run
from hr.payroll.services.printing import PRINT, print_run_chunk
from hr.payroll.services.runs import JOB, open_run

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
        title=gettext_lazy("Compute payroll"),
        queue="payroll",
        permission="hr.payroll_run.compute",
        run=compute_chunk,
        finish=finish_run,
        target_url=lambda pk: reverse("hr.payroll_run.detail", args=[pk]),
    )
)


def open_month(ctx: Context) -> str:
    """Open the payroll of the month of the company, unless somebody did."""
    month = month_start(timezone.localdate(ctx.at))
    if PayrollRun.objects.filter(
        company_id=ctx.company, competence=month, kind=RunKind.MONTHLY
    ).exists():
        return _("%(month)s was open already.") % {"month": format_competence(month)}
    return str(open_run(ctx, competence=month).number)


register_duty(
    Duty(
        name="hr.payroll.open_month",
        title=gettext_lazy("Open the payroll of the month"),
        run=open_month,
    )
)
