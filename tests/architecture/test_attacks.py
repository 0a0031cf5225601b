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
ATTACKS = [(table, name, row) for table, rows in TABLE.items() for name, row in rows.items()]
COPY = """
CREATE TEMPORARY TABLE attacked (LIKE {table} INCLUDING CONSTRAINTS INCLUDING INDEXES);
DO $$ DECLARE named text; BEGIN
    FOR named IN SELECT conname FROM pg_constraint WHERE conrelid = 'attacked'::regclass
                 AND (contype = 'p' OR contype = 'c' AND conname <> {kept})
    LOOP EXECUTE format('ALTER TABLE attacked DROP CONSTRAINT %I', named); END LOOP;
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


def unique() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Table, columns and row for everything of our models that is unique by itself, without conditions."""
    for label in PACKAGES:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            table, fields = model._meta.db_table, model._meta.concrete_fields
            found = [_keys(model, each) for each in model._meta.constraints]
            found += [[field] for field in fields if field.unique and not field.primary_key]
            for keys in filter(None, found):
                row = {str(field.column): _value(field) for field in keys}
                yield table, " ".join(row), row


def _value(field: Any) -> str:
    if isinstance(field, models.DateField):  # with time, too
        return "2026-01-01"
    if isinstance(field, models.UUIDField):
        return "01890000-0000-7000-8000-000000000000"
    return "1"


def amounts() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Table, constraint and row for every number that is never negative."""
    for label in PACKAGES:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            table = model._meta.db_table
            for field in model._meta.concrete_fields:
                if isinstance(field, POSITIVE):
                    yield table, f"{table}_{field.column}_check", {str(field.column): "-1"}


def is_check(name: str) -> bool:
    """Whether a constraint looks at one row alone."""
    kinds = {
        constraint.name: isinstance(constraint, models.CheckConstraint)
        for label in PACKAGES
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }
    return kinds.get(name, name.endswith("_check"))


CHECKS = [attack for attack in ATTACKS if is_check(attack[1])]
ONLY_ONCE = [attack for attack in ATTACKS if attack not in CHECKS]


def copy(cursor: psycopg.Cursor[Any], table: str, kept: str = "") -> None:
    """An empty copy of a table with what is unique in it, and one of its other constraints."""
    words = {"table": sql.Identifier(table), "kept": sql.Literal(kept)}
    cursor.execute(sql.SQL(COPY).format(**words).as_string())


def insert(cursor: psycopg.Cursor[Any], row: dict[str, str]) -> None:
    """One row; what it does not say is empty."""
    statement = sql.SQL("INSERT INTO attacked ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(map(sql.Literal, row.values())),
    )
    cursor.execute(statement.as_string())


@pytest.mark.parametrize(("table", "name", "row"), [*CHECKS, *amounts()])
def test_a_row_that_breaks_a_constraint_is_refused(
    owner_cursor: psycopg.Cursor[Any], table: str, name: str, row: dict[str, str]
) -> None:
    copy(owner_cursor, table, kept=name)
    with pytest.raises(psycopg.errors.CheckViolation, match=name):
        insert(owner_cursor, row)


@pytest.mark.parametrize(("table", "name", "row"), [*ONLY_ONCE, *unique()])
def test_what_is_unique_is_refused_the_second_time(
    owner_cursor: psycopg.Cursor[Any], table: str, name: str, row: dict[str, str]
) -> None:
    copy(owner_cursor, table)
    insert(owner_cursor, row)
    with pytest.raises(ONCE):
        insert(owner_cursor, row)


def test_every_constraint_of_a_model_is_attacked() -> None:
    attacked = {(table, name) for table, name, _ in ATTACKS}
    missing = sorted(set(declared()) - attacked)
    if missing:
        rows = "\n".join(f"[{table}] {name}" for table, name in missing)
        pytest.fail(f"attacks.toml needs a row that each of these refuses:\n{rows}", pytrace=False)
