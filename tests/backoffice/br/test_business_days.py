"""Holidays and business days, per duty and place."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.br.business_days import WorkingCalendar, national_holidays, wages_due

WEEKDAYS = WorkingCalendar(saturday=False)
WITH_SATURDAY = WorkingCalendar(saturday=True)

days = st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2040, 12, 31))
calendars = st.builds(
    WorkingCalendar,
    saturday=st.booleans(),
    state=st.sampled_from(["", "SP", "BA"]),
    local=st.frozensets(days, max_size=5),
    banking=st.booleans(),
)


def test_the_national_holidays_of_2026() -> None:
    assert list(national_holidays(2026)) == [
        dt.date(2026, 1, 1),
        dt.date(2026, 4, 3),
        dt.date(2026, 4, 21),
        dt.date(2026, 5, 1),
        dt.date(2026, 9, 7),
        dt.date(2026, 10, 12),
        dt.date(2026, 11, 2),
        dt.date(2026, 11, 15),
        dt.date(2026, 11, 20),
        dt.date(2026, 12, 25),
    ]
    assert national_holidays(2026)[dt.date(2026, 9, 7)] == "Independência do Brasil"


def test_the_black_awareness_day_is_national_since_2024() -> None:
    assert dt.date(2023, 11, 20) not in national_holidays(2023)
    assert dt.date(2024, 11, 20) in national_holidays(2024)


def test_a_state_adds_its_holidays() -> None:
    revolution = dt.date(2026, 7, 9)
    assert WEEKDAYS.is_business_day(revolution)
    assert not WorkingCalendar(saturday=False, state="SP").is_business_day(revolution)
    with pytest.raises(ValueError, match="no state XX"):
        national_holidays(2026, "XX")


def test_a_municipal_holiday_is_handed_in() -> None:
    city = dt.date(2026, 1, 26)
    assert WEEKDAYS.is_business_day(city)
    assert not WorkingCalendar(saturday=False, local=frozenset({city})).is_business_day(city)


def test_banks_rest_at_carnival_and_corpus_christi() -> None:
    banks = WorkingCalendar(saturday=False, banking=True)
    for day in (dt.date(2026, 2, 16), dt.date(2026, 2, 17), dt.date(2026, 6, 4)):
        assert WEEKDAYS.is_business_day(day)
        assert not banks.is_business_day(day)
    assert banks.is_business_day(dt.date(2026, 2, 18))


def test_saturday_is_a_choice_and_sunday_never_counts() -> None:
    saturday, sunday = dt.date(2026, 11, 21), dt.date(2026, 11, 22)
    assert not WEEKDAYS.is_business_day(saturday)
    assert WITH_SATURDAY.is_business_day(saturday)
    assert not WITH_SATURDAY.is_business_day(sunday)


def test_moving_to_the_next_and_the_last_business_day() -> None:
    friday, monday = dt.date(2026, 10, 30), dt.date(2026, 11, 2)
    assert WEEKDAYS.on_or_after(friday) == friday
    assert WEEKDAYS.on_or_after(monday) == dt.date(2026, 11, 3)
    assert WEEKDAYS.on_or_before(monday) == friday
    assert WEEKDAYS.next(friday) == dt.date(2026, 11, 3)
    assert WEEKDAYS.previous(dt.date(2026, 11, 3)) == friday
    assert WEEKDAYS.add(friday, 2) == dt.date(2026, 11, 4)
    assert WEEKDAYS.add(dt.date(2026, 11, 4), -2) == friday
    assert WEEKDAYS.add(monday, 0) == monday
    assert WEEKDAYS.last_of_month(dt.date(2026, 10, 5)) == friday


def test_the_nth_business_day_of_a_month() -> None:
    assert WEEKDAYS.nth_of_month(dt.date(2026, 12, 24), 1) == dt.date(2026, 12, 1)
    assert WEEKDAYS.nth_of_month(dt.date(2026, 11, 1), 5) == dt.date(2026, 11, 9)
    with pytest.raises(ValueError, match="counted from 1"):
        WEEKDAYS.nth_of_month(dt.date(2026, 11, 1), 0)
    with pytest.raises(ValueError, match="11/2026 has fewer than 25"):
        WEEKDAYS.nth_of_month(dt.date(2026, 11, 1), 25)


@pytest.mark.parametrize(
    ("competence", "saturday_counts", "through_bank", "expected"),
    [
        # November 2026: 2 is a holiday, so 3, 4, 5, 6, 7 (Saturday).
        ((2026, 10), True, False, (2026, 11, 7)),
        ((2026, 10), True, True, (2026, 11, 6)),
        ((2026, 10), False, False, (2026, 11, 9)),
        # December 2026: 1, 2, 3, 4, 5 (Saturday).
        ((2026, 11), True, True, (2026, 12, 4)),
        # January 2026: 1 is a holiday, so 2, 3, 5, 6, 7.
        ((2025, 12), True, True, (2026, 1, 7)),
    ],
)
def test_wages_are_due_on_the_fifth_business_day(
    competence: tuple[int, int],
    saturday_counts: bool,
    through_bank: bool,
    expected: tuple[int, int, int],
) -> None:
    due = wages_due(
        dt.date(*competence, 30), saturday_counts=saturday_counts, through_bank=through_bank
    )
    assert due == dt.date(*expected)


@given(calendar=calendars, day=days, count=st.integers(1, 30))
def test_counting_and_adding_agree(calendar: WorkingCalendar, day: dt.date, count: int) -> None:
    later = calendar.add(day, count)
    assert calendar.is_business_day(later)
    assert calendar.count(day + dt.timedelta(days=1), later) == count
    assert calendar.add(calendar.next(later), -1) == later


@given(calendar=calendars, day=days)
def test_the_nearest_business_days_enclose_a_day(calendar: WorkingCalendar, day: dt.date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_business_day(day) is (before == after == day)
    assert calendar.count(before, after) == (1 if before == after else 2)
