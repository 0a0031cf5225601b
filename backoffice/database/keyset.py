"""Paging by key: a page starts after a row, not after a number of rows.

The cost of a page does not grow with its distance from the first one, and rows that are added or
removed meanwhile neither repeat nor hide another row.
"""

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections
from django.db.models import Count, F, Field, Func, Model, Q, QuerySet, Sum, TextField
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backoffice.database.statements import Slot, Statement
from backoffice.errors import BusinessError

COUNT_CAP = 10_000


class BadQuery(BusinessError):
    """What stands in the address after the question mark cannot be right."""

    status = 400


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of rows: by one ORM path, ties broken by the primary key in the same direction.

    Attributes:
        name: As it stands in addresses, ``-`` first when descending; a cursor is valid for it only.
        path: ORM path or annotation.
        nullable: Whether rows may have no value; those come last, as PostgreSQL has it.
    """

    name: str
    path: str
    nullable: bool

    @property
    def descending(self) -> bool:
        """Whether the largest value comes first."""
        return self.name.startswith("-")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, and the cursors of its neighbours (empty when there is none)."""

    rows: list[tuple[Any, ...]]
    next: str
    previous: str


def unaccented(path: str) -> Func:
    """A name as it is sorted: without regard to case and accents.

    The bundled PostgreSQL has no collation of a language, and by code points "Ícaro" comes last.
    """
    return Func(Lower(path), function="unaccent", output_field=TextField())


def is_nullable(model: type[Model], path: str) -> bool:
    """Whether ``path`` can be null; annotations count as nullable."""
    current: Any = model
    for part in path.split("__"):
        if part == "pk":
            return False
        try:
            found = current._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return True
        if getattr(found, "null", True):
            return True
        current = found.related_model
    return False


def capped_count(rows: QuerySet[Any]) -> int:
    """Number of rows, counted no further than one past ``COUNT_CAP``."""
    return rows.order_by().values("pk")[: COUNT_CAP + 1].count()


def capped_sums(
    rows: QuerySet[Any], paths: list[str], *, all_rows: bool = False
) -> tuple[int, list[Any] | None]:
    """Number of rows, and the sum of each path over them, in one statement.

    Without ``all_rows`` no more than one past ``COUNT_CAP`` rows are read; when there are that many,
    there are no sums. A sum of nothing is 0.
    """
    if not paths:
        return capped_count(rows), []
    names = [f"added_{number}" for number in range(len(paths))]
    named = {name: F(path) for name, path in zip(names, paths, strict=True)}
    some = rows.order_by().annotate(**named).values("pk", *names)
    if not all_rows:
        some = some[: COUNT_CAP + 1]
    found = some.aggregate(counted=Count("*"), **{f"{name}_all": Sum(name) for name in names})
    if found["counted"] > COUNT_CAP and not all_rows:
        return found["counted"], None
    return found["counted"], [found[f"{name}_all"] or 0 for name in names]


def page(
    rows: QuerySet[Any],
    fields: list[str],
    sort: Sort,
    *,
    limit: int,
    after: str = "",
    before: str = "",
) -> Page:
    """One page of ``rows`` as tuples of ``fields``.

    Args:
        rows: Unordered rows.
        fields: ORM paths or annotations.
        sort: The order.
        limit: Rows on a page.
        after: Cursor of the row before the page.
        before: Cursor of the row behind the page; only one of both.

    Raises:
        BadQuery: The cursor is not one of this order.
    """
    return Pages(rows, fields, sort, limit=limit).page(after=after, before=before)


