"""Many workers at the same moment: each chunk and each end happens once, and nobody waits for ever."""

import threading
from collections.abc import Callable
from functools import partial

import pytest

from backoffice.commands import Context
from backoffice.jobs import registry, services
from backoffice.jobs.models import Job, JobChunk, JobHeartbeat
from backoffice.jobs.registry import ChunkResult, ChunkWork, JobKind
from backoffice.jobs.services import heartbeat
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import (
    NOON,
    WORKER,
    chunk_ids,
    codes_of,
    ends,
    made,
    outcomes,
    run,
    start,
    states,
)
from tests.faults.probe.kind import PROBE
from tests.harness.threads import ROUNDS, THREADS, race

pytestmark = pytest.mark.clone


@pytest.mark.races
def test_sixteen_workers_on_one_chunk_do_it_once(ctx: Context, company: Company) -> None:
    for round_ in range(1, ROUNDS // 10 + 1):
        job = start(ctx, {"codes": codes_of(round_, 5)})
        (chunk_id,) = chunk_ids(job)
        results = race([partial(run, chunk_id)] * THREADS)
        assert [result for result in results if isinstance(result, Exception)] == []
        assert outcomes(chunk_id).count("done") == 1
        assert set(outcomes(chunk_id)) <= {"done", "overtaken"}
        job.refresh_from_db()
        assert (job.state, ends(job)) == ("done", [(f"FIM{job.pk}.1", "done")])
    assert len(made(company.pk)) == 5 * (ROUNDS // 10)


@pytest.mark.races
def test_sixteen_workers_on_sixteen_chunks_finish_the_job_once(
    ctx: Context, company: Company
) -> None:
    for round_ in range(ROUNDS // 20):
        job = start(ctx, *({"codes": codes_of(round_ * THREADS + part)} for part in range(THREADS)))
        results = race([partial(run, chunk_id) for chunk_id in chunk_ids(job)])
        assert results == [True] * THREADS
        # The last to look may have found the end in other hands: then the sweeper asks once more.
        services.finish_if_complete(job.pk, worker=WORKER, at=NOON)
        job.refresh_from_db()
        assert (job.state, ends(job)) == ("done", [(f"FIM{job.pk}.1", "done")])
    assert len(made(company.pk)) == ROUNDS // 20 * THREADS * 2


@pytest.mark.races
def test_sixteen_finishers_finish_once(ctx: Context) -> None:
    for _ in range(ROUNDS // 10):
        job = start(ctx, {"codes": []})
        JobChunk.objects.filter(job=job).update(state="done", finished_at=NOON)
        finish = partial(services.finish_if_complete, job.pk, worker=WORKER, at=NOON)
        results = race([finish] * THREADS)
        assert sorted(results, key=str) == [False] * (THREADS - 1) + [True]
        assert ends(job) == [(f"FIM{job.pk}.1", "done")]


@pytest.mark.races
def test_cancelling_against_working_leaves_a_consistent_job(ctx: Context, company: Company) -> None:
    for round_ in range(ROUNDS // 10):
        job = start(ctx, *({"codes": codes_of(round_ * 8 + part)} for part in range(8)))
        calls: list[Callable[[], object]] = [partial(run, pk) for pk in chunk_ids(job)]
        calls.append(partial(services.cancel_job, ctx, job_id=job.pk))
        results = race(calls)
        faults = [result for result in results if isinstance(result, Exception)]
        assert [fault for fault in faults if getattr(fault, "code", "") != "job_ended"] == []
        for chunk_id in chunk_ids(job):
            run(chunk_id)
        services.finish_if_complete(job.pk, worker=WORKER, at=NOON)
        job.refresh_from_db()
        found = states(job)
        assert set(found) <= {"done", "cancelled"}
        assert job.state == ("cancelled" if "cancelled" in found else "done")
        done = [
            code
            for part, state in enumerate(found)
            if state == "done"
            for code in codes_of(round_ * 8 + part)
        ]
        prefixes = {codes_of(round_ * 8 + part, 1)[0][:3] for part in range(8)}
        assert [code for code in made(company.pk) if code[:3] in prefixes] == done


def test_a_chunk_that_another_worker_holds_is_not_waited_for(
    ctx: Context, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(inner: Context, work: ChunkWork) -> ChunkResult:
        result = PROBE.run(inner, work)
        inside.set()
        assert go_on.wait(30)
        return result

    monkeypatch.setitem(registry.KINDS, PROBE.name, JobKind(name=PROBE.name, title="", run=slow))
    job = start(ctx, {"codes": ["a"]})
    (chunk_id,) = chunk_ids(job)
    thread = threading.Thread(target=partial(race, [partial(run, chunk_id)]))
    thread.start()
    assert inside.wait(30)
    assert not run(chunk_id)  # returns at once
    assert outcomes(chunk_id) == ["running"]
    go_on.set()
    thread.join(30)
    assert outcomes(chunk_id) == ["done"]
    assert made(company.pk) == ["a"]


def test_progress_inside_a_chunk_is_seen_before_its_commit_and_a_cancel_is_heard(
    ctx: Context, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "INTERVAL", 0)
    seen: list[int | Exception] = []

    def long(inner: Context, work: ChunkWork) -> ChunkResult:
        PROBE.run(inner, work)
        seen.extend(race([lambda: JobHeartbeat.objects.get().done]))
        race([partial(services.cancel_job, ctx, job_id=job.pk)])
        work.heartbeat(99)
        raise AssertionError("the cancel was not heard")

    monkeypatch.setitem(registry.KINDS, PROBE.name, JobKind(name=PROBE.name, title="", run=long))
    job = start(ctx, {"codes": ["a", "b", "c"]})
    assert run(chunk_ids(job)[0])
    assert seen == [3]
    job = Job.objects.get(pk=job.pk)
    assert (job.state, states(job)) == ("cancelled", ["cancelled"])
    assert outcomes(chunk_ids(job)[0]) == ["stopped"]
    assert made(company.pk) == []
