"""What the doctor calls a warning and what a problem."""

import datetime as dt

import pytest

from backoffice.doctor import rules
from backoffice.doctor.rules import Level


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, "ok"), (1, "ok"), (-1, "ok"), (1.1, "warning"), (-30, "warning"), (30.1, "problem")],
)
def test_clocks_may_differ_by_a_second_and_must_not_by_half_a_minute(
    seconds: float, level: str
) -> None:
    assert rules.clock(dt.timedelta(seconds=seconds)).level == level


@pytest.mark.parametrize(
    ("free", "level"), [(20, "ok"), (19, "warning"), (10, "warning"), (9, "problem")]
)
def test_a_disk_is_a_problem_below_a_tenth(free: int, level: str) -> None:
    finding = rules.disk("/data", free, 100)
    assert (finding.level, finding.value) == (level, free)


@pytest.mark.parametrize(
    ("minutes", "goes_on", "level"),
    [
        (None, False, "ok"),
        (2, False, "ok"),
        (3, False, "warning"),
        (11, False, "problem"),
        (11, True, "warning"),
    ],
)
def test_an_old_job_is_a_problem_only_when_nobody_works(
    minutes: int | None, goes_on: bool, level: str
) -> None:
    age = None if minutes is None else dt.timedelta(minutes=minutes)
    assert rules.pending_jobs(age, work_goes_on=goes_on).level == level


def test_every_queue_needs_a_living_worker() -> None:
    assert rules.workers([], ["default"], 0).level is Level.PROBLEM
    lacking = rules.workers(["default"], ["payroll", "default"], 1)
    assert lacking.level is Level.PROBLEM
    assert "payroll" in str(lacking.message)
    assert rules.workers(["default", "payroll"], ["payroll", "default"], 2).level is Level.OK


def test_a_certificate_warns_a_month_before_it_ends() -> None:
    for days, level in ((31, "ok"), (30, "warning"), (0, "warning"), (-1, "problem")):
        finding = rules.certificates(days)
        assert (finding.level, finding.value) == (level, days)


def test_events_may_wait_two_minutes_and_must_not_half_an_hour() -> None:
    for minutes, level in ((2, "ok"), (3, "warning"), (30, "warning"), (31, "problem")):
        assert rules.outbox(7, dt.timedelta(minutes=minutes)).level == level
    assert rules.outbox(0, dt.timedelta(0)).value == 0


def test_a_search_without_work_is_as_the_records_are() -> None:
    assert rules.search(0, dt.timedelta()).level is Level.OK
    behind = rules.search(3, dt.timedelta(seconds=5))
    assert "3" in str(behind.message)
