"""The inventory of personal data: every field of every model is declared, personal or not.

A subject declares its models once, beside its objects. A field that nobody declared is found by
``manage.py check``, and a test fails.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
class Declared:
    """What is said of one model.

    Attributes:
        model: Its label.
        about: Paths that lead from a row to the person or account that it is about.
        personal: Field -> use.
        plain: Fields that hold nothing about a person.
    """

    model: str
    about: tuple[str, ...]
    personal: Mapping[str, Use]
    plain: frozenset[str]


INVENTORY: dict[str, Declared] = {}


def declare(model: str, *, about: str = "", plain: str = "", **uses: tuple[Use, str]) -> None:
    """Say of each field of a model whether it is personal, and what for.

    Args:
        model: Label, such as ``hr.Employee``.
        about: Paths to a party or an account, with spaces between.
        plain: Fields that hold nothing about a person.
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
    INVENTORY[model] = Declared(model, tuple(about.split()), personal, frozenset(plain.split()))
