"""The released rules by name. A payslip stores the name and is recomputed by exactly that rule."""

from collections.abc import Callable, Mapping

from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.monthly import MonthlyResult, compute_monthly_v1
from hr.payroll.rules.tables import MonthlyTables

Compute = Callable[[MonthlyInputs, MonthlyTables], MonthlyResult]

CURRENT = "monthly/2026-11"
RULES: Mapping[str, Compute] = {
    "monthly/2026-11": compute_monthly_v1,
}


def compute_monthly(
    inputs: MonthlyInputs, tables: MonthlyTables, rule: str = CURRENT
) -> MonthlyResult:
    """Compute one monthly payslip by a released rule.

    Args:
        inputs: The facts of one contract in one month.
        tables: The tables of its competence and payment date.
        rule: Name of the rule; the current one for new payslips, the stored one for proofs.

    Raises:
        KeyError: No rule was released under this name.

    Law:
        Stands at the rule.
    """
    return RULES[rule](inputs, tables)
