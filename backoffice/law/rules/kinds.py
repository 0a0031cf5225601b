"""The tables that the product can read: their shape, and what is wrong in a payload.

A *table* is any dated figure of law: slices with rates, a single amount, a set of parameters, the
rule by which a duty falls due. Its payload is JSON with every figure as text, so that none passes
through a binary fraction. One shape serves the check, the form and the page.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Payload = Mapping[str, Any]

MOST_DAYS = 31


class ChosenBy(StrEnum):
    """The date by which a table is picked."""

    COMPETENCE = "competence"
    PAYMENT = "payment"


class Unit(StrEnum):
    """What a figure of a payload measures, and so how it is written and read."""

    MONEY = "money"
    RATE = "rate"
    FACTOR = "factor"
    COUNT = "count"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"


NUMBERS = frozenset({Unit.MONEY, Unit.RATE, Unit.FACTOR})


@dataclass(frozen=True, slots=True)
class Figure:
    """One named figure of a payload, or one column of its slices.

    Attributes:
        name: Its key.
        unit: What it measures. Money in BRL, rates and factors as fractions, counts from 0 to 31.
        choices: Of a ``CHOICE``.
        optional: Whether null is allowed.
    """

    name: str
    unit: Unit
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a payload: where, a stable code, and the value found there."""

    path: str
    code: str
    found: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A table that the product knows how to read.

    Attributes:
        code: Its name in data and code.
        chosen_by: The date by which a version is picked.
        figures: The figures of its payload.
        columns: Columns of its slices, for a table with slices that rise in limit and rate.
        open_end: Whether the last slice has no limit (income tax), or its limit is a ceiling.
        since: First day on which the law knows such a table; before it none is missing.
    """

    code: str
    chosen_by: ChosenBy
    figures: tuple[Figure, ...] = ()
    columns: tuple[Figure, ...] = ()
    open_end: bool = False
    since: dt.date = dt.date.min


def read_number(value: object) -> Decimal | None:
    """A figure of a payload; None if it is no text with a finite number that is not negative."""
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def check_payload(kind: str, payload: Payload) -> list[Problem]:
    """Everything that is wrong in the payload of a table; empty if it can be read.

    Raises:
        KeyError: The product knows no such table.
    """
    spec = kind_of(kind)
    if spec.columns:
        return _slice_problems(spec, payload)
    return _row_problems(payload, "", spec.figures)


def _row_problems(payload: Payload, path: str, figures: Sequence[Figure]) -> list[Problem]:
    names = [figure.name for figure in figures]
    problems = [Problem(f"{path}{name}", "lacking", "") for name in names if name not in payload]
    problems += [Problem(f"{path}{key}", "unknown", "") for key in payload if key not in names]
    for figure in figures:
        if figure.name not in payload:
            continue
        value = payload[figure.name]
        code = _wrong(figure, value)
        if code:
            shown = value if code == "not_a_share" else repr(value)
            problems.append(Problem(f"{path}{figure.name}", code, shown))
    return problems


def _wrong(figure: Figure, value: object) -> str:
    """The code of what is wrong with one value; empty when it fits."""
    if value is None and figure.optional:
        return ""
    if figure.unit in NUMBERS:
        number = read_number(value)
        if number is None:
            return "not_a_figure"
        return "not_a_share" if figure.unit is Unit.RATE and number >= 1 else ""
    code, fits = OTHERS[figure.unit]
    return "" if fits(figure, value) else code


def _is_count(_figure: Figure, value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) <= len(str(MOST_DAYS))
        and int(value) <= MOST_DAYS
    )


OTHERS: Mapping[Unit, tuple[str, Callable[[Figure, object], bool]]] = {
    Unit.CHOICE: ("not_a_choice", lambda figure, value: value in figure.choices),
    Unit.YES_NO: ("not_a_choice", lambda _figure, value: isinstance(value, bool)),
    Unit.TEXT: (
        "not_a_text",
        lambda _figure, value: isinstance(value, str) and bool(value.strip()),
    ),
    Unit.COUNT: ("not_a_count", _is_count),
}


def _slice_problems(spec: Kind, payload: Payload) -> list[Problem]:
    names = ("slices",)
    problems = [Problem(name, "lacking", "") for name in names if name not in payload]
    problems += [Problem(key, "unknown", "") for key in payload if key not in names]
    slices = payload.get("slices")
    if problems:
        return problems
    if not isinstance(slices, list) or not slices:
        return [Problem("slices", "not_a_list", repr(slices))]
    last = f"slices.{len(slices) - 1}"
    problems = [
        problem
        for number, row in enumerate(slices)
        for problem in _one_slice(row, f"slices.{number}", spec.columns)
        if not (spec.open_end and problem.path == f"{last}.up_to")
    ]
    end = slices[-1]
    if spec.open_end and isinstance(end, dict) and end.get("up_to", "") is not None:
        problems.append(Problem(f"{last}.up_to", "must_be_open", ""))
    return problems or _order_problems(slices)


def _one_slice(row: object, path: str, columns: Sequence[Figure]) -> list[Problem]:
    if not isinstance(row, dict):
        return [Problem(path, "not_a_row", repr(row))]
    return _row_problems(row, f"{path}.", columns)


def _order_problems(slices: list[dict[str, Any]]) -> list[Problem]:
    return [
        Problem(f"slices.{number}.{name}", "must_rise", str(row[name]))
        for number, (before, row) in enumerate(itertools.pairwise(slices), start=1)
        for name in ("up_to", "rate")
        if row[name] is not None and Decimal(row[name]) <= Decimal(before[name])
    ]


_UP_TO = Figure("up_to", Unit.MONEY)
_RATE = Figure("rate", Unit.RATE)
_AMOUNT = (Figure("amount", Unit.MONEY),)

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("inss", ChosenBy.COMPETENCE, columns=(_UP_TO, _RATE)),
        Kind("minimum_wage", ChosenBy.COMPETENCE, _AMOUNT),
        Kind(
            "family_allowance",
            ChosenBy.COMPETENCE,
            (
                Figure("quota", Unit.MONEY),
                Figure("limit", Unit.MONEY),
                Figure("limit_on", Unit.CHOICE, ("full_month", "earned")),
                Figure("proportional_days", Unit.YES_NO),
            ),
        ),
        Kind(
            "fgts",
            ChosenBy.COMPETENCE,
            (Figure("rate", Unit.RATE), Figure("apprentice_rate", Unit.RATE)),
        ),
        Kind(
            "irrf_monthly",
            ChosenBy.PAYMENT,
            columns=(_UP_TO, _RATE, Figure("deduct", Unit.MONEY)),
            open_end=True,
        ),
        Kind("irrf_dependant", ChosenBy.PAYMENT, _AMOUNT),
        Kind("irrf_simplified", ChosenBy.PAYMENT, _AMOUNT),
        Kind("irrf_minimum", ChosenBy.PAYMENT, _AMOUNT),
        Kind(
            "irrf_reduction",
            ChosenBy.PAYMENT,
            (
                Figure("full_up_to", Unit.MONEY),
                Figure("full", Unit.MONEY),
                Figure("until", Unit.MONEY),
                Figure("constant", Unit.MONEY),
                Figure("factor", Unit.FACTOR),
            ),
            since=dt.date(2026, 1, 1),
        ),
    )
}

DUTY_PREFIX = "duty."
DUTY = Kind(
    "duty",
    ChosenBy.COMPETENCE,
    (
        Figure("name", Unit.TEXT),
        Figure("responsible", Unit.CHOICE, ("hr", "finance", "accountant")),
        Figure("counts_from", Unit.CHOICE, ("competence", "payment")),
        Figure("only_month", Unit.COUNT, optional=True),
        Figure("months_after", Unit.COUNT),
        Figure("count", Unit.CHOICE, ("day", "business_day", "last_business_day")),
        Figure("day", Unit.COUNT, optional=True),
        Figure("saturday_counts", Unit.YES_NO),
        Figure("shift", Unit.CHOICE, ("earlier", "later", "none")),
    ),
)
"""The rule by which a duty falls due; the kinds are ``duty.<code>``, one for each duty."""


def is_duty(kind: str) -> bool:
    """Whether a kind is the rule of a duty, whoever entered it."""
    code = kind.removeprefix(DUTY_PREFIX)
    return kind.startswith(DUTY_PREFIX) and code.isascii() and code.isidentifier()


def kind_of(kind: str) -> Kind:
    """What the product knows of a kind.

    Raises:
        KeyError: It knows no such table.
    """
    return DUTY if is_duty(kind) else KINDS[kind]


def kinds_chosen_by(date: ChosenBy) -> tuple[str, ...]:
    """The codes of the tables of figures that are picked by the competence, or by the payment."""
    return tuple(code for code, kind in KINDS.items() if kind.chosen_by is date)
