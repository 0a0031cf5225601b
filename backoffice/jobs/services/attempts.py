"""Attempts: committed before the work starts, counted to set aside what kills its workers."""

import datetime as dt

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.jobs.models import Job, JobAttempt, JobChunk, Outcome
from backoffice.jobs.rules import MAX_ATTEMPTS

ATTEMPT_GRACE = dt.timedelta(seconds=5)
"""An attempt that began less than this ago is taken to be alive although it holds no lock yet."""

TRACEBACK_LIMIT = 20_000


def bury_dead(job: Job, chunk: JobChunk | None) -> bool:
    """Close attempts that nobody will end; call it while holding the row of the chunk (or the job).

    Whoever holds that row knows that nobody is at work: an attempt without an end is dead, unless it
    began a moment ago and stands between its two transactions.

    Returns:
        False when such an attempt lives: the work is taken.
    """
    running = JobAttempt.objects.filter(job=job, chunk=chunk, outcome=Outcome.RUNNING)
    if running.filter(started_at__gt=Now() - ATTEMPT_GRACE).exists():
        return False
    running.update(outcome=Outcome.LOST, ended_at=Now())
    return True


def begin_attempt(job: Job, chunk: JobChunk | None, *, worker: str) -> JobAttempt:
    """Insert an attempt; the caller commits it before the work starts."""
    return JobAttempt.objects.create(job=job, chunk=chunk, round=job.round, worker=worker)


def end_attempt(attempt: JobAttempt, outcome: Outcome, traceback: str = "") -> None:
    """Write how an attempt ended."""
    JobAttempt.objects.filter(pk=attempt.pk).update(
        outcome=outcome, ended_at=Now(), traceback=traceback[-TRACEBACK_LIMIT:]
    )


def is_exhausted(job: Job, chunk: JobChunk | None) -> bool:
    """Whether as many attempts of this round failed or died as are allowed."""
    failed = JobAttempt.objects.filter(
        job=job, chunk=chunk, round=job.round, outcome__in=[Outcome.FAULT, Outcome.LOST]
    )
    return failed.count() >= MAX_ATTEMPTS


def why_exhausted(job: Job, chunk: JobChunk | None) -> tuple[str, str]:
    """Code and sentence that tell people why no further attempt is made."""
    last = JobAttempt.objects.filter(job=job, chunk=chunk, round=job.round).order_by("-pk").first()
    if last is not None and last.outcome == Outcome.LOST:
        return "worker_lost", _("The worker died each time it tried.")
    return "fault", _("An unexpected fault happened each time it was tried.")
