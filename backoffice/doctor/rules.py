"""What counts as in order: measured values in, a finding out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORKER_SILENT = dt.timedelta(seconds=60)
"""Workers give a sign every 15 seconds, the scheduler every 10."""

CLOCK_WARNING = dt.timedelta(seconds=1)
CLOCK_PROBLEM = dt.timedelta(seconds=30)
JOB_WARNING = dt.timedelta(minutes=2)
JOB_PROBLEM = dt.timedelta(minutes=10)
SEARCH_WARNING = dt.timedelta(minutes=2)
SEARCH_PROBLEM = dt.timedelta(minutes=15)
OUTBOX_WARNING = dt.timedelta(minutes=2)
OUTBOX_PROBLEM = dt.timedelta(minutes=30)
CERTIFICATE_WARNING_DAYS = 30
DISK_WARNING_PERCENT = 20
DISK_PROBLEM_PERCENT = 10


class Level(StrEnum):
    """How bad a finding is; only a problem makes the doctor's exit code 1."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: Stable word for monitors.
        level: How bad it is.
        message: What was found, and what to do when it is not in order.
        value: The measured number, if there is one (seconds, percent, count).
    """

    name: str
    level: Level
    message: str | Promise
    value: float | None = None


def clock(skew: dt.timedelta) -> Finding:
    """Judge the difference between this machine's clock and the database's."""
    seconds = abs(skew.total_seconds())
    message = _("This machine's clock is %(seconds).1f s away from the database's.") % {
        "seconds": seconds
    }
    return Finding("clock", _by_size(abs(skew), CLOCK_WARNING, CLOCK_PROBLEM), message, seconds)


def disk(name: str, free: int, total: int) -> Finding:
    """Judge the free space of a disk, in bytes."""
    percent = free * 100 // total
    level = Level.OK
    if percent < DISK_WARNING_PERCENT:
        level = Level.WARNING if percent >= DISK_PROBLEM_PERCENT else Level.PROBLEM
    message = _("%(percent)d %% of the disk that holds %(name)s are free.") % {
        "percent": percent,
        "name": name,
    }
    return Finding("disk", level, message, percent)


def pending_jobs(age: dt.timedelta | None, *, work_goes_on: bool) -> Finding:
    """Judge how long the oldest job waits; while attempts are being made that is only slow.

    Args:
        age: How long the oldest job with something undone has existed; None when nothing waits.
        work_goes_on: Whether an attempt at any job has begun or ended in the last minutes.
    """
    if age is None:
        return Finding("jobs", Level.OK, _("No job waits."), 0)
    level = _by_size(age, JOB_WARNING, JOB_PROBLEM)
    if work_goes_on and level is Level.PROBLEM:
        level = Level.WARNING
    message = _("The oldest unfinished job was started %(minutes)d minutes ago.") % {
        "minutes": age.total_seconds() // 60
    }
    return Finding("jobs", level, message, age.total_seconds())


def search(waiting: int, oldest: dt.timedelta) -> Finding:
    """Judge how far the search is behind; a mass change may take a few minutes.

    Args:
        waiting: Changed rows whose entries are not made yet.
        oldest: How long the first of them waits.
    """
    if not waiting:
        return Finding("search", Level.OK, _("The search is as the records are."), 0)
    message = _("The search is %(seconds)d s behind; rows that wait: %(count)d.") % {
        "seconds": oldest.total_seconds(),
        "count": waiting,
    }
    return Finding("search", _by_size(oldest, SEARCH_WARNING, SEARCH_PROBLEM), message, waiting)


def outbox(waiting: int, oldest: dt.timedelta) -> Finding:
    """Judge how far the slowest consumer of events is behind.

    Args:
        waiting: Events that it has not read.
        oldest: How long the first of them has waited.
    """
    if not waiting:
        return Finding("outbox", Level.OK, _("Every event has been read by everybody."), 0)
    message = _("Reading of events is %(seconds)d s behind; events that wait: %(count)d.") % {
        "seconds": oldest.total_seconds(),
        "count": waiting,
    }
    return Finding("outbox", _by_size(oldest, OUTBOX_WARNING, OUTBOX_PROBLEM), message, waiting)


def certificates(days: int) -> Finding:
    """Judge the days that are left until the first installed certificate ends."""
    if days < 0:
        message = str(_("An installed certificate has expired; install the new one."))
        return Finding("certificates", Level.PROBLEM, message, days)
    level = Level.WARNING if days <= CERTIFICATE_WARNING_DAYS else Level.OK
    message = _("The first installed certificate ends in %(days)d days.") % {"days": days}
    return Finding("certificates", level, message, days)


def workers(served: Iterable[str], wanted: Iterable[str], living: int) -> Finding:
    """Judge whether every queue has a living worker."""
    missing = sorted(set(wanted) - set(served))
    if not living:
        message = str(_("No worker has given a sign of life in the last minute. Start one."))
        return Finding("workers", Level.PROBLEM, message, 0)
    if missing:
        message = _("No living worker takes from these queues: %(queues)s.") % {
            "queues": ", ".join(missing)
        }
        return Finding("workers", Level.PROBLEM, message, living)
    message = _("Workers alive: %(count)d.") % {"count": living}
    return Finding("workers", Level.OK, message, living)


def _by_size(found: dt.timedelta, warning: dt.timedelta, problem: dt.timedelta) -> Level:
    if found > problem:
        return Level.PROBLEM
    return Level.WARNING if found > warning else Level.OK
