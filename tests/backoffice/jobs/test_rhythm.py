"""When a duty is due: a pure rhythm, by business days and the clock of the place."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.jobs.rules import LIMITS, Every, Rhythm, Shift

SP = ZoneInfo("America/Sao_Paulo")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SP)


def following(rhythm: Rhythm, start: str, count: int) -> list[str]:
    found = []
    moment = at(start)
    for _ in range(count):
        moment = rhythm.next_after(moment)
        found.append(moment.astimezone(SP).strftime("%Y-%m-%d %H:%M"))
    return found


def test_every_day_at_a_time() -> None:
    rhythm = Rhythm(every=Every.DAY, minute=3 * 60)
    assert following(rhythm, "2026-11-22T02:59", 2) == ["2026-11-22 03:00", "2026-11-23 03:00"]
    assert following(rhythm, "2026-11-22T03:00", 1) == ["2026-11-23 03:00"]


def test_business_days_leave_out_weekends_holidays_and_days_on_which_banks_rest() -> None:
    rhythm = Rhythm(every=Every.BUSINESS_DAY, minute=480)
    assert following(rhythm, "2026-11-19T09:00", 1) == ["2026-11-23 08:00"]
    assert following(rhythm, "2026-02-13T09:00", 1) == ["2026-02-18 08:00"]  # Carnival
    of_state = Rhythm(every=Every.BUSINESS_DAY, minute=480, state="SP")
    assert following(of_state, "2026-07-08T09:00", 1) == ["2026-07-10 08:00"]


def test_business_days_of_the_month() -> None:
    first = Rhythm(every=Every.NTH_BUSINESS_DAY, number=1, minute=480)
    assert following(first, "2026-10-02T00:00", 2) == ["2026-11-03 08:00", "2026-12-01 08:00"]
    fifth = Rhythm(every=Every.NTH_BUSINESS_DAY, number=5)
    assert following(fifth, "2026-11-01T00:00", 1) == ["2026-11-09 00:00"]
    last = Rhythm(every=Every.LAST_BUSINESS_DAY, minute=18 * 60)
    assert following(last, "2026-05-01T00:00", 2) == ["2026-05-29 18:00", "2026-06-30 18:00"]


def test_a_day_of_the_month_moves_off_days_off_as_it_says() -> None:
    def of(shift: Shift) -> Rhythm:
        return Rhythm(every=Every.MONTH_DAY, number=20, shift=shift)

    start = "2026-11-10T00:00"  # the 20th is a holiday, a Friday
    assert following(of(Shift.STAYS), start, 1) == ["2026-11-20 00:00"]
    assert following(of(Shift.BEFORE), start, 1) == ["2026-11-19 00:00"]
    assert following(of(Shift.AFTER), start, 1) == ["2026-11-23 00:00"]
    end = Rhythm(every=Every.MONTH_DAY, number=31, shift=Shift.AFTER)
    assert following(end, "2026-01-25T00:00", 3) == [
        "2026-02-02 00:00",  # 31 January is a Saturday
        "2026-03-02 00:00",  # so is 28 February
        "2026-03-31 00:00",
    ]


def test_seconds_are_counted_from_one_moment_for_all_schedulers() -> None:
    rhythm = Rhythm(every=Every.SECONDS, number=60)
    assert following(rhythm, "2026-11-22T10:00:07", 1) == ["2026-11-22 10:01"]
    assert following(rhythm, "2026-11-22T10:01:00", 1) == ["2026-11-22 10:02"]


@pytest.mark.parametrize(
    "given",
    [
        {"every": Every.SECONDS, "number": 5},
        {"every": Every.DAY, "number": 1},
        {"every": Every.WEEKDAY, "number": 7},
        {"every": Every.MONTH_DAY, "number": 0},
        {"every": Every.MONTH_DAY, "number": 32},
        {"every": Every.NTH_BUSINESS_DAY, "number": 19},
        {"every": Every.DAY, "minute": 1440},
    ],
)
def test_what_means_nothing_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"number|minutes"):
        Rhythm(**given)


def test_a_moment_has_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Rhythm(every=Every.DAY).next_after(dt.datetime(2026, 1, 1))  # noqa: DTZ001


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    every = draw(st.sampled_from([each for each in Every if each is not Every.SECONDS]))
    low, high = LIMITS[every]
    return Rhythm(
        every=every,
        number=draw(st.integers(low, high)),
        minute=draw(st.integers(0, 1439)),
        shift=draw(st.sampled_from(Shift)),
        zone=draw(st.sampled_from(["America/Sao_Paulo", "America/Manaus", "America/Noronha"])),
        state=draw(st.sampled_from(["", "SP", "PR"])),
    )


MOMENTS = st.datetimes(
    dt.datetime(2016, 1, 1),  # noqa: DTZ001
    dt.datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


@given(rhythms(), MOMENTS)
def test_the_next_run_lies_ahead_falls_on_such_a_day_and_none_is_between(
    rhythm: Rhythm, moment: dt.datetime
) -> None:
    found = rhythm.next_after(moment)
    assert found > moment
    assert found - moment < dt.timedelta(days=75)
    local = found.astimezone(ZoneInfo(rhythm.zone))
    assert rhythm.falls_on(local.date()) or rhythm.falls_on(local.date() - dt.timedelta(days=1))
    middle = moment + (found - moment) / 2
    assert rhythm.next_after(middle) == found
