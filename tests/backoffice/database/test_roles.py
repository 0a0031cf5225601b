"""The role `app` is attacked; the database refuses, whatever the code would allow."""

import re

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from backoffice.database.grants import EXTENSIONS, ORDINARY, protected_tables

pytestmark = pytest.mark.django_db


def refused(statement: str) -> str:
    """The words with which PostgreSQL refuses a statement of the role `app`."""
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(caught.value).splitlines()[0]


def test_tests_run_as_the_role_app() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("retaguarda_app", "retaguarda_app")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("TRUNCATE backoffice_company CASCADE", "permission denied for table backoffice_company"),
        ("TRUNCATE django_session", "permission denied for table django_session"),
        ("CREATE TABLE mine (n int)", "permission denied for schema public"),
        ("DROP TABLE django_session", "must be owner of table django_session"),
        (
            "ALTER TABLE backoffice_event DISABLE TRIGGER ALL",
            "must be owner of table backoffice_event",
        ),
        ("SET session_replication_role = replica", "permission denied to set parameter"),
        (
            "CREATE TRIGGER t BEFORE INSERT ON django_session EXECUTE FUNCTION now()",
            "permission denied for table django_session",
        ),
        ("DELETE FROM backoffice_event", "permission denied for table backoffice_event"),
        (
            "UPDATE backoffice_event SET action = 'x'",
            "permission denied for table backoffice_event",
        ),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
            "permission denied for table django_migrations",
        ),
        ("SET ROLE retaguarda_owner", 'permission denied to set role "retaguarda_owner"'),
        ("SET SESSION AUTHORIZATION retaguarda_owner", "permission denied to set session"),
        ("ALTER ROLE retaguarda_app SUPERUSER", "permission denied to alter role"),
        ("CREATE ROLE mine", "permission denied to create role"),
        ("CREATE EXTENSION file_fdw", 'permission denied to create extension "file_fdw"'),
        ("CREATE SCHEMA mine", "permission denied for database"),
        ("COPY django_session TO PROGRAM 'true'", "permission denied to COPY to or from"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied for function pg_read_file"),
    ],
)
def test_app_is_refused(statement: str, words: str) -> None:
    assert refused(statement).startswith(words)


def test_app_cannot_give_itself_a_right() -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT DELETE ON backoffice_event TO retaguarda_app")  # only a warning
        cursor.execute("SELECT has_table_privilege('backoffice_event', 'DELETE')")
        assert cursor.fetchone() == (False,)


def test_app_has_no_right_on_any_partition_of_its_own() -> None:
    """Otherwise DELETE on a month of the log would go round the log's own rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class
             WHERE relispartition AND relnamespace = 'public'::regnamespace AND relkind = 'r'
               AND has_any_column_privilege(oid, 'SELECT, INSERT, UPDATE')
                OR relispartition AND relkind = 'r' AND has_table_privilege(oid, 'DELETE')
            """
        )
        assert cursor.fetchall() == []


def test_every_protected_table_exists_and_app_has_exactly_the_declared_rights() -> None:
    with connection.cursor() as cursor:
        for table, declared in protected_tables().items():
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            assert cursor.fetchone() == (True,), f"{table} is declared and does not exist"
            whole = {part for part in re.split(r", (?=[A-Z])", declared) if "(" not in part}
            for privilege in (*ORDINARY.split(", "), "TRUNCATE", "TRIGGER", "REFERENCES"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, privilege])
                assert cursor.fetchone() == (privilege in whole,), f"{privilege} on {table}"
            for columns in re.findall(r"UPDATE \(([^)]*)\)", declared):
                cursor.execute(
                    """
                    SELECT attname FROM pg_attribute
                     WHERE attrelid = %s::regclass AND attnum > 0
                       AND has_column_privilege(attrelid, attnum, 'UPDATE')
                    """,
                    [table],
                )
                assert {name for (name,) in cursor.fetchall()} == set(columns.split(", ")), table


def test_app_has_no_structural_right_on_any_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               AND has_table_privilege(oid, 'TRUNCATE, TRIGGER, REFERENCES, MAINTAIN')
            """
        )
        assert cursor.fetchall() == []


def test_app_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        )
        assert cursor.fetchall() == []


def test_the_extensions_are_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        assert set(EXTENSIONS) <= {name for (name,) in cursor.fetchall()}


def test_the_reader_reads_and_cannot_write(reader_cursor: psycopg.Cursor) -> None:
    assert reader_cursor.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader_cursor.execute("DELETE FROM django_session")
    reader_cursor.execute("SET default_transaction_read_only = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader_cursor.execute("DELETE FROM django_session")


@pytest.mark.clone
def test_a_table_made_later_may_be_read_and_not_written(owner_cursor: psycopg.Cursor) -> None:
    owner_cursor.execute("CREATE TABLE later (n int)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM later")
        assert cursor.fetchone() == (0,)
    assert refused("INSERT INTO later VALUES (1)") == "permission denied for table later"
