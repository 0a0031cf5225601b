"""FGTS: what the employer deposits; nothing of it is withheld from the employee."""

from dataclasses import dataclass
from decimal import Decimal

from backoffice.money.rules import Rounding, to_cents
from hr.payroll.rules.tables import FgtsTable

APPRENTICE = "103"


@dataclass(frozen=True, slots=True)
class FgtsResult:
    """The deposit on one payment: base and amount in reais, rate as a fraction."""

    base: Decimal
    rate: Decimal
    amount: Decimal


def fgts(base: Decimal, category: str, table: FgtsTable) -> FgtsResult:
    """The deposit of the month.

    Args:
        base: Remuneration that enters the deposit, in reais; there is no ceiling.
        category: eSocial category of the worker; apprentices (103) have a lower rate.
        table: The rates of the competence.

    Returns:
        Base, rate, and amount rounded half up to cents.

    Law:
        Lei 8.036/1990 art. 15 and § 7 (apprentices).
    """
    rate = table.apprentice_rate if category == APPRENTICE else table.rate
    return FgtsResult(base, rate, to_cents(base * rate, Rounding.HALF_UP))
