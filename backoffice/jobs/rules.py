"""How far a job is and when it will end; when a duty is due: from counts and times alone."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from backoffice.br.business_days import WorkingCalendar

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


class Every(StrEnum):
    """How often a duty is done."""

    SECONDS = "seconds"
    DAY = "day"
    BUSINESS_DAY = "business_day"
    WEEKDAY = "weekday"
    MONTH_DAY = "month_day"
    NTH_BUSINESS_DAY = "nth_business_day"
    LAST_BUSINESS_DAY = "last_business_day"


class Shift(StrEnum):
    """Where a day of the month goes that is no business day."""

    STAYS = ""
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """When a duty is due.

    Attributes:
        every: Of what there is one run.
        number: Seconds; weekday (0 for Monday); day of the month (the last one where a month is
            shorter); which business day of the month. 0 where none is needed.
        minute: After midnight by the clock of ``zone``; not used for seconds.
        shift: For days of the month.
        zone: IANA name.
        state: Two letters of the state whose holidays count besides the national ones.
    """

    every: Every
    number: int = 0
    minute: int = 0
    shift: Shift = Shift.STAYS
    zone: str = "America/Sao_Paulo"
    state: str = ""

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        lowest, highest = LIMITS[self.every]
        if not lowest <= self.number <= highest:
            msg = f"{self.every} takes a number from {lowest} to {highest}"
            raise ValueError(msg)
        if not 0 <= self.minute < 24 * 60:
            raise ValueError("a day has 1440 minutes")

    def next_after(self, at: dt.datetime) -> dt.datetime:
        """The first moment after ``at`` at which the duty is due, in UTC.

        Multiples of seconds are counted from 1970, so that every scheduler finds the same ones.

        Raises:
            ValueError: ``at`` is naive.
        """
        if at.tzinfo is None:
            raise ValueError("a moment has a time zone")
        if self.every is Every.SECONDS:
            passed = (at - _EPOCH) // dt.timedelta(seconds=self.number)
            return _EPOCH + (passed + 1) * dt.timedelta(seconds=self.number)
        zone = ZoneInfo(self.zone)
        clock = dt.time(self.minute // 60, self.minute % 60)
        day = at.astimezone(zone).date() - dt.timedelta(days=1)
        while True:  # no rhythm rests longer than two months
            if self.falls_on(day):
                moment = dt.datetime.combine(day, clock, zone).astimezone(dt.UTC)
                if moment > at:
                    return moment
            day += dt.timedelta(days=1)

    def falls_on(self, day: dt.date) -> bool:
        """Whether the duty is due on a day."""
        calendar = WorkingCalendar(saturday=False, state=self.state, banking=True)
        match self.every:
            case Every.BUSINESS_DAY:
                return calendar.is_business_day(day)
            case Every.WEEKDAY:
                return day.weekday() == self.number
            case Every.MONTH_DAY:
                return any(self._in_month(month) == day for month in _months_around(day))
            case Every.NTH_BUSINESS_DAY:
                first = day.replace(day=1)
                return calendar.is_business_day(day) and calendar.count(first, day) == self.number
            case Every.LAST_BUSINESS_DAY:
                return calendar.last_of_month(day) == day
            case _:
                return True

    def _in_month(self, month: dt.date) -> dt.date:
        """The day of a month to which the day with this number goes."""
        last = monthrange(month.year, month.month)[1]
        nominal = month.replace(day=min(self.number, last))
        calendar = WorkingCalendar(saturday=False, state=self.state, banking=True)
        if self.shift is Shift.BEFORE:
            return calendar.on_or_before(nominal)
        return calendar.on_or_after(nominal) if self.shift is Shift.AFTER else nominal


LIMITS = {
    Every.SECONDS: (10, 7 * 24 * 3600),
    Every.DAY: (0, 0),
    Every.BUSINESS_DAY: (0, 0),
    Every.WEEKDAY: (0, 6),
    Every.MONTH_DAY: (1, 31),
    Every.NTH_BUSINESS_DAY: (1, 18),
    Every.LAST_BUSINESS_DAY: (0, 0),
}
"""Which numbers make sense; every month has 18 business days."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _months_around(day: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    first = day.replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return before, first, after
