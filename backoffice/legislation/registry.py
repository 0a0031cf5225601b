"""What areas tell the pages of the law: the effect of a change of tables, and the work of a duty."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from django.utils.functional import Promise

from backoffice.law.rules import TableVersion
from backoffice.ports import ManyPort

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of legal tables that is only thought of.

    Attributes:
        before: The versions that count now.
        after: The versions as they would be.
    """

    before: tuple[TableVersion, ...]
    after: tuple[TableVersion, ...]


class Difference(NamedTuple):
    """What an amount changes by in all, in BRL."""

    label: Text
    amount: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a proposal changes in one document, computed for real and written nowhere.

    Attributes:
        title: The document, such as the payroll of a month.
        url: Its page.
        state: Where it stands, in words.
        count: How many of its items would change, or would become possible.
        total: How many items it has.
        amounts: What changes, and by how much.
        note: What follows, in one sentence.
    """

    title: Text
    url: str
    state: Text
    count: int
    total: int
    amounts: tuple[Difference, ...] = ()
    note: Text = ""


class Preview(Protocol):
    """What an area says about a change of tables.

    It must read only, and must give nothing that the access may not see.
    """

    def __call__(self, access: "Access", proposal: Proposal) -> Iterable[Effect]:
        """The documents that the proposal would change."""
        ...


EFFECTS: ManyPort[Preview] = ManyPort("legislation.effects", Preview)


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyWork:
    """What there is to do for a duty of one month: the amount in BRL, and the page of the work."""

    label: Text
    url: str
    amount: Decimal | None = None
    done: bool = False


Work = Callable[["Access", Iterable[dt.date]], Mapping[dt.date, DutyWork]]

WORK: dict[str, Work] = {}


def register_work(duty: str, work: Work) -> None:
    """Add what there is to do for a duty, by its code after ``duty.``.

    Raises:
        ValueError: Another area answers for the duty.
    """
    if WORK.setdefault(duty, work) is not work:
        msg = f"two areas answer for the duty {duty}"
        raise ValueError(msg)


def effects_of(access: "Access", proposal: Proposal) -> list[Effect]:
    """What every area says about a proposal, for what this person may see."""
    return [effect for preview in EFFECTS.answers for effect in preview(access, proposal)]
