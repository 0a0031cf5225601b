"""How soon something ends, and which warnings are due: from dates alone."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from backoffice.br.business_days import WorkingCalendar

STALE_DAYS = 30
"""Nobody is told any more of what ended longer ago; the radar still shows it."""

LONGEST_SNOOZE_DAYS = 90


class Group(StrEnum):
    """How soon something ends."""

    OVERDUE = "overdue"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    LATER = "later"


def group_of(days: int) -> Group:
    """The group of what ends in so many days; less than zero is past."""
    for limit, group in ((-1, Group.OVERDUE), (7, Group.WEEK), (30, Group.MONTH)):
        if days <= limit:
            return group
    return Group.QUARTER if days <= 90 else Group.LATER


def covered_until(on: dt.date) -> dt.date:
    """The last day for which a run on ``on`` speaks: the eve of the next business day.

    What would be due on a Saturday is told on the Friday before, not on the Monday after.
    """
    calendar = WorkingCalendar(saturday=False, banking=True)
    return calendar.add(on, 1) - dt.timedelta(days=1)


def crossed(ends_on: dt.date, covered: dt.date, warn: Iterable[int]) -> list[int]:
    """The thresholds, in days, that have been reached on the last covered day."""
    return [days for days in warn if (ends_on - covered).days <= days]


def latest_snooze(ends_on: dt.date, on: dt.date) -> dt.date:
    """The last day until which it may be snoozed.

    Until it ends, so that nobody sleeps through the day itself; what has ended already, for a week.
    """
    if ends_on <= on:
        return on + dt.timedelta(days=7)
    return min(ends_on, on + dt.timedelta(days=LONGEST_SNOOZE_DAYS))
