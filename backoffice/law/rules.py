"""Which version of a legal table holds on a day, and what a payload must look like.

A *table* is any dated figure of law: slices with rates, a single amount, a set of parameters. Its
payload is JSON with every figure as text, so that none passes through a binary fraction.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Payload = Mapping[str, Any]


class ChosenBy(StrEnum):
    """The date by which a table is picked."""

    COMPETENCE = "competence"
    PAYMENT = "payment"


class Absence(StrEnum):
    """Why there is no table for a day."""

    NONE = "none"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One verified version of one table, as rules and explanations read it.

    Attributes:
        id: Primary key of the row; what a computed result stores.
        kind: Code of the table, a key of ``KINDS``.
        valid_from: First day of validity, in competences or payment dates as the kind says.
        valid_to: Last day; None while no act has ended it.
        confirmed_through: Last day for which the verifier looked whether it still holds.
        known_from: Day from which this version was known to us; later than ``valid_from`` for a
            correction.
        act: The act of law, as cited.
        source: Where the figures were read.
        certainty: How sure the figures are.
        verified_by: Who compared them with the source.
        payload: The figures.
    """

    id: int
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    confirmed_through: dt.date | None
    known_from: dt.date
    act: str
    source: str
    certainty: str
    verified_by: str
    payload: Payload

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the validity covers ``day``, confirmed or not."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def holds_on(self, day: dt.date) -> bool:
        """Whether the table may be used for ``day``: valid, and confirmed up to it."""
        return self.is_valid_on(day) and (
            self.confirmed_through is None or day <= self.confirmed_through
        )


@dataclass(frozen=True, slots=True)
class MissingTable:
    """A table that law asks for on a day and that nobody verified.

    Attributes:
        kind: The table.
        on: The day.
        absence: No version at all, or one that was not confirmed up to that day.
        known_through: The last day up to which an earlier version may be used; None if none.
    """

    kind: str
    on: dt.date
    absence: Absence
    known_through: dt.date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a payload: where, a stable code, and the value found there."""

    path: str
    code: str
    found: str


Check = Callable[[Payload], list[Problem]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A table that the product knows how to read.

    Attributes:
        code: Its name in data and code.
        chosen_by: The date by which a version is picked.
        check: Finds what is wrong in a payload.
        since: First day on which the law knows such a table; before it none is missing.
    """

    code: str
    chosen_by: ChosenBy
    check: Check
    since: dt.date = dt.date.min


def choose(versions: Iterable[TableVersion], kind: str, on: dt.date) -> TableVersion | None:
    """The version of a table that may be used for a day; None if there is none.

    Args:
        versions: Verified versions that no correction has replaced.
        kind: The table.
        on: The competence or payment date, as the kind says.
    """
    return next(
        (version for version in versions if version.kind == kind and version.holds_on(on)), None
    )


def find_missing(
    versions: Sequence[TableVersion], kinds: Iterable[str], on: dt.date
) -> tuple[MissingTable, ...]:
    """The tables among ``kinds`` that the law asks for on a day and that cannot be used.

    An earlier version is never taken in its place: what is not verified for the day is missing.
    """
    return tuple(
        _absence(versions, kind, on)
        for kind in kinds
        if on >= KINDS[kind].since and choose(versions, kind, on) is None
    )


def _absence(versions: Sequence[TableVersion], kind: str, on: dt.date) -> MissingTable:
    earlier = [v for v in versions if v.kind == kind and v.valid_from <= on]
    absence = Absence.NOT_CONFIRMED if any(v.is_valid_on(on) for v in earlier) else Absence.NONE
    ends = (_usable_through(version) for version in earlier)
    return MissingTable(kind, on, absence, max((end for end in ends if end), default=None))


def _usable_through(version: TableVersion) -> dt.date | None:
    ends = [end for end in (version.valid_to, version.confirmed_through) if end is not None]
    return min(ends, default=None)


def check_payload(kind: str, payload: Payload) -> list[Problem]:
    """Everything that is wrong in the payload of a table; empty if it can be read.

    Raises:
        KeyError: The product knows no such table.
    """
    return KINDS[kind].check(payload)


def read_number(value: object) -> Decimal | None:
    """A figure of a payload; None if it is no text with a finite number that is not negative."""
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _figures(*names: str) -> Check:
    """A payload with exactly these figures."""

    def check(payload: Payload) -> list[Problem]:
        problems = _key_problems(payload, names)
        problems += [
            Problem(name, "not_a_figure", repr(payload[name]))
            for name in names
            if name in payload and read_number(payload[name]) is None
        ]
        return problems

    return check


