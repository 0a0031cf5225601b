"""What happened to a record: events of commands, moves of its work, changes of its fields."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.audit.history import HistoryEntry, history_of
from backoffice.audit.models import Event
from backoffice.identity.models import User
from backoffice.resources import listing, tables
from backoffice.resources.records import Kind, Resource, Text, Value
from backoffice.work.models import WorkEvent

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

LIMIT = 200
SAME_COMMAND = dt.timedelta(seconds=60)
IDENTIFIERS = {"cpf": Kind.CPF, "cnpj": Kind.CNPJ, "tax_id": Kind.TAX_ID, "phone": Kind.PHONE}

# What the last word of an event's name says; an object adds its own in ``Resource.events``.
WORDS: dict[str, Text] = {
    "created": _("Created"),
    "changed": _("Changed"),
    "deactivated": _("Deactivated"),
    "reactivated": _("Reactivated"),
    "deleted": _("Deleted"),
}


@dataclass(slots=True)
class Entry:
    """One thing that happened: when, who, what, why, and the fields it changed."""

    at: dt.datetime
    actor: str
    title: Text
    text: str = ""
    icon: str = "point"
    changes: list[tuple[str, object, object]] = field(default_factory=list)


def entries(resource: Resource, record: models.Model, access: "Access") -> list[Entry]:
    """The history of a record as this person may read it, newest first.

    Values of restricted fields are left out for who may not see them. A change of fields stands
    under the event of the command that made it: the actor's first one after the change.
    """
    events = list(
        Event.objects.filter(target_type=record._meta.label_lower, target_id=record.pk).order_by(
            "-id"
        )[:LIMIT]
    )
    tracked = [each for each in _row_changes(record) if each.kind != "insert"]
    names = _names({event.actor_id for event in events} | {each.actor_id for each in tracked})
    moves = _moves(resource, events)
    made = {
        event.pk: Entry(
            at=event.at,
            actor=names.get(event.actor_id, str(_("The system"))),
            title=title(resource, event.action),
            text="\n".join(filter(None, (moves.get(event.pk, ""), event.reason))),
        )
        for event in events
    }
    loose = []
    for change in tracked:
        written = written_changes(resource, record, change, access)
        event_id = _event_of(change, events)
        if event_id is not None:
            made[event_id].changes += written
        elif written:
            actor = names.get(change.actor_id, str(_("The system")))
            loose.append(Entry(change.at, actor, WORDS["changed"], changes=written))
    return sorted([*made.values(), *loose], key=lambda entry: entry.at, reverse=True)


def title(resource: Resource, action: str) -> Text:
    """What an event says to people: ``hr.employee.hired`` by its last word."""
    word = action.rpartition(".")[2]
    return resource.events.get(word) or WORDS.get(word) or action


def _event_of(change: HistoryEntry, events: Iterable[Event]) -> int | None:
    after = [
        event
        for event in events
        if event.actor_id == change.actor_id
        and dt.timedelta() <= event.recorded_at - change.at <= SAME_COMMAND
    ]
    return min(after, key=lambda event: event.recorded_at).pk if after else None


def _row_changes(record: models.Model) -> list[HistoryEntry]:
    return history_of(record) if hasattr(type(record), "row_history") else []


def _names(ids: set[int | None]) -> dict[int | None, str]:
    known = {pk for pk in ids if pk is not None}
    return dict(User.objects.filter(pk__in=known).values_list("pk", "name"))


def _moves(resource: Resource, events: list[Event]) -> dict[int, str]:
    """The states that a transition went between, by its event."""
    if not resource.process or not events:
        return {}
    rows = WorkEvent.objects.filter(
        process=resource.process, event_id__in=[event.pk for event in events]
    ).exclude(from_state="")
    return {
        move.event_id: " → ".join(
            tables.state_label(resource, state) for state in (move.from_state, move.to_state)
        )
        for move in rows
    }


def written_changes(
    resource: Resource, record: models.Model, change: HistoryEntry, access: "Access"
) -> list[tuple[str, object, object]]:
    """The changed fields with their labels and values as HTML, before and after."""
    hidden = _hidden_fields(resource, access)
    rows: list[tuple[str, object, object]] = []
    for each in change.changes:
        found = record._meta.get_field(each.field)
        if found.name in hidden or not isinstance(found, models.Field):
            continue
        write = tables.writer(resource.model, Value(key=found.name, label="", kind=_kind(found)))
        before, after = (_referred(found, value) for value in (each.before, each.after))
        rows.append((capfirst(str(found.verbose_name)), write(before), write(after)))
    return rows


def _hidden_fields(resource: Resource, access: "Access") -> set[str]:
    keys = {key for key in resource.restricted if not listing.may_see(resource, key, access)}
    values = [*resource.table.columns, *listing.facts_of(resource)]
    paths = {value.path for value in values if value.key in keys and isinstance(value.path, str)}
    return keys | {path.partition("__")[0] for path in paths}


def _referred(found: "models.Field[Any, Any]", value: Any) -> Any:  # noqa: ANN401  of any field
    """The record behind a foreign key, by its own words."""
    if value is None or found.related_model is None:
        return value
    model: Any = found.related_model
    return model._meta.base_manager.filter(pk=value).first() or value


def _kind(found: "models.Field[Any, Any]") -> Kind:
    if found.choices:
        return Kind.CHOICE
    if isinstance(found, models.DecimalField):
        return Kind.MONEY if found.decimal_places == 2 else Kind.QUANTITY
    by_type = {
        models.DateTimeField: Kind.DATETIME,
        models.DateField: Kind.DATE,
        models.BooleanField: Kind.BOOLEAN,
    }
    return by_type.get(type(found)) or IDENTIFIERS.get(found.name, Kind.TEXT)
