"""How much room a piece of work has left: its slack; pure arithmetic of times."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

SOON = dt.timedelta(days=1)


@dataclass(frozen=True)
class Typical:
    """How long work took from one state to its purpose: the median, over so many documents."""

    time: dt.timedelta
    items: int


class Room(StrEnum):
    """How a deadline stands: passed, not to be met at the usual pace, close, or with room."""

    LATE = "late"
    SHORT = "short"
    SOON = "soon"
    ENOUGH = "enough"
    OPEN = "open"


def slack(due: dt.datetime | None, typical: Typical | None, at: dt.datetime) -> dt.timedelta | None:
    """Time that may be lost before the deadline is: due minus now minus the typical work left.

    Without a deadline there is none; without history the work left counts as nothing.
    """
    if due is None:
        return None
    left = typical.time if typical else dt.timedelta(0)
    return due - at - left


def room(due: dt.datetime | None, typical: Typical | None, at: dt.datetime) -> Room:
    """How the deadline stands at a moment."""
    spare = slack(due, typical, at)
    if spare is None or due is None:
        return Room.OPEN
    if due < at:
        return Room.LATE
    if spare < dt.timedelta(0):
        return Room.SHORT
    return Room.SOON if spare < SOON else Room.ENOUGH
