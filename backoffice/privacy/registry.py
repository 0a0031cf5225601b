"""The inventory of personal data: every field of every model is declared, personal or not.

A subject declares its models once, beside its objects. A field that nobody declared is found by
``manage.py check``, and a test fails.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.utils.functional import Promise

from backoffice.resources.records import DataClass

Text = str | Promise


class CountsFrom(StrEnum):
    """The event from which a term is counted."""

    EMPLOYMENT_END = "employment_end"
    RELATION_END = "relation_end"
    ACCOUNT_END = "account_end"
    WRITTEN = "written"


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long something is kept: a proposal with its source, for an accountant or lawyer to review.

    Attributes:
        code: Stable.
        counts_from: The event.
        months: Term after it; None for what is kept for good.
        source: Law or practice that it rests on.
        valid_from: Day from which this version of the rule holds.
        reviewed_by: Who checked it; empty while nobody has.
    """

    code: str
    counts_from: CountsFrom
    months: int | None
    source: Text
    valid_from: dt.date
    reviewed_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """One use of personal data: the same class, purpose, basis and term for several fields."""

    data_class: DataClass
    purpose: Text
    basis: Text
    retention: Retention


@dataclass(frozen=True, slots=True)
class Way:
    """How a row leads to a person other than by foreign keys to a party or an account.

    Attributes:
        kind: ``number``: the field is the key of a row of the model ``to``; ``record``: the fields name a
            record by the label of its model and its key; ``object``: by the name of its object and its
            key (or a list of keys); ``held``: the field of the model ``to`` points at the row.
        fields: One field, or kind and key of a record, as ORM paths.
        to: Label of a model.
        where: What else must hold of the row.
    """

    kind: Literal["number", "record", "object", "held"]
    fields: tuple[str, ...]
    to: str = ""
    where: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Declared:
    """What is said of one model.

    Attributes:
        model: Its label.
        about: Paths that lead from a row to the person or account that it is about.
        by: Paths and numbers that lead to who did something to it: their trace, not their data.
        ways: What leads to the person otherwise; others may add to them.
        personal: Field -> use.
        plain: Fields that hold nothing about a person.
        sealed: Personal fields that nobody ever reads, such as the hash of a password.
    """

    model: str
    about: tuple[str, ...]
    by: tuple[str | Way, ...]
    ways: tuple[Way, ...]
    personal: Mapping[str, Use]
    plain: frozenset[str]
    sealed: frozenset[str]


INVENTORY: dict[str, Declared] = {}


def declare(
    model: str,
    *,
    about: str = "",
    by: str = "",
    leads: Sequence[Way] = (),
    plain: str = "",
    sealed: str = "",
    **uses: tuple[Use, str],
) -> None:
    """Say of each field of a model whether it is personal, and what for.

    Args:
        model: Label, such as ``hr.Employee``.
        about: Paths to a party or an account, with spaces between.
        by: Paths to who did it, or ``field:model`` for a plain number, with spaces between.
        leads: Other ways to the person.
        plain: Fields that hold nothing about a person.
        sealed: Which of the personal fields nobody ever reads.
        uses: Under any name, a use and the fields that serve it.

    Raises:
        ValueError: The model is declared already, or a field is named twice.
    """
    personal: dict[str, Use] = {}
    named = plain.split()
    for use, fields in uses.values():
        personal |= dict.fromkeys(fields.split(), use)
        named += fields.split()
    if model in INVENTORY or len(set(named)) != len(named):
        msg = f"{model} or one of its fields is declared twice"
        raise ValueError(msg)
    did = tuple(number(*each.split(":")) if ":" in each else each for each in by.split())
    INVENTORY[model] = Declared(
        model=model,
        about=tuple(about.split()),
        by=did,
        ways=tuple(leads),
        personal=personal,
        plain=frozenset(plain.split()),
        sealed=frozenset(sealed.split()),
    )


def leads_to(model: str, *ways: Way) -> None:
    """Add ways by which rows of a declared model lead to a person, known only to an area.

    Raises:
        KeyError: Nobody declared the model.
    """
    INVENTORY[model].ways += ways


def number(field: str, to: str, **where: str) -> Way:
    """The field is the key of a row of the model ``to``: an account, a party, or what is about one."""
    return Way("number", (field,), to, tuple(where.items()))


def record(kind: str, key: str) -> Way:
    """The two fields name a record by the label of its model and its key."""
    return Way("record", (kind, key))


def thing(kind: str, key: str) -> Way:
    """The two fields name a record by the name of its object and its key, or a list of keys."""
    return Way("object", (kind, key))


def held(field: str, by: str) -> Way:
    """The field of rows of the model ``by`` that are about the person points at the row."""
    return Way("held", (field,), by)