class Pages:
    """All pages of one list: each of its few statements is compiled when it is first asked."""

    def __init__(self, rows: QuerySet[Any], fields: list[str], sort: Sort, *, limit: int) -> None:
        self._rows = rows
        self._fields = fields
        self._sort = sort
        self._limit = limit
        self._field = _output_field(rows, sort.path)
        self._statements: dict[tuple[bool, bool, bool], Statement] = {}

    def page(self, *, after: str = "", before: str = "") -> Page:
        """One page; the first when there is no cursor. Arguments and errors as in ``page``."""
        sort, backward, cursor = self._sort, bool(before), before or after
        value, pk = _decode(self._field, sort, cursor) if cursor else (None, 0)
        shape = (backward, bool(cursor), value is None)
        statement = self._statements.get(shape)
        if statement is None:
            statement = self._statements[shape] = self._statement(*shape)
        prepared = self._field.get_db_prep_value(value, connections[self._rows.db])
        found = statement.rows(value=prepared, pk=pk)
        more = len(found) > self._limit
        found = found[: self._limit]
        if backward:
            found.reverse()
        if not found:
            return Page([], "", "")
        return Page(
            rows=[row[2:] for row in found],
            next=_encode(sort, found[-1]) if more or backward else "",
            previous=_encode(sort, found[0]) if (more if backward else bool(after)) else "",
        )

    def _statement(self, backward: bool, beyond: bool, no_value: bool) -> Statement:  # noqa: FBT001
        """The statement of pages in one direction, from the end or from a row with or without value."""
        sort, rows = self._sort, self._rows
        descending = sort.descending is not backward
        if beyond:
            value = None if no_value else Slot("value", self._field)
            key: Field[Any, Any] = rows.model._meta.pk
            rows = rows.filter(_beyond(sort, descending, value, Slot("pk", key)))
        sign = "-" if descending else ""
        order = ["pk"] if sort.path == "pk" else [sort.path, "pk"]
        chosen = rows.order_by(*(f"{sign}{path}" for path in order))
        return Statement(chosen.values_list(sort.path, "pk", *self._fields)[: self._limit + 1])


def cursor_of(rows: QuerySet[Any], sort: Sort, pk: int) -> str:
    """The cursor of one row; empty when it is not among ``rows``."""
    found = rows.filter(pk=pk).order_by().values_list(sort.path, "pk").first()
    return "" if found is None else _encode(sort, found)


def _beyond(sort: Sort, descending: bool, value: Slot | None, pk: Slot) -> Q:  # noqa: FBT001
    """Rows that come after the row (value, pk)."""
    than = "lt" if descending else "gt"
    by_key = Q((f"pk__{than}", pk))
    if sort.path == "pk":
        return by_key
    no_value = Q((f"{sort.path}__isnull", True))
    if value is None:
        return (no_value & by_key) | ~no_value if descending else no_value & by_key
    # The outer comparison lets the index find the place; the inner one settles ties.
    beyond = Q((f"{sort.path}__{than}e", value)) & (Q((f"{sort.path}__{than}", value)) | by_key)
    return beyond if descending or not sort.nullable else beyond | no_value


def _encode(sort: Sort, row: tuple[Any, ...]) -> str:
    value = row[0]
    if isinstance(value, dt.date | dt.datetime):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = str(value)
    text = json.dumps([sort.name, value, row[1]], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(field: "Field[Any, Any]", sort: Sort, cursor: str) -> tuple[Any, int]:
    """Value and key of the row that a cursor names."""
    refusal = BadQuery(
        "invalid_cursor",
        _("This page address is not valid for this order; start again at the first page."),
    )
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != sort.name or type(pk) is not int:
            raise refusal
        return _checked(field, value), pk
    except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError) as error:
        raise refusal from error


def _output_field(rows: QuerySet[Any], path: str) -> "Field[Any, Any]":
    if path in rows.query.annotations:
        found: Field[Any, Any] = rows.query.annotations[path].output_field
        return found
    current: Any = rows.model
    field: Any = None
    for part in path.split("__"):
        field = current._meta.pk if part == "pk" else current._meta.get_field(part)
        current = field.related_model
    target: Field[Any, Any] = getattr(field, "target_field", field)
    return target


def _checked(field: "Field[Any, Any]", value: object) -> object:
    """A cursor's value in the type of its column; what PostgreSQL could not compare is refused."""
    if value is None:
        return None
    if not isinstance(value, str | int | bool) or "\x00" in str(value):
        raise ValueError
    typed = field.to_python(value)
    if isinstance(typed, Decimal) and not typed.is_finite():
        raise ValueError
    if isinstance(typed, dt.datetime) and typed.tzinfo is None:
        raise ValueError
    return typed
