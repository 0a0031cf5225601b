"""Explanation of the income tax of the rule ``monthly/2026-11``."""

from hr.payroll.rules.explain_pay import amount_row, sum_step
from hr.payroll.rules.explanation import (
    Number,
    Row,
    Step,
    TableUse,
    Term,
    Unit,
    count,
    joined,
    money,
    rate,
)
from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.irrf import IrrfResult, Method, Simplified, bracket_of, irrf
from hr.payroll.rules.monthly import NO_EARLIER, MonthlyParts
from hr.payroll.rules.tables import IncomeTaxTables, MonthlyTables, ReductionTable

TAX_LAW = (
    "Lei 7.713/1988, arts. 3º e 7º",
    "Lei 9.250/1995, arts. 3º-A e 4º",
    "Lei 9.430/1996, art. 67",
)


def tax_steps(inputs: MonthlyInputs, parts: MonthlyParts, tables: MonthlyTables) -> list[Step]:
    """From the taxable pay to the tax withheld, with the deduction that was not used beside.

    Law:
        Lei 9.250/1995 arts. 3-A and 4; Lei 9.430/1996 art. 67.
    """
    tax = parts.tax
    by_table = (money(tax.base), "×", rate(tax.rate), "−", money(tax.deduct))
    steps = base_steps(inputs, parts, tables)
    if tax.rate:
        steps.append(Step("irrf.table", by_table, money(tax.tax_before_reduction)))
    else:
        steps.append(Step("irrf.exempt", (money(tax.base),), money(tax.tax_before_reduction)))
    if inputs.simplified is Simplified.AUTO:
        steps.append(_other_method(parts, tables.income_tax))
    steps += _reduction_steps(tax, tables.income_tax.reduction)
    return steps + _withholding_steps(inputs, tax, tables.income_tax)


def base_steps(inputs: MonthlyInputs, parts: MonthlyParts, tables: MonthlyTables) -> list[Step]:
    """From the taxable pay to the base: both deductions, and the larger one taken off.

    Law:
        Lei 9.250/1995 art. 4.
    """
    tax, earlier = parts.tax, inputs.earlier or NO_EARLIER
    gross = [earlier.gross, *parts.salaries] if earlier.gross else parts.salaries
    steps = [sum_step("irrf.gross", gross, tax.gross), _legal_step(parts, tables.income_tax)]
    used = tax.legal_deductions
    if inputs.simplified is not Simplified.OFF:
        discount = money(tax.simplified_discount)
        steps.append(Step("irrf.simplified_discount", (discount,), discount))
    if tax.method is Method.SIMPLIFIED:
        used = tax.simplified_discount
    compared: tuple[Term, ...] = (money(used),)
    if inputs.simplified is Simplified.AUTO:
        sign = ">" if tax.method is Method.SIMPLIFIED else "≤"
        compared = joined(sign, [money(tax.simplified_discount), money(tax.legal_deductions)])
    steps.append(Step(f"irrf.uses_{tax.method}", compared, money(used)))
    key = "irrf.base" if tax.gross >= used else "irrf.base_not_below_zero"
    return [*steps, Step(key, (money(tax.gross), "−", money(used)), money(tax.base))]


def _legal_step(parts: MonthlyParts, tables: IncomeTaxTables) -> Step:
    """INSS, dependants, alimony and private pension, of all payments of the month."""
    income = parts.income
    terms: tuple[Term, ...] = (money(income.inss),)
    if income.dependents:
        terms += ("+", count(income.dependents), "×", money(tables.dependant))
    for amount in (income.alimony, income.private_pension):
        if amount:
            terms += ("+", money(amount))
    return Step("irrf.legal_deductions", terms, money(parts.tax.legal_deductions))


