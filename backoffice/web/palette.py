"""What the command palette finds: pages, things to create, records."""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backoffice.database.keyset import BadQuery
from backoffice.resources import registry
from backoffice.web import menu

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

PAGES_SHOWN = 8


@dataclass(frozen=True)
class Item:
    """One line of the palette."""

    label: str | Promise
    url: str
    icon: str
    hint: str | Promise = ""


@dataclass(frozen=True)
class Found:
    """Lines of one kind under their heading."""

    label: str | Promise
    items: list[Item]


def find(access: "Access", typed: str) -> list[Found]:
    """Pages and creations whose words match, then records; without a text, all pages.

    A text that begins with ``>`` looks only for pages and things to create.
    """
    only_actions = typed.startswith(">")
    text = typed.lstrip("> ").strip()
    groups = [
        Found(_("Go to"), _pages(access, text)),
        Found(_("Create"), _creations(access, text)),
    ]
    if text and not only_actions:
        groups += _records(access, text)
    return [group for group in groups if group.items]


def fold(text: str) -> str:
    """The text without accents and case, as people type it in a hurry."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _matches(text: str, *labels: str | Promise) -> bool:
    """Whether every word that was typed begins a word of the labels."""
    words = fold(" ".join(map(str, labels))).split()
    return all(any(word.startswith(part) for word in words) for part in fold(text).split())


def _pages(access: "Access", text: str) -> list[Item]:
    found = [Item(_("My day"), "/", "home")] if _matches(text, _("My day")) else []
    for group in menu.groups(access):
        found += [
            Item(entry.label, entry.url, entry.icon, group.label)
            for entry in group.items
            if _matches(text, entry.label, group.label)
        ]
    # Pages named so come before pages of an area named so.
    found.sort(key=lambda item: not _matches(text, item.label))
    return found[:PAGES_SHOWN] if text else found


def _creations(access: "Access", text: str) -> list[Item]:
    found = []
    for resource in registry.RESOURCES.values():
        create = resource.create
        if create is None or not text or not registry.may_run(create, access):
            continue
        if _matches(text, create.label, resource.label, resource.label_plural):
            url = registry.url(resource, "create")
            found.append(Item(create.label, url, create.icon, resource.label))
    return found[:PAGES_SHOWN]


def _records(access: "Access", text: str) -> list[Found]:
    try:
        groups = registry.search(access, text)
    except BadQuery:
        return []
    return [
        Found(group.label, [Item(label, url, group.icon, hint) for label, hint, url in group.items])
        for group in groups
    ]
