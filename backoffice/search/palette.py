"""What the command palette offers: pages, things to create, what can be done here, and records.

A first letter narrows it: ``>`` what can be done, ``@`` people, ``#`` documents.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backoffice.resources import registry
from backoffice.search import selectors, sources
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


def find(access: "Access", typed: str) -> list[Found]:
    """Pages and creations whose words match, then records; without a text, all pages.

    Raises:
        BadQuery: The text is longer than anything searchable.
    """
    sign, text = typed[:1], typed.strip()
    if sign in {"@", "#"}:
        return _records(access, text[1:].strip(), kinds_of(sign))
    only_actions = sign == ">"
    text = text.lstrip("> ").strip()
    groups = [
        Found(_("Go to"), _pages(access, text)),
        Found(_("Create"), creations(access, text) if text else []),
    ]
    if text and not only_actions:
        groups += _records(access, text)
    return [group for group in groups if group.items]


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
