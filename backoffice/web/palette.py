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


def _matches(label: str | Promise, text: str) -> bool:
    words = fold(str(label))
    return all(part in words for part in fold(text).split())


def _pages(access: "Access", text: str) -> list[Item]:
    labels = {code: area.label for code, area in registry.AREAS.items()}
    found = [Item(_("My day"), "/", "home")] if _matches(_("My day"), text) else []
    found += [
        Item(entry.label, entry.url, entry.icon, labels[entry.area])
        for group in menu.groups(access)
        for entry in group.items
        if _matches(entry.label, text)
    ]
    return found[:PAGES_SHOWN] if text else found


def _creations(access: "Access", text: str) -> list[Item]:
    return [
        Item(item.label, item.create_url, "plus", item.area_label)
        for item in registry.menu_items(access)
        if item.create_url and text and _matches(item.label, text)
    ][:PAGES_SHOWN]


def _records(access: "Access", text: str) -> list[Found]:
    try:
        groups = registry.search(access, text)
    except BadQuery:
        return []
    return [
        Found(group.label, [Item(label, url, group.icon, hint) for label, hint, url in group.items])
        for group in groups
    ]
