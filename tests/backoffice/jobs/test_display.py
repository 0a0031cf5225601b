"""The words for pace and time."""

import datetime as dt

import pytest
from django.utils import translation

from backoffice.jobs import registry
from backoffice.jobs.display import ShownJob, duration
from backoffice.jobs.models import Job
from backoffice.jobs.registry import JobKind, register
from backoffice.jobs.rules import Progress
from tests.faults.probe.kind import PROBE


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (0.2, "1 second"),
        (1, "1 second"),
        (1.1, "2 seconds"),
        (59, "59 seconds"),
        (59.5, "1 minute"),
        (61, "2 minutes"),
        (3599, "1 hour"),
        (3601, "2 hours"),
    ],
)
def test_a_time_is_told_in_its_largest_unit_rounded_up(seconds: float, words: str) -> None:
    with translation.override("en"):
        assert duration(dt.timedelta(seconds=seconds)) == words


def shown(job: Job, per_minute: int | None = None, remaining: int | None = None) -> ShownJob:
    left = None if remaining is None else dt.timedelta(seconds=remaining)
    return ShownJob(job, Progress(10, 1, 0, 10, per_minute, left))


def test_a_living_job_tells_pace_and_remaining_time() -> None:
    found = shown(Job(state="running"), per_minute=120, remaining=30)
    with translation.override("en"):
        assert (found.pace, found.remaining, found.remaining_seconds) == (
            "120 per minute",
            "30 seconds",
            30,
        )
        assert shown(Job(state="running")).remaining == ""


def test_a_finished_job_has_nothing_remaining() -> None:
    found = shown(Job(state="done"), per_minute=120, remaining=0)
    assert (found.remaining, found.remaining_seconds) == ("", None)


def test_a_kind_leads_to_the_record_of_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    leading = JobKind(
        name="tests.leading", title="L", run=PROBE.run, target_url=lambda pk: f"/{pk}/"
    )
    monkeypatch.setitem(registry.KINDS, leading.name, leading)
    assert shown(Job(kind="tests.leading", target_id=7)).target_url == "/7/"
    assert shown(Job(kind="tests.leading")).target_url == ""
    assert shown(Job(kind="tests.gone", target_id=7)).target_url == ""
    assert (shown(Job(kind="tests.leading")).kind, shown(Job(kind="tests.gone")).kind) == (
        "L",
        "tests.gone",
    )


def test_two_kinds_cannot_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.KINDS, PROBE.name, PROBE)
    assert register(PROBE) is PROBE
    other = JobKind(name=PROBE.name, title="", run=lambda _ctx, _work: registry.ChunkResult(0))
    with pytest.raises(ValueError, match="two kinds of job are named"):
        register(other)
