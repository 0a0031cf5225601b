"""Named reads: which jobs a person sees, how far they are, and whether the workers live."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Now

from backoffice.commands import Actor
from backoffice.identity.selectors import Access, Scope
from backoffice.jobs.models import (
    ALIVE,
    ChunkState,
    Job,
    JobAttempt,
    JobChunk,
    JobHeartbeat,
    JobItemError,
    JobResult,
    WorkerBeat,
)
from backoffice.jobs.registry import KINDS
from backoffice.jobs.rules import Progress, progress

VIEW = "backoffice.job.view"
MANAGE = "backoffice.job.manage"

RECENT = dt.timedelta(minutes=15)
"""How long the tray shows a job after its end."""

TRAY_LIMIT = 8


def manages(actor: Actor | None) -> bool:
    """Whether this actor sees and steers all jobs of the company; the system does."""
    return actor is None or (isinstance(actor, Access) and actor.scope(MANAGE) is Scope.COMPANY)


def visible_jobs(access: Access) -> QuerySet[Job]:
    """Own jobs in the chosen company, or all of them for who manages jobs; newest first."""
    if not access.can(VIEW):
        return Job.objects.none()
    jobs = Job.objects.filter(company_id=access.company_id).select_related("started_by")
    if not manages(access):
        jobs = jobs.filter(started_by_id=access.user_id)
    return jobs.order_by("-pk")


def with_counts(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Add ``done_count`` and ``failed_count``: items done (also inside running chunks) and failed."""
    chunks = JobChunk.objects.filter(job=OuterRef("pk")).order_by().values("job")
    beats = (
        JobHeartbeat.objects.filter(chunk__job=OuterRef("pk"), chunk__state=ChunkState.PENDING)
        .order_by()
        .values("chunk__job")
    )
    errors = (
        JobItemError.objects.filter(job=OuterRef("pk"), resolved_at__isnull=True)
        .order_by()
        .values("job")
    )
    return jobs.annotate(
        done_count=_number(chunks.annotate(n=Sum("done")).values("n"))
        + _number(beats.annotate(n=Sum("done")).values("n")),
        failed_count=_number(errors.annotate(n=Count("pk")).values("n")),
    )


def _number(subquery: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(subquery, output_field=IntegerField()), 0)


def progress_of(job: Job, *, now: dt.datetime) -> Progress:
    """How far a job from ``with_counts`` is."""
    counted: Any = job  # the counts are annotations
    return progress(
        total=job.total,
        done=counted.done_count,
        failed=counted.failed_count,
        started_at=job.started_at,
        until=job.finished_at or now,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many chunks of a job are in which state, and what came of their items."""

    pending: int
    complete: int
    set_aside: int
    cancelled: int
    items_done: int
    items_failed: int

    @property
    def total(self) -> int:
        """All chunks."""
        return self.pending + self.complete + self.set_aside + self.cancelled


def counts_of(job_id: int) -> Counts:
    """Count what is committed; what running chunks have done so far is only in ``with_counts``."""
    chunks = JobChunk.objects.filter(job_id=job_id)
    errors = JobItemError.objects.filter(job_id=job_id, resolved_at__isnull=True)
    return Counts(
        items_failed=errors.count(),
        **chunks.aggregate(
            pending=Count("pk", filter=Q(state=ChunkState.PENDING)),
            complete=Count("pk", filter=Q(state=ChunkState.DONE)),
            set_aside=Count("pk", filter=Q(state=ChunkState.POISONED)),
            cancelled=Count("pk", filter=Q(state=ChunkState.CANCELLED)),
            items_done=Sum("done", default=0),
        ),
    )


def may_see_items(access: Access, job: Job) -> bool:
    """Whether this person sees which items failed: the starter, or who may do such work at all.

    Managing jobs does not open what is in them: the names and reasons of a payroll stay with those
    who compute it.
    """
    kind = KINDS.get(job.kind)
    may_do = kind is not None and bool(kind.permission) and access.can(kind.permission)
    return job.started_by_id == access.user_id or may_do


def result_of(access: Access, job: Job) -> JobResult | None:
    """The file that the job made, for the person who started it and may still do such work."""
    kind = KINDS.get(job.kind)
    allowed = kind is not None and (not kind.permission or access.can(kind.permission))
    if job.started_by_id != access.user_id or not allowed:
        return None
    return JobResult.objects.select_related("file").filter(job=job).first()


def open_errors(job: Job) -> QuerySet[JobItemError]:
    """The items that failed and were not tried again."""
    return job.item_errors.filter(resolved_at__isnull=True).order_by("pk")


def set_aside_parts(job: Job) -> QuerySet[JobChunk]:
    """The chunks that nobody will try again by himself."""
    return job.chunks.filter(state=ChunkState.POISONED).order_by("seq")


def attempts_of(job: Job) -> QuerySet[JobAttempt]:
    """All attempts of a job, newest first."""
    return job.attempts.select_related("chunk").order_by("-pk")


def can_be_retried(job: Job) -> bool:
    """Whether ``retry_failed`` would find something."""
    if job.state == "failed":
        return True
    if job.chunks.filter(state__in=[ChunkState.POISONED, ChunkState.CANCELLED]).exists():
        return True
    kind = KINDS.get(job.kind)
    return kind is not None and kind.retry_items is not None and open_errors(job).exists()


def tray_jobs(access: Access, *, now: dt.datetime) -> list[Job]:
    """The person's own jobs that run or ended a moment ago, the living ones first."""
    jobs = visible_jobs(access).filter(
        Q(state__in=ALIVE) | Q(finished_at__gt=now - RECENT), started_by_id=access.user_id
    )
    found = list(with_counts(jobs)[:TRAY_LIMIT])
    return sorted(found, key=lambda job: (not job.is_alive, -job.pk))


def jobs_about(access: Access, *, target_type: str, target_id: int) -> QuerySet[Job]:
    """The visible jobs about one record (``hr.payrollrun``, its key), newest first."""
    return with_counts(visible_jobs(access).filter(target_type=target_type, target_id=target_id))


def oldest_pending_age() -> dt.timedelta | None:
    """How long the chunk that waits longest has been waiting; None when nothing waits."""
    pending = JobChunk.objects.filter(state=ChunkState.PENDING)
    age = ExpressionWrapper(Now() - Min("waiting_since"), output_field=DurationField())
    found: dt.timedelta | None = pending.aggregate(age=age)["age"]
    return found


def living(*, within: dt.timedelta) -> QuerySet[WorkerBeat]:
    """The workers (and the scheduler) that gave a sign of life within that time."""
    return WorkerBeat.objects.filter(at__gt=Now() - within).order_by("name")