def _key_problems(payload: Payload, names: Sequence[str], path: str = "") -> list[Problem]:
    lacking = [Problem(f"{path}{name}", "lacking", "") for name in names if name not in payload]
    unknown = [Problem(f"{path}{key}", "unknown", "") for key in payload if key not in names]
    return lacking + unknown


def _slices(*, deduct: bool) -> Check:
    """A payload with slices that rise in limit and rate.

    Args:
        deduct: Whether each slice has an amount to deduct and the last one has no limit (an
            income tax table), or the last limit is a ceiling (contributions).
    """
    names = ("up_to", "rate", "deduct") if deduct else ("up_to", "rate")

    def check(payload: Payload) -> list[Problem]:
        problems = _key_problems(payload, ("slices",))
        slices = payload.get("slices")
        if problems:
            return problems
        if not isinstance(slices, list) or not slices:
            return [Problem("slices", "not_a_list", repr(slices))]
        problems = [
            problem
            for number, row in enumerate(slices)
            for problem in _row_problems(row, f"slices.{number}.", names)
            if not (deduct and problem.path == f"slices.{len(slices) - 1}.up_to")
        ]
        last = slices[-1]
        if deduct and isinstance(last, dict) and last.get("up_to", "") is not None:
            problems.append(Problem(f"slices.{len(slices) - 1}.up_to", "must_be_open", ""))
        return problems or _order_problems(slices)

    return check


def _row_problems(row: object, path: str, names: Sequence[str]) -> list[Problem]:
    if not isinstance(row, dict):
        return [Problem(path.rstrip("."), "not_a_row", repr(row))]
    problems = _key_problems(row, names, path)
    problems += [
        Problem(f"{path}{name}", "not_a_figure", repr(row[name]))
        for name in names
        if name in row and read_number(row[name]) is None
    ]
    rate = read_number(row.get("rate"))
    if rate is not None and rate >= 1:
        problems.append(Problem(f"{path}rate", "not_a_share", str(rate)))
    return problems


def _order_problems(slices: list[dict[str, Any]]) -> list[Problem]:
    return [
        Problem(f"slices.{number}.{name}", "must_rise", str(row[name]))
        for number, (before, row) in enumerate(itertools.pairwise(slices), start=1)
        for name in ("up_to", "rate")
        if row[name] is not None and Decimal(row[name]) <= Decimal(before[name])
    ]


def _family_allowance(payload: Payload) -> list[Problem]:
    names = ("quota", "limit", "limit_on", "proportional_days")
    problems = _key_problems(payload, names)
    problems += [
        Problem(name, "not_a_figure", repr(payload[name]))
        for name in names[:2]
        if name in payload and read_number(payload[name]) is None
    ]
    if payload.get("limit_on", "full_month") not in {"full_month", "earned"}:
        problems.append(Problem("limit_on", "not_a_choice", repr(payload["limit_on"])))
    if not isinstance(payload.get("proportional_days", True), bool):
        problems.append(
            Problem("proportional_days", "not_a_choice", repr(payload["proportional_days"]))
        )
    return problems


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("inss", ChosenBy.COMPETENCE, _slices(deduct=False)),
        Kind("minimum_wage", ChosenBy.COMPETENCE, _figures("amount")),
        Kind("family_allowance", ChosenBy.COMPETENCE, _family_allowance),
        Kind("fgts", ChosenBy.COMPETENCE, _figures("rate", "apprentice_rate")),
        Kind("irrf_monthly", ChosenBy.PAYMENT, _slices(deduct=True)),
        Kind("irrf_dependant", ChosenBy.PAYMENT, _figures("amount")),
        Kind("irrf_simplified", ChosenBy.PAYMENT, _figures("amount")),
        Kind("irrf_minimum", ChosenBy.PAYMENT, _figures("amount")),
        Kind(
            "irrf_reduction",
            ChosenBy.PAYMENT,
            _figures("full_up_to", "full", "until", "constant", "factor"),
            since=dt.date(2026, 1, 1),
        ),
    )
}


def kinds_chosen_by(date: ChosenBy) -> tuple[str, ...]:
    """The codes of the tables that are picked by the competence, or by the payment date."""
    return tuple(code for code, kind in KINDS.items() if kind.chosen_by is date)
