"""Working time against an independent walk over every second's wall clock, and by its laws."""

import datetime as dt
import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.organization.rules import (
    DAY_MINUTES,
    Holidays,
    NeverOpen,
    SpecialDay,
    Window,
    WorkingTime,
)

SP = ZoneInfo("America/Sao_Paulo")
EVER = dt.date(1990, 1, 1)
ZONES = ("America/Sao_Paulo", "America/Noronha", "America/Rio_Branco", "Europe/Lisbon")


def office(**over: Any) -> Any:
    """Monday to Friday from 8 to 12 and from 13 to 18, with a lunch break."""
    windows = tuple(
        Window(weekday, opens * 60, closes * 60, EVER)
        for weekday in range(5)
        for opens, closes in ((8, 12), (13, 18))
    )
    given: dict[str, Any] = {
        "zone": "America/Sao_Paulo",
        "windows": windows,
        "holidays": Holidays("SP"),
    }
    return WorkingTime(**given | over)


def at(text: str, zone: dt.tzinfo = SP) -> Any:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(calendar: WorkingTime, start: Any, end: Any) -> Any:
    return calendar.business_seconds(at(start), at(end)) / 3600


def test_a_day_of_two_windows_does_not_count_lunch() -> None:
    assert hours(office(), "2026-11-24T00:00", "2026-11-25T00:00") == 9
    assert hours(office(), "2026-11-24T11:30", "2026-11-24T13:30") == 1


def test_weekends_and_holidays_of_country_and_state_do_not_count() -> None:
    assert (
        hours(office(), "2026-11-20T00:00", "2026-11-23T00:00") == 0
    )  # Consciência Negra, weekend
    assert hours(office(), "2026-07-09T00:00", "2026-07-10T00:00") == 0  # of São Paulo
    assert hours(office(holidays=Holidays("PR")), "2026-07-09T00:00", "2026-07-10T00:00") == 9
    assert hours(office(holidays=None), "2026-11-20T00:00", "2026-11-23T00:00") == 9


def test_carnival_is_closed_only_where_the_calendar_says_so() -> None:
    assert hours(office(), "2026-02-16T00:00", "2026-02-18T00:00") == 0
    open_calendar = office(holidays=Holidays("SP", carnival=False))
    assert hours(open_calendar, "2026-02-16T00:00", "2026-02-18T00:00") == 18


def test_a_holiday_of_the_municipality_comes_every_year() -> None:
    campinas = office(holidays=Holidays("SP", local=frozenset({(12, 8)})))
    for year in (2026, 2027):
        assert hours(campinas, f"{year}-12-08T00:00", f"{year}-12-09T00:00") == 0


def test_a_half_day_is_what_is_usual_inside_its_span() -> None:
    ashes = office(special={dt.date(2026, 2, 18): SpecialDay(within=((14 * 60, DAY_MINUTES),))})
    assert ashes.spans_on(dt.date(2026, 2, 18)) == ((14 * 60, 18 * 60),)
    assert hours(ashes, "2026-02-18T00:00", "2026-02-19T00:00") == 4
    on_holiday = office(special={dt.date(2026, 12, 25): SpecialDay(within=((0, DAY_MINUTES),))})
    assert on_holiday.spans_on(dt.date(2026, 12, 25)) == ()


def test_a_day_can_be_open_although_it_is_a_saturday_or_a_holiday() -> None:
    stocktaking = office(
        special={
            dt.date(2026, 11, 21): SpecialDay(instead=((13 * 60, 17 * 60), (8 * 60, 12 * 60))),
            dt.date(2026, 11, 24): SpecialDay(instead=()),
        }
    )
    assert stocktaking.spans_on(dt.date(2026, 11, 21)) == ((480, 720), (780, 1020))
    assert hours(stocktaking, "2026-11-21T00:00", "2026-11-22T00:00") == 8
    assert hours(stocktaking, "2026-11-24T00:00", "2026-11-25T00:00") == 0


def test_windows_count_from_their_first_to_their_last_day() -> None:
    new = WorkingTime(
        "America/Sao_Paulo",
        (
            Window(0, 480, 1080, EVER, dt.date(2026, 11, 22)),
            Window(0, 540, 1080, dt.date(2026, 11, 23)),
        ),
        holidays=None,
    )
    assert new.spans_on(dt.date(2026, 11, 16)) == ((480, 1080),)
    assert new.spans_on(dt.date(2026, 11, 23)) == ((540, 1080),)


