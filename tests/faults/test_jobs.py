"""Workers, broker and database are broken in the middle of real work: nothing is lost or doubled."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from backoffice.commands import Channel, Context
from backoffice.jobs import hints, services
from backoffice.jobs.hints import RUN_CHUNK, Hint
from backoffice.jobs.models import Job, JobAttempt, JobChunk
from backoffice.organization.models import Company, CostCenter
from tests.faults.harness import Site, assert_done_exactly_once
from tests.faults.probe.kind import FINISH_CODE, PROBE

pytestmark = [pytest.mark.faults, pytest.mark.slow]

NOON = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
CHUNKS = 12
ITEMS = 250


@pytest.fixture
def company(site: Site) -> Company:
    return Company.objects.create(cnpj="0" * 14, legal_name="Ipê Ltda", trade_name="Ipê")


def new_job(company: Company, *, chunks: int = CHUNKS, items: int = ITEMS) -> tuple[Job, set[str]]:
    """A committed job, and the codes that must exist when it is done."""
    number = Job.objects.count() + 1
    codes = [[f"{number}.{part}.{item}" for item in range(items)] for part in range(chunks)]
    ctx = Context(company_id=company.pk, at=NOON, channel=Channel.SYSTEM)
    with transaction.atomic():
        job = services.create_job(
            ctx,
            kind=PROBE.name,
            title="Falhas",
            params={},
            chunks=[{"codes": part} for part in codes],
            total=chunks * items,
        )
    return job, {code for part in codes for code in part}


def assert_complete(job: Job, expected: set[str]) -> None:
    """Done exactly once, with every row there and no other."""
    assert_done_exactly_once(job.pk)
    rows = CostCenter.objects.filter(
        company_id=job.company_id, code__startswith=f"{expected_prefix(expected)}."
    )
    assert set(rows.values_list("code", flat=True)) == expected
    ends = CostCenter.objects.filter(code__startswith=f"{FINISH_CODE}{job.pk}.")
    assert list(ends.values_list("code", "name")) == [(f"{FINISH_CODE}{job.pk}.1", "done")]


def expected_prefix(expected: set[str]) -> str:
    return next(iter(expected)).partition(".")[0]


def _report(name: str, seconds: list[float]) -> None:
    print(f"\n{name}: {len(seconds)} times, done after {max(seconds):.1f} s at the latest")  # noqa: T201


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    site: Site, company: Company, cycles: Iterator[int]
) -> None:
    site.start_scheduler()
    site.start_workers()
    took = []
    for _ in cycles:
        job, expected = new_job(company)
        site.wait_until_at_work(job.pk, chunks_done=2)
        site.kill_workers()
        broken = time.monotonic()
        assert JobChunk.objects.filter(job=job, state="pending").exists(), "killed too late"
        site.start_workers()
        site.wait_until_ended(job.pk)
        took.append(time.monotonic() - broken)
        assert_complete(job, expected)
        assert JobAttempt.objects.filter(job=job, outcome="fault").count() == 0
    _report("kill -9", took)


def test_a_broker_emptied_in_the_middle_loses_and_doubles_nothing(
    site: Site, company: Company, cycles: Iterator[int]
) -> None:
    site.start_scheduler()
    site.start_workers()
    took = []
    for _ in cycles:
        job, expected = new_job(company)
        site.wait_until_at_work(job.pk, chunks_done=2)
        site.flush_redis()
        broken = time.monotonic()
        site.wait_until_ended(job.pk)
        took.append(time.monotonic() - broken)
        assert_complete(job, expected)
    _report("FLUSHALL", took)


def test_a_broker_that_dies_and_returns_loses_and_doubles_nothing(
    site: Site, company: Company, cycles: Iterator[int]
) -> None:
    """Also when acknowledgements of running tasks fail meanwhile, which once made workers deaf."""
    site.make_redis_slow_to_start()
    site.start_scheduler()
    site.start_workers()
    took = []
    for _ in cycles:
        first, expected_first = new_job(company)
        site.wait_until_at_work(first.pk, chunks_done=2)
        site.kill_redis()
        broken = time.monotonic()
        second, expected_second = new_job(company, chunks=2)  # started while nobody can hear of it
        site.start_redis()
        site.wait_until_ended(first.pk)
        site.wait_until_ended(second.pk)
        took.append(time.monotonic() - broken)
        assert_complete(first, expected_first)
        assert_complete(second, expected_second)
    _report("broker killed", took)


def test_a_database_stopped_at_once_loses_and_doubles_nothing(
    site: Site, company: Company, cycles: Iterator[int]
) -> None:
    site.start_scheduler()
    site.start_workers()
    took = []
    for _ in cycles:
        job, expected = new_job(company)
        site.wait_until_at_work(job.pk, chunks_done=2)
        site.stop_postgres_at_once()
        broken = time.monotonic()
        site.start_postgres()
        site.wait_until_ended(job.pk)
        took.append(time.monotonic() - broken)
        assert_complete(job, expected)
    _report("PostgreSQL stopped", took)


def test_hints_delivered_many_times_do_the_work_once(
    site: Site, company: Company, cycles: Iterator[int]
) -> None:
    site.start_workers(2)
    for _ in cycles:
        job, expected = new_job(company)
        again = [Hint(RUN_CHUNK, pk, PROBE.queue) for pk in job.chunks.values_list("pk", flat=True)]
        assert hints.publish(again * 4) == CHUNKS * 4
        site.wait_until_ended(job.pk)
        assert_complete(job, expected)
        assert JobAttempt.objects.filter(job=job, outcome="fault").count() == 0


def test_two_schedulers_and_a_lost_broker_do_the_work_once(
    site: Site, company: Company, cycles: Iterator[int]
) -> None:
    site.start_scheduler()
    site.start_scheduler()
    site.start_workers(2)
    for _ in cycles:
        job, expected = new_job(company)
        site.flush_redis()
        site.wait_until_ended(job.pk)
        assert_complete(job, expected)


def test_emergency_mode_does_the_work_while_there_is_no_broker(
    site: Site, company: Company
) -> None:
    site.kill_redis()
    job, expected = new_job(company, chunks=3)
    emergency = site.start_emergency_mode()
    site.wait_until_ended(job.pk)
    assert_complete(job, expected)
    assert emergency.end() == 0


def test_with_the_settings_of_production_a_killed_worker_is_made_up_for_within_a_minute(
    site: Site, company: Company
) -> None:
    for name in ("JOBS_SWEEP_SECONDS", "JOBS_HINT_AGAIN_SECONDS"):
        del site.environment[name]
    site.start_scheduler()
    site.start_workers()
    job, expected = new_job(company)
    site.wait_until_at_work(job.pk, chunks_done=2)
    site.kill_workers()
    broken = time.monotonic()
    site.start_workers()
    site.wait_until_ended(job.pk)
    _report("kill -9, production settings", [time.monotonic() - broken])
    assert_complete(job, expected)


def test_a_chunk_that_kills_its_worker_is_set_aside_and_the_others_are_done(
    site: Site, company: Company
) -> None:
    site.start_scheduler()
    site.start_workers()
    ctx = Context(company_id=company.pk, at=NOON, channel=Channel.SYSTEM)
    with transaction.atomic():
        job = services.create_job(
            ctx,
            kind=PROBE.name,
            title="Falhas",
            params={},
            chunks=[{"codes": ["x"], "behaviour": "die"}, {"codes": ["y"]}],
            total=2,
        )
    site.wait_until_ended(job.pk)
    job.refresh_from_db()
    assert job.state == "done_with_errors"
    deadly = job.chunks.get(seq=1)
    assert (deadly.state, deadly.code) == ("poisoned", "worker_lost")
    assert list(deadly.attempts.values_list("outcome", flat=True)) == ["lost"] * 5
    assert set(CostCenter.objects.values_list("code", flat=True)) == {
        "y",
        f"{FINISH_CODE}{job.pk}.1",
    }


def test_from_commit_to_commit_a_warm_worker_adds_little(site: Site, company: Company) -> None:
    site.start_workers(concurrency=1)
    measure: Callable[[], float] = lambda: _time_of_small_job(site, company)  # noqa: E731
    measure()  # the first one opens connections
    figures = sorted(measure() for _ in range(20))
    print(f"\nsmall job, commit to last commit: median {figures[10] * 1000:.1f} ms")  # noqa: T201


def _time_of_small_job(site: Site, company: Company) -> float:
    begun = time.monotonic()
    job, expected = new_job(company, chunks=1, items=1)
    site.wait_until_ended(job.pk)
    took = time.monotonic() - begun
    assert_complete(job, expected)
    return took
