"""Records that somebody may link, found by what they typed."""

from typing import NamedTuple

from backoffice.identity.rules import Access
from backoffice.links.models import Link
from backoffice.links.objects import OBJECTS
from backoffice.links.selectors import MANAGE, Linked, links_of
from backoffice.links.services import RecordRef
from backoffice.resources import listing, registry

HITS = 5
SHORTEST = 2


class Candidate(NamedTuple):
    """A record that can be chosen: its reference as text, its title, and what it is."""

    value: str
    text: str
    hint: str


def written(ref: RecordRef) -> str:
    """A record as one text: ``hr.employee:7``."""
    return f"{ref.kind}:{ref.pk}"


def read(text: str) -> RecordRef | None:
    """The record behind a text; None when it is not written like one."""
    name, _colon, pk = text.partition(":")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19) or OBJECTS.answer.kind(name) is None:
        return None
    return RecordRef(name, int(pk))


def linkable(access: Access, ref: RecordRef) -> str | None:
    """What a record is called, if this person sees it and may link it."""
    objects = OBJECTS.answer
    kind = objects.kind(ref.kind)
    if kind is None or not access.can(MANAGE):
        return None
    record = objects.rows(kind, access, MANAGE).filter(pk=ref.pk).first()
    return None if record is None else objects.title(kind, record)


def candidates(access: Access, typed: str) -> list[Candidate]:
    """The first few records of each object in whose texts every word stands.

    One statement for each object with search fields that the person may read.

    Raises:
        BadQuery: The text is longer than anything searchable.
    """
    if len(typed.strip()) < SHORTEST or not access.can(MANAGE):
        return []
    found = []
    for resource in registry.RESOURCES.values():
        paths = listing.searchable(resource, access)
        if not (paths and access.can(resource.view_permission)):
            continue
        rows = listing.search(listing.reachable(resource, access, MANAGE), paths, typed)
        found += [
            Candidate(f"{resource.name}:{row.pk}", str(resource.title(row)), str(resource.label))
            for row in rows.order_by("pk")[:HITS]
        ]
    return found


def shown_links(access: Access, ref: RecordRef) -> list[Linked] | None:
    """The links of a record that this person sees; None when they do not see the record."""
    objects = OBJECTS.answer
    kind = objects.kind(ref.kind)
    if kind is None or not objects.rows(kind, access, "").filter(pk=ref.pk).exists():
        return None
    return links_of(access, kind.model, ref.pk)


def as_shown(access: Access, link: Link) -> Linked | None:
    """A link as it looks from its source, if this person sees both of its records."""
    shown = links_of(access, link.source_type, link.source_id)
    return next((each for each in shown if each.link.pk == link.pk), None)
