"""What the broker and the scheduler may call: ids in, one call out, harmless twice."""

import os
from functools import partial

from celery import current_task, shared_task
from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.audit.services import seal_events
from backoffice.audit.verification import export_heads
from backoffice.commands import Context
from backoffice.files.sweeping import sweep_files
from backoffice.jobs import services
from backoffice.jobs.hints import FINISH_JOB, RUN_CHUNK, RUN_DUTY
from backoffice.jobs.registry import Duty, register_duty
from backoffice.jobs.rules import Every, Rhythm

SCHEDULER = "scheduler"
"""Name under which the sweep says that scheduler, broker and a worker are alive together."""


@shared_task(name=RUN_CHUNK)
def run_chunk(*, chunk_id: int, **_more: object) -> None:
    """Do one chunk; a second delivery finds it taken or done and leaves it alone."""
    close_old_connections()
    services.run_chunk(chunk_id, worker=_worker(), at=timezone.now())


@shared_task(name=FINISH_JOB)
def finish_job(*, job_id: int, **_more: object) -> None:
    """Finish a job whose last worker died before it could."""
    close_old_connections()
    services.finish_if_complete(job_id, worker=_worker(), at=timezone.now())


@shared_task(name="backoffice.jobs.sweep")
def sweep(**_more: object) -> None:
    """Make the runs that are due, and tell workers again what waits."""
    close_old_connections()
    services.sweep()
    services.tick(at=timezone.now())
    services.record_beat(SCHEDULER)


@shared_task(name=RUN_DUTY)
def run_duty(*, run_id: int, **_more: object) -> None:
    """Do one run of a schedule; a second delivery finds it taken or done and leaves it alone."""
    close_old_connections()
    services.run_duty(run_id, at=timezone.now())


def _worker() -> str:
    """Name of this worker process, as attempts and people know it."""
    return f"{current_task.request.hostname} ({os.getpid()})"


def seal(ctx: Context) -> str:
    """Chain the events of finished transactions into sealed blocks; keep their heads elsewhere."""
    block = seal_events(at=ctx.at)
    if settings.AUDIT_HEADS_FILE is not None:  # a block that is rolled back must leave no head
        transaction.on_commit(partial(export_heads, settings.AUDIT_HEADS_FILE))
    return "" if block is None else f"#{block.pk}"


def ensure_partitions(ctx: Context) -> str:
    """Make the monthly partitions of the logs some months ahead."""
    return str(services.ensure_partitions(on=timezone.localdate(ctx.at)))


def sweep_stored_files(ctx: Context) -> str:
    """Take away files that nobody needs any more."""
    sweep_files(at=ctx.at)
    return ""


def forget(ctx: Context) -> str:
    """Delete old jobs, old runs of schedules, and sessions that have expired."""
    services.forget_sessions()
    jobs, runs = services.forget_old_jobs(at=ctx.at), services.forget_old_runs(at=ctx.at)
    return f"{jobs} + {runs}"


register_duty(
    Duty(
        name="backoffice.audit.seal",
        title=_("Seal the log of events"),
        run=seal,
        rhythm=Rhythm(every=Every.SECONDS, number=60),
    )
)
register_duty(
    Duty(
        name="backoffice.jobs.partitions",
        title=_("Make the coming months of the logs"),
        run=ensure_partitions,
        rhythm=Rhythm(every=Every.DAY, minute=2 * 60),
    )
)
register_duty(
    Duty(
        name="backoffice.files.sweep",
        title=_("Take away files that nobody needs any more"),
        run=sweep_stored_files,
        rhythm=Rhythm(every=Every.SECONDS, number=60 * 60),
    )
)
register_duty(
    Duty(
        name="backoffice.jobs.forget",
        title=_("Forget old jobs and expired sessions"),
        run=forget,
        rhythm=Rhythm(every=Every.DAY, minute=3 * 60),
    )
)
