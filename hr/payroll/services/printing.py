"""All payslips of a run on paper, made by a worker."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from backoffice.commands import Context, command
from backoffice.errors import NotFound, WrongState
from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from backoffice.jobs.registry import ChunkResult, ChunkWork
from backoffice.jobs.services import create_job, keep_result
from backoffice.periods.rules import format_competence
from hr.payroll.models import PayrollRun
from hr.payroll.payslip_pdf import PayslipDocument, stamp_payslips
from hr.payroll.selectors.payslips import documents_of_run

PRINT = "hr.payroll.print"
HEARTBEAT_EVERY = 50


@command("hr.payroll_run.print")
def print_run(ctx: Context, *, payroll_run_id: int) -> Job:
    """Print all payslips of a run into one PDF, as a job whose result the starter gets.

    Raises:
        NotFound: There is no such run for who does not see every payslip of the company.
        WrongState: ``nothing_to_print``.
    """
    run = PayrollRun.objects.filter(company_id=ctx.company, pk=payroll_run_id).first()
    if run is None or not sees_all_payslips(ctx.actor):
        raise NotFound("not_found", _("There is no such payroll run."))
    count = run.payslip_count - run.error_count
    if count <= 0:
        raise WrongState("nothing_to_print", _("This payroll has no payslips yet."))
    ctx.record("hr.payroll_run.printed", target=run, data={"payslips": count})
    return create_job(
        ctx,
        kind=PRINT,
        title=_("Payslips %(month)s") % {"month": format_competence(run.competence)},
        params={"run": run.pk},
        chunks=[{}],
        total=count,
        target=run,
    )


def print_run_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Stamp the payslips of the run, in the order of names, and keep the PDF as the job's result.

    One part, because it is one file; a thousand payslips take about a second.
    """
    run = PayrollRun.objects.filter(company_id=ctx.company, pk=work.params["run"]).first()
    if run is None or not sees_all_payslips(ctx.actor):
        raise NotFound("not_found", _("There is no such payroll run."))
    with tempfile.TemporaryFile() as file:
        out = cast("BinaryIO", file)
        count = stamp_payslips(_told(documents_of_run(run), work), out)
        keep_result(
            ctx,
            job_id=work.job_id,
            stream=out,
            name=f"holerites-{run.competence:%Y-%m}.pdf",
            content_type="application/pdf",
        )
    return ChunkResult(count)


def sees_all_payslips(actor: object) -> bool:
    """Whether somebody sees every payslip of the company; the system does."""
    if not isinstance(actor, Access):
        return True
    reach = actor.reach("hr.payslip.view")
    return reach is not None and reach.company


def _told(documents: Iterator[PayslipDocument], work: ChunkWork) -> Iterator[PayslipDocument]:
    for count, document in enumerate(documents, start=1):
        yield document
        if count % HEARTBEAT_EVERY == 0:
            work.heartbeat(count)
