"""Cancel and retry: who may, from which state, and what exactly happens."""

import pytest

from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.errors import NotFound, WrongState
from backoffice.jobs import registry, services
from backoffice.jobs.models import Job, JobChunk, JobItemError
from backoffice.jobs.registry import JobKind, JobStopped
from backoffice.jobs.rules import MAX_ATTEMPTS
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import (
    NOON,
    WORKER,
    chunk_ids,
    codes_of,
    context_for,
    ends,
    made,
    new_company,
    new_user,
    outcomes,
    run,
    run_all,
    start,
    states,
)
from tests.faults.probe.kind import PROBE

pytestmark = pytest.mark.django_db


def finish(job: Job) -> bool:
    return services.finish_if_complete(job.pk, worker=WORKER, at=NOON)


def events(job: Job) -> list[str]:
    found = Event.objects.filter(target_type="backoffice.job", target_id=job.pk).order_by("id")
    return list(found.values_list("action", flat=True))


def test_cancelling_keeps_what_is_done_and_starts_nothing_more(
    ctx: Context, company: Company
) -> None:
    job = start(ctx)
    first, second, _third = chunk_ids(job)
    run(first)
    services.cancel_job(ctx, job_id=job.pk)
    assert states(job) == ["done", "cancelled", "cancelled"]
    assert not run(second)
    assert finish(job)
    job.refresh_from_db()
    assert (job.state, job.stop_requested_by_id) == ("cancelled", ctx.actor_id)
    assert made(company.pk) == codes_of(1)
    assert ends(job) == [(f"FIM{job.pk}.1", "cancelled")]
    assert events(job) == ["backoffice.job.cancel_requested", "backoffice.job.finished"]


def test_a_part_left_by_a_dead_worker_of_a_cancelled_job_is_cancelled(ctx: Context) -> None:
    job = start(ctx, {"codes": ["a"]})
    Job.objects.filter(pk=job.pk).update(stop_requested_at=NOON)
    assert not run(chunk_ids(job)[0])
    job.refresh_from_db()
    assert (states(job), job.state) == (["cancelled"], "cancelled")


