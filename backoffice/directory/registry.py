"""What the areas tell of a party: what is linked to it, and why it may not be merged away."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from backoffice.identity.rules import Access

Text = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that is linked to a party."""

    text: Text
    detail: Text = ""
    url: str = ""
    day: dt.date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Things of one kind that are linked to parties.

    Attributes:
        label: Their kind, in the plural.
        icon: Its icon.
        permission: Who may see them at all.
        rows: Those of a party, under any of its keys, that this person may see.
    """

    label: Text
    icon: str
    permission: str
    rows: Callable[[Access, Sequence[int]], list[Entry]]


LINKS: list[Links] = []
REFUSALS: list[Callable[[int, int], Text | None]] = []


def register_links(*links: Links) -> None:
    """Show things on the page of a party."""
    LINKS.extend(links)


def register_refusal(refusal: Callable[[int, int], Text | None]) -> None:
    """Let an area say why a party (company, party) may not be merged into another; None if it may."""
    REFUSALS.append(refusal)


def linked(access: Access, party_ids: Sequence[int]) -> list[tuple[Links, list[Entry]]]:
    """Everything that is linked to a party and that this person may see."""
    found = [(each, each.rows(access, party_ids)) for each in LINKS if access.can(each.permission)]
    return [(each, rows) for each, rows in found if rows]
