"""Named reads: what is linked to a record, as far as a person may see it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from backoffice.identity.rules import Access
from backoffice.links.kinds import KINDS
from backoffice.links.models import Link
from backoffice.links.objects import OBJECTS, ObjectKind

VIEW = "backoffice.link.view"
MANAGE = "backoffice.link.manage"
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Linked:
    """One link as it looks from one of its records.

    Attributes:
        words: What the record at hand is to the other one.
        forward: The record at hand is the source.
        kind: Of the other record.
        pk: Of the other record.
        title: What people call the other record.
        url: Its page.
        removable: The person may take the link away.
    """

    link: Link
    words: str | Promise
    forward: bool
    kind: ObjectKind
    pk: int
    title: str
    url: str
    removable: bool


def links_of(access: Access, model: str, pk: int) -> list[Linked]:
    """Links of a record to records that this person may see, oldest kind first, newest link first.

    One statement for the links, and one for each kind of record at their other ends. The record
    itself must be one that the person may see: that is asked before.
    """
    here = Q(source_type=model, source_id=pk) | Q(target_type=model, target_id=pk)
    rows = Link.objects.filter(here, company_id=access.company_id, removed_at__isnull=True)
    links = list(rows.order_by("-since", "-pk")[:SHOWN])
    wanted = defaultdict(set)
    for link in links:
        other, other_pk = _other(link, model, pk)
        wanted[other].add(other_pk)
    seen = {key: each for other, pks in wanted.items() for key, each in _seen(access, other, pks)}
    manages = access.can(MANAGE)
    found = [
        _linked(link, ends, seen[ends], forward=_is_source(link, model, pk), manages=manages)
        for link in links
        if (ends := _other(link, model, pk)) in seen and link.kind in KINDS
    ]
    return sorted(found, key=lambda each: (list(KINDS).index(each.link.kind), not each.forward))


def _seen(access: Access, model: str, pks: set[int]) -> Any:  # noqa: ANN401  pairs
    """Those of the records that the person may see: end -> (kind, title)."""
    objects = OBJECTS.answer
    kind = objects.kind(model)
    if kind is None:
        return
    for record in objects.rows(kind, access, "").filter(pk__in=pks):
        yield (model, record.pk), (kind, objects.title(kind, record))


def _linked(
    link: Link,
    ends: tuple[str, int],
    seen: tuple[ObjectKind, str],
    *,
    forward: bool,
    manages: bool,
) -> Linked:
    declared, (kind, title) = KINDS[link.kind], seen
    return Linked(
        link=link,
        words=declared.forward if forward else declared.backward,
        forward=forward,
        kind=kind,
        pk=ends[1],
        title=title,
        url=OBJECTS.answer.url(kind, ends[1]),
        removable=manages and declared.by_people,
    )


def _is_source(link: Link, model: str, pk: int) -> bool:
    return (link.source_type, link.source_id) == (model, pk)


def _other(link: Link, model: str, pk: int) -> tuple[str, int]:
    """The record at the other end."""
    if _is_source(link, model, pk):
        return link.target_type, link.target_id
    return link.source_type, link.source_id


def visible_links(access: Access, link_id: int) -> QuerySet[Link]:
    """The open link with a key, if this person sees both of its records."""
    link = Link.objects.filter(
        company_id=access.company_id, pk=link_id, removed_at__isnull=True
    ).first()
    none = Link.objects.none()
    if link is None:
        return none
    ends = ((link.source_type, link.source_id), (link.target_type, link.target_id))
    whole = all(list(_seen(access, model, {pk})) for model, pk in ends)
    return Link.objects.filter(pk=link.pk) if whole else none


def links_html(model: str, pk: int, access: Access) -> SafeString:
    """The links of a record, for its page; empty where there are none and none can be made."""
    kind = OBJECTS.answer.kind(model)
    links = [
        each
        for each in (links_of(access, model, pk) if kind else [])
        if each.forward or not KINDS[each.link.kind].own_panel
    ]
    manages = access.can(MANAGE)
    if kind is None or not (links or manages):
        return SafeString("")
    groups: dict[str, list[Linked]] = defaultdict(list)
    for each in links:
        groups[str(each.words)].append(each)
    context = {"groups": list(groups.items()), "kind": kind, "pk": pk, "manages": manages}
    return render_to_string("links/panel.html", context)
