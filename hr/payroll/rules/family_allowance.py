"""Salário-família: a quota for each child of workers of low pay."""

from dataclasses import dataclass
from decimal import Decimal

from backoffice.money.rules import Rounding, to_cents
from hr.payroll.rules.tables import FamilyAllowanceTable

FULL_MONTH = 30


@dataclass(frozen=True, slots=True)
class FamilyAllowanceResult:
    """The allowance of one month.

    Attributes:
        remuneration: What was compared with the limit, in reais.
        entitled: Whether the remuneration is within the limit.
        days: Days of the month that count, of 30.
        amount: In whole cents.
    """

    remuneration: Decimal
    entitled: bool
    days: int
    amount: Decimal


def family_allowance(
    remuneration: Decimal, children: int, table: FamilyAllowanceTable, days: int = FULL_MONTH
) -> FamilyAllowanceResult:
    """The allowance of the month, outside all tax bases; the employer gets it back.

    Args:
        remuneration: Contribution salary of the month, all jobs together, in reais, without 13th
            salary and the third on vacation.
        children: Children under 14, or disabled at any age.
        table: Quota and limit of the competence.
        days: Days of employment in the month, of 30; fewer only in the months of hire and leave.

    Returns:
        The allowance: quota x children x days / 30, rounded half up to cents once.

    Law:
        Lei 8.213/1991 arts. 65 to 68; art. 4 of the yearly portaria of MPS and MF, §§ 1 (all
        jobs) and 4 (days of hire and leave).
    """
    entitled = remuneration <= table.limit
    counted = days if table.proportional_days else FULL_MONTH
    full = table.quota * children if entitled else Decimal(0)
    amount = to_cents(full * counted / FULL_MONTH, Rounding.HALF_UP)
    return FamilyAllowanceResult(remuneration, entitled, counted, amount)
