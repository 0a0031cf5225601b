"""What has an end date: each subject declares it once, in its ``register.py``."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from backoffice.identity.rules import Access

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """What somebody does about it: a link to the page of the command.

    Attributes:
        label: Infinitive: "Install the next certificate".
        url: Address of the page, from the key of the row.
        permission: Who is offered it; empty for everybody who sees the row.
    """

    label: Text
    url: Callable[[int], str]
    permission: str = ""


@dataclass(frozen=True, kw_only=True)
class Expiry:
    """One kind of thing that ends on a day.

    Attributes:
        name: ``area.what``; stable, it stands in the database.
        label: What people call it.
        rows: ``(company_id, on) -> QuerySet``: what still matters on a day, whoever sees it; what was renewed,
            ended or taken away is not among it.
        visible: ``(access) -> QuerySet`` of the same model: what a person may see.
        ends: Path or expression of the last day (a date).
        called: Path or expression of what the thing is called.
        url: Address of its page, from its key.
        opens: Path of the key that the addresses take, where it is another record's.
        warn: Days before the last one on which people are told; 0 is the last day itself.
        told: Permission of those who are told and may snooze it; empty for nobody besides the
            responsible person.
        responsible: Path or expression of the account of who answers for it; empty when nobody does.
        renew: What is done about it.
    """

    name: str
    label: Text
    rows: Callable[[int, dt.date], QuerySet[Any]]
    visible: Callable[[Access], QuerySet[Any]]
    ends: str | Combinable
    called: str | Combinable
    url: Callable[[int], str]
    opens: str = "pk"
    warn: tuple[int, ...] = (30, 7, 0)
    told: str = ""
    responsible: str | Combinable = ""
    renew: Renewal | None = None

    @property
    def area(self) -> str:
        """First part of the name: ``hr``."""
        return self.name.partition(".")[0]


EXPIRIES: dict[str, Expiry] = {}


def register(*kinds: Expiry) -> None:
    """Make kinds known.

    Raises:
        ValueError: Two have the same name, or one warns in no falling order.
    """
    for kind in kinds:
        if EXPIRIES.setdefault(kind.name, kind) is not kind:
            msg = f"two kinds of expiry are named {kind.name}"
            raise ValueError(msg)
        if not kind.warn or list(kind.warn) != sorted(set(kind.warn), reverse=True):
            msg = f"{kind.name} warns on days that do not fall"
            raise ValueError(msg)
