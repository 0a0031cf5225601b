"""One chunk is one transaction, done once, by whoever holds its row; each path of its states."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models.functions import Now

from backoffice.commands import Context
from backoffice.errors import InvalidInput
from backoffice.jobs import registry, services
from backoffice.jobs.models import (
    Job,
    JobAttempt,
    JobChunk,
    JobItemError,
)
from backoffice.jobs.registry import ChunkResult, ChunkWork, ItemError, JobStopped
from backoffice.jobs.rules import MAX_ATTEMPTS
from backoffice.jobs.services import heartbeat
from backoffice.organization.models import Company, CostCenter
from tests.backoffice.jobs.conftest import (
    WORKER,
    chunk_ids,
    codes_of,
    ends,
    made,
    outcomes,
    run,
    run_all,
    start,
    states,
)

pytestmark = pytest.mark.django_db


def test_a_chunk_is_done_with_its_results_and_its_attempt(ctx: Context, company: Company) -> None:
    job = start(ctx)
    first, second, _third = chunk_ids(job)
    assert run(first)
    chunk = JobChunk.objects.get(pk=first)
    assert (chunk.state, chunk.done, chunk.finished_at is not None) == ("done", 2, True)
    attempt = chunk.attempts.get()
    assert (attempt.outcome, attempt.worker, attempt.round) == ("done", WORKER, 1)
    assert attempt.ended_at is not None
    job.refresh_from_db()
    assert (job.state, job.started_at is not None, job.finished_at) == ("running", True, None)
    assert made(company.pk) == codes_of(1)
    assert JobChunk.objects.get(pk=second).state == "pending"
    assert ends(job) == []


def test_a_second_delivery_finds_the_chunk_done_and_does_nothing(
    ctx: Context, company: Company
) -> None:
    job = start(ctx)
    first = chunk_ids(job)[0]
    assert run(first)
    assert not run(first)
    assert made(company.pk) == codes_of(1)
    assert outcomes(first) == ["done"]


def test_a_hint_for_a_chunk_that_does_not_exist_is_ignored(db: None) -> None:
    assert not run(987_654_321)
    assert JobAttempt.objects.count() == 0


def test_the_last_chunk_finishes_the_job(ctx: Context, company: Company) -> None:
    job = run_all(start(ctx))
    assert (job.state, job.finished_at is not None, job.stop_code) == ("done", True, "")
    assert states(job) == ["done", "done", "done"]
    assert made(company.pk) == codes_of(1) + codes_of(2) + codes_of(3)
    assert ends(job) == [(f"FIM{job.pk}.1", "done")]


def test_a_bad_item_is_an_error_row_and_the_others_are_done(ctx: Context, company: Company) -> None:
    job = run_all(start(ctx, {"codes": ["a", "b", "c"], "bad": ["b"]}))
    assert job.state == "done_with_errors"
    assert states(job) == ["done"]
    assert job.chunks.get().done == 2
    error = JobItemError.objects.get(job=job)
    assert (error.key, error.label, error.code, error.message, error.resolved_at) == (
        "b",
        "Centro b",
        "bad_code",
        "This code is bad.",
        None,
    )
    assert made(company.pk) == ["a", "c"]


def test_two_reasons_for_one_item_are_a_fault_of_the_handler() -> None:
    twice = (ItemError("1", "One", "x", "X"), ItemError("1", "One", "y", "Y"))
    with pytest.raises(ValueError, match="one reason"):
        ChunkResult(0, twice)


def test_a_refusal_sets_the_chunk_aside_at_once_and_the_job_goes_on(
    ctx: Context, company: Company
) -> None:
    job = run_all(
        start(ctx, {"codes": ["a"], "behaviour": "refuse"}, {"codes": ["b"]}),
    )
    assert states(job) == ["poisoned", "done"]
    chunk = job.chunks.get(seq=1)
    assert (chunk.code, chunk.message, chunk.done) == (
        "probe_refuses",
        "The probe refuses this part.",
        0,
    )
    assert outcomes(chunk) == ["refused"]
    assert made(company.pk) == ["b"]  # what the refused part had written is gone
    assert job.state == "done_with_errors"
    assert ends(job) == [(f"FIM{job.pk}.1", "done_with_errors")]


def test_a_job_of_which_every_part_was_set_aside_failed_and_says_why(ctx: Context) -> None:
    job = run_all(start(ctx, {"codes": ["a"], "behaviour": "refuse"}))
    assert (job.state, job.stop_code, job.stop_message) == (
        "failed",
        "probe_refuses",
        "The probe refuses this part.",
    )


def test_a_fault_is_tried_again_and_leaves_its_traceback(ctx: Context, company: Company) -> None:
    job = start(ctx, {"codes": ["a"], "behaviour": "break"})
    (chunk_id,) = chunk_ids(job)
    assert run(chunk_id)
    assert states(job) == ["pending"]
    attempt = JobAttempt.objects.get(chunk_id=chunk_id)
    assert attempt.outcome == "fault"
    assert attempt.traceback.endswith("RuntimeError: the probe breaks\n")
    assert made(company.pk) == []
    JobChunk.objects.filter(pk=chunk_id).update(payload={"codes": ["a"]})
    assert run(chunk_id)
    assert states(job) == ["done"]
    assert outcomes(chunk_id) == ["fault", "done"]


def test_the_fifth_fault_sets_the_chunk_aside(ctx: Context, company: Company) -> None:
    job = start(ctx, {"codes": ["a"], "behaviour": "break"}, {"codes": ["b"]})
    bad, good = chunk_ids(job)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert states(job)[0] == "pending", attempt
        assert run(bad)
    assert states(job) == ["poisoned", "pending"]
    assert not run(bad)
    assert outcomes(bad) == ["fault"] * MAX_ATTEMPTS
    chunk = JobChunk.objects.get(pk=bad)
    assert (chunk.code, chunk.message != "") == ("fault", True)
    assert run(good)
    job.refresh_from_db()
    assert job.state == "done_with_errors"
    assert made(company.pk) == ["b"]


def _let_a_worker_die(chunk_id: int, seconds_ago: int = 60) -> None:
    """The trace that a killed worker leaves: an attempt without an end."""
    job = Job.objects.get(chunks=chunk_id)
    JobAttempt.objects.create(
        job=job,
        chunk_id=chunk_id,
        round=job.round,
        worker="dead",
        started_at=Now() - dt.timedelta(seconds=seconds_ago),
    )


def test_after_the_death_of_a_worker_another_one_does_the_chunk(
    ctx: Context, company: Company
) -> None:
    job = start(ctx, {"codes": ["a"]})
    (chunk_id,) = chunk_ids(job)
    _let_a_worker_die(chunk_id)
    assert run(chunk_id)
    assert outcomes(chunk_id) == ["lost", "done"]
    assert made(company.pk) == ["a"]


def test_a_chunk_that_killed_five_workers_is_set_aside_without_a_sixth(
    ctx: Context, company: Company
) -> None:
    job = start(ctx, {"codes": ["a"]}, {"codes": ["b"]})
    deadly, good = chunk_ids(job)
    for _ in range(MAX_ATTEMPTS):
        _let_a_worker_die(deadly)
    assert not run(deadly)
    assert states(job) == ["poisoned", "pending"]
    assert JobChunk.objects.get(pk=deadly).code == "worker_lost"
    assert outcomes(deadly) == ["lost"] * MAX_ATTEMPTS
    run(good)
    job.refresh_from_db()
    assert job.state == "done_with_errors"
    assert made(company.pk) == ["b"]


def test_an_attempt_that_began_a_moment_ago_is_left_alone(ctx: Context, company: Company) -> None:
    job = start(ctx, {"codes": ["a"]})
    (chunk_id,) = chunk_ids(job)
    _let_a_worker_die(chunk_id, seconds_ago=1)
    assert not run(chunk_id)
    assert outcomes(chunk_id) == ["running"]
    assert made(company.pk) == []


def test_a_kind_that_this_worker_does_not_know_is_tried_again(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start(ctx, {"codes": ["a"]})
    monkeypatch.delitem(registry.KINDS, "tests.probe")
    assert run(chunk_ids(job)[0])
    assert states(job) == ["pending"]
    assert outcomes(chunk_ids(job)[0]) == ["fault"]


def test_each_item_costs_only_itself(ctx: Context, company: Company) -> None:
    heard: list[int] = []

    def make(code: str) -> None:
        CostCenter.objects.create(company=company, code=code, name=code)
        if code == "refused":
            raise InvalidInput("refused", "No.")
        if code == "broken":
            raise ZeroDivisionError

    with transaction.atomic():
        result = services.each_item(
            ["a", "refused", "broken", "b"],
            make,
            work=ChunkWork({}, {}, heartbeat=heard.append),
            name=lambda code: (code, code.upper()),
        )
    assert result.done == 2
    assert [(error.key, error.label, error.code) for error in result.errors] == [
        ("refused", "REFUSED", "refused"),
        ("broken", "BROKEN", "fault"),
    ]
    assert made(company.pk) == ["a", "b"]
    assert heard == [1, 2, 3, 4]


def test_a_stop_is_not_an_items_error(ctx: Context, company: Company) -> None:
    def stop(code: str) -> None:
        CostCenter.objects.create(company=company, code=code, name=code)
        raise JobStopped

    with pytest.raises(JobStopped), transaction.atomic():
        services.each_item(
            ["a"], stop, work=ChunkWork({}, {}), name=lambda code: (code, code.upper())
        )
    assert made(company.pk) == []


def test_progress_that_cannot_be_written_stops_no_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(heartbeat, "INTERVAL", 0)
    with heartbeat.Heartbeat(2**70) as beat:  # no such number in PostgreSQL
        beat(1)
    assert "was not written" in caplog.text
