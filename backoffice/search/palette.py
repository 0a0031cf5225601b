"""What the command palette offers: pages, things to create, what can be done here, and records.

A first letter narrows it: ``>`` what can be done, ``@`` people, ``#`` documents.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backoffice.identity.models import User
from backoffice.identity.selectors import companies_of
from backoffice.resources import panels, registry
from backoffice.resources.records import Resource
from backoffice.search import kept, selectors, sources
from backoffice.search.rules import fold
from backoffice.search.selectors import Hit
from backoffice.web import menu

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

PAGES_SHOWN = 8
LONGEST = 100
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Item:
    """One line of the palette: a way to a page, or, with ``post``, a change at its address.

    Attributes:
        pieces: The label cut into what was typed and what was not.
        reason: Why it cannot be done now; such a line leads nowhere.
        post: What is sent to the address; nothing for a plain way.
        actions: Whether more can be done with it: a record.
    """

    label: str | Promise
    url: str
    icon: str
    hint: str | Promise = ""
    pieces: Pieces = field(default_factory=list)
    reason: str | Promise = ""
    post: dict[str, str] = field(default_factory=dict)
    actions: bool = False


@dataclass(frozen=True)
class Found:
    """Lines of one kind under their heading; ``all_url`` leads to those that are not shown."""

    label: str | Promise
    items: list[Item]
    all_url: str = ""
    total: int = 0


@dataclass(frozen=True)
class Place:
    """Where somebody is: a record's page, or a row chosen in a list."""

    resource: Resource
    pk: int


def place_of(path: str) -> Place | None:
    """The record that an address is about; None for any other page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    resource = registry.RESOURCES.get(match.view_name.rpartition(".")[0])
    pk = match.kwargs.get("pk")
    return Place(resource, pk) if resource is not None and isinstance(pk, int) else None


def find(access: "Access", typed: str, place: Place | None = None) -> list[Found]:
    """What fits what was typed: what can be done here, records, pages, things to create.

    Without a text: what can be done here, recent records, favourites and all pages.

    Args:
        access: Who asks.
        typed: What they typed.
        place: The record they are at.

    Raises:
        BadQuery: The text is longer than anything searchable.
    """
    sign, text = typed.strip()[:1], typed.strip()
    if sign in {"@", "#"}:
        return _records(access, text[1:].strip(), kinds_of(sign))
    only_actions = sign == ">"
    text = text.lstrip("> ").strip()
    here = [_here(access, place, text)] if place else []
    groups = [*here, Found(_("Go to"), _pages(access, text))]
    if text or only_actions:
        groups.append(Found(_("Create"), creations(access, text)))
        groups.append(Found(_("Switch"), _switches(access, text)))
    else:
        at_hand = [Found(_("Recent"), _lines(kept.recent(access)))]
        at_hand.append(Found(_("Favourites"), _lines(kept.favourites(access))))
        groups[len(here) : len(here)] = at_hand
    if text and not only_actions:
        groups += _records(access, text)
    return [group for group in groups if group.items]


def _lines(found: list[kept.Kept]) -> list[Item]:
    return [
        Item(each.label, each.url, each.icon, each.hint, actions=each.pk is not None)
        for each in found
    ]


def _here(access: "Access", place: Place, text: str) -> Found:
    """What this person may do with the record now, and why not what they may not."""
    resource = place.resource
    allowed = access.can(resource.view_permission)
    record = resource.queryset(access).filter(pk=place.pk).first() if allowed else None
    if record is None:
        return Found("", [])
    items = [
        Item(button.label, button.url, button.icon, resource.label, reason=button.reason)
        for button in panels.buttons(resource, record, access)
        if matches(text, button.label, resource.label)
    ]
    return Found(resource.title(record), items)


def _switches(access: "Access", text: str) -> list[Item]:
    """Other companies, other themes; only when something is typed, so that none is switched by Enter."""
    if not text:
        return []
    user = User.objects.get(pk=access.user_id)
    companies = companies_of(user, access.on).exclude(pk=access.company_id)
    label = _("Work in another company")
    found = [
        Item(str(each), reverse("web:company"), "building", label, post={"company": str(each.pk)})
        for each in companies
        if matches(text, str(each), label)
    ]
    themes = {"light": (_("Light"), "sun"), "dark": (_("Dark"), "moon")}
    themes["auto"] = (_("Like the system"), "device-desktop")
    return found + [
        Item(name, reverse("web:theme"), icon, _("Appearance"), post={"theme": theme})
        for theme, (name, icon) in themes.items()
        if matches(text, name, _("Appearance"))
    ]


def kinds_of(sign: str) -> list[str]:
    """The objects that a sign stands for."""
    wanted = "person" if sign == "@" else "document"
    return [name for name in sources.names() if getattr(sources.of(name).declared, wanted)]


def matches(text: str, *labels: str | Promise) -> bool:
    """Whether every word that was typed begins a word of the labels."""
    words = fold(" ".join(map(str, labels))).split()
    return all(any(word.startswith(part) for word in words) for part in fold(text).split())


def _pages(access: "Access", text: str) -> list[Item]:
    found = [Item(_("My day"), "/", "home")] if matches(text, _("My day")) else []
    for group in menu.groups(access):
        found += [
            Item(entry.label, entry.url, entry.icon, group.label)
            for entry in group.items
            if matches(text, entry.label, group.label)
        ]
    # Pages named so come before pages of an area named so.
    found.sort(key=lambda item: not matches(text, item.label))
    return found[:PAGES_SHOWN] if text else found


def creations(access: "Access", text: str = "") -> list[Item]:
    """What this person may create, with the object as hint."""
    found = []
    for resource in registry.RESOURCES.values():
        create = resource.create
        if create is None or not registry.may_run(create, access):
            continue
        if matches(text, create.label, resource.label, resource.label_plural):
            url = registry.url(resource, "create")
            found.append(Item(create.label, url, create.icon, resource.label))
    return found[:PAGES_SHOWN] if text else found


def _records(access: "Access", text: str, kinds: list[str] | None = None) -> list[Found]:
    """Records of each kind; ``kinds`` None means of all."""
    if kinds == [] or not text:
        return []
    found = selectors.find(access, text, kinds=kinds or ())
    return [
        Found(
            group.resource.label_plural,
            [item_of(hit) for hit in group.hits],
            all_url=all_of(group.resource.name, text) if group.total > len(group.hits) else "",
            total=group.total,
        )
        for group in found
    ]


def all_of(kind: str, text: str) -> str:
    """Address of the page with every record of one object that a text finds."""
    return f"{reverse('search:results')}?{urlencode({'q': text, 'kind': kind})}"


def item_of(hit: Hit) -> Item:
    """A record that was found, as a line."""
    icon = registry.RESOURCES[hit.kind].icon
    return Item(hit.title, hit.url, icon, hit.hint, pieces=hit.pieces, actions=True)
