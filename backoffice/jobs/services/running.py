"""Do one chunk: its attempt is committed first, then all of its work in one transaction."""

import datetime as dt
import logging
import traceback

import pghistory
from django.db import transaction
from django.db.models.functions import Now

from backoffice.commands import last_acts
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
from backoffice.jobs.services.acting import (
    RightLost,
    company_clock,
    starter_context,
    starter_language,
)
from backoffice.jobs.services.attempts import (
    Exhausted,
    begin_attempt,
    commit_without_waiting_for_the_disk,
    end_attempt,
    refuse_exhausted,
)
from backoffice.jobs.services.control import request_stop
from backoffice.jobs.services.finishing import finish_if_complete
from backoffice.jobs.services.heartbeat import Heartbeat
from backoffice.jobs.services.lines import lines_of

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
    begun = _begin(chunk_id, worker)
    if begun is None:
        return False
    job, attempt = begun
    with lines_of(job, chunk_id=chunk_id):
        if attempt is not None:
            _attempt(attempt, chunk_id, at)
        finish_if_complete(job.pk, worker=worker, at=at)
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
def _begin(chunk_id: int, worker: str) -> tuple[Job, JobAttempt | None] | None:
    """Commit the attempt; none is made for a chunk that is stopped or has used up its attempts.

    Returns:
        None when the chunk is in other hands or has ended.
    """
    commit_without_waiting_for_the_disk()
    chunk = _lock(chunk_id)
    if chunk is None:
        return None
    job = chunk.job
    if job.is_stopping:
        _end(chunk_id, ChunkState.CANCELLED)
        return job, None
    try:
        with starter_language(job):
            attempt = begin_attempt(job, chunk, worker=worker)
    except Exhausted as end:
        _end(chunk_id, ChunkState.POISONED, code=end.code, message=end.message)
        return job, None
    if attempt is None:
        return None
    if job.state == JobState.PENDING:
        Job.objects.filter(pk=job.pk, state=JobState.PENDING).update(
            state=JobState.RUNNING, started_at=Now()
        )
    return job, attempt


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
    with transaction.atomic(durable=True), last_acts():
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
    with (
        starter_language(job),
        company_clock(job.company_id),
        Heartbeat(chunk.pk) as heartbeat,
    ):
        ctx = starter_context(job, permission=kind.permission, at=at)
        with pghistory.context(actor=ctx.actor_id, company=ctx.company_id, command=kind.name):
            return kind.run(ctx, ChunkWork(job.params, chunk.payload, job.pk, heartbeat))


def _end(
    chunk_id: int, state: ChunkState, *, done: int = 0, code: str = "", message: str = ""
) -> None:
    """Move a pending chunk to its end; nothing happens when somebody else ended it."""
    JobChunk.objects.filter(pk=chunk_id, state=ChunkState.PENDING).update(
        state=state, done=done, code=code, message=message, finished_at=Now()
    )


def _set_aside_if_exhausted(chunk_id: int) -> None:
    chunk = _lock(chunk_id)
    if chunk is None:
        return
    try:
        with starter_language(chunk.job):
            refuse_exhausted(chunk.job, chunk)
    except Exhausted as end:
        _end(chunk_id, ChunkState.POISONED, code=end.code, message=end.message)
