"""What keeps a contract from being paid right in a month: found before computing, and by it."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.salary import PaidPeriod, paid_days
from hr.people.rules import counts_for_allowance, least_salary


class Code(StrEnum):
    """Stable codes of what can be wrong with one contract."""

    NO_TERMS = "no_terms"
    NO_PLACE = "no_place"
    NO_PAYOUT = "no_payout"
    BELOW_FLOOR = "below_floor"
    LATE_FACT = "late_fact"


WARNINGS = frozenset({Code.LATE_FACT})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one contract; ``details`` fill the message."""

    code: Code
    details: Mapping[str, Any]

    @property
    def blocking(self) -> bool:
        """Whether the contract cannot be paid until it is mended."""
        return self.code not in WARNINGS


@dataclass(frozen=True, slots=True)
class Terms:
    """Pay and hours of a contract from one day to another; a null end is open."""

    valid_from: dt.date
    valid_to: dt.date | None
    salary: Decimal
    weekly_hours: Decimal
    job_title_id: int
    job_title: str
    cbo: str


@dataclass(frozen=True, slots=True)
class DependentFacts:
    """What one dependant counts for in the month."""

    birth_date: dt.date
    for_irrf: bool
    for_family_allowance: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor of a job, or of any job, with its source and BRL a month for 44 hours."""

    name: str
    amount: Decimal
    job_title_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """All that is known of one contract for one month.

    Attributes:
        place: Names of branch and department; None when the contract has no place.
        payout: How the person is paid, as text; empty when nobody knows.
        late_facts: Number of late facts since the last closed month.
    """

    contract_id: int
    employee_id: int
    name: str
    cpf: str
    registration: str
    category: str
    admitted_on: dt.date
    ended_on: dt.date | None
    terms: tuple[Terms, ...]
    dependents: tuple[DependentFacts, ...]
    place: Mapping[str, str] | None
    payout: str
    late_facts: int


def month_span(facts: ContractFacts, month: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the contract inside the month."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return max(facts.admitted_on, month), min(facts.ended_on or last, last)


def parts_of_month(
    facts: ContractFacts, month: dt.date
) -> list[tuple[Terms, dt.date, dt.date]] | None:
    """The terms that hold in the month with the days they hold; None when they leave a gap."""
    start, end = month_span(facts, month)
    parts = []
    day = start
    for terms in sorted(facts.terms, key=lambda t: t.valid_from):
        upto = min(terms.valid_to or end, end)
        if upto < day or terms.valid_from > end:
            continue
        if terms.valid_from > day:
            return None
        parts.append((terms, day, upto))
        day = upto + dt.timedelta(days=1)
    return parts if day > end else None


def problems_of(
    facts: ContractFacts, month: dt.date, floors: Iterable[Floor]
) -> tuple[Problem, ...]:
    """Everything that is wrong with a contract for a month, blocking problems first.

    Args:
        facts: What is known of the contract.
        month: First day of the competence.
        floors: Minimum wage and floors of the company that hold in the month.
    """
    found = []
    parts = parts_of_month(facts, month)
    if parts is None:
        found.append(Problem(Code.NO_TERMS, {}))
    elif (low := _below_floor(parts[-1][0], floors)) is not None:
        found.append(low)
    if facts.place is None:
        found.append(Problem(Code.NO_PLACE, {}))
    if not facts.payout:
        found.append(Problem(Code.NO_PAYOUT, {}))
    if facts.late_facts:
        found.append(Problem(Code.LATE_FACT, {"count": facts.late_facts}))
    return tuple(found)


def _below_floor(terms: Terms, floors: Iterable[Floor]) -> Problem | None:
    applicable = [f for f in floors if f.job_title_id in {None, terms.job_title_id}]
    if not applicable:
        return None
    floor = max(applicable, key=lambda f: f.amount)
    least = least_salary(floor.amount, terms.weekly_hours)
    if terms.salary >= least:
        return None
    details = {
        "salary": terms.salary,
        "floor": floor.name,
        "amount": floor.amount,
        "hours": terms.weekly_hours,
        "least": least,
    }
    return Problem(Code.BELOW_FLOOR, details)


def inputs_of(
    facts: ContractFacts, month: dt.date, payment_date: dt.date, *, waive_small_tax: bool
) -> MonthlyInputs:
    """The inputs of the monthly rule for a contract without blocking problems.

    Raises:
        ValueError: The terms leave a gap.
    """
    parts = parts_of_month(facts, month)
    if parts is None:
        raise ValueError("the terms do not cover the month")
    days = paid_days(month, [(start, end) for _, start, end in parts])
    return MonthlyInputs(
        competence=month,
        payment_date=payment_date,
        periods=tuple(
            PaidPeriod(terms.salary, n) for (terms, _, _), n in zip(parts, days, strict=True)
        ),
        category=facts.category,
        dependents=sum(d.for_irrf for d in facts.dependents),
        children=_children(facts.dependents, month),
        family_days=sum(days),
        waive_small_tax=waive_small_tax,
    )


def _children(dependents: Sequence[DependentFacts], month: dt.date) -> int:
    return sum(
        d.for_family_allowance
        and counts_for_allowance(d.birth_date, disabled=d.disabled, month=month)
        for d in dependents
    )
