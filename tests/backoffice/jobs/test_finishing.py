"""The end of a job: a transaction of its own, exactly once, whatever happened before it."""

import datetime as dt

import pytest
from django.db.models.functions import Now

from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.jobs import registry, services
from backoffice.jobs.models import Job, JobAttempt, JobChunk
from backoffice.jobs.rules import MAX_ATTEMPTS
from tests.backoffice.jobs.conftest import (
    NOON,
    WORKER,
    chunk_ids,
    ends,
    run,
    run_all,
    start,
    states,
)
from tests.faults.probe.kind import PROBE

pytestmark = pytest.mark.django_db


def finish(job: Job) -> bool:
    return services.finish_if_complete(job.pk, worker=WORKER, at=NOON)


def _die_before_the_end(job: Job) -> None:
    """All chunks are committed, and the process that did the last one is gone."""
    JobChunk.objects.filter(job=job).update(state="done", done=2, finished_at=NOON)


def _end_attempts(job: Job) -> list[str]:
    found = JobAttempt.objects.filter(job=job, chunk=None).order_by("pk")
    return list(found.values_list("outcome", flat=True))


def test_a_job_with_a_pending_part_is_not_finished(ctx: Context) -> None:
    job = start(ctx)
    run(chunk_ids(job)[0])
    assert not finish(job)
    assert _end_attempts(job) == []
    assert ends(job) == []


def test_the_end_is_made_up_for_when_the_process_died_before_it(ctx: Context) -> None:
    job = start(ctx)
    _die_before_the_end(job)
    assert finish(job)
    job.refresh_from_db()
    assert (job.state, ends(job)) == ("done", [(f"FIM{job.pk}.1", "done")])


def test_the_end_happens_once(ctx: Context) -> None:
    job = start(ctx)
    _die_before_the_end(job)
    assert [finish(job), finish(job), finish(job)] == [True, False, False]
    assert ends(job) == [(f"FIM{job.pk}.1", "done")]
    assert _end_attempts(job) == ["done"]
    assert Event.objects.filter(action="backoffice.job.finished", target_id=job.pk).count() == 1


def test_the_end_is_an_event_with_its_figures(ctx: Context) -> None:
    job = run_all(start(ctx, {"codes": ["a", "b"], "bad": ["b"]}))
    event = Event.objects.get(action="backoffice.job.finished", target_id=job.pk)
    assert event.data == {
        "kind": "tests.probe",
        "state": "done_with_errors",
        "done": 1,
        "failed": 1,
    }
    assert (event.actor_id, event.channel, event.company_id) == (
        ctx.actor_id,
        "job",
        ctx.company_id,
    )


def test_a_fault_in_the_end_undoes_it_and_is_tried_again(ctx: Context) -> None:
    job = start(ctx, {"codes": ["a"]}, params={"finish": "break"})
    run(chunk_ids(job)[0])
    job.refresh_from_db()
    assert (job.state, states(job), ends(job)) == ("running", ["done"], [])
    assert _end_attempts(job) == ["fault"]
    Job.objects.filter(pk=job.pk).update(params={})
    assert finish(job)
    assert _end_attempts(job) == ["fault", "done"]
    assert ends(job) == [(f"FIM{job.pk}.1", "done")]


def test_after_five_faults_the_job_is_failed_without_its_end(ctx: Context) -> None:
    job = start(ctx, {"codes": ["a"]}, params={"finish": "break"})
    run(chunk_ids(job)[0])
    for _ in range(MAX_ATTEMPTS):
        assert not finish(job)
    job.refresh_from_db()
    assert (job.state, job.stop_code, job.stop_message != "") == ("failed", "fault", True)
    assert _end_attempts(job) == ["fault"] * MAX_ATTEMPTS
    assert ends(job) == []
    assert Event.objects.filter(action="backoffice.job.finished", target_id=job.pk).count() == 1


def test_an_end_that_killed_five_workers_is_given_up(ctx: Context) -> None:
    job = start(ctx)
    _die_before_the_end(job)
    for _ in range(MAX_ATTEMPTS):
        JobAttempt.objects.create(
            job=job, round=1, worker="dead", started_at=Now() - dt.timedelta(minutes=1)
        )
    assert not finish(job)
    job.refresh_from_db()
    assert (job.state, job.stop_code) == ("failed", "worker_lost")
    assert _end_attempts(job) == ["lost"] * MAX_ATTEMPTS
    assert ends(job) == []


def test_an_end_that_is_refused_fails_the_job_at_once(ctx: Context) -> None:
    job = run_all(start(ctx, {"codes": ["a"]}, params={"finish": "refuse"}))
    assert (job.state, job.stop_code) == ("failed", "probe_refuses_end")
    assert "The probe refuses to end." in job.stop_message
    assert _end_attempts(job) == ["refused"]
    assert ends(job) == []


def test_a_failed_end_can_be_tried_again_without_repeating_the_work(ctx: Context) -> None:
    job = run_all(start(ctx, {"codes": ["a"]}, params={"finish": "refuse"}))
    Job.objects.filter(pk=job.pk).update(params={})
    services.retry_failed(ctx, job_id=job.pk)
    assert finish(job)
    job.refresh_from_db()
    assert (job.state, job.round, job.stop_message) == ("done", 2, "")
    assert states(job) == ["done"]
    assert ends(job) == [(f"FIM{job.pk}.2", "done")]


def test_a_kind_without_an_end_of_its_own_is_simply_finished(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = registry.JobKind(name=PROBE.name, title="", run=PROBE.run)
    monkeypatch.setitem(registry.KINDS, PROBE.name, plain)
    assert run_all(start(ctx, {"codes": ["a"]})).state == "done"
