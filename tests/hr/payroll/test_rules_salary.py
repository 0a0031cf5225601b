"""Salary of the month: 30 days, whatever the calendar; parts that sum to the whole."""

import calendar
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.money.rules import Rounding, to_cents
from hr.payroll.rules.salary import (
    PaidPeriod,
    full_month_salary,
    is_below_minimum,
    paid_days,
    salary_amounts,
)
from tests.law.strategies import cents, paid_periods

dates = st.dates(dt.date(2023, 1, 1), dt.date(2032, 12, 31))


@st.composite
def cut_months(draw: st.DrawFn) -> tuple[dt.date, list[tuple[dt.date, dt.date]]]:
    """A whole month in parts."""
    month = draw(dates).replace(day=1)
    last = calendar.monthrange(month.year, month.month)[1]
    starts = [1, *sorted(draw(st.sets(st.integers(2, last), max_size=3)))]
    ends = [start - 1 for start in starts[1:]] + [last]
    return month, [
        (month.replace(day=start), month.replace(day=end))
        for start, end in zip(starts, ends, strict=True)
    ]


@given(cut=cut_months())
def test_a_whole_month_is_30_days_however_it_is_cut(
    cut: tuple[dt.date, list[tuple[dt.date, dt.date]]],
) -> None:
    days = paid_days(*cut)
    assert sum(days) == 30
    assert min(days) >= 0


@given(first=dates, length=st.integers(0, 30))
def test_a_broken_month_has_the_days_of_the_calendar(first: dt.date, length: int) -> None:
    end_of_month = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=min(first.day + length, end_of_month))
    (days,) = paid_days(first, [(first, last)])
    whole = first.day == 1 and last.day == end_of_month
    assert days == (30 if whole else last.day - first.day + 1)
    assert days <= 30


def test_nobody_is_paid_for_parts_that_overlap_or_leave_a_gap() -> None:
    def day(number: int) -> dt.date:
        return dt.date(2026, 1, number)

    for spans in (
        [(day(1), day(15)), (day(15), day(31))],
        [(day(1), day(14)), (day(16), day(31))],
        [(day(10), day(9))],
        [(dt.date(2025, 12, 31), day(5))],
        [(day(5), dt.date(2026, 2, 1))],
    ):
        with pytest.raises(ValueError, match="must follow one another"):
            paid_days(day(1), spans)
    assert paid_days(day(1), []) == ()


@given(periods=paid_periods())
def test_the_parts_sum_to_the_rounded_whole(periods: tuple[PaidPeriod, ...]) -> None:
    amounts = salary_amounts(periods)
    exact = sum((period.salary * period.days for period in periods), Decimal(0)) / 30
    assert sum(amounts) == to_cents(exact, Rounding.HALF_UP)
    assert len(amounts) == len(periods)
    for period, amount in zip(periods, amounts, strict=True):
        assert abs(amount - period.salary * period.days / 30) < Decimal("0.01") * 2


@given(salary=cents, first=st.integers(0, 30))
def test_a_month_cut_in_two_pays_the_same_salary(salary: Decimal, first: int) -> None:
    periods = [PaidPeriod(salary, first), PaidPeriod(salary, 30 - first)]
    assert sum(salary_amounts(periods)) == salary
    assert full_month_salary(periods) == salary


def test_without_paid_days_the_last_salary_would_be_due() -> None:
    assert full_month_salary([]) == 0
    assert full_month_salary([PaidPeriod(Decimal(10), 0), PaidPeriod(Decimal(20), 0)]) == 20
    assert full_month_salary([PaidPeriod(Decimal(10), 5), PaidPeriod(Decimal(20), 5)]) == 15


@pytest.mark.parametrize(
    ("salary", "share", "below"),
    [
        ("1621.00", "1", False),
        ("1620.99", "1", True),
        ("810.50", "0.5", False),
        ("810.49", "0.5", True),
        ("1105.23", "0.681818", False),
        ("1105.22", "0.681818", True),
    ],
)
def test_the_minimum_wage_goes_with_the_hours(salary: str, share: str, below: bool) -> None:
    assert is_below_minimum(Decimal(salary), Decimal(share), Decimal("1621.00")) is below
