"""Finish a job once its last chunk has ended, in a transaction of its own."""

import datetime as dt
import logging
import traceback
from typing import Any

import pghistory
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.commands import Context, last_acts
from backoffice.errors import BusinessError
from backoffice.jobs.models import (
    ALIVE,
    ChunkState,
    Job,
    JobAttempt,
    JobChunk,
    JobState,
    Outcome,
)
from backoffice.jobs.registry import JobKind, kind_of
from backoffice.jobs.selectors import Counts, counts_of
from backoffice.jobs.services.acting import (
    RightLost,
    company_clock,
    starter_context,
    starter_language,
    system_context,
)
from backoffice.jobs.services.attempts import (
    Exhausted,
    begin_attempt,
    commit_without_waiting_for_the_disk,
    end_attempt,
)
from backoffice.jobs.services.lines import lines_of

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
    if JobChunk.objects.filter(job_id=job_id, state=ChunkState.PENDING).exists():
        return False
    attempt = _begin(job_id, worker, at)
    if attempt is None:
        return False
    with lines_of(attempt.job):
        return _attempt(attempt, at)


def _attempt(attempt: JobAttempt, at: dt.datetime) -> bool:
    """Finish, and write how the attempt ended, whatever happens to it."""
    try:
        return _finish(attempt, at)
    except BusinessError as refusal:
        with transaction.atomic(durable=True):
            job = _lock(attempt.job_id, wait=True)
            if job is not None:
                with starter_language(job):
                    _close_as_failed(job, refusal.code, str(refusal), at)
            end_attempt(attempt, Outcome.REFUSED)
    except Exception:
        log.exception("the end of job %s failed", attempt.job_id)
        end_attempt(attempt, Outcome.FAULT, traceback.format_exc())
    return False


def _lock(job_id: int, *, wait: bool) -> Job | None:
    """The living job with its starter and the database's time, held by this transaction."""
    return (
        Job.objects.select_for_update(of=("self",), skip_locked=not wait, no_key=True)
        .select_related("started_by")
        .annotate(now=Now())
        .filter(pk=job_id, state__in=ALIVE)
        .first()
    )


@transaction.atomic(durable=True)
def _begin(job_id: int, worker: str, at: dt.datetime) -> JobAttempt | None:
    """Commit the attempt to finish, unless somebody else is at it or all attempts are used up."""
    commit_without_waiting_for_the_disk()
    job = _lock(job_id, wait=False)
    if job is None:
        return None
    with starter_language(job):
        try:
            return begin_attempt(job, None, worker=worker)
        except Exhausted as end:
            _close_as_failed(job, end.code, end.message, at)
            return None


def _finish(attempt: JobAttempt, at: dt.datetime) -> bool:
    with transaction.atomic(durable=True), last_acts():
        # The lock comes first, the look at the chunks after it: a retry that was just committed by
        # somebody else would be invisible to a single statement that waited for this lock.
        job = _lock(attempt.job_id, wait=True)
        counts = counts_of(attempt.job_id)
        if job is None or counts.pending:
            end_attempt(attempt, Outcome.OVERTAKEN)
            return False
        kind = kind_of(job)
        with starter_language(job), company_clock(job.company_id):
            _close(job, counts)
            ctx = _finisher(job, kind, at)
            _record_end(ctx, job, counts)
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


def _close(job: Job, counts: Counts) -> None:
    """Give the job its final state."""
    if counts.cancelled:
        job.state = JobState.FAILED if job.stop_code else JobState.CANCELLED
    elif counts.set_aside and not counts.complete:
        first = job.chunks.order_by("seq")[0]
        job.state, job.stop_code, job.stop_message = JobState.FAILED, first.code, first.message
    elif counts.set_aside or counts.items_failed:
        job.state = JobState.DONE_WITH_ERRORS
    else:
        job.state = JobState.DONE
    _save_end(job)


def _close_as_failed(job: Job, code: str, message: str, at: dt.datetime) -> None:
    """Close a job whose end itself cannot be done."""
    counts = counts_of(job.pk)
    if not job.is_alive or counts.pending:
        return
    job.state = JobState.FAILED
    job.stop_code = code
    job.stop_message = _("The work is done, but closing it failed: %(reason)s") % {
        "reason": message
    }
    _save_end(job)
    _record_end(system_context(job, at=at), job, counts)


def _save_end(job: Job) -> None:
    """Write the end that ``job`` has been given; its time is that of the database."""
    read: Any = job  # ``now`` is an annotation of ``_lock``
    job.finished_at = read.now
    job.save(update_fields=["state", "stop_code", "stop_message", "finished_at"])


def _record_end(ctx: Context, job: Job, counts: Counts) -> None:
    ctx.record(
        "backoffice.job.finished",
        target=job,
        data={
            "kind": job.kind,
            "state": job.state,
            "done": counts.items_done,
            "failed": counts.items_failed,
        },
    )
