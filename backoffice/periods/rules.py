"""Months and ranges of validity.

A competence (competência) is the month a fact belongs to. Everywhere in the code it is the first
day of that month, as a ``datetime.date``.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MONTHS_SHORT = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
MONTHS_LONG = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)
# What people also type, and the accent that keyboards lose.
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER_OF = {
    name: number
    for names in (MONTHS_SHORT, MONTHS_LONG, _ENGLISH)
    for number, name in enumerate(names, start=1)
} | {"marco": 3}

_NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{4}|\d{2})|(\d{2})(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?", re.ASCII)
_NAMED = re.compile(r"([a-zç]+)\.?(?:\s*[/-]\s*|\s+de\s+|\s+)(\d{4}|\d{2})", re.ASCII)


class NotACompetence(ValueError):
    """A text cannot be read as a month of a year."""


def month_start(day: dt.date) -> dt.date:
    """The first day of the month, which is also the competence, of ``day``."""
    return dt.date(day.year, day.month, 1)


def month_end(day: dt.date) -> dt.date:
    """The last day of the month of ``day``."""
    return dt.date(day.year, day.month, days_in_month(day))


def days_in_month(day: dt.date) -> int:
    """How many days the month of ``day`` has (28 to 31)."""
    return calendar.monthrange(day.year, day.month)[1]


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later (or earlier, for a negative number).

    Where the target month is shorter, its last day: 31 January plus one month is the last day of
    February.

    Raises:
        ValueError: The result lies outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def months_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every competence from the month of ``first`` to the month of ``last``, both included."""
    month = month_start(first)
    while month <= last:
        yield month
        month = add_months(month, 1)


def parse_competence(text: str) -> dt.date:
    """Read a month as people type it: ``11/2026``, ``112026``, ``nov/26``, ``2026-11``.

    Two digits of a year mean 2000 to 2099.

    Raises:
        NotACompetence: No month of a year can be read.
    """
    typed = text.strip().lower()
    if found := _ISO.fullmatch(typed):
        year, month = int(found[1]), int(found[2])
    elif found := _NUMERIC.fullmatch(typed):
        year, month = _year(found[2] or found[4]), int(found[1] or found[3])
    elif (found := _NAMED.fullmatch(typed)) and found[1] in _NUMBER_OF:
        year, month = _year(found[2]), _NUMBER_OF[found[1]]
    else:
        raise NotACompetence(text)
    if not (1 <= month <= 12 and 1900 <= year <= 2999):
        raise NotACompetence(text)
    return dt.date(year, month, 1)


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def format_competence(day: dt.date) -> str:
    """Write the month of ``day`` as ``11/2026``."""
    return f"{day.month:02d}/{day.year:04d}"


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which something holds: from a first day to a last day, both included.

    Attributes:
        first: The first day.
        last: The last day; None while no end is known.
    """

    first: dt.date
    last: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins."""
        if self.last is not None and self.last < self.first:
            msg = f"a validity cannot end on {self.last} before it begins on {self.first}"
            raise ValueError(msg)

    def contains(self, day: dt.date) -> bool:
        """Whether ``day`` lies inside the range."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: "Validity") -> bool:
        """Whether the two ranges have a day in common."""
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )

    def within(self, month: dt.date) -> "Validity | None":
        """The part of the range that lies in the month of ``month``; None if there is none."""
        start, end = month_start(month), month_end(month)
        if self.first > end or (self.last is not None and self.last < start):
            return None
        return Validity(max(self.first, start), end if self.last is None else min(self.last, end))

    @property
    def days(self) -> int | None:
        """How many days the range has; None while no end is known."""
        return None if self.last is None else (self.last - self.first).days + 1


def first_overlap(ranges: Iterable[Validity]) -> tuple[Validity, Validity] | None:
    """The first two ranges, in order of their first day, that share a day; None if none do."""
    reaching: Validity | None = None
    for current in sorted(ranges, key=lambda validity: validity.first):
        if reaching is not None and reaching.overlaps(current):
            return reaching, current
        reaching = current
    return None
