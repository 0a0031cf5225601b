"""The sweeper tells again what nobody works on, and nothing else."""

import base64
import datetime as dt
import json
from collections.abc import Callable

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from backoffice.commands import Context
from backoffice.jobs import services
from backoffice.jobs.models import JobChunk, WorkerBeat
from backoffice.jobs.selectors import living, oldest_pending_age
from tests.backoffice.jobs.conftest import NOON, chunk_ids, codes_of, run, run_all, start, states
from tests.harness.threads import race

pytestmark = pytest.mark.clone


def forget(*ids: int) -> None:
    """Make the last hint for these chunks long ago."""
    patience = dt.timedelta(seconds=settings.JOBS_HINT_AGAIN_SECONDS + 1)
    JobChunk.objects.filter(pk__in=ids).update(hinted_at=Now() - patience)


def told(client: redis.Redis, queue: str = "payroll") -> list[dict[str, int]]:
    """The arguments of all messages in a queue, oldest first; the queue is empty afterwards."""
    messages = [json.loads(text) for text in client.lrange(queue, 0, -1)[::-1]]
    client.delete(queue)
    return [json.loads(base64.b64decode(message["body"]))[1] for message in messages]


def test_what_was_told_a_moment_ago_is_not_told_again(
    ctx: Context, redis_client: redis.Redis
) -> None:
    start(ctx)
    told(redis_client)
    assert services.sweep() == services.SweepReport(0, 0)
    assert told(redis_client) == []


def test_forgotten_chunks_are_told_again_once(ctx: Context, redis_client: redis.Redis) -> None:
    job = start(ctx)
    told(redis_client)
    first, second, _third = chunk_ids(job)
    forget(first, second)
    assert services.sweep() == services.SweepReport(2, 0)
    assert told(redis_client) == [{"chunk_id": first}, {"chunk_id": second}]
    assert services.sweep() == services.SweepReport(0, 0)


def test_a_chunk_at_work_is_not_told_again(ctx: Context, redis_client: redis.Redis) -> None:
    job = start(ctx)
    told(redis_client)
    forget(*chunk_ids(job))
    first, *others = chunk_ids(job)

    with transaction.atomic():
        JobChunk.objects.select_for_update(no_key=True).get(pk=first)
        found = race([services.sweep])  # in another thread, so on another connection
    assert found == [services.SweepReport(2, 0)]
    assert told(redis_client) == [{"chunk_id": pk} for pk in others]


def test_a_job_that_only_lacks_its_end_is_told(ctx: Context, redis_client: redis.Redis) -> None:
    job = start(ctx)
    told(redis_client)
    JobChunk.objects.filter(job=job).update(state="done", finished_at=NOON)
    assert services.sweep() == services.SweepReport(0, 1)
    assert told(redis_client) == [{"job_id": job.pk}]


def test_what_has_ended_is_never_told(ctx: Context, redis_client: redis.Redis) -> None:
    job = run_all(start(ctx))
    told(redis_client)
    forget(*chunk_ids(job))
    assert services.sweep() == services.SweepReport(0, 0)
    assert told(redis_client) == []


def test_of_two_sweepers_at_once_one_sweeps(ctx: Context, redis_client: redis.Redis) -> None:
    job = start(ctx)
    told(redis_client)
    forget(*chunk_ids(job))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jobs.sweep'))")
        assert race([services.sweep]) == [None]
    assert told(redis_client) == []
    assert services.sweep() == services.SweepReport(3, 0)


def test_sixteen_sweepers_tell_each_chunk_once(ctx: Context, redis_client: redis.Redis) -> None:
    job = start(ctx, *({"codes": codes_of(part)} for part in range(1, 9)))
    told(redis_client)
    forget(*chunk_ids(job))
    reports = race([services.sweep] * 16)
    assert sum(report.chunks for report in reports if isinstance(report, services.SweepReport)) == 8
    assert sorted(message["chunk_id"] for message in told(redis_client)) == chunk_ids(job)


def test_emergency_mode_does_everything_without_redis(
    ctx: Context, redis_client: redis.Redis
) -> None:
    jobs = [start(ctx), start(ctx, {"codes": ["x"], "behaviour": "break"})]
    redis_client.flushdb()
    clock: Callable[[], dt.datetime] = lambda: NOON  # noqa: E731  a clock that stands still
    assert services.run_pending(worker="emergency", clock=clock) == 3 + 5
    for job in jobs:
        job.refresh_from_db()
    assert [job.state for job in jobs] == ["done", "failed"]
    assert [states(job) for job in jobs] == [["done", "done", "done"], ["poisoned"]]
    assert services.run_pending(worker="emergency", clock=clock) == 0


def test_the_age_of_the_oldest_waiting_chunk_is_known(ctx: Context) -> None:
    assert oldest_pending_age() is None
    job = start(ctx)
    age = oldest_pending_age()
    assert age is not None
    assert age > dt.timedelta(0)
    for chunk_id in chunk_ids(job):
        run(chunk_id)
    assert oldest_pending_age() is None


def test_signs_of_life_are_kept_by_name_and_forgotten_after_a_day(db: None) -> None:
    services.record_beat("celery@one", ["payroll", "default"])
    services.record_beat("celery@one", ["payroll"])
    services.record_beat("celery@two", ["mail"])
    beats = living(within=dt.timedelta(seconds=30))
    assert [(beat.name, beat.queues) for beat in beats] == [
        ("celery@one", ["payroll"]),
        ("celery@two", ["mail"]),
    ]
    WorkerBeat.objects.filter(name="celery@two").update(at=Now() - dt.timedelta(hours=25))
    services.record_beat("celery@one", ["payroll"])
    assert list(WorkerBeat.objects.values_list("name", flat=True)) == ["celery@one"]


def test_partitions_of_the_logs_are_made_some_months_ahead(db: None) -> None:
    services.ensure_partitions(on=dt.date(2031, 1, 15))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '_2031(0[1-9]|1[0-2])$' ORDER BY relname"
        )
        names = [name for (name,) in cursor.fetchall() if name.startswith("backoffice_event_")]
    assert names == [f"backoffice_event_20310{month}" for month in range(1, 5)]
    assert services.ensure_partitions(on=dt.date(2031, 1, 15)) == 0
