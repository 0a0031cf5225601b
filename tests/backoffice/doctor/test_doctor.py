"""The doctor on real servers: healthy, and with each thing broken for real."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from backoffice.embedded.places import CHECKOUT
from backoffice.jobs.services import record_beat
from backoffice.jobs.tasks import SCHEDULER

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


@pytest.mark.slow
def test_with_signs_of_life_everything_is_in_order(clone_environment: dict[str, str]) -> None:
    record_beat("worker@here", settings.QUEUES)
    record_beat(SCHEDULER)
    code, levels, healthy = doctor(clone_environment)
    assert {name for name, level in levels.items() if level == "problem"} == set()
    assert code == 0
    assert healthy
    assert set(levels) == {
        *("database", "broker", "disk", "roles", "migrations", "clock"),
        *("workers", "scheduler", "jobs", "set_aside"),
    }


@pytest.mark.slow
def test_without_workers_and_scheduler_the_exit_code_is_one(
    clone_environment: dict[str, str],
) -> None:
    code, levels, healthy = doctor(clone_environment)
    assert code == 1
    assert not healthy
    assert (levels["workers"], levels["scheduler"]) == ("problem", "problem")
    assert levels["migrations"] == "ok"


@pytest.mark.slow
def test_without_redis_it_only_warns(clone_environment: dict[str, str]) -> None:
    record_beat("worker@here", settings.QUEUES)
    record_beat(SCHEDULER)
    nowhere = {**clone_environment, "REDIS_URL": "unix:///nowhere/redis.sock"}
    code, levels, _ = doctor(nowhere)
    assert {name for name, level in levels.items() if level == "problem"} == set()
    assert (code, levels["broker"]) == (0, "warning")


@pytest.mark.slow
def test_as_owner_it_says_that_the_role_may_too_much(clone_environment: dict[str, str]) -> None:
    as_owner = {**clone_environment, "DATABASE_URL": clone_environment["DATABASE_OWNER_URL"]}
    code, levels, _ = doctor(as_owner)
    assert (code, levels["roles"]) == (1, "problem")


@pytest.mark.slow
def test_without_a_database_it_still_answers(clone_environment: dict[str, str]) -> None:
    nowhere = {**clone_environment, "DATABASE_URL": "postgresql://app@/x?host=/nowhere"}
    code, levels, _ = doctor(nowhere)
    assert (code, levels["database"]) == (1, "problem")
    assert "workers" not in levels


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
