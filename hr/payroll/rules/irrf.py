"""IRRF on monthly pay: table of the payment date, the better deduction, the 2026 reduction."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backoffice.money.rules import Rounding, to_cents
from hr.payroll.rules.tables import (
    NOTHING,
    ZERO,
    Bracket,
    IncomeTaxTables,
    IrrfTable,
    ReductionTable,
)


class Simplified(StrEnum):
    """Whether the simplified discount may replace the legal deductions."""

    AUTO = "auto"
    OFF = "off"
    FORCE = "force"


class Method(StrEnum):
    """Which deductions were used."""

    LEGAL = "legal"
    SIMPLIFIED = "simplified"


@dataclass(frozen=True, slots=True)
class TaxedIncome:
    """What is taxed together: all payments of one payer to one person in one month.

    Attributes:
        gross: Taxable pay before any deduction, in reais.
        inss: Contribution withheld from it, in reais.
        dependents: Number of dependants declared to this payer.
        alimony: Alimony paid by order of a court or notarial deed, in reais.
        private_pension: Contribution to a pension plan withheld by the employer, in reais.
        withheld: Tax already withheld from earlier payments of the same month, whose pay and
            deductions are part of the figures above, in reais.
    """

    gross: Decimal
    inss: Decimal = ZERO
    dependents: int = 0
    alimony: Decimal = ZERO
    private_pension: Decimal = ZERO
    withheld: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class IrrfResult:
    """The tax on the payments of one month, with everything it was reached by; amounts in reais.

    Attributes:
        gross: Taxable pay before any deduction.
        legal_deductions: INSS, dependants, alimony and private pension together.
        simplified_discount: The discount that may replace them.
        method: Which of the two was used.
        base: Gross less the deduction used, not below zero.
        rate: Rate of the row of the table, as a fraction.
        deduct: Amount deducted in that row.
        tax_before_reduction: Tax by the table, rounded to cents.
        reduction: Reduction of the tax, rounded to cents; zero before the law that created it.
        tax: Tax on all payments of the month after the reduction.
        waived_by_minimum: Whether the tax is not withheld because it is so small.
        withheld: Already withheld from earlier payments of the month.
        irrf: To withhold now.
    """

    gross: Decimal
    legal_deductions: Decimal
    simplified_discount: Decimal
    method: Method
    base: Decimal
    rate: Decimal
    deduct: Decimal
    tax_before_reduction: Decimal
    reduction: Decimal
    tax: Decimal
    waived_by_minimum: bool
    withheld: Decimal
    irrf: Decimal


def bracket_of(base: Decimal, table: IrrfTable) -> Bracket:
    """The row of the table for a base.

    Law:
        Lei 11.482/2007 art. 1, in the wording of the act of the table.
    """
    return next(row for row in table.brackets if row.up_to is None or base <= row.up_to)


def reduction_on(gross: Decimal, tax: Decimal, table: ReductionTable | None) -> Decimal:
    """The reduction of the monthly tax, in whole cents.

    Args:
        gross: Taxable income of the month before INSS, dependants and the simplified discount;
            not the base of the tax.
        tax: The tax by the table; the reduction is never larger.
        table: Limits and factors; None for payments before 2026.

    Returns:
        Up to the first limit the full amount, then the formula, above the second limit nothing;
        rounded half up to cents, since the examples of the Receita Federal print it so.

    Law:
        Lei 9.250/1995 art. 3-A, included by Lei 15.270/2025.
    """
    if table is None or gross > table.until:
        return NOTHING
    if gross <= table.full_up_to:
        allowed = table.full
    else:
        allowed = to_cents(max(table.constant - table.factor * gross, ZERO), Rounding.HALF_UP)
    return min(allowed, tax)


def irrf(
    income: TaxedIncome,
    tables: IncomeTaxTables,
    *,
    simplified: Simplified = Simplified.AUTO,
    minimum: Decimal = ZERO,
    reduce: bool = True,
) -> IrrfResult:
    """The tax to withhold from a payment of monthly pay.

    The deduction that leaves the smaller base is used, the legal ones where both leave the same.
    Tax by the table and reduction are each rounded half up to cents, as the examples of the
    Receita Federal print them; everything before is unrounded.

    Args:
        income: All payments of the month with their deductions.
        tables: Tables of the payment date (not of the competence).
        simplified: Whether the simplified discount may be used, must be, or must not.
        minimum: Tax of the month up to this amount is not withheld; zero withholds every cent.
        reduce: Whether the reduction applies to this kind of income.

    Returns:
        The tax with all intermediate figures. Where earlier payments of the month had more
        withheld than is due on all together, nothing is withheld now and nothing is given back.

    Law:
        Lei 7.713/1988 arts. 3 and 7 (payment date, payments of one month together);
        Lei 9.250/1995 art. 4 (deductions, simplified discount) and 3-A (reduction);
        Lei 9.430/1996 art. 67 (up to R$ 10,00 is not withheld). That the R$ 10,00 are compared
        with the tax of the whole month is our reading.
    """
    legal = (
        income.inss + tables.dependant * income.dependents + income.alimony + income.private_pension
    )
    method = _method(legal, tables.simplified, simplified)
    deducted = legal if method is Method.LEGAL else tables.simplified
    base = max(income.gross - deducted, NOTHING)
    row = bracket_of(base, tables.monthly)
    before = to_cents(max(base * row.rate - row.deduct, ZERO), Rounding.HALF_UP)
    reduction = reduction_on(income.gross, before, tables.reduction if reduce else None)
    tax = before - reduction
    waived = ZERO < tax <= minimum
    due = NOTHING if waived else max(tax - income.withheld, NOTHING)
    return IrrfResult(
        gross=income.gross,
        legal_deductions=legal,
        simplified_discount=tables.simplified,
        method=method,
        base=base,
        rate=row.rate,
        deduct=row.deduct,
        tax_before_reduction=before,
        reduction=reduction,
        tax=tax,
        waived_by_minimum=waived,
        withheld=income.withheld,
        irrf=due,
    )


def _method(legal: Decimal, discount: Decimal, choice: Simplified) -> Method:
    if choice is Simplified.AUTO:
        return Method.SIMPLIFIED if discount > legal else Method.LEGAL
    return Method.SIMPLIFIED if choice is Simplified.FORCE else Method.LEGAL
