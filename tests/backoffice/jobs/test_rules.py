"""How far a job is: exact figures from counts and times."""

import datetime as dt

from backoffice.jobs.rules import progress

START = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_pace_and_remaining_time_count_failed_items_as_handled() -> None:
    found = progress(
        total=100, done=20, failed=5, started_at=START, until=START + dt.timedelta(seconds=30)
    )
    assert (found.percent, found.per_minute) == (25, 50)
    assert found.remaining == dt.timedelta(seconds=90)


def test_before_the_first_item_there_is_neither_pace_nor_end() -> None:
    found = progress(
        total=100, done=0, failed=0, started_at=START, until=START + dt.timedelta(seconds=3)
    )
    assert (found.percent, found.per_minute, found.remaining) == (0, None, None)


def test_a_job_that_has_not_started_has_no_pace() -> None:
    found = progress(total=100, done=0, failed=0, started_at=None, until=START)
    assert (found.percent, found.per_minute, found.remaining) == (0, None, None)


def test_percent_is_rounded_down_so_that_hundred_means_all() -> None:
    found = progress(
        total=1000, done=999, failed=0, started_at=START, until=START + dt.timedelta(seconds=1)
    )
    assert found.percent == 99


def test_more_items_than_announced_is_not_more_than_all() -> None:
    found = progress(
        total=10, done=12, failed=0, started_at=START, until=START + dt.timedelta(seconds=6)
    )
    assert (found.percent, found.remaining) == (100, dt.timedelta(0))


def test_uncounted_work_has_a_pace_and_no_percentage() -> None:
    found = progress(
        total=0, done=5, failed=0, started_at=START, until=START + dt.timedelta(minutes=1)
    )
    assert (found.percent, found.per_minute) == (0, 5)


def test_a_clock_set_back_gives_no_pace() -> None:
    found = progress(
        total=10, done=5, failed=0, started_at=START, until=START - dt.timedelta(seconds=1)
    )
    assert (found.percent, found.per_minute, found.remaining) == (50, None, None)
