"""What stands in the left menu and in the command palette: objects, and pages that are none.

Objects come from the resource registry; other pages are added with ``register`` in a subject's
``register.py``. The counters beside the entries load in one later request.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise

from backoffice.resources import registry

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Group:
    """Entries of a long area under a heading that opens and closes."""

    area: str
    code: str
    label: Text
    order: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page for the menu that is no object: a wizard, an inbox, a board.

    Attributes:
        area: Code of the area, as registered with ``resources.registry.register_area``.
        label: What people read.
        icon: Name of the icon.
        url_name: Name of the address, without arguments.
        permission: Who sees it; empty for everybody who is logged in.
        order: Place among the entries of the area.
        group: Code of the group of the area in which it stands; empty for none.
        key: Letter after ``g`` that opens it.
        counter: How much of it waits for this person.
    """

    area: str
    label: Text
    icon: str
    url_name: str
    permission: str = ""
    order: int = 100
    group: str = ""
    key: str = ""
    counter: "Callable[[Access], int] | None" = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the menu for one person."""

    area: str
    label: Text
    icon: str
    url: str
    order: int
    group: str = ""
    key: str = ""
    counter: "Callable[[Access], int] | None" = None

    @property
    def counter_id(self) -> str:
        """Where the counter stands in the page."""
        return "count" + self.url.replace("/", "-").rstrip("-")


@dataclass(frozen=True)
class AreaMenu:
    """One area of the menu with its entries; those of one group stand together, after those of none."""

    code: str
    label: Text
    icon: str
    items: tuple[Entry, ...]


PAGES: list[Page] = []
GROUPS: dict[tuple[str, str], Group] = {}


def register_group(*groups: Group) -> None:
    """Name groups of an area."""
    GROUPS.update({(group.area, group.code): group for group in groups})


def register(*pages: Page) -> None:
    """Add pages to the menu and to the palette."""
    PAGES.extend(pages)


def entries(access: "Access") -> Iterator[Entry]:
    """Every entry that this person may open, in no particular order."""
    for item in registry.menu_items(access):
        yield Entry(
            area=item.area,
            label=item.label,
            icon=item.icon,
            url=item.url,
            order=item.order,
            group=item.group,
            key=item.key,
        )
    for page in PAGES:
        if not page.permission or access.can(page.permission):
            yield Entry(
                area=page.area,
                label=page.label,
                icon=page.icon,
                url=reverse(page.url_name),
                order=page.order,
                group=page.group,
                key=page.key,
                counter=page.counter,
            )


def groups(access: "Access") -> tuple[AreaMenu, ...]:
    """The menu of this person: areas in their order, and in each the entries in theirs."""

    def place(entry: Entry) -> tuple[int, str, int, int, str]:
        area = registry.AREAS[entry.area]
        group = GROUPS[entry.area, entry.group].order if entry.group else -1
        return (area.order, entry.area, group, entry.order, str(entry.label))

    found = []
    for code, items in groupby(sorted(entries(access), key=place), key=lambda entry: entry.area):
        area = registry.AREAS[code]
        found.append(AreaMenu(code=code, label=area.label, icon=area.icon, items=tuple(items)))
    return tuple(found)