def _other_method(parts: MonthlyParts, tables: IncomeTaxTables) -> Step:
    """What the deduction that was not used would have given."""
    legal = parts.tax.method is Method.LEGAL
    choice = Simplified.FORCE if legal else Simplified.OFF
    other = irrf(parts.income, tables, simplified=choice)
    terms = (money(other.base), "×", rate(other.rate), "−", money(other.deduct))
    key = "irrf.with_simplified" if legal else "irrf.with_legal"
    return Step(key, terms if other.rate else terms[:1], money(other.tax_before_reduction))


def _reduction_steps(tax: IrrfResult, table: ReductionTable | None) -> list[Step]:
    """The reduction by the taxable income, never more than the tax; then the tax after it."""
    if table is None:
        return []
    if tax.gross > table.until:
        compared = (money(tax.gross), ">", money(table.until))
        return [Step("irrf.no_reduction", compared, money(tax.reduction))]
    if tax.gross <= table.full_up_to:
        key, terms = "irrf.full_reduction", joined("", [money(table.full)])
    else:
        factor = Number(table.factor, Unit.FACTOR)
        key = "irrf.reduction"
        terms = (money(table.constant), "−", factor, "×", money(tax.gross))
    if tax.reduction == tax.tax_before_reduction:
        key += "_capped"
    after = (money(tax.tax_before_reduction), "−", money(tax.reduction))
    return [Step(key, terms, money(tax.reduction)), Step("irrf.tax", after, money(tax.tax))]


def _withholding_steps(
    inputs: MonthlyInputs, tax: IrrfResult, tables: IncomeTaxTables
) -> list[Step]:
    """Small tax is not withheld; what was withheld in the month before this payment is taken off."""
    if tax.waived_by_minimum:
        compared = (money(tax.tax), "≤", money(tables.minimum))
        return [Step("irrf.waived", compared, money(tax.irrf))]
    if inputs.earlier is None:
        return [Step("irrf.withheld", (money(tax.tax),), money(tax.irrf))]
    key = "irrf.less_withheld" if tax.tax >= tax.withheld else "irrf.withheld_enough"
    return [Step(key, (money(tax.tax), "−", money(tax.withheld)), money(tax.irrf))]


def tax_tables(parts: MonthlyParts, tables: MonthlyTables) -> list[TableUse]:
    """Table, dependant, simplified discount, reduction and minimum of the payment date.

    Law:
        Act of each table.
    """
    tax, income_tax, versions = parts.tax, tables.income_tax, tables.versions
    chosen = bracket_of(tax.base, income_tax.monthly)
    brackets = tuple(
        Row(
            (
                ("up_to", None if row.up_to is None else money(row.up_to)),
                ("rate", rate(row.rate)),
                ("deduct", money(row.deduct)),
            ),
            used=row is chosen,
        )
        for row in income_tax.monthly.brackets
    )
    legal = tax.method is Method.LEGAL
    uses = [
        TableUse(versions["irrf_monthly"], brackets),
        TableUse(
            versions["irrf_dependant"],
            (
                amount_row(
                    legal and parts.income.dependents > 0, amount=money(income_tax.dependant)
                ),
            ),
        ),
        TableUse(
            versions["irrf_simplified"],
            (amount_row(not legal, amount=money(income_tax.simplified)),),
        ),
    ]
    if income_tax.reduction is not None:
        rows = _reduction_rows(tax, income_tax.reduction)
        uses.append(TableUse(versions["irrf_reduction"], rows))
    if tax.waived_by_minimum:
        row = amount_row(True, amount=money(income_tax.minimum))  # noqa: FBT003  used
        uses.append(TableUse(versions["irrf_minimum"], (row,)))
    return uses


def _reduction_rows(tax: IrrfResult, table: ReductionTable) -> tuple[Row, ...]:
    full, partly = tax.gross <= table.full_up_to, tax.gross <= table.until
    return (
        amount_row(full, up_to=money(table.full_up_to), reduction=money(table.full)),
        amount_row(
            partly and not full,
            up_to=money(table.until),
            constant=money(table.constant),
            factor=Number(table.factor, Unit.FACTOR),
        ),
        Row((("up_to", None), ("reduction", money(tax.reduction - tax.reduction))), not partly),
    )
