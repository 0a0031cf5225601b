"""Salary of the month: days of 30, several salaries in one month, the least that may be paid."""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backoffice.money.rules import Rounding, split, to_cents

MONTH = 30


@dataclass(frozen=True, slots=True)
class PaidPeriod:
    """A part of the month with one salary: monthly salary in reais, days paid of 30."""

    salary: Decimal
    days: int


def paid_days(month: dt.date, spans: Sequence[tuple[dt.date, dt.date]]) -> tuple[int, ...]:
    """The days of 30 to pay for each part of a month.

    A whole month is 30 days, whether it has 28 or 31: then each part has the days of a commercial
    month (the 31st is a second 30th, a short February is filled up by its last part). Who comes
    or leaves inside the month has the days of the calendar, at most 30.

    Args:
        month: Any day of the month.
        spans: First and last day of each part, inside the month, in order, without gaps.

    Returns:
        One number of days for each part, as a proposal: payroll stores it and people may change it.

    Raises:
        ValueError: A part lies outside the month or the parts leave a gap or overlap.

    Law:
        CLT art. 64 (a month of pay has 30 days); the count of a broken month is custom.
    """
    last_day = calendar.monthrange(month.year, month.month)[1]
    first, last = dt.date(month.year, month.month, 1), dt.date(month.year, month.month, last_day)
    expected = None
    for start, end in spans:
        if not first <= start <= end <= last or (expected is not None and start != expected):
            raise ValueError("the parts of a month must follow one another inside it")
        expected = end + dt.timedelta(days=1)
    if not spans or (spans[0][0], spans[-1][1]) != (first, last):
        return tuple((end - start).days + 1 for start, end in spans)
    starts = [min(start.day, MONTH) for start, _ in spans]
    ends = [*starts[1:], MONTH + 1]
    return tuple(end - start for start, end in zip(starts, ends, strict=True))


def salary_amounts(periods: Sequence[PaidPeriod]) -> list[Decimal]:
    """What each part of the month pays, in whole cents.

    The parts sum to the rounded sum of the unrounded parts, so that a month cut in two at the
    same salary pays exactly that salary.

    Args:
        periods: Salary and days of each part.

    Returns:
        One amount for each part: salary / 30 x days; the sum is rounded half up once and split
        without losing a cent.

    Law:
        CLT art. 64; Lei 605/1949 art. 7 § 2 (the salary of the month includes the rest days).
    """
    if len(periods) == 1:
        period = periods[0]
        exact = period.salary * period.days / MONTH
        return [to_cents(exact, Rounding.HALF_UP)]
    shares = [period.salary * period.days for period in periods]
    if not any(shares):
        return [to_cents(0, Rounding.HALF_UP) for _ in periods]
    total = to_cents(sum(shares, Decimal(0)) / MONTH, Rounding.HALF_UP)
    return split(total, shares)


def full_month_salary(periods: Sequence[PaidPeriod]) -> Decimal:
    """What would be due had the person worked the whole month, unrounded.

    Args:
        periods: Salary and days of each part; more than one salary counts by days.

    Returns:
        The salary averaged over the days paid; the last salary where no day is paid; zero
        without any part.

    Law:
        Art. 4 § 2 of the yearly portaria of MPS and MF (the right to family allowance is defined
        by the pay that would be due, however many days were worked).
    """
    days = sum(period.days for period in periods)
    if not days:
        return periods[-1].salary if periods else Decimal(0)
    return sum((period.salary * period.days for period in periods), Decimal(0)) / days


def is_below_minimum(salary: Decimal, hours_share: Decimal, minimum_wage: Decimal) -> bool:
    """Whether a monthly salary is below the minimum wage in proportion to the hours.

    Args:
        salary: Monthly salary, in reais.
        hours_share: Contracted hours as a share of a full week of 44 hours.
        minimum_wage: Of the competence, in reais.

    Law:
        CF art. 7 IV; OJ 358 SDI-1 TST (less than a full week may be paid in proportion).
    """
    return salary < to_cents(minimum_wage * hours_share, Rounding.HALF_UP)
