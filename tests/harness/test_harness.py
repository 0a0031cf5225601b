"""The harness keeps its promises to the tests that stand on it."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection, connections, transaction

from backoffice.embedded.places import CHECKOUT
from tests.harness.threads import race

ADD = "INSERT INTO django_session VALUES (%s, '', now())"
COUNT = "SELECT count(*) FROM django_session"


def add(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADD, [key])


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("run", [1, 2])
def test_what_a_test_writes_is_gone_for_the_next(db: None, run: int) -> None:
    assert count() == 0
    add("mine")
    assert count() == 1


@pytest.mark.clone
@pytest.mark.parametrize("run", [1, 2])
def test_what_a_clone_commits_is_gone_for_the_next(run: int) -> None:
    assert count() == 0
    add("mine")
    assert connection.get_autocommit()


@pytest.mark.clone
def test_threads_see_what_is_committed_in_the_clone_and_race_in_it() -> None:
    add("before")
    answers = race([count for _ in range(16)])
    assert answers == [1] * 16
    outcomes = race([lambda: add("same") for _ in range(8)])
    assert sum(outcome is None for outcome in outcomes) == 1
    assert count() == 2


@pytest.mark.clone
@pytest.mark.django_db
def test_with_both_markers_the_clone_wins(clone_url: str) -> None:
    with transaction.atomic(durable=True):
        add("mine")
    with psycopg.connect(clone_url) as other:
        assert other.execute(COUNT).fetchone() == (1,)


@pytest.mark.clone
def test_the_owner_commits_into_the_clone(owner_cursor: psycopg.Cursor) -> None:
    owner_cursor.execute(ADD, ["owner"])
    assert count() == 1


def test_the_owner_is_rolled_back_outside_a_clone(owner_cursor: psycopg.Cursor) -> None:
    owner_cursor.execute(ADD, ["owner"])
    assert owner_cursor.execute(COUNT).fetchone() == (1,)


def test_so_it_was(db: None) -> None:
    assert count() == 0


def test_a_durable_command_may_run_inside_a_rolled_back_test(db: None) -> None:
    with transaction.atomic(durable=True):
        add("mine")
    assert count() == 1


@pytest.mark.clone
def test_another_process_joins_the_clone(clone_environment: dict[str, str]) -> None:
    add("mine")
    program = "import django; django.setup(); from tests.harness.test_harness import count; print(count())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env={**os.environ, **clone_environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1"


@pytest.mark.clone
def test_all_aliases_see_the_same_clone(django_db_blocker: object) -> None:
    names = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    assert set(names) == {"default", "owner", "reader"}
    assert len(set(names.values())) == 1
    assert str(names["default"]).startswith(f"rgclone_{os.getpid()}_")
