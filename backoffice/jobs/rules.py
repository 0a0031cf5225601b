"""How far a job is and when it will end, from counts and times alone."""

import datetime as dt
from dataclasses import dataclass

MAX_ATTEMPTS = 5
"""So many attempts at one chunk in one round may fail or die before it is set aside."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        total: Items to handle.
        done: Items handled well.
        failed: Items that could not be done and were not tried again since.
        percent: Handled of total, 0 to 100, rounded down; 100 only when all are handled.
        per_minute: Items handled per minute since the start; None while it cannot be told.
        remaining: Estimated time to the end at that pace; None while it cannot be told.
    """

    total: int
    done: int
    failed: int
    percent: int
    per_minute: int | None
    remaining: dt.timedelta | None


def progress(
    *, total: int, done: int, failed: int, started_at: dt.datetime | None, until: dt.datetime
) -> Progress:
    """Work out the progress of a job.

    Args:
        total: Items to handle; 0 when nobody counted them.
        done: Items handled well so far.
        failed: Items that failed so far.
        started_at: When the first chunk started, if one has.
        until: Now, or the end of a finished job.
    """
    handled = done + failed
    percent = min(100, handled * 100 // total) if total else 0
    elapsed = until - started_at if started_at else dt.timedelta(0)
    if not handled or elapsed <= dt.timedelta(0):
        return Progress(total, done, failed, percent, None, None)
    per_minute = round(handled * dt.timedelta(minutes=1) / elapsed)
    left = max(0, total - handled)
    return Progress(total, done, failed, percent, per_minute, elapsed * left / handled)
