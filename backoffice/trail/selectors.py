"""Named reads of the logs, each within what the person who asks may see."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.models import Event, ReadLog
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.resources import registry
from backoffice.resources.display import title
from backoffice.resources.records import Text

PAGE = 50

CHANNELS: Mapping[str, Text] = {
    "web": _("Browser"),
    "api": "API",
    "admin": _("Django admin"),
    "job": _("Job"),
    "shell": _("Command line"),
    "system": _("The system"),
}


class Labels(Mapping[str, Text]):
    """What actions or kinds of records are called, looked up when one is shown."""

    @override
    def __getitem__(self, name: str) -> Text:
        text = self.label(name)
        if text is None:
            raise KeyError(name)
        return text

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(registry.RESOURCES)

    @override
    def __len__(self) -> int:
        return len(registry.RESOURCES)

    def label(self, name: str) -> Text | None:
        """The words for a name; None for one that nobody declares."""
        found = registry.RESOURCES.get(name)
        return None if found is None else found.label


class ActionLabels(Labels):
    """``hr.employee.hired`` as "Employee: hired"."""

    @override
    def label(self, name: str) -> Text | None:
        """Object and what happened to it; the bare name for what has no object."""
        resource = registry.RESOURCES.get(name.rpartition(".")[0])
        if resource is None:
            return None
        return _("%(object)s: %(event)s") % {
            "object": resource.label,
            "event": title(resource, name),
        }


class TypeLabels(Labels):
    """``hr.employmentcontract``, as events name models, by the words of the model."""

    @override
    def label(self, name: str) -> Text | None:
        """The model's own name."""
        model = _model(name)
        return None if model is None else model._meta.verbose_name


def _model(name: str) -> type[Model] | None:
    for resource in registry.RESOURCES.values():
        if resource.model._meta.label_lower == name:
            return resource.model
    return None


def visible_events(access: Access) -> QuerySet[Event]:
    """Everything that happened in the company, with the name of who did it."""
    names = User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    return in_scope(Event.objects.all(), access, "backoffice.event.view").annotate(
        actor=Subquery(names)
    )


def visible_readings(access: Access) -> QuerySet[ReadLog]:
    """Every reading of sensitive data in the company, with the name of who read."""
    names = User.objects.filter(pk=OuterRef("user_id")).values("name")[:1]
    return in_scope(ReadLog.objects.all(), access, "backoffice.reading.view").annotate(
        reader=Subquery(names)
    )


def record_of(event: Event, access: Access) -> dict[str, Any] | None:
    """What an event says, field by field, and the way to the record."""
    resource = registry.of(model) if (model := _model(event.target_type)) else None
    found = None
    if resource is not None and access.can(resource.view_permission):
        found = resource.queryset(access).filter(pk=event.target_id).first()
    return {
        "data": sorted(event.data.items()),
        "record": None if found is None or resource is None else resource.title(found),
        "url": None
        if found is None or resource is None
        else registry.url(resource, "detail", found.pk),
    }


def records_read(reading: ReadLog, access: Access) -> dict[str, Any] | None:
    """The records of one reading, those with names that this person may see."""
    resource = registry.RESOURCES.get(reading.kind)
    shown: list[tuple[int, Text, str]] = []
    if resource is not None and access.can(resource.view_permission):
        rows = resource.queryset(access).filter(pk__in=reading.ids[:PAGE])
        shown = [
            (row.pk, resource.title(row), registry.url(resource, "detail", row.pk)) for row in rows
        ]
    return {"shown": shown, "others": len(reading.ids) - len(shown)}


@dataclass(frozen=True, slots=True)
class OwnReading:
    """That somebody saw data of the person who asks: when, who, what, and by which door."""

    id: int
    at: dt.datetime
    reader: str
    kind: Text
    door: Text
    mine: bool


def readings_about_me(access: Access, before: int = 0) -> list[OwnReading]:
    """Who read restricted data about the person behind the account, newest first, one page.

    Args:
        access: Who asks; an account without a person has nothing.
        before: Only readings before this one.
    """
    records = list(_records_of(access))
    if not records:
        return []
    kinds, keys = zip(*records, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT log.id, log.at, coalesce(reader.name, ''), log.kind, log.channel, log.user_id = %s
            FROM backoffice_read_log log LEFT JOIN backoffice_user reader ON reader.id = log.user_id
            WHERE log.company_id = %s AND (%s = 0 OR log.id < %s)
              AND EXISTS (SELECT FROM unnest(%s::text[], %s::bigint[]) AS mine (kind, pk)
                          WHERE mine.kind = log.kind AND log.ids @> to_jsonb(mine.pk))
            ORDER BY log.id DESC LIMIT %s
            """,
            [access.user_id, access.company_id, before, before, list(kinds), list(keys), PAGE + 1],
        )
        rows = cursor.fetchall()
    labels = Labels()
    return [
        OwnReading(
            pk, at, reader, labels.get(kind, kind), CHANNELS.get(channel, channel), bool(mine)
        )
        for pk, at, reader, kind, channel, mine in rows
    ]


def _records_of(access: Access) -> Iterator[tuple[str, int]]:
    """Kind and key of every record of restricted data that is about this person."""
    if access.person_id is None:
        return
    for resource in registry.RESOURCES.values():
        if not resource.person:
            continue
        about = {resource.person: access.person_id, "company_id": access.company_id}
        keys = resource.model._default_manager.filter(**about).values_list("pk", flat=True)
        yield from ((resource.name, pk) for pk in keys)
