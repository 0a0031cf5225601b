"""Row history of master and reference data: every change, field by field, kept by the database."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(model: M) -> M:
    """Class decorator: triggers keep each inserted, changed and deleted row of the model.

    The history of a record is ``record.row_history``; commands tell who acted (``pghistory.context``).
    """
    return tracked_without()(model)


def tracked_without(*fields: str) -> Callable[[M], M]:
    """As ``tracked``, without fields that do not belong into a history, such as a password's hash."""
    track: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name="row_history", related_query_name="+"),
        context_field=pghistory.ContextForeignKey(),
        append_only=True,
        exclude=list(fields),
    )
    return track


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one change: its name, and the value before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of one record: when, by whom, by which command, and what."""

    at: dt.datetime
    kind: str
    actor_id: int | None
    command: str
    changes: tuple[Change, ...]


def history_of(record: models.Model) -> list[HistoryEntry]:
    """All changes of a tracked record, newest first, in one statement.

    Args:
        record: An instance of a model with ``@tracked``.
    """
    rows = list(record.row_history.select_related("pgh_context").order_by("pgh_id"))  # type: ignore[attr-defined]
    kept = {f.attname for f in record.row_history.model._meta.concrete_fields}  # type: ignore[attr-defined]
    names = [
        f.attname for f in record._meta.concrete_fields if not f.primary_key and f.attname in kept
    ]
    entries: list[HistoryEntry] = []
    before: Any = None
    for row in rows:
        changes = tuple(
            Change(name, None if before is None else getattr(before, name), getattr(row, name))
            for name in names
            if before is None or getattr(before, name) != getattr(row, name)
        )
        context = row.pgh_context.metadata if row.pgh_context else {}
        entries.append(
            HistoryEntry(
                at=row.pgh_created_at,
                kind=row.pgh_label,
                actor_id=context.get("actor"),
                command=context.get("command", ""),
                changes=changes,
            )
        )
        before = row
    return entries[::-1]
