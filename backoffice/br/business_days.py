"""Holidays and business days.

What counts as a business day differs by duty: banks rest on Saturdays and at Carnival, wages may
fall due on a Saturday. A ``WorkingCalendar`` says which; there is no silent default.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass

import holidays

SATURDAY, SUNDAY = 5, 6
WAGES_DUE_ON = 5


def _next_month(day: dt.date) -> dt.date:
    """The first day of the month after that of ``day``."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


@functools.lru_cache(maxsize=512)
def national_holidays(year: int, state: str = "") -> Mapping[dt.date, str]:
    """The public holidays of a year with their Portuguese names.

    Args:
        year: The year.
        state: Two letters of a state, to add its own holidays; empty for the national ones.

    Raises:
        ValueError: There is no such state.
    """
    try:
        found = holidays.country_holidays("BR", subdiv=state or None, years=year, language="pt_BR")
    except NotImplementedError as error:
        msg = f"no state {state}"
        raise ValueError(msg) from error
    return dict(sorted(found.items()))


@functools.lru_cache(maxsize=512)
def easter(year: int) -> dt.date:
    """Easter Sunday of a year."""
    (good_friday,) = (
        day for day, name in national_holidays(year).items() if "Sexta-feira Santa" in name
    )
    return good_friday + dt.timedelta(days=2)


@functools.lru_cache(maxsize=512)
def carnival_and_corpus_christi(year: int) -> frozenset[dt.date]:
    """The days on which banks rest although the law knows no holiday.

    Monday and Tuesday of Carnival and Corpus Christi, counted from Easter.
    """
    return frozenset(easter(year) + dt.timedelta(days=shift) for shift in (-48, -47, 60))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are business days for a duty at a place.

    Attributes:
        saturday: Whether Saturday counts as a business day.
        state: Two letters of the state whose holidays count; empty for the national ones only.
        local: Further days off: municipal holidays, agreed bridges.
        banking: Whether the days on which banks rest count as days off.
    """

    saturday: bool
    state: str = ""
    local: frozenset[dt.date] = frozenset()
    banking: bool = False

    def is_business_day(self, day: dt.date) -> bool:
        """Whether ``day`` is neither a weekend day nor a day off of this calendar."""
        weekday = day.weekday()
        if weekday == SUNDAY or (weekday == SATURDAY and not self.saturday):
            return False
        if day in self.local or day in national_holidays(day.year, self.state):
            return False
        return not (self.banking and day in carnival_and_corpus_christi(day.year))

    def on_or_after(self, day: dt.date) -> dt.date:
        """``day`` itself if it is a business day, else the next one."""
        return self._walk(day, dt.timedelta(days=1))

    def on_or_before(self, day: dt.date) -> dt.date:
        """``day`` itself if it is a business day, else the last one before it."""
        return self._walk(day, dt.timedelta(days=-1))

    def _walk(self, day: dt.date, step: dt.timedelta) -> dt.date:
        while not self.is_business_day(day):
            day += step
        return day

    def next(self, day: dt.date) -> dt.date:
        """The first business day after ``day``."""
        return self.on_or_after(day + dt.timedelta(days=1))

    def previous(self, day: dt.date) -> dt.date:
        """The last business day before ``day``."""
        return self.on_or_before(day - dt.timedelta(days=1))

    def add(self, day: dt.date, count: int) -> dt.date:
        """The business day that lies ``count`` business days after ``day`` (before, if negative).

        Zero gives ``day`` itself, business day or not.
        """
        for _ in range(abs(count)):
            day = self.next(day) if count > 0 else self.previous(day)
        return day

    def nth_of_month(self, month: dt.date, number: int) -> dt.date:
        """The ``number``-th business day of the month of ``month``, counted from 1.

        Raises:
            ValueError: ``number`` is below 1, or the month has fewer business days.
        """
        if number < 1:
            raise ValueError("business days of a month are counted from 1")
        day = self.add(month.replace(day=1) - dt.timedelta(days=1), number)
        if (day.year, day.month) != (month.year, month.month):
            msg = f"{month:%m/%Y} has fewer than {number} business days"
            raise ValueError(msg)
        return day

    def last_of_month(self, month: dt.date) -> dt.date:
        """The last business day of the month of ``month``."""
        return self.previous(_next_month(month))

    def count(self, first: dt.date, last: dt.date) -> int:
        """How many business days lie from ``first`` to ``last``, both included."""
        days = (last - first).days + 1
        return sum(self.is_business_day(first + dt.timedelta(days=shift)) for shift in range(days))


def wages_due(
    competence: dt.date,
    *,
    through_bank: bool,
    saturday_counts: bool = True,
    state: str = "",
    local: frozenset[dt.date] = frozenset(),
) -> dt.date:
    """The last day on which the wages of a month may be paid.

    Args:
        competence: The month worked.
        through_bank: Whether the money goes through a bank: then, where the limit is no bank
            day, it must be there on the bank day before.
        saturday_counts: Whether Saturday is one of the five business days.
        state: Two letters of the state of the workplace.
        local: Further holidays of the place.

    Returns:
        The fifth business day of the following month, or the bank day before it.

    Law:
        CLT art. 459 § 1. That Saturday counts is IN SRT/MTE 1/1989, from memory and therefore a
        parameter.
    """
    calendar = WorkingCalendar(saturday=saturday_counts, state=state, local=local)
    limit = calendar.nth_of_month(_next_month(competence), WAGES_DUE_ON)
    if not through_bank:
        return limit
    banks = WorkingCalendar(saturday=False, state=state, local=local, banking=True)
    return banks.on_or_before(limit)