def test_a_shift_over_midnight_is_two_windows_without_a_gap() -> None:
    night = WorkingTime(
        "America/Sao_Paulo",
        (Window(0, 22 * 60, DAY_MINUTES, EVER), Window(1, 0, 6 * 60, EVER)),
        holidays=None,
    )
    assert hours(night, "2026-11-23T00:00", "2026-11-24T23:00") == 8


def test_the_hour_that_a_clock_change_skips_or_repeats() -> None:
    always = tuple(Window(day, 0, DAY_MINUTES, EVER) for day in range(7))
    round_the_clock = WorkingTime("America/Sao_Paulo", always, holidays=None)
    # 4 November 2018: 0:00 became 1:00; 17 February 2018: 24:00 became 23:00.
    assert hours(round_the_clock, "2018-11-04T00:00", "2018-11-05T00:00") == 23
    utc = dt.UTC
    day = at("2018-02-17T03:00:00", utc), at("2018-02-18T03:00:00", utc)
    late = WorkingTime("America/Sao_Paulo", (Window(5, 1380, 1410, EVER),), holidays=None)
    assert late.business_seconds(at("2018-02-17T02:00", utc), day[1]) == 2 * 30 * 60
    early = WorkingTime("America/Sao_Paulo", (Window(6, 30, 90, EVER),), holidays=None)
    assert hours(early, "2018-11-04T00:00", "2018-11-05T00:00") == 0.5


def test_the_next_opening() -> None:
    assert office().next_open(at("2026-11-24T09:15")) == at("2026-11-24T09:15")
    assert office().next_open(at("2026-11-24T12:00")) == at("2026-11-24T13:00")
    assert office().next_open(at("2026-11-19T18:00")) == at("2026-11-23T08:00")
    assert office().next_open(at("2026-12-31T18:00")) == at("2027-01-04T08:00")


def test_a_deadline_falls_on_a_closing_time_rather_than_on_the_next_opening() -> None:
    assert office().due(at("2026-11-24T08:00"), 4 * 3600) == at("2026-11-24T12:00")
    assert office().due(at("2026-11-24T08:00"), 4 * 3600 + 1) == at("2026-11-24T13:00:01")
    assert office().due(at("2026-11-19T17:00"), 2 * 3600) == at("2026-11-23T09:00")
    assert office().due(at("2026-11-22T10:00"), 0) == at("2026-11-22T10:00")


def test_a_calendar_without_windows_never_opens() -> None:
    closed = WorkingTime("America/Sao_Paulo", ())
    assert hours(closed, "2020-01-01T00:00", "2026-01-01T00:00") == 0
    with pytest.raises(NeverOpen):
        closed.next_open(at("2026-01-01T00:00"))
    with pytest.raises(NeverOpen):
        closed.due(at("2026-01-01T00:00"), 1)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        office().business_time(dt.datetime(2026, 1, 1), at("2026-01-02T00:00"))  # noqa: DTZ001
    with pytest.raises(ValueError, match="before the start"):
        office().business_time(at("2026-01-02T00:00"), at("2026-01-01T00:00"))
    with pytest.raises(ValueError, match="backwards"):
        office().due(at("2026-01-02T00:00"), -1)


def test_it_is_fast_enough_for_a_hundred_thousand_clocks() -> None:
    calendar = office()
    start, end = at("2026-01-05T09:00"), at("2026-11-20T15:00")
    calendar.business_seconds(start, end)
    began = time.process_time()
    for _ in range(2_000):
        calendar.business_seconds(start, end)
    assert (time.process_time() - began) / 2_000 < 0.0001  # 10 s for 100,000; it takes about 5 µs


# --- laws ---------------------------------------------------------------------------------------


@st.composite
def spans(draw: st.DrawFn) -> Any:
    opens = draw(st.integers(0, DAY_MINUTES - 1))
    return opens, draw(st.integers(opens + 1, DAY_MINUTES))


DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2021, 12, 31))  # years with and without clock changes


