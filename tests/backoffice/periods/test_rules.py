"""Months as people write them, and ranges of days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.periods.rules import (
    NotACompetence,
    Validity,
    add_months,
    days_in_month,
    first_overlap,
    format_competence,
    month_end,
    month_start,
    months_between,
    parse_competence,
)

days = st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2150, 12, 31))


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    first = draw(days)
    length = draw(st.none() | st.integers(0, 4000))
    return Validity(first, None if length is None else first + dt.timedelta(length))


@pytest.mark.parametrize(
    "typed",
    [
        "11/2026",
        "112026",
        "nov/26",
        "NOV/2026",
        "novembro de 2026",
        "nov. 2026",
        "11-2026",
        "11.26",
        "2026-11",
        "2026-11-22",
        " 11/2026 ",
    ],
)
def test_a_competence_is_read_as_people_type_it(typed: str) -> None:
    assert parse_competence(typed) == dt.date(2026, 11, 1)


def test_month_names_with_and_without_accent_and_in_english() -> None:
    assert parse_competence("março/2026") == dt.date(2026, 3, 1)
    assert parse_competence("marco/2026") == dt.date(2026, 3, 1)
    assert parse_competence("feb/26") == dt.date(2026, 2, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "13/2026",
        "0/2026",
        "11",
        "2026",
        "foo/2026",
        "11/226",
        "1/1/2026",
        "11/1850",
        "112",
        "nov",
    ],
)
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(NotACompetence):
        parse_competence(typed)


@given(day=days)
def test_what_is_written_is_read_again(day: dt.date) -> None:
    assert parse_competence(format_competence(day)) == month_start(day)


@given(day=days, months=st.integers(-600, 600))
def test_adding_months_stays_in_the_month_asked_for(day: dt.date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, days_in_month(later))


def test_a_shorter_month_gives_its_last_day() -> None:
    assert add_months(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert add_months(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 1, 15), -1) == dt.date(2025, 12, 15)


def test_a_month_has_its_days() -> None:
    assert month_end(dt.date(2024, 2, 10)) == dt.date(2024, 2, 29)
    assert days_in_month(dt.date(2026, 2, 10)) == 28


def test_months_are_listed_with_both_ends() -> None:
    assert list(months_between(dt.date(2025, 11, 30), dt.date(2026, 1, 1))) == [
        dt.date(2025, 11, 1),
        dt.date(2025, 12, 1),
        dt.date(2026, 1, 1),
    ]
    assert list(months_between(dt.date(2026, 2, 1), dt.date(2026, 1, 31))) == []


def test_a_range_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Validity(dt.date(2026, 1, 2), dt.date(2026, 1, 1))


@given(left=validities(), right=validities())
def test_overlap_means_a_common_day(left: Validity, right: Validity) -> None:
    begins = max(left.first, right.first)
    common = left.contains(begins) and right.contains(begins)
    assert left.overlaps(right) is common
    assert right.overlaps(left) is common
    assert (first_overlap([left, right]) is not None) is common


def test_touching_ranges_do_not_overlap() -> None:
    january = Validity(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    rest = Validity(dt.date(2026, 2, 1))
    assert not january.overlaps(rest)
    assert first_overlap([rest, january]) is None
    assert first_overlap([rest, january, Validity(dt.date(2027, 1, 1))]) == (
        rest,
        Validity(dt.date(2027, 1, 1)),
    )


def test_the_part_of_a_range_inside_a_month() -> None:
    employment = Validity(dt.date(2026, 1, 16), dt.date(2026, 3, 10))
    assert employment.within(dt.date(2025, 12, 9)) is None
    assert employment.within(dt.date(2026, 4, 1)) is None
    assert employment.within(dt.date(2026, 1, 1)) == Validity(
        dt.date(2026, 1, 16), dt.date(2026, 1, 31)
    )
    assert employment.within(dt.date(2026, 3, 1)) == Validity(
        dt.date(2026, 3, 1), dt.date(2026, 3, 10)
    )
    assert Validity(dt.date(2025, 1, 1)).within(dt.date(2026, 2, 5)) == Validity(
        dt.date(2026, 2, 1), dt.date(2026, 2, 28)
    )


def test_a_range_knows_its_days() -> None:
    assert Validity(dt.date(2026, 1, 1), dt.date(2026, 1, 31)).days == 31
    assert Validity(dt.date(2026, 1, 1)).days is None
