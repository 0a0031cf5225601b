"""Working time: a calendar as a pure value, with the time that is open between two moments.

A moment is open when the clock on the wall of the place shows a time inside a window of that day. So
an hour that a clock change repeats counts twice and one that it skips does not count.
"""

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from zoneinfo import ZoneInfo

from backoffice.br.business_days import carnival_and_corpus_christi, national_holidays

DAY_MINUTES = 24 * 60
LOOK_AHEAD_YEARS = 5
"""How far ``next_open`` and ``due`` look before they say that the calendar never opens."""

_SECOND = 1_000_000
_DAY = 24 * 60 * 60 * _SECOND
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST_DAY = dt.date(1970, 1, 1)
_DASHES = re.compile(r"\s*[-–]\s*")
_SEPARATORS = re.compile(r"[;,]|\be\b")
_CLOCK = re.compile(r"(\d{1,2})(?:[:h](\d{2})?)?")

Span = tuple[int, int]
"""Minutes after midnight: from the first up to, and without, the second; 1440 is midnight."""


class NeverOpen(Exception):
    """The calendar does not open within ``LOOK_AHEAD_YEARS``."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time of a weekday in which work is done, while it is valid.

    Attributes:
        weekday: 0 for Monday to 6 for Sunday.
        opens: Minutes after midnight.
        closes: Minutes after midnight, at most 1440; a shift over midnight is two windows.
        valid_from: First day.
        valid_to: Last day; None for no end.
    """

    weekday: int
    opens: int
    closes: int
    valid_from: dt.date
    valid_to: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the window belongs to this day."""
        return (
            day.weekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs: exactly one of both is said.

    Attributes:
        instead: Open in these spans, whatever the weekday and even on a holiday; empty for closed.
        within: What is open anyway stays so only inside these spans: a half day.
    """

    instead: tuple[Span, ...] | None = None
    within: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which holidays close a place.

    Attributes:
        state: Two letters; empty for the national ones only.
        carnival: Whether Monday and Tuesday of Carnival and Corpus Christi count.
        local: Holidays of the municipality as (month, day), every year.
    """

    state: str = ""
    carnival: bool = True
    local: frozenset[tuple[int, int]] = frozenset()

    def close(self, day: dt.date) -> bool:
        """Whether this day is a holiday."""
        return (
            (day.month, day.day) in self.local
            or day in national_holidays(day.year, self.state)
            or (self.carnival and day in carnival_and_corpus_christi(day.year))
        )


@dataclass(frozen=True, slots=True)
class _Year:
    """The open intervals of one UTC year in microseconds since 1970, with the open time before each."""

    opens: list[int]
    closes: list[int]
    before: list[int]
    total: int

    def position(self, at: int) -> int:
        """Open time of the year before a moment of it."""
        last = bisect_right(self.opens, at) - 1
        if last < 0:
            return 0
        return self.before[last] + min(at, self.closes[last]) - self.opens[last]


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When a place works: zone, windows, holidays and the days that differ.

    Attributes:
        zone: Clock on the wall, an IANA name.
        windows: Of the weekdays.
        holidays: Days on which the windows do not count; None to work on holidays.
        special: Days that differ; they count before the holidays.
        years: What was worked out so far.
    """

    zone: str
    windows: tuple[Window, ...]
    holidays: Holidays | None = field(default_factory=Holidays)
    special: Mapping[dt.date, SpecialDay] = field(default_factory=dict)
    years: dict[int, _Year] = field(default_factory=dict, compare=False, repr=False)

    def spans_on(self, day: dt.date) -> tuple[Span, ...]:
        """When the place is open on a day, in order, without overlaps."""
        special = self.special.get(day)
        if special is not None and special.instead is not None:
            return _joined(special.instead)
        if self.holidays is not None and self.holidays.close(day):
            return ()
        usual = _joined([(w.opens, w.closes) for w in self.windows if w.holds_on(day)])
        if special is None or special.within is None:
            return usual
        return _common(usual, _joined(special.within))

    def is_open(self, at: dt.datetime) -> bool:
        """Whether work is done at a moment; a closing time is already closed."""
        moment = _micros(at)
        year = self._year(at.astimezone(dt.UTC).year)
        last = bisect_right(year.opens, moment) - 1
        return last >= 0 and moment < year.closes[last]

    def business_time(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Exact open time from ``start`` to ``end``.

        Raises:
            ValueError: A moment is naive, or the end lies before the start.
        """
        first, last = _micros(start), _micros(end)
        if last < first:
            raise ValueError("the end lies before the start")
        from_year, to_year = start.astimezone(dt.UTC).year, end.astimezone(dt.UTC).year
        whole = sum(self._year(year).total for year in range(from_year, to_year))
        open_time = (
            whole + self._year(to_year).position(last) - self._year(from_year).position(first)
        )
        return dt.timedelta(microseconds=open_time)

    def business_seconds(self, start: dt.datetime, end: dt.datetime) -> int:
        """Whole seconds of ``business_time``, rounded down.

        Raises:
            ValueError: A moment is naive, or the end lies before the start.
        """
        return self.business_time(start, end) // dt.timedelta(seconds=1)

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """``at`` itself while it is open, else the next moment of opening; in the zone of ``at``.

        Raises:
            NeverOpen: It does not open within five years.
            ValueError: The moment is naive.
        """
        if self.is_open(at):
            return at
        moment = _micros(at)
        first = at.astimezone(dt.UTC).year
        for number in range(first, first + LOOK_AHEAD_YEARS + 1):
            year = self._year(number)
            found = bisect_left(year.opens, moment)
            if found < len(year.opens):
                return _moment(year.opens[found]).astimezone(at.tzinfo)
        raise NeverOpen(self.zone)

    def due(self, start: dt.datetime, seconds: int) -> dt.datetime:
        """The first moment at which ``seconds`` of open time have passed since ``start``.

        That is a closing time rather than the next opening; zero seconds are over at ``start``.

        Raises:
            NeverOpen: It takes longer than five years.
            ValueError: The moment is naive, or the seconds are negative.
        """
        moment = _micros(start)
        if seconds < 0:
            raise ValueError("time does not run backwards")
        if seconds == 0:
            return start
        first = start.astimezone(dt.UTC).year
        left = seconds * _SECOND + self._year(first).position(moment)
        for number in range(first, first + LOOK_AHEAD_YEARS + 1):
            year = self._year(number)
            if left <= year.total:
                place = bisect_left(year.before, left) - 1
                end = year.opens[place] + left - year.before[place]
                return _moment(end).astimezone(start.tzinfo)
            left -= year.total
        raise NeverOpen(self.zone)

    def _year(self, number: int) -> _Year:
        found = self.years.get(number)
        if found is None:
            found = self.years[number] = self._work_out(number)
        return found

    def _work_out(self, number: int) -> _Year:
        intervals: list[tuple[int, int]] = []
        for start, end, offset in _offsets(ZoneInfo(self.zone), number):
            first, last = (start + offset) // _DAY, (end + offset - 1) // _DAY
            for count in range(first, last + 1):
                for opens, closes in self.spans_on(_FIRST_DAY + dt.timedelta(days=count)):
                    low = max(start, count * _DAY + opens * 60 * _SECOND - offset)
                    high = min(end, count * _DAY + closes * 60 * _SECOND - offset)
                    if low < high:
                        intervals.append((low, high))
        lengths = [high - low for low, high in intervals]
        before = list(accumulate(lengths, initial=0))
        return _Year(
            opens=[low for low, _high in intervals],
            closes=[high for _low, high in intervals],
            before=before[:-1],
            total=before[-1],
        )


def _micros(at: dt.datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("a moment has a time zone")
    return (at - _EPOCH) // dt.timedelta(microseconds=1)


def _moment(micros: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=micros)


def _offsets(zone: ZoneInfo, year: int) -> Iterator[tuple[int, int, int]]:
    """The stretches of a UTC year with one offset of the clock each, all in microseconds."""
    start = _micros(dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    end = _micros(dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC))
    offset = _offset(zone, start)
    low = start
    while low < end:
        high = min(low + _DAY, end)
        after = _offset(zone, high)
        if after != offset:
            change = _change(zone, low, high)
            yield start, change, offset
            start, offset, high = change, _offset(zone, change), change
        low = high
    yield start, end, offset


def _offset(zone: ZoneInfo, at: int) -> int:
    found = _moment(at).astimezone(zone).utcoffset()
    return (found or dt.timedelta(0)) // dt.timedelta(microseconds=1)


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The moment between two of different offsets at which the clock is changed."""
    old = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same minutes in order, what overlaps or touches joined."""
    found: list[Span] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return tuple(found)


def _common(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple((opens, closes) for opens, closes in both if opens < closes)


def read_spans(text: str) -> tuple[Span, ...]:
    """Hours as people write them: ``08:00-12:00 13:00-18:00``, also ``8-12; 13-18``.

    Raises:
        ValueError: It cannot be read so.
    """
    found = []
    for part in _SEPARATORS.sub(" ", _DASHES.sub("-", text)).split():
        opens, dash, closes = part.partition("-")
        if not dash:
            msg = f"{part} is no time from when to when"
            raise ValueError(msg)
        found.append((_minutes(opens), _minutes(closes)))
    return tuple(found)


def write_spans(spans: Sequence[Span]) -> str:
    """Hours as people read them: ``08:00-12:00 13:00-18:00``."""
    return " ".join(f"{clock(opens)}-{clock(closes)}" for opens, closes in spans)


def clock(minutes: int) -> str:
    """Minutes after midnight as ``08:30``; the midnight at the end is ``24:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        msg = f"{text} is no time of day"
        raise ValueError(msg)
    hour, minute = int(match[1]), int(match[2] or 0)
    total = hour * 60 + minute
    if minute > 59 or total > DAY_MINUTES:
        msg = f"{text} is no time of day"
        raise ValueError(msg)
    return total