@st.composite
def calendars(draw: st.DrawFn) -> Any:
    windows = tuple(
        Window(draw(st.integers(0, 6)), opens, closes, draw(DAYS), draw(st.one_of(st.none(), DAYS)))
        for opens, closes in draw(st.lists(spans(), min_size=1, max_size=8))
    )
    days = st.one_of(
        st.builds(SpecialDay, instead=st.lists(spans(), max_size=2).map(tuple)),
        st.builds(SpecialDay, within=st.lists(spans(), min_size=1, max_size=2).map(tuple)),
    )
    return WorkingTime(
        draw(st.sampled_from(ZONES)),
        windows,
        holidays=draw(st.sampled_from([None, Holidays("SP"), Holidays("", carnival=False)])),
        special=draw(st.dictionaries(DAYS, days, max_size=3)),
    )


MOMENTS = st.datetimes(
    dt.datetime(2015, 1, 2),  # noqa: DTZ001
    dt.datetime(2021, 12, 30),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
CLOCK_CHANGES = (  # in São Paulo and in Lisbon
    dt.datetime(2018, 11, 4, 3, tzinfo=dt.UTC),
    dt.datetime(2018, 2, 18, 2, tzinfo=dt.UTC),
    dt.datetime(2016, 10, 16, 3, tzinfo=dt.UTC),
    dt.datetime(2019, 3, 31, 1, tzinfo=dt.UTC),
    dt.datetime(2019, 10, 27, 1, tzinfo=dt.UTC),
)


def walked(calendar: WorkingTime, start: Any, end: Any) -> Any:
    """Open minutes by looking at the clock on the wall for each whole minute."""
    zone, step, count, moment = ZoneInfo(calendar.zone), dt.timedelta(minutes=1), 0, start
    while moment < end:
        wall = moment.astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        count += any(a <= minute < b for a, b in calendar.spans_on(wall.date()))
        moment += step
    return count


@given(calendars(), st.sampled_from(CLOCK_CHANGES), st.integers(0, 3000), st.integers(0, 3000))
@settings(max_examples=60)
def test_it_equals_a_walk_along_the_clock_on_the_wall(
    calendar: WorkingTime, change: dt.datetime, before: int, after: int
) -> None:
    start, end = change - dt.timedelta(minutes=before), change + dt.timedelta(minutes=after)
    assert calendar.business_seconds(start, end) == walked(calendar, start, end) * 60


@given(calendars(), st.lists(MOMENTS, min_size=3, max_size=3))
def test_open_time_adds_up_and_never_exceeds_the_time_that_passed(
    calendar: WorkingTime, moments: list[dt.datetime]
) -> None:
    a, b, c = sorted(moments)
    whole = calendar.business_time(a, c)
    assert calendar.business_time(a, b) + calendar.business_time(b, c) == whole
    assert dt.timedelta(0) <= whole <= c - a


@given(calendars(), MOMENTS)
def test_from_the_next_opening_on_time_runs_and_before_it_none(
    calendar: WorkingTime, moment: dt.datetime
) -> None:
    try:
        opening = calendar.next_open(moment)
    except NeverOpen:
        assert not calendar.is_open(moment)
        return
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.business_time(moment, opening) == dt.timedelta(0)
    tick = dt.timedelta(microseconds=1)
    assert calendar.business_time(opening, opening + tick) == tick


@given(calendars(), MOMENTS, st.integers(0, 500 * 3600))
def test_the_deadline_undoes_the_clock(calendar: WorkingTime, start: Any, seconds: int) -> None:
    try:
        due = calendar.due(start, seconds)
    except NeverOpen:
        return
    assert calendar.business_seconds(start, due) == seconds
    if seconds:
        just_before = due - dt.timedelta(microseconds=1)
        assert calendar.business_seconds(start, just_before) == seconds - 1


@given(calendars(), MOMENTS, st.sampled_from(ZONES))
def test_the_zone_in_which_a_moment_is_written_makes_no_difference(
    calendar: WorkingTime, moment: dt.datetime, zone: str
) -> None:
    elsewhere = moment.astimezone(ZoneInfo(zone))
    end = moment + dt.timedelta(days=9)
    assert calendar.business_time(moment, end) == calendar.business_time(elsewhere, end)
    assert calendar.is_open(moment) == calendar.is_open(elsewhere)