def test_a_part_at_work_stops_at_its_next_heartbeat(
    ctx: Context, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work_and_hear(inner: Context, work: registry.ChunkWork) -> registry.ChunkResult:
        PROBE.run(inner, work)
        raise JobStopped

    kind = JobKind(name=PROBE.name, title="", run=work_and_hear)
    monkeypatch.setitem(registry.KINDS, PROBE.name, kind)
    job = start(ctx, {"codes": ["a"]})
    assert run(chunk_ids(job)[0])
    assert states(job) == ["cancelled"]
    assert outcomes(chunk_ids(job)[0]) == ["stopped"]
    assert made(company.pk) == []


def test_cancelling_twice_is_cancelling_once(ctx: Context) -> None:
    job = start(ctx)
    services.cancel_job(ctx, job_id=job.pk)
    services.cancel_job(ctx, job_id=job.pk)
    assert events(job) == ["backoffice.job.cancel_requested"]


def test_what_has_ended_cannot_be_cancelled(ctx: Context) -> None:
    job = run_all(start(ctx))
    with pytest.raises(WrongState) as refusal:
        services.cancel_job(ctx, job_id=job.pk)
    assert refusal.value.code == "job_ended"
    job.refresh_from_db()
    assert (job.state, job.stop_requested_at) == ("done", None)


def test_somebody_else_sees_no_such_job(ctx: Context, company: Company) -> None:
    job = start(ctx)
    stranger = context_for(new_user(company, "hr_manager"), company)
    for call in (services.cancel_job, services.retry_failed):
        with pytest.raises(NotFound):
            call(stranger, job_id=job.pk)
    job.refresh_from_db()
    assert job.stop_requested_at is None


def test_who_manages_jobs_may_cancel_those_of_others(ctx: Context, company: Company) -> None:
    job = start(ctx)
    agent = context_for(new_user(company, "it_agent"), company)
    services.cancel_job(agent, job_id=job.pk)
    job.refresh_from_db()
    assert job.stop_requested_by_id == agent.actor_id


def test_managing_ends_at_the_border_of_the_company(ctx: Context) -> None:
    job = start(ctx)
    elsewhere = new_company()
    agent = context_for(new_user(elsewhere, "it_agent"), elsewhere)
    with pytest.raises(NotFound):
        services.cancel_job(agent, job_id=job.pk)


def test_retrying_gives_a_part_that_was_set_aside_fresh_attempts(
    ctx: Context, company: Company
) -> None:
    job = start(ctx, {"codes": ["a"], "behaviour": "break"}, {"codes": ["b"]})
    bad, good = chunk_ids(job)
    for _ in range(MAX_ATTEMPTS):
        run(bad)
    run(good)
    JobChunk.objects.filter(pk=bad).update(payload={"codes": ["a"]})
    services.retry_failed(ctx, job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.round, job.finished_at) == ("pending", 2, None)
    assert states(job) == ["pending", "done"]
    assert run(bad)
    job.refresh_from_db()
    assert job.state == "done"
    assert outcomes(bad) == ["fault"] * MAX_ATTEMPTS + ["done"]
    assert made(company.pk) == ["a", "b"]
    assert ends(job) == [(f"FIM{job.pk}.1", "done_with_errors"), (f"FIM{job.pk}.2", "done")]
    assert events(job) == [
        "backoffice.job.finished",
        "backoffice.job.retried",
        "backoffice.job.finished",
    ]


def test_a_cancelled_job_is_taken_up_where_it_stopped(ctx: Context, company: Company) -> None:
    job = start(ctx)
    run(chunk_ids(job)[0])
    services.cancel_job(ctx, job_id=job.pk)
    finish(job)
    services.retry_failed(ctx, job_id=job.pk)
    assert states(job) == ["done", "pending", "pending"]
    assert run_all(job).state == "done"
    assert made(company.pk) == codes_of(1) + codes_of(2) + codes_of(3)


def test_failed_items_get_a_part_of_their_own(ctx: Context, company: Company) -> None:
    job = run_all(start(ctx, {"codes": ["a", "b", "c"], "bad": ["a", "c"]}))
    services.retry_failed(ctx, job_id=job.pk)
    assert list(job.chunks.order_by("seq").values_list("seq", "payload", "state")) == [
        (1, {"codes": ["a", "b", "c"], "bad": ["a", "c"]}, "done"),
        (2, {"codes": ["a", "c"]}, "pending"),
    ]
    assert JobItemError.objects.filter(job=job, resolved_at=NOON).count() == 2
    assert run_all(job).state == "done"
    assert made(company.pk) == ["a", "b", "c"]


def test_a_kind_that_cannot_repeat_items_has_nothing_to_retry(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = JobKind(name=PROBE.name, title="", run=PROBE.run)
    monkeypatch.setitem(registry.KINDS, PROBE.name, plain)
    job = run_all(start(ctx, {"codes": ["a", "b"], "bad": ["a"]}))
    with pytest.raises(WrongState) as refusal:
        services.retry_failed(ctx, job_id=job.pk)
    assert refusal.value.code == "nothing_failed"
    assert JobItemError.objects.filter(job=job, resolved_at=None).count() == 1


def test_a_job_without_failures_has_nothing_to_retry(ctx: Context) -> None:
    job = run_all(start(ctx))
    with pytest.raises(WrongState) as refusal:
        services.retry_failed(ctx, job_id=job.pk)
    assert refusal.value.code == "nothing_failed"
    job.refresh_from_db()
    assert (job.state, job.round) == ("done", 1)


def test_a_kind_that_no_longer_exists_cannot_be_retried(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = run_all(start(ctx, {"codes": ["a"], "behaviour": "refuse"}))
    monkeypatch.delitem(registry.KINDS, PROBE.name)
    with pytest.raises(WrongState) as refusal:
        services.retry_failed(ctx, job_id=job.pk)
    assert refusal.value.code == "kind_unknown"


def test_items_done_elsewhere_are_resolved_once(ctx: Context) -> None:
    from django.db import transaction

    job = run_all(start(ctx, {"codes": ["a", "b"], "bad": ["a", "b"]}))
    with transaction.atomic():
        assert services.resolve_item_errors(ctx, job_id=job.pk, keys=["a", "x"]) == 1
        assert services.resolve_item_errors(ctx, job_id=job.pk, keys=["a"]) == 0
    still = JobItemError.objects.filter(job=job, resolved_at=None)
    assert [error.key for error in still] == ["b"]
