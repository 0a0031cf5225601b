"""A job belongs to the transaction of the change that asks for it; Redis only hears of it after."""

import base64
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from django.db import transaction

from backoffice.commands import Context, OutsideTransaction
from backoffice.errors import InvalidInput
from backoffice.jobs import services
from backoffice.jobs.hints import RUN_CHUNK
from backoffice.jobs.models import Job, JobChunk
from tests.backoffice.jobs.conftest import NOON, chunk_ids, codes_of, start

pytestmark = pytest.mark.django_db


def test_a_job_keeps_who_started_it_and_for_which_record(ctx: Context) -> None:
    with transaction.atomic():
        other = start(ctx)
        job = services.create_job(
            ctx,
            kind="tests.probe",
            title="Centros",
            params={"as_of": "2026-11-01"},
            chunks=[{"codes": ["1"]}, {"codes": ["2"]}],
            total=2,
            target=other,
        )
    job.refresh_from_db()
    assert (job.state, job.total, job.round) == ("pending", 2, 1)
    assert (job.company_id, job.started_by_id) == (ctx.company_id, ctx.actor_id)
    assert (job.target_type, job.target_id) == ("backoffice.job", other.pk)
    assert (job.created_at, job.started_at, job.finished_at) == (NOON, None, None)
    assert list(job.chunks.order_by("seq").values_list("seq", "payload", "state", "done")) == [
        (1, {"codes": ["1"]}, "pending", 0),
        (2, {"codes": ["2"]}, "pending", 0),
    ]


def test_a_job_without_the_change_around_it_is_refused(ctx: Context) -> None:
    with pytest.raises(OutsideTransaction):
        services.create_job(
            ctx, kind="tests.probe", title="", params={}, chunks=[{"codes": []}], total=0
        )
    assert Job.objects.count() == 0


def test_nothing_to_do_is_refused(ctx: Context) -> None:
    with transaction.atomic(), pytest.raises(InvalidInput) as refusal:
        services.create_job(ctx, kind="tests.probe", title="", params={}, chunks=[], total=0)
    assert refusal.value.code == "nothing_to_do"
    assert Job.objects.count() == 0


@pytest.mark.clone
def test_hints_are_sent_after_the_commit_and_only_then(
    ctx: Context, redis_client: redis.Redis
) -> None:
    with transaction.atomic():
        job = start(ctx)
        assert redis_client.llen("payroll") == 0
    assert redis_client.llen("payroll") == 3
    messages = [json.loads(text) for text in redis_client.lrange("payroll", 0, -1)[::-1]]
    assert [message["headers"]["task"] for message in messages] == [RUN_CHUNK] * 3
    assert [message["content-type"] for message in messages] == ["application/json"] * 3
    assert sorted(_arguments(message)["chunk_id"] for message in messages) == chunk_ids(job)


def _arguments(message: dict[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = json.loads(base64.b64decode(message["body"]))[1]
    return arguments


@pytest.mark.clone
def test_a_change_that_is_rolled_back_leaves_neither_job_nor_hint(
    ctx: Context, redis_client: redis.Redis
) -> None:
    with transaction.atomic():
        start(ctx)
        transaction.set_rollback(True)
    assert (Job.objects.count(), JobChunk.objects.count()) == (0, 0)
    assert redis_client.llen("payroll") == 0


@pytest.mark.clone
def test_a_broker_that_is_down_is_logged_and_no_error(
    ctx: Context, broker_down: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="backoffice.jobs.hints"):
        job = start(ctx, {"codes": codes_of(1)})
    assert Job.objects.get(pk=job.pk).state == "pending"
    said = [record.getMessage().split(":")[0] for record in caplog.records]
    assert said == ["no hint could be sent, the sweeper will"]


@pytest.fixture
def broker_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Point Celery to a socket where nobody listens."""
    app = Celery("broken", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0")
    monkeypatch.setattr("backoffice.jobs.hints.current_app", app)
