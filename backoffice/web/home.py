"""The home page "My day": sections and key figures that areas and kernel folders register.

A section is asked for its context only when its reader may see it; one that returns None has
nothing to say today and is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise
Context = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the home page.

    Attributes:
        name: Unique, for the page's anchor: ``approvals``.
        title: Heading.
        icon: Name of the icon.
        order: Place on the page; what must be done comes first.
        template: Draws the content inside the panel; gets what ``context`` returns.
        context: What the template needs, or None to leave the section out. The key ``count`` is
            shown beside the heading, ``link_url`` and ``link_label`` at its right.
        permission: Who sees it; empty for everybody.
        side: Stands in the right column.
        flush: Its content reaches the panel's edges, as tables and lists do.
    """

    name: str
    title: Text
    icon: str
    order: int
    template: str
    context: Callable[[HttpRequest], Context | None]
    permission: str = ""
    side: bool = False
    flush: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The value of a key figure today, already written: ``{% kpi %}`` shows it.

    ``delta`` is the change with its sign, or words when there is none; ``trend`` the values so far,
    oldest first, the last of which is this one.
    """

    value: object
    url: str = ""
    delta: str = ""
    tone: str = "neutral"
    hint: Text = ""
    target: object = ""
    trend: tuple[Decimal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """A key figure of a role; the first three that a person may see stand on the home page."""

    name: str
    label: Text
    order: int
    permission: str
    figure: Callable[[HttpRequest], Figure | None]


SECTIONS: dict[str, Section] = {}
KPIS: dict[str, Kpi] = {}
KPIS_SHOWN = 3


def register(*parts: Section | Kpi) -> None:
    """Add sections and key figures.

    Raises:
        ValueError: Another one has the same name.
    """
    for part in parts:
        known: dict[str, Any] = SECTIONS if isinstance(part, Section) else KPIS
        if part.name in known:
            msg = f"two parts of the home page are named {part.name}"
            raise ValueError(msg)
        known[part.name] = part


def sections(request: HttpRequest) -> list[tuple[Section, Context]]:
    """The sections that this person sees today, with what each shows."""
    access = request.access  # type: ignore[attr-defined]
    found = []
    for section in sorted(SECTIONS.values(), key=lambda each: each.order):
        if section.permission and not access.can(section.permission):
            continue
        context = section.context(request)
        if context is not None:
            found.append((section, context))
    return found


def figures(request: HttpRequest) -> list[tuple[Kpi, Figure]]:
    """The first three key figures of this person's roles that have a value today."""
    access = request.access  # type: ignore[attr-defined]
    found: list[tuple[Kpi, Figure]] = []
    for kpi in sorted(KPIS.values(), key=lambda each: each.order):
        if len(found) < KPIS_SHOWN and access.can(kpi.permission):
            figure = kpi.figure(request)
            if figure is not None:
                found.append((kpi, figure))
    return found
