"""INSS of employees."""

from dataclasses import dataclass
from decimal import Decimal

from backoffice.money.rules import Rounding, to_cents
from hr.payroll.rules.tables import NOTHING, ZERO, InssTable, Slice


@dataclass(frozen=True, slots=True)
class InssResult:
    """The contribution on one payment.

    Attributes:
        base: The part of the remuneration that is charged here, below the ceiling.
        rate: Rate of the highest slice that the base reaches, as a fraction; zero without base.
        amount: The contribution, in whole cents.
    """

    base: Decimal
    rate: Decimal
    amount: Decimal


def contribution_on(base: Decimal, table: InssTable) -> Decimal:
    """The progressive contribution on a base, unrounded.

    Args:
        base: Contribution salary, in reais, not negative; above the ceiling it counts as the
            ceiling.
        table: The slices of the competence.

    Returns:
        The sum over the slices of the part of the base inside the slice times its rate.

    Law:
        EC 103/2019 art. 28; Lei 8.212/1991 arts. 20 and 28.
    """
    charged = min(base, table.ceiling)
    part = slice_of(charged, table)
    return part.below + (charged - part.floor) * part.rate


def slice_of(base: Decimal, table: InssTable) -> Slice:
    """The highest slice that a base, not above the ceiling, reaches.

    Law:
        EC 103/2019 art. 28; Lei 8.212/1991 art. 20.
    """
    return next(part for part in table.slices if base <= part.up_to)


def inss(base: Decimal, table: InssTable, prior_base: Decimal = ZERO) -> InssResult:
    """The contribution withheld from an employee.

    Args:
        base: Remuneration of the month that is contribution salary, in reais.
        table: The slices of the competence (not of the payment date).
        prior_base: Contribution salary of the same month that other employers already charged;
            this employer continues on the slices where they stopped.

    Returns:
        Base used, rate of the highest slice reached, and amount, rounded half up to cents once,
        at the end. That an exact half cent goes up (1.621,00 in 2026: 121,575 gives 121,58) is
        not settled by the examples of the Receita Federal.

    Law:
        EC 103/2019 art. 28; Lei 8.212/1991 arts. 20 and 28 § 5 (ceiling); several jobs:
        IN RFB 2.110/2022 art. 36.
    """
    before = min(prior_base, table.ceiling)
    total = min(prior_base + base, table.ceiling)
    used = total - before
    if not used:
        return InssResult(NOTHING, ZERO, NOTHING)
    part = slice_of(total, table)
    due = part.below + (total - part.floor) * part.rate
    if before:
        due -= contribution_on(before, table)
    return InssResult(used, part.rate, to_cents(due, Rounding.HALF_UP))
