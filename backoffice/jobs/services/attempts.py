"""Attempts: committed before the work starts, counted to set aside what kills its workers."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.jobs.models import Job, JobAttempt, JobChunk, Outcome
from backoffice.jobs.rules import MAX_ATTEMPTS

ATTEMPT_GRACE = dt.timedelta(seconds=2)
"""An attempt that began less than this ago is taken to be alive although it holds no lock yet."""

TRACEBACK_LIMIT = 20_000


class Exhausted(Exception):
    """As many attempts of this round failed or died as are allowed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def begin_attempt(job: Job, chunk: JobChunk | None, *, worker: str) -> JobAttempt | None:
    """Insert an attempt; the caller holds the row of the chunk (or the job) and commits at once.

    Whoever holds that row knows that nobody is at work: an attempt without an end is dead, unless it
    began a moment ago and stands between its two transactions.

    Returns:
        None when such an attempt lives: the work is taken.

    Raises:
        Exhausted: There is no attempt left.
    """
    earlier = list(
        JobAttempt.objects.filter(job=job, chunk=chunk)
        .defer("traceback")
        .annotate(fresh=Q(started_at__gt=Now() - ATTEMPT_GRACE))
        .order_by("pk")
    )
    running = [attempt for attempt in earlier if attempt.outcome == Outcome.RUNNING]
    if any(attempt.fresh for attempt in running):
        return None
    if running:
        JobAttempt.objects.filter(pk__in=[attempt.pk for attempt in running]).update(
            outcome=Outcome.LOST, ended_at=Now()
        )
    _refuse_exhausted(
        [
            Outcome.LOST if attempt in running else Outcome(attempt.outcome)
            for attempt in earlier
            if attempt.round == job.round
        ]
    )
    return JobAttempt.objects.create(job=job, chunk=chunk, round=job.round, worker=worker)


def refuse_exhausted(job: Job, chunk: JobChunk | None) -> None:
    """Raise ``Exhausted`` when no attempt is left."""
    found = JobAttempt.objects.filter(job=job, chunk=chunk, round=job.round).order_by("pk")
    _refuse_exhausted([Outcome(text) for text in found.values_list("outcome", flat=True)])


def _refuse_exhausted(outcomes: Sequence[Outcome]) -> None:
    failed = [each for each in outcomes if each in {Outcome.FAULT, Outcome.LOST}]
    if len(failed) < MAX_ATTEMPTS:
        return
    if failed[-1] == Outcome.LOST:
        raise Exhausted("worker_lost", _("The worker died each time it tried."))
    raise Exhausted("fault", _("An unexpected fault happened each time it was tried."))


def end_attempt(attempt: JobAttempt, outcome: Outcome, traceback: str = "") -> None:
    """Write how an attempt ended."""
    JobAttempt.objects.filter(pk=attempt.pk).update(
        outcome=outcome, ended_at=Now(), traceback=traceback[-TRACEBACK_LIMIT:]
    )


def commit_without_waiting_for_the_disk() -> None:
    """Let this transaction return before its log is on disk.

    A crash of the server may forget that an attempt began: then it is simply not counted. Whatever
    is committed with its log flushed later flushes this with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
