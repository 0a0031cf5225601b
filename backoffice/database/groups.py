"""Rows by the values of one path: how many have each, and what they add up to, in one statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, DateField, F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from backoffice.database.keyset import BadQuery

NOTHING = "~"
"""In addresses: the group of rows that have no value."""

MOST = 500


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with one value: how many, and the sums that were asked for (0 when there is nothing)."""

    value: Any
    count: int
    sums: list[Any]


def _valued(rows: QuerySet[Any], path: str, *, monthly: bool) -> QuerySet[Any]:
    value = TruncMonth(path, output_field=DateField()) if monthly else F(path)
    found: QuerySet[Any] = rows.order_by().annotate(group_value=value)
    return found


def groups(
    rows: QuerySet[Any], path: str, paths: Sequence[str] = (), *, monthly: bool = False
) -> list[Group]:
    """The groups of ``rows`` by their value at ``path``, or by its month; months newest first.

    Args:
        rows: All rows of the question.
        path: ORM path or annotation.
        paths: What is added up in each group.
        monthly: Whether dates are grouped by month.
    """
    sums = {f"group_sum_{number}": Sum(each) for number, each in enumerate(paths)}
    value = F("group_value").desc(nulls_last=True) if monthly else F("group_value").asc()
    found = (
        _valued(rows, path, monthly=monthly)
        .values("group_value")
        .annotate(group_count=Count("pk"), **sums)
        .order_by(value)
    )
    return [
        Group(each["group_value"], each["group_count"], [each[name] or 0 for name in sums])
        for each in found[:MOST]
    ]


def text_of(value: object) -> str:
    """A group as it stands in addresses."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:%Y-%m}" if isinstance(value, dt.date) else str(value)


def value_of(rows: QuerySet[Any], path: str, text: str, *, monthly: bool = False) -> Any:  # noqa: ANN401
    """The value of the group that an address names.

    Raises:
        BadQuery: It cannot be a value of this path.
    """
    if text == NOTHING:
        return None
    valued = _valued(rows, path, monthly=monthly)
    field = valued.query.annotations["group_value"].output_field
    try:
        return field.to_python(f"{text}-01" if monthly else text)
    except (ValidationError, ValueError) as error:
        raise BadQuery("bad_group", _("There is no such group in this list.")) from error


def within(
    rows: QuerySet[Any], path: str, value: object, *, monthly: bool = False
) -> QuerySet[Any]:
    """The rows of one group."""
    chosen = {"group_value__isnull": True} if value is None else {"group_value": value}
    found: QuerySet[Any] = _valued(rows, path, monthly=monthly).filter(**chosen)
    return found
