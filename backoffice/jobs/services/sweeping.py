"""Tell workers again what waits: the one thing that makes losing Redis, or a worker, harmless."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from backoffice.jobs.hints import FINISH_JOB, RUN_CHUNK, Hint, publish
from backoffice.jobs.models import ALIVE, ChunkState, Job, JobChunk
from backoffice.jobs.registry import priority_of, queue_of

HINTS_PER_SWEEP = 200
"""Bounds what a long queue adds to Redis: duplicates of hints that still wait there."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep found waiting: chunks told again, jobs to finish."""

    chunks: int
    jobs: int


def sweep() -> SweepReport | None:
    """Send hints again for chunks that nobody works on and for jobs that only need their end.

    Any number of schedulers may call it at once; only one of them does it.

    Returns:
        None when another process is sweeping.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('jobs.sweep'))")
            if not cursor.fetchone()[0]:
                return None
        chunks = _forgotten_chunks()
        jobs = _unfinished_jobs()
    publish([*chunks, *jobs])
    return SweepReport(len(chunks), len(jobs))


def _forgotten_chunks() -> list[Hint]:
    """Pending chunks that no worker holds and that were not mentioned for a while."""
    patience = dt.timedelta(seconds=settings.JOBS_HINT_AGAIN_SECONDS)
    found = list(
        JobChunk.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("job")
        .filter(state=ChunkState.PENDING, hinted_at__lt=Now() - patience)
        .order_by("hinted_at", "pk")[:HINTS_PER_SWEEP]
    )
    JobChunk.objects.filter(pk__in=[chunk.pk for chunk in found]).update(hinted_at=Now())
    return [_hint(chunk) for chunk in found]


def _hint(chunk: JobChunk) -> Hint:
    kind = chunk.job.kind
    return Hint(RUN_CHUNK, chunk.pk, queue_of(kind), priority_of(kind))


def _unfinished_jobs() -> list[Hint]:
    """Living jobs without a pending chunk: whoever did the last one died before the end."""
    pending = JobChunk.objects.filter(job=OuterRef("pk"), state=ChunkState.PENDING)
    found = Job.objects.filter(~Exists(pending), state__in=ALIVE).order_by("pk")
    return [Hint(FINISH_JOB, job.pk, queue_of(job.kind)) for job in found[:HINTS_PER_SWEEP]]
