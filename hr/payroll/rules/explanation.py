"""The shape of an explanation: numbers, steps, inputs and table rows under keys, without prose.

Words for the keys, in each language, are in ``hr.payroll.explanations``.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backoffice.law.rules import TableVersion


class Unit(StrEnum):
    """How a number is written."""

    MONEY = "money"
    EXACT_MONEY = "exact_money"
    RATE = "rate"
    FACTOR = "factor"
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit; rates are fractions, ``EXACT_MONEY`` may have fractions of a cent."""

    value: Decimal | int
    unit: Unit


Term = Number | str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a formula.

    Attributes:
        key: Names the label.
        expression: Numbers and signs as they are read; a single number where something is given.
        result: What comes out.
        facts: Numbers that the label mentions, by name.
    """

    key: str
    expression: tuple[Term, ...]
    result: Number
    facts: tuple[tuple[str, Number], ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """One fact that went in: its key and value."""

    key: str
    value: Number | dt.date | str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its figures by name (None is an open end), and whether it was used."""

    cells: tuple[tuple[str, Number | None], ...]
    used: bool


@dataclass(frozen=True, slots=True)
class TableUse:
    """A table that was used, with its act and source, and its rows, the used ones marked."""

    version: TableVersion
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one amount of a payslip was reached.

    Attributes:
        code: Pay item or total.
        rule: Name of the released rule.
        result: The amount; equal to the stored one to the cent.
        steps: The formula from the inputs to the result.
        inputs: The facts that went in.
        tables: The tables that were used.
        laws: The law, as cited in Portuguese.
        rounding: Key of how it was rounded.
        notes: Keys of remarks.
    """

    code: str
    rule: str
    result: Decimal
    steps: tuple[Step, ...]
    inputs: tuple[Given, ...]
    tables: tuple[TableUse, ...]
    laws: tuple[str, ...]
    rounding: str
    notes: tuple[str, ...] = ()


def money(value: Decimal) -> Number:
    """An amount in whole cents."""
    return Number(value, Unit.MONEY)


def exact(value: Decimal) -> Number:
    """An amount that may have fractions of a cent."""
    return Number(value, Unit.EXACT_MONEY)


def rate(value: Decimal) -> Number:
    """A fraction, written as a percentage."""
    return Number(value, Unit.RATE)


def days(value: int) -> Number:
    """A number of days."""
    return Number(value, Unit.DAYS)


def count(value: int) -> Number:
    """A number of persons."""
    return Number(value, Unit.COUNT)


def joined(sign: str, numbers: Sequence[Number]) -> tuple[Term, ...]:
    """Numbers with a sign between them: ``a + b + c``."""
    terms: list[Term] = []
    for number in numbers:
        terms += [sign, number] if terms else [number]
    return tuple(terms)
