"""Payroll runs for tests, computed by the job itself in this process."""

import datetime as dt

from backoffice.commands import Context
from backoffice.jobs.models import JobChunk
from backoffice.jobs.services import run_chunk
from backoffice.organization.models import Company
from hr.payroll import services
from hr.payroll.models import PayrollRun
from tests.factories import people

MONTH = dt.date(2026, 10, 1)


def open_run(company: Company, month: dt.date = MONTH, ctx: Context | None = None) -> PayrollRun:
    """An open run of a month."""
    context = ctx or people.system(company)
    return services.open_run(context, competence=month)


def work(run: PayrollRun) -> PayrollRun:
    """Do the pending chunks of the run's job, as a worker would."""
    run.refresh_from_db()
    for pk in JobChunk.objects.filter(job=run.job_id, state="pending").values_list("pk", flat=True):
        run_chunk(pk, worker="test", at=people.AT)
    run.refresh_from_db()
    return run


def computed_run(
    company: Company, month: dt.date = MONTH, ctx: Context | None = None
) -> PayrollRun:
    """A computed run."""
    run = open_run(company, month, ctx)
    services.compute_run(ctx or people.system(company), payroll_run_id=run.pk)
    return work(run)
