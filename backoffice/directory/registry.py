"""What the areas tell of a party: what is linked to it, and why it may not be merged away."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from backoffice.identity.rules import Access
from backoffice.ports import ManyPort

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


class KeepsParty(Protocol):
    """Why an area does not let a party of a company be merged into another one."""

    def __call__(self, company_id: int, party_id: int) -> Text | None:
        """The reason; None when this area has nothing against it."""
        ...


KEEPS: ManyPort[KeepsParty] = ManyPort("directory.keeps_party", KeepsParty)


def register_links(*links: Links) -> None:
    """Show things on the page of a party."""
    LINKS.extend(links)


def linked(access: Access, party_ids: Sequence[int]) -> list[tuple[Links, list[Entry]]]:
    """Everything that is linked to a party and that this person may see."""
    found = [(each, each.rows(access, party_ids)) for each in LINKS if access.can(each.permission)]
    return [(each, rows) for each, rows in found if rows]
