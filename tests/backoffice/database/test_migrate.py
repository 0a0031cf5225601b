"""`manage.py migrate` runs as owner, one at a time, and puts the rights of the roles in order."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from backoffice.embedded.places import CHECKOUT
from tests.harness.addresses import with_database

pytestmark = [pytest.mark.clone, pytest.mark.slow]

MIGRATE = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]


def migrate(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        MIGRATE,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def may(cursor: psycopg.Cursor, table: str, privilege: str) -> bool:
    row = cursor.execute(
        "SELECT has_table_privilege('retaguarda_app', %s, %s)", [table, privilege]
    ).fetchone()
    return row == (True,)


def test_without_the_owners_address_it_refuses_and_says_what_to_set(
    clone_environment: dict[str, str],
) -> None:
    del clone_environment["DATABASE_OWNER_URL"]
    done = migrate(clone_environment)
    assert done.returncode == 1
    assert "Migrations run as the role `owner`: set DATABASE_OWNER_URL." in done.stderr


def test_rights_given_by_hand_are_taken_back(
    clone_environment: dict[str, str], owner_cursor: psycopg.Cursor
) -> None:
    partition = owner_cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'backoffice_event'::regclass LIMIT 1"
    ).fetchone()
    assert partition is not None
    for table in ("backoffice_event", partition[0]):
        owner_cursor.execute(
            sql.SQL("GRANT DELETE, TRUNCATE ON {} TO retaguarda_app").format(sql.Identifier(table))
        )
        assert may(owner_cursor, table, "DELETE")
    assert migrate(clone_environment).returncode == 0
    for table in ("backoffice_event", partition[0]):
        assert not may(owner_cursor, table, "DELETE")
        assert not may(owner_cursor, table, "TRUNCATE")
    assert may(owner_cursor, "backoffice_read_log", "INSERT")


def test_on_a_filled_database_it_changes_no_row(
    clone_environment: dict[str, str], owner_cursor: psycopg.Cursor
) -> None:
    count = (
        "SELECT sum((xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I',"
        " relname), false, true, '')))[1]::text::bigint) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    before = owner_cursor.execute(count).fetchone()
    assert migrate(clone_environment).returncode == 0
    assert owner_cursor.execute(count).fetchone() == before


def test_two_at_once_on_an_empty_database_both_succeed(
    clone_environment: dict[str, str], owner_cursor: psycopg.Cursor
) -> None:
    name = f"{owner_cursor.connection.info.dbname}_empty"
    owner_cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    environment = {
        key: with_database(value, name) if key.startswith("DATABASE") else value
        for key, value in clone_environment.items()
    }
    try:
        running = [
            subprocess.Popen(
                MIGRATE, cwd=CHECKOUT, env={**os.environ, **environment}, stderr=subprocess.PIPE
            )
            for _ in range(2)
        ]
        ends = [(process.communicate(timeout=300)[1], process.returncode) for process in running]
        assert ends == [(b"", 0), (b"", 0)]
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
        assert row is not None
        assert row[0] > 10
    finally:
        owner_cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.django_db
def test_no_function_of_the_database_fails_and_recovers_for_each_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE prosrc ILIKE '%exception when%'")
        assert cursor.fetchall() == []
