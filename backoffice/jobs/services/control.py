"""Stop a job, and try again what could not be done."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import NotFound, WrongState
from backoffice.jobs.hints import FINISH_JOB, RUN_CHUNK, Hint, publish
from backoffice.jobs.models import ChunkState, Job, JobChunk, JobItemError, JobState
from backoffice.jobs.registry import KINDS, priority_of, queue_of
from backoffice.jobs.selectors import manages
from backoffice.jobs.services.creation import add_chunks


@command("backoffice.job.cancel")
def cancel_job(ctx: Context, *, job_id: int) -> Job:
    """Stop a job: what is done stays done, what has not started is cancelled.

    A chunk at work stops at its next heartbeat or comes to its end. Whoever started the job may
    cancel it, and whoever holds ``backoffice.job.manage``.

    Raises:
        NotFound: No such job for this person.
        WrongState: The job has ended.
    """
    job = _locked(ctx, job_id)
    if not job.is_alive:
        raise WrongState("job_ended", _("This job has already ended."))
    if job.is_stopping:
        return job
    request_stop(job, at=ctx.at, by=ctx.actor_id)
    ctx.record("backoffice.job.cancel_requested", target=job)
    return job


@command("backoffice.job.retry")
def retry_failed(ctx: Context, *, job_id: int) -> Job:
    """Try again what was set aside or cancelled, and the failed items if the kind knows how.

    Each part gets fresh attempts. The rights asked for are those of ``cancel_job``.

    Raises:
        NotFound: No such job for this person.
        WrongState: Nothing failed.
    """
    job = _locked(ctx, job_id)
    kind = KINDS.get(job.kind)
    if kind is None:
        raise WrongState("kind_unknown", _("This kind of job no longer exists."))
    ended = list(
        job.chunks.filter(state__in=[ChunkState.POISONED, ChunkState.CANCELLED])
        .order_by("seq")
        .values_list("pk", flat=True)
    )
    open_errors = job.item_errors.filter(resolved_at__isnull=True).order_by("pk")
    keys = [error.key for error in open_errors] if kind.retry_items else []
    if not ended and not keys and job.state != JobState.FAILED:
        raise WrongState("nothing_failed", _("There is nothing to try again."))
    _reopen(job)
    JobChunk.objects.filter(pk__in=ended).update(
        state=ChunkState.PENDING,
        finished_at=None,
        code="",
        message="",
        hinted_at=Now(),
        waiting_since=Now(),
    )
    hints = [Hint(RUN_CHUNK, pk, kind.queue, priority_of(kind.name)) for pk in ended]
    if kind.retry_items and keys:
        open_errors.update(resolved_at=ctx.at)
        last = job.chunks.aggregate(last=Max("seq"))["last"]
        add_chunks(job, kind.retry_items(job, keys), first=last + 1, queue=kind.queue)
    elif not ended:
        hints = [Hint(FINISH_JOB, job.pk, kind.queue)]
    transaction.on_commit(partial(publish, hints))
    ctx.record("backoffice.job.retried", target=job, data={"parts": len(ended), "items": len(keys)})
    return job


@step
def resolve_item_errors(ctx: Context, *, job_id: int, keys: Iterable[str]) -> int:
    """Mark failed items as done elsewhere, when a subject repeats them by other means.

    Returns:
        How many were open.
    """
    return JobItemError.objects.filter(
        job_id=job_id, job__company_id=ctx.company, key__in=list(keys), resolved_at__isnull=True
    ).update(resolved_at=ctx.at)


def request_stop(
    job: Job, *, at: dt.datetime, by: int | None = None, code: str = "", message: str = ""
) -> None:
    """Raise the flag of a job that the caller holds, and cancel the chunks that nobody works on."""
    job.stop_requested_at = at
    job.stop_requested_by_id = by
    job.stop_code = code
    job.stop_message = message
    job.save(
        update_fields=["stop_requested_at", "stop_requested_by_id", "stop_code", "stop_message"]
    )
    idle = (
        JobChunk.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(job=job, state=ChunkState.PENDING)
        .order_by("pk")
    )
    JobChunk.objects.filter(pk__in=[chunk.pk for chunk in idle]).update(
        state=ChunkState.CANCELLED, finished_at=Now()
    )
    hint = Hint(FINISH_JOB, job.pk, queue_of(job.kind))
    transaction.on_commit(partial(publish, [hint]))


def _locked(ctx: Context, job_id: int) -> Job:
    """The job, held by this transaction, if this person may steer it."""
    job = (
        Job.objects.select_for_update(no_key=True).filter(pk=job_id, company_id=ctx.company).first()
    )
    mine = job is not None and job.started_by_id == ctx.actor_id
    if job is None or not (mine or manages(ctx.actor)):
        raise NotFound("no_such_job", _("There is no such job."))
    return job


def _reopen(job: Job) -> None:
    """Start another round of the job: its stop, its end and its pace are forgotten."""
    job.state = JobState.PENDING
    job.round += 1
    job.started_at = job.finished_at = None
    job.stop_requested_at = job.stop_requested_by_id = None
    job.stop_code = job.stop_message = ""
    job.save(
        update_fields=[
            "state",
            "round",
            "started_at",
            "finished_at",
            "stop_requested_at",
            "stop_requested_by_id",
            "stop_code",
            "stop_message",
        ]
    )
