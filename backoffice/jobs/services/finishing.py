"""Finish a job once its last chunk has ended, in a transaction of its own."""

import datetime as dt
import logging
import traceback

import pghistory
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.commands import Context
from backoffice.errors import BusinessError
from backoffice.jobs.models import ALIVE, ChunkState, Job, JobAttempt, JobChunk, JobState, Outcome
from backoffice.jobs.registry import JobKind, kind_of
from backoffice.jobs.services.acting import (
    RightLost,
    starter_context,
    starter_language,
    system_context,
)
from backoffice.jobs.services.attempts import (
    begin_attempt,
    bury_dead,
    end_attempt,
    is_exhausted,
    why_exhausted,
)

log = logging.getLogger(__name__)


def finish_if_complete(job_id: int, *, worker: str, at: dt.datetime) -> bool:
    """Finish the job if no chunk is pending any more, and call its kind's ``finish`` exactly once.

    Safe to call at any time and from any number of workers. When the process dies before the commit,
    nothing has happened, and the sweeper asks for it again.

    Args:
        job_id: The job.
        worker: Name of the worker, for the list of attempts.
        at: Now.

    Returns:
        Whether this call finished it.
    """
    if _has_pending(job_id):
        return False
    attempt = _begin(job_id, worker, at)
    if attempt is None:
        return False
    try:
        return _finish(attempt, at)
    except BusinessError as refusal:
        with transaction.atomic(durable=True):
            job = Job.objects.select_for_update(no_key=True).get(pk=job_id)
            with starter_language(job):
                _close_as_failed(job, refusal.code, str(refusal), at)
            end_attempt(attempt, Outcome.REFUSED)
    except Exception:
        log.exception("the end of job %s failed", job_id)
        end_attempt(attempt, Outcome.FAULT, traceback.format_exc())
    return False


def _has_pending(job_id: int) -> bool:
    return JobChunk.objects.filter(job_id=job_id, state=ChunkState.PENDING).exists()


@transaction.atomic(durable=True)
def _begin(job_id: int, worker: str, at: dt.datetime) -> JobAttempt | None:
    """Commit the attempt to finish, unless somebody else is at it or all attempts are used up."""
    job = (
        Job.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("started_by")
        .filter(pk=job_id, state__in=ALIVE)
        .first()
    )
    if job is None or not bury_dead(job, None):
        return None
    if is_exhausted(job, None):
        with starter_language(job):
            _close_as_failed(job, *why_exhausted(job, None), at)
        return None
    return begin_attempt(job, None, worker=worker)


def _finish(attempt: JobAttempt, at: dt.datetime) -> bool:
    with transaction.atomic(durable=True):
        # The lock comes first, the look at the chunks after it: a retry that was just committed by
        # somebody else would be invisible to a single statement that waited for this lock.
        job = (
            Job.objects.select_for_update(of=("self",), no_key=True)
            .select_related("started_by")
            .get(pk=attempt.job_id)
        )
        if not job.is_alive or _has_pending(job.pk):
            end_attempt(attempt, Outcome.OVERTAKEN)
            return False
        kind = kind_of(job)
        with starter_language(job):
            _close(job)
            ctx = _finisher(job, kind, at)
            _record_end(ctx, job)
            if kind.finish is not None:
                with pghistory.context(
                    actor=ctx.actor_id, company=ctx.company_id, command=kind.name
                ):
                    kind.finish(ctx, job)
        end_attempt(attempt, Outcome.DONE)
        return True


def _finisher(job: Job, kind: JobKind, at: dt.datetime) -> Context:
    """The starter; or the system, when the starter lost the right and the job ended because of it."""
    try:
        return starter_context(job, permission=kind.permission, at=at)
    except RightLost:
        return system_context(job, at=at)


def _close(job: Job) -> None:
    """Give the job its final state, read from its chunks."""
    states = set(job.chunks.values_list("state", flat=True))
    job.state = JobState.DONE
    if ChunkState.CANCELLED in states:
        job.state = JobState.FAILED if job.stop_code else JobState.CANCELLED
    elif states == {ChunkState.POISONED}:
        first = job.chunks.order_by("seq")[0]
        job.state, job.stop_code, job.stop_message = JobState.FAILED, first.code, first.message
    elif ChunkState.POISONED in states or job.item_errors.filter(resolved_at__isnull=True).exists():
        job.state = JobState.DONE_WITH_ERRORS
    _save_end(job)


def _close_as_failed(job: Job, code: str, message: str, at: dt.datetime) -> None:
    """Close a job whose end itself cannot be done."""
    if not job.is_alive or _has_pending(job.pk):
        return
    job.state = JobState.FAILED
    job.stop_code = code
    job.stop_message = _("The work is done, but closing it failed: %(reason)s") % {
        "reason": message
    }
    _save_end(job)
    _record_end(system_context(job, at=at), job)


def _save_end(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=job.state,
        stop_code=job.stop_code,
        stop_message=job.stop_message,
        finished_at=Now(),
    )
    job.refresh_from_db(fields=["finished_at"])


def _record_end(ctx: Context, job: Job) -> None:
    done = job.chunks.aggregate(done=Sum("done", default=0))["done"]
    failed = job.item_errors.filter(resolved_at__isnull=True).count()
    ctx.record(
        "backoffice.job.finished",
        target=job,
        data={"kind": job.kind, "state": job.state, "done": done, "failed": failed},
    )
