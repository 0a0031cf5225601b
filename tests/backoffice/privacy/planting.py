"""One row in every model that keeps something about people, with a marker in each personal field.

Made from the inventory: a field that is declared tomorrow is planted tomorrow. Keys, checks and triggers
are out of the way for the length of the transaction, so that any value can stand anywhere.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import psycopg
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from backoffice.privacy.checks import inventoried
from backoffice.privacy.registry import INVENTORY, Way
from backoffice.privacy.ways import field_at
from backoffice.resources.registry import RESOURCES

KEY = 990_000_001
DAY = dt.date(2001, 1, 1)
BEGIN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)

Leading = dict[tuple[str, str], Any]
Planted = dict[str, dict[str, Any]]


def plant(company_id: int, owner: psycopg.Cursor) -> Planted:
    """Plant everything; gives label of model -> field -> value. Only in a database of the test's own."""
    numbers = count(1)
    owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO CURRENT_USER, retaguarda_app")
    found = [m for m in inventoried() if INVENTORY[m._meta.label].personal]
    for model in found:
        _free(owner, model._meta.db_table)
        key = model._meta.pk.column
        owner.execute(f'ALTER TABLE "{model._meta.db_table}" ALTER "{key}" DROP IDENTITY IF EXISTS')
    owner.connection.commit()
    leading = _leading()
    return {model._meta.label: _row(model, company_id, numbers, leading) for model in found}


def _free(owner: psycopg.Cursor, table: str) -> None:
    """Take keys, checks and triggers off a table."""
    owner.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    owner.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'x')"
        " AND conparentid = 0",
        [table],
    )
    for (name,) in owner.fetchall():
        owner.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


def _row(model: Any, company_id: int, numbers: Any, leading: Leading) -> dict[str, Any]:
    declared = INVENTORY[model._meta.label]
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        if field.primary_key or field.related_model:
            values[field.attname] = "1" if _is_text(field) else KEY
        else:
            values[field.attname] = _value(field, next(numbers))
        label = model._meta.label
        values[field.attname] = leading.get((label, field.attname), values[field.attname])
    for name in ("company_id", "company"):
        if name in {field.name for field in model._meta.concrete_fields}:
            values["company_id"] = company_id
    row = model(**values)
    row.save_base(raw=True, force_insert=True)
    return {name: values[model._meta.get_field(name).attname] for name in declared.personal}


def _leading() -> dict[tuple[str, str], Any]:
    """Label of model and field -> what it must hold, so that all ways lead to the person."""
    employee = next(r for r in RESOURCES.values() if r.model._meta.label == "hr.Employee")
    found: dict[tuple[str, str], Any] = {}
    for label, declared in INVENTORY.items():
        model = apps.get_model(label)
        for way in (*declared.ways, *(each for each in declared.by if isinstance(each, Way))):
            if way.kind == "held" or way.where:
                continue
            names = {"number": KEY, "record": "hr.employee", "object": employee.name}
            for path, value in zip(way.fields, (names[way.kind], KEY), strict=False):
                field = field_at(model, path)
                many = isinstance(field, ArrayField | models.JSONField)
                found[field.model._meta.label, field.attname] = [value] if many else value
    return found


def _is_text(field: Any) -> bool:
    return isinstance(field.target_field if field.related_model else field, models.CharField)


VALUES: tuple[tuple[Any, Callable[[int], Any]], ...] = (
    (SearchVectorField, lambda n: f"'marca{n}':1"),
    (models.JSONField, lambda n: {"marca": n}),
    (models.BooleanField, lambda _n: True),
    (models.DateTimeField, lambda n: BEGIN + dt.timedelta(seconds=n)),
    (models.DateField, lambda n: DAY + dt.timedelta(days=n)),
    (models.TimeField, lambda n: dt.time(n % 24, n % 60)),
    ((models.SmallIntegerField, models.PositiveSmallIntegerField), lambda n: n % 90),
    (models.IntegerField, lambda n: n),
    (models.UUIDField, lambda n: uuid.UUID(int=n)),
    (models.GenericIPAddressField, lambda n: f"10.0.{n // 256}.{n % 256}"),
    (models.BinaryField, lambda _n: b"x"),
)


def _value(field: Any, number: int) -> Any:
    """A value that no other field has, as far as there is room for one."""
    if isinstance(field, ArrayField):
        return [_value(field.base_field, number)]
    if isinstance(field, models.DecimalField):
        return Decimal(number % 9 + 1).scaleb(-field.decimal_places)
    for kind, make in VALUES:
        if isinstance(field, kind):
            return make(number)
    text = f"M{number}"
    return text if len(text) <= (field.max_length or 20) else "M"
