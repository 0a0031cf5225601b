"""Do one chunk: its attempt is committed first, then all of its work in one transaction."""

import datetime as dt
import logging
import traceback

import pghistory
from django.db import transaction
from django.db.models.functions import Now

from backoffice.errors import BusinessError
from backoffice.jobs.models import (
    ChunkState,
    Job,
    JobAttempt,
    JobChunk,
    JobItemError,
    JobState,
    Outcome,
)
from backoffice.jobs.registry import ChunkResult, ChunkWork, JobStopped, kind_of
from backoffice.jobs.services.acting import RightLost, starter_context, starter_language
from backoffice.jobs.services.attempts import (
    begin_attempt,
    bury_dead,
    end_attempt,
    is_exhausted,
    why_exhausted,
)
from backoffice.jobs.services.control import request_stop
from backoffice.jobs.services.finishing import finish_if_complete
from backoffice.jobs.services.heartbeat import Heartbeat

log = logging.getLogger(__name__)


class _Overtaken(Exception):
    """Another worker holds the chunk, or has already ended it."""


def run_chunk(chunk_id: int, *, worker: str, at: dt.datetime) -> bool:
    """Do one chunk, and finish the job if it was the last one.

    Harmless twice: whoever does not get the row of the chunk leaves it alone. The process may die at
    any moment: the transaction is rolled back by PostgreSQL, and the sweeper calls again.

    Args:
        chunk_id: The chunk.
        worker: Name of the worker, for the list of attempts.
        at: Now.

    Returns:
        Whether an attempt was made.
    """
    job_id = JobChunk.objects.filter(pk=chunk_id).values_list("job_id", flat=True).first()
    if job_id is None:
        return False
    attempt = _begin(chunk_id, worker)
    if attempt is not None:
        _attempt(attempt, chunk_id, at)
    finish_if_complete(job_id, worker=worker, at=at)
    return attempt is not None


def _lock(chunk_id: int, *, wait: bool = False) -> JobChunk | None:
    """The chunk with its job, held by this transaction; None when it is taken or no longer pending.

    The row is locked without its key, so that others can still insert rows that refer to it.

    Args:
        chunk_id: The chunk.
        wait: Wait for whoever holds it. Between the two transactions of an attempt others only look
            whether it is free, which takes them a moment.
    """
    return (
        JobChunk.objects.select_for_update(of=("self",), skip_locked=not wait, no_key=True)
        .select_related("job__started_by")
        .filter(pk=chunk_id, state=ChunkState.PENDING)
        .first()
    )


@transaction.atomic(durable=True)
def _begin(chunk_id: int, worker: str) -> JobAttempt | None:
    """Commit the attempt, unless the chunk is taken, stopped, or has used up its attempts."""
    chunk = _lock(chunk_id)
    if chunk is None or not bury_dead(chunk.job, chunk):
        return None
    job = chunk.job
    if job.is_stopping:
        _end(chunk_id, ChunkState.CANCELLED)
        return None
    if is_exhausted(job, chunk):
        _set_aside(chunk, *why_exhausted(job, chunk))
        return None
    if job.state == JobState.PENDING:
        Job.objects.filter(pk=job.pk, state=JobState.PENDING).update(
            state=JobState.RUNNING, started_at=Now()
        )
    return begin_attempt(job, chunk, worker=worker)


def _attempt(attempt: JobAttempt, chunk_id: int, at: dt.datetime) -> None:
    """Do the work and write how the attempt ended, whatever happens to it."""
    try:
        _work(attempt, chunk_id, at)
    except _Overtaken:
        end_attempt(attempt, Outcome.OVERTAKEN)
    except JobStopped:
        with transaction.atomic(durable=True):
            _end(chunk_id, ChunkState.CANCELLED)
            end_attempt(attempt, Outcome.STOPPED)
    except RightLost as loss:
        with transaction.atomic(durable=True):
            job = Job.objects.select_for_update(no_key=True).get(pk=attempt.job_id)
            request_stop(job, at=at, code=loss.code, message=loss.message)
            end_attempt(attempt, Outcome.REFUSED)
    except BusinessError as refusal:
        with transaction.atomic(durable=True), starter_language(attempt.job):
            _end(chunk_id, ChunkState.POISONED, code=refusal.code, message=str(refusal))
            end_attempt(attempt, Outcome.REFUSED)
    except Exception:
        log.exception("chunk %s of job %s failed", chunk_id, attempt.job_id)
        with transaction.atomic(durable=True):
            end_attempt(attempt, Outcome.FAULT, traceback.format_exc())
            _set_aside_if_exhausted(chunk_id)


def _work(attempt: JobAttempt, chunk_id: int, at: dt.datetime) -> None:
    with transaction.atomic(durable=True):
        chunk = _lock(chunk_id, wait=True)
        if chunk is None:
            raise _Overtaken
        if chunk.job.is_stopping:
            raise JobStopped
        result = _handle(chunk, at)
        JobItemError.objects.bulk_create(
            JobItemError(
                job_id=chunk.job_id,
                chunk=chunk,
                key=error.key,
                label=error.label,
                code=error.code,
                message=str(error.message),
            )
            for error in result.errors
        )
        _end(chunk_id, ChunkState.DONE, done=result.done)
        end_attempt(attempt, Outcome.DONE)


def _handle(chunk: JobChunk, at: dt.datetime) -> ChunkResult:
    """Call the kind's handler in the starter's name and language."""
    job = chunk.job
    kind = kind_of(job)
    with starter_language(job), Heartbeat(chunk.pk) as heartbeat:
        ctx = starter_context(job, permission=kind.permission, at=at)
        with pghistory.context(actor=ctx.actor_id, company=ctx.company_id, command=kind.name):
            return kind.run(ctx, ChunkWork(job.params, chunk.payload, heartbeat))


def _end(
    chunk_id: int, state: ChunkState, *, done: int = 0, code: str = "", message: str = ""
) -> None:
    """Move a pending chunk to its end; nothing happens when somebody else ended it."""
    JobChunk.objects.filter(pk=chunk_id, state=ChunkState.PENDING).update(
        state=state, done=done, code=code, message=message, finished_at=Now()
    )


def _set_aside(chunk: JobChunk, code: str, message: str) -> None:
    _end(chunk.pk, ChunkState.POISONED, code=code, message=message)


def _set_aside_if_exhausted(chunk_id: int) -> None:
    chunk = _lock(chunk_id)
    if chunk is not None and is_exhausted(chunk.job, chunk):
        with starter_language(chunk.job):
            _set_aside(chunk, *why_exhausted(chunk.job, chunk))
