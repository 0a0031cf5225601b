"""The doctor on real servers: healthy, and with each thing broken for real."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backoffice.audit.services import NewEvent, append_event
from backoffice.doctor.selectors import examine
from backoffice.embedded.places import CHECKOUT
from backoffice.jobs.services import record_beat
from backoffice.jobs.tasks import SCHEDULER
from backoffice.outbox.models import OutboxSetAside
from backoffice.outbox.registry import CONSUMERS
from backoffice.outbox.services import consume
from tests.factories import certificates, people

pytestmark = pytest.mark.clone


def doctor(environment: dict[str, str]) -> tuple[int, dict[str, str], bool]:
    """Exit code, level by name, and the verdict of a real `manage.py doctor --json`."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    levels = {finding["name"]: finding["level"] for finding in answer["findings"]}
    return done.returncode, levels, answer["healthy"]


def levels_now() -> dict[str, str]:
    """Level by name, as the doctor sees this process's own servers."""
    return {finding.name: str(finding.level) for finding in examine(timezone.now())}


def problems(levels: dict[str, str]) -> set[str]:
    return {name for name, level in levels.items() if level == "problem"}


@pytest.fixture
def signs_of_life() -> None:
    record_beat("worker@here", settings.QUEUES)
    record_beat(SCHEDULER)


@pytest.mark.slow
def test_with_signs_of_life_everything_is_in_order(
    signs_of_life: None, clone_environment: dict[str, str]
) -> None:
    code, levels, healthy = doctor(clone_environment)
    assert problems(levels) == set()
    assert code == 0
    assert healthy
    assert set(levels) == {
        *("database", "broker", "disk", "roles", "migrations", "clock"),
        *("workers", "scheduler", "jobs", "set_aside", "search", "audit", "expiry"),
        *("outbox", "events_set_aside", "webhooks", "secrets", "certificates"),
    }


@pytest.mark.slow
def test_without_a_database_it_still_answers_and_the_exit_code_is_one(
    clone_environment: dict[str, str],
) -> None:
    nowhere = {**clone_environment, "DATABASE_URL": "postgresql://app@/x?host=/nowhere"}
    code, levels, healthy = doctor(nowhere)
    assert (code, levels["database"], healthy) == (1, "problem", False)
    assert "workers" not in levels


def test_without_workers_and_scheduler_there_are_two_problems() -> None:
    assert problems(levels_now()) == {"workers", "scheduler"}


def test_a_sign_of_life_counts_for_a_minute(
    signs_of_life: None, owner_cursor: psycopg.Cursor
) -> None:
    assert problems(levels_now()) == set()
    owner_cursor.execute("UPDATE backoffice_worker_beat SET at = at - interval '61 seconds'")
    assert problems(levels_now()) == {"workers", "scheduler"}


def test_without_redis_it_only_warns(signs_of_life: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///nowhere/redis.sock")
    levels = levels_now()
    assert problems(levels) == set()
    assert levels["broker"] == "warning"


def test_a_role_that_may_change_the_schema_is_a_problem(
    signs_of_life: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "USER", "retaguarda_owner")
    assert problems(levels_now()) == {"roles"}
    connections.close_all()


def test_a_log_that_can_be_emptied_is_a_problem(
    signs_of_life: None, owner_cursor: psycopg.Cursor
) -> None:
    owner_cursor.execute("GRANT DELETE ON backoffice_event TO retaguarda_app")
    assert problems(levels_now()) == {"roles"}


def test_an_empty_database_asks_for_migrate(
    signs_of_life: None, owner_cursor: psycopg.Cursor
) -> None:
    owner_cursor.execute("ALTER TABLE django_migrations RENAME TO somewhere_else")
    levels = levels_now()
    assert problems(levels) == {"migrations"}
    assert "jobs" not in levels


def test_the_command_prints_a_line_for_each_finding(
    signs_of_life: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 18
    assert {line.split()[0] for line in lines} <= {"ok", "warning"}


def test_the_command_ends_with_one_on_a_problem() -> None:
    with pytest.raises(SystemExit) as caught:
        call_command("doctor")
    assert caught.value.code == 1


def test_ready_when_the_database_has_the_schema_of_this_version(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_not_ready_when_a_migration_is_missing(
    client: Client, owner_cursor: psycopg.Cursor
) -> None:
    owner_cursor.execute("DELETE FROM django_migrations WHERE app = 'backoffice'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "migrations pending"})
    assert client.get("/livez").status_code == 200


def test_not_ready_without_a_database_and_still_alive(client: Client) -> None:
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = "rg_not_there"
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "no database"})
        assert client.get("/livez").json() == {"status": "alive"}
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/livez").status_code == 405


def found(name: str) -> tuple[str, float | None]:
    (finding,) = [finding for finding in examine(timezone.now()) if finding.name == name]
    return str(finding.level), finding.value


def test_a_consumer_that_falls_behind_is_told_of(
    signs_of_life: None, owner_cursor: psycopg.Cursor
) -> None:
    name = next(iter(CONSUMERS))
    consume(name, at=timezone.now())
    assert found("outbox") == ("ok", 0)
    append_event(
        NewEvent(
            action="test.thing.happened",
            at=timezone.now(),
            company_id=None,
            actor_id=None,
            channel="system",
        )
    )
    assert found("outbox") == ("ok", 1)
    owner_cursor.execute("ALTER TABLE backoffice_event DISABLE TRIGGER USER")
    for minutes, level in ((3, "warning"), (31, "problem")):
        owner_cursor.execute(
            "UPDATE backoffice_event SET at = now() - make_interval(mins => %s)", [minutes]
        )
        assert found("outbox") == (level, 1)


def test_events_and_deliveries_that_were_given_up_warn(signs_of_life: None) -> None:
    assert found("events_set_aside") == ("ok", 0)
    OutboxSetAside.objects.create(consumer="test", event_id=1, error="x", at=timezone.now())
    assert found("events_set_aside") == ("warning", 1)
    assert found("webhooks") == ("ok", 0)


def test_a_secret_that_no_key_opens_is_a_problem_and_an_expired_certificate_too(
    signs_of_life: None, settings: Settings
) -> None:
    assert found("certificates")[0] == "ok"
    made = certificates.install(people.make_company())
    assert found("secrets") == ("ok", 0)
    left = (made.valid_to - timezone.now()).days
    assert found("certificates")[1] == pytest.approx(left, abs=1)
    settings.SECRETS_KEYS = ["another-key"]
    assert found("secrets") == ("problem", 1)
