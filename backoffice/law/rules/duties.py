"""When a duty falls due: counted from a month, and shifted where the day is no business day."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from backoffice.br.business_days import WorkingCalendar
from backoffice.law.rules.kinds import Payload
from backoffice.periods.rules import add_months, month_end, month_start


class CountsFrom(StrEnum):
    """The month from which a duty is counted."""

    COMPETENCE = "competence"
    PAYMENT = "payment"


class Count(StrEnum):
    """How the day inside the month is counted."""

    DAY = "day"
    BUSINESS_DAY = "business_day"
    LAST_BUSINESS_DAY = "last_business_day"


class Shift(StrEnum):
    """Where a due day goes that is no day on which banks work."""

    EARLIER = "earlier"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The rule by which one duty falls due.

    Attributes:
        name: What people call it.
        responsible: Who usually does it: ``hr``, ``finance`` or ``accountant``.
        counts_from: Whether its month is the one worked or the one of payment.
        only_month: The only month of the year that has it, from 1; None for every month.
        months_after: How many months after its month it is due.
        count: How the day is counted.
        day: Which day, or which business day; a day that a month lacks is its last one.
        saturday_counts: Whether Saturday is one of the counted business days.
        shift: Where a day goes on which banks rest.
    """

    name: str
    responsible: str
    counts_from: CountsFrom
    only_month: int | None
    months_after: int
    count: Count
    day: int | None
    saturday_counts: bool
    shift: Shift

    @classmethod
    def read(cls, payload: Payload) -> "Duty":
        """Read a checked payload of a kind ``duty.<code>``."""
        day, month = payload["day"], payload["only_month"]
        return cls(
            name=payload["name"],
            responsible=payload["responsible"],
            counts_from=CountsFrom(payload["counts_from"]),
            only_month=None if month is None else int(month),
            months_after=int(payload["months_after"]),
            count=Count(payload["count"]),
            day=None if day is None else int(day),
            saturday_counts=payload["saturday_counts"],
            shift=Shift(payload["shift"]),
        )

    def has_month(self, month: dt.date) -> bool:
        """Whether the duty exists for a month."""
        return self.only_month is None or month.month == self.only_month


def due_date(duty: Duty, month: dt.date, calendar: WorkingCalendar) -> dt.date:
    """The last day on which a duty of a month is done in time.

    Args:
        duty: The rule.
        month: The month worked or the month of payment, as ``duty.counts_from`` says.
        calendar: Holidays of the place; which weekdays count is the duty's own.

    Returns:
        The day; business days are counted with Saturdays where the duty says so, and what falls on
        a day on which banks rest is shifted as it says.

    Law:
        Each duty names its act in its table; the payload says what that act says.
    """
    due_month = add_months(month_start(month), duty.months_after)
    counting = replace(calendar, saturday=duty.saturday_counts, banking=False)
    banks = replace(calendar, saturday=False, banking=True)
    if duty.count is Count.LAST_BUSINESS_DAY:
        day = counting.last_of_month(due_month)
    elif duty.count is Count.BUSINESS_DAY:
        day = counting.nth_of_month(due_month, duty.day or 1)
    else:
        last = month_end(due_month).day
        day = due_month.replace(day=min(duty.day or last, last))
    if duty.shift is Shift.EARLIER:
        return banks.on_or_before(day)
    return banks.on_or_after(day) if duty.shift is Shift.LATER else day
