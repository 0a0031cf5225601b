"""Which records people can gather around: every registered object, by its name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from backoffice.identity.rules import Access
from backoffice.work.registry import PROCESSES

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """One kind of record, as its ``Resource`` declares it.

    Attributes:
        name: Of the object: ``hr.employee``.
        model: Label of its model in small letters, as events name it.
        label: What people call it.
        rows: The records for which an access holds a permission, among those that it sees.
        all_rows: Every record, for the system.
        title: What a record of ``rows`` is called.
        url: Address of a record's page.
        person: ORM path to the key of the party whom a record is about; empty when it is about none.
        words: Last word of an event's name -> what watchers are told.
        process: Name of its work process.
    """

    name: str
    model: str
    label: Text
    rows: Callable[[Access, str], QuerySet[Any]]
    all_rows: QuerySet[Any]
    title: Callable[[Any], Text]
    url: Callable[[int], str]
    person: str = ""
    words: Mapping[str, Text] = field(default_factory=dict)
    process: str = ""

    def told(self) -> Iterator[tuple[str, Text]]:
        """Names of the events that change where a record stands, with their words."""
        if self.process in PROCESSES:
            for step in PROCESSES[self.process].steps:
                yield f"{self.process}.{step.action}", step.label
        for word, text in self.words.items():
            yield f"{self.name}.{word}", text


KINDS: dict[str, RecordKind] = {}
"""By name of the object."""


def register_object(
    resource: Any,  # noqa: ANN401  a Resource, which stands above this folder
    reachable: Callable[[Any, Access, str], QuerySet[Any]],
    url: Callable[[Any, str, int], str],
) -> RecordKind:
    """Let people gather around the records of a registered object."""
    model: type[Model] = resource.model
    return KINDS.setdefault(
        resource.name,
        RecordKind(
            name=resource.name,
            model=model._meta.label_lower,
            label=resource.label,
            rows=lambda access, permission: reachable(resource, access, permission),
            all_rows=model._meta.base_manager.all(),
            title=resource.title,
            url=lambda pk: url(resource, "detail", pk),
            person=resource.person,
            words=resource.events,
            process=resource.process,
        ),
    )
