"""What the broker and the scheduler may call: ids in, one call out, harmless twice."""

import os

from celery import current_task, shared_task
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from backoffice.audit.services import seal_events as seal
from backoffice.audit.verification import export_heads
from backoffice.jobs import services
from backoffice.jobs.hints import FINISH_JOB, RUN_CHUNK

SCHEDULER = "scheduler"
"""Name under which the sweep says that scheduler, broker and a worker are alive together."""


@shared_task(name=RUN_CHUNK)
def run_chunk(*, chunk_id: int, **_: object) -> None:
    """Do one chunk; a second delivery finds it taken or done and leaves it alone."""
    close_old_connections()
    services.run_chunk(chunk_id, worker=_worker(), at=timezone.now())


@shared_task(name=FINISH_JOB)
def finish_job(*, job_id: int, **_: object) -> None:
    """Finish a job whose last worker died before it could."""
    close_old_connections()
    services.finish_if_complete(job_id, worker=_worker(), at=timezone.now())


@shared_task(name="backoffice.jobs.sweep")
def sweep(**_: object) -> None:
    """Tell workers again what waits."""
    close_old_connections()
    services.sweep()
    services.record_beat(SCHEDULER)


@shared_task(name="backoffice.jobs.seal_events")
def seal_events(**_: object) -> None:
    """Chain the events of finished transactions into a sealed block; keep its head elsewhere."""
    close_old_connections()
    seal(at=timezone.now())
    if settings.AUDIT_HEADS_FILE is not None:
        export_heads(settings.AUDIT_HEADS_FILE)


@shared_task(name="backoffice.jobs.ensure_partitions")
def ensure_partitions(**_: object) -> None:
    """Make the monthly partitions of the logs some months ahead."""
    close_old_connections()
    services.ensure_partitions(on=timezone.localdate())


def _worker() -> str:
    """Name of this worker process, as attempts and people know it."""
    return f"{current_task.request.hostname} ({os.getpid()})"
