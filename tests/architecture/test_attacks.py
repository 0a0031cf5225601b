"""Every constraint that a model declares refuses, in the database, a row that breaks it.

The rows stand in attacks.toml. They are inserted into an empty copy of the table with the same constraints
and nothing else: no keys to other tables, no triggers, no column that must be filled.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models
from psycopg import sql

from tests.architecture.source import PACKAGES

TABLE: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("attacks.toml").read_text()
)
COPY = """
CREATE TEMPORARY TABLE attacked (LIKE {table} INCLUDING INDEXES {more});
DO $$ DECLARE named text; BEGIN
    SELECT conname INTO named FROM pg_constraint WHERE conrelid = 'attacked'::regclass AND contype = 'p';
    EXECUTE format('ALTER TABLE attacked DROP CONSTRAINT %I', named);
    FOR named IN SELECT attname FROM pg_attribute WHERE attrelid = 'attacked'::regclass AND attnotnull AND attnum > 0
    LOOP EXECUTE format('ALTER TABLE attacked ALTER %I DROP NOT NULL', named); END LOOP;
END $$
"""
POSITIVE = (
    models.PositiveBigIntegerField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
)
ONCE = (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation)


def declared() -> Iterator[tuple[str, str]]:
    """Table and name of every constraint of our models that needs a row in the list."""
    for label in PACKAGES:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for constraint in model._meta.constraints:
                if _keys(model, constraint) is None:
                    yield model._meta.db_table, constraint.name


def _keys(model: Any, constraint: Any) -> list[Any] | None:
    """The fields of a constraint that only says that they are unique; None for all others."""
    if not isinstance(constraint, models.UniqueConstraint) or constraint.condition is not None:
        return None
    return [model._meta.get_field(name) for name in constraint.fields] or None


def unique() -> Iterator[tuple[str, dict[str, str]]]:
    """Table and row for everything of our models that is unique by itself, without conditions."""
    for label in PACKAGES:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            table, fields = model._meta.db_table, model._meta.concrete_fields
            found = [_keys(model, each) for each in model._meta.constraints]
            found += [[field] for field in fields if field.unique and not field.primary_key]
            for keys in filter(None, found):
                yield table, {str(field.column): _value(field) for field in keys}


def _value(field: Any) -> str:
    if isinstance(field, models.DateField):  # with time, too
        return "2026-01-01"
    if isinstance(field, models.UUIDField):
        return "01890000-0000-7000-8000-000000000000"
    return "1"


def amounts() -> Iterator[tuple[str, dict[str, str]]]:
    """Table and row for every number that is never negative."""
    for label in PACKAGES:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if isinstance(field, POSITIVE):
                    yield model._meta.db_table, {str(field.column): "-1"}


ATTACKS = [(table, name, row) for table, rows in TABLE.items() for name, row in rows.items()]


@pytest.fixture
def copy(owner_cursor: psycopg.Cursor[Any], request: pytest.FixtureRequest) -> psycopg.Cursor[Any]:
    """The owner beside an empty copy of the table that the test names first."""
    given = request.node.callspec.params
    more = sql.SQL("" if "unique" in request.node.name else "INCLUDING CONSTRAINTS")
    statement = sql.SQL(COPY).format(table=sql.Identifier(given["table"]), more=more)
    owner_cursor.execute(statement.as_string())
    return owner_cursor


def insert(cursor: psycopg.Cursor[Any], row: dict[str, str], times: int = 1) -> None:
    """The same row so many times, in one statement."""
    values = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, row.values())))
    statement = sql.SQL("INSERT INTO attacked ({}) VALUES {}").format(
        sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([values] * times)
    )
    cursor.execute(statement.as_string())


@pytest.mark.parametrize(("table", "name", "row"), ATTACKS, ids=[name for _, name, _ in ATTACKS])
def test_a_row_that_breaks_a_constraint_is_refused(
    copy: psycopg.Cursor[Any], table: str, name: str, row: dict[str, str]
) -> None:
    with pytest.raises(psycopg.errors.IntegrityError) as refusal:
        insert(copy, row, times=2)
    once = isinstance(refusal.value, ONCE)
    assert once or refusal.value.diag.constraint_name == name


@pytest.mark.parametrize(("table", "row"), [*unique()], ids=str)
def test_what_is_unique_is_refused_the_second_time(
    copy: psycopg.Cursor[Any], table: str, row: dict[str, str]
) -> None:
    insert(copy, row)
    with pytest.raises(ONCE):
        insert(copy, row)


@pytest.mark.parametrize(("table", "row"), [*amounts()], ids=str)
def test_a_count_is_never_negative(
    copy: psycopg.Cursor[Any], table: str, row: dict[str, str]
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(copy, row)


def test_every_constraint_of_a_model_is_attacked() -> None:
    attacked = {(table, name) for table, name, _ in ATTACKS}
    missing = sorted(set(declared()) - attacked)
    if missing:
        rows = "\n".join(f"[{table}] {name}" for table, name in missing)
        pytest.fail(f"attacks.toml needs a row that each of these refuses:\n{rows}", pytrace=False)
