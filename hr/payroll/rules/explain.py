"""Explain any amount of a monthly payslip: recomputed from its inputs, and proved equal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from decimal import localcontext as decimal_context

from backoffice.money.rules import CENT
from hr.payroll.rules import explain_pay as pay
from hr.payroll.rules import explain_tax as income_tax
from hr.payroll.rules.explanation import Explanation, Given, Step, TableUse, count, days, money
from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.monthly import (
    TOTALS,
    LineKind,
    MonthlyParts,
    MonthlyResult,
    compute_monthly_v1,
    monthly_parts_v1,
)
from hr.payroll.rules.tables import ARITHMETIC, MonthlyTables
from hr.payroll.rules.versions import CURRENT

HALF_CENT = CENT / 2


class NotExplained(RuntimeError):
    """The steps do not lead to the amount: a fault in our code, never shown as an answer."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One payslip, recomputed."""

    inputs: MonthlyInputs
    tables: MonthlyTables
    parts: MonthlyParts
    result: MonthlyResult


@dataclass(frozen=True, slots=True)
class _Body:
    """What is particular to one amount."""

    steps: list[Step]
    inputs: list[Given]
    rounding: str
    laws: tuple[str, ...] = ()
    tables: tuple[TableUse, ...] = ()
    notes: tuple[str, ...] = ()


def _salary(case: _Case) -> _Body:
    several = len(case.inputs.periods) > 1
    return _Body(
        pay.salary_steps(case.inputs, case.parts),
        pay.salary_inputs(case.inputs),
        "split" if several else "half_up",
        pay.SALARY_LAW,
    )


def _family(case: _Case) -> _Body:
    steps, note = pay.family_steps(case.inputs, case.parts, case.tables)
    return _Body(
        steps,
        [
            Given("competence", case.inputs.competence),
            Given("children", count(case.inputs.children)),
            Given("days", days(case.inputs.family_days)),
            Given("family_remuneration", money(case.parts.family.remuneration)),
        ],
        "half_up",
        pay.FAMILY_LAW,
        (pay.family_table(case.parts, case.tables),),
        (note,),
    )


def _inss(case: _Case) -> _Body:
    steps = pay.inss_steps(case.inputs, case.parts, case.tables)
    (unrounded,) = (number for number in steps[-1].expression if not isinstance(number, str))
    half = unrounded.value % CENT == HALF_CENT
    return _Body(
        steps,
        [
            Given("competence", case.inputs.competence),
            Given("pay", money(case.parts.pay)),
            Given("other_inss_base", money(case.inputs.other_inss_base)),
        ],
        "half_up",
        pay.INSS_LAW,
        (pay.inss_table(case.inputs, case.parts, case.tables),),
        ("inss.half_cent",) if half else (),
    )


def _tax_inputs(case: _Case) -> list[Given]:
    income = case.parts.income
    return [
        Given("payment_date", case.inputs.payment_date),
        Given("taxable", money(income.gross)),
        Given("inss", money(income.inss)),
        Given("dependents", count(income.dependents)),
        Given("alimony", money(income.alimony)),
        Given("private_pension", money(income.private_pension)),
        Given("withheld", money(income.withheld)),
        Given("simplified", f"simplified.{case.inputs.simplified}"),
        Given("waive_small_tax", "yes" if case.inputs.waive_small_tax else "no"),
    ]


def _tax(case: _Case) -> _Body:
    return _Body(
        income_tax.tax_steps(case.inputs, case.parts, case.tables),
        _tax_inputs(case),
        "tax_and_reduction",
        income_tax.TAX_LAW,
        tuple(income_tax.tax_tables(case.parts, case.tables)),
        ("irrf.month_together",) if case.inputs.earlier else (),
    )


def _tax_base(case: _Case) -> _Body:
    return _Body(
        income_tax.base_steps(case.inputs, case.parts, case.tables),
        _tax_inputs(case),
        "none",
        income_tax.TAX_LAW,
        tuple(income_tax.tax_tables(case.parts, case.tables)),
    )


def _fgts(case: _Case) -> _Body:
    return _Body(
        pay.fgts_steps(case.parts),
        [
            Given("competence", case.inputs.competence),
            Given("category", case.inputs.category),
            Given("pay", money(case.parts.pay)),
        ],
        "half_up",
        pay.FGTS_LAW,
        (pay.fgts_table(case.inputs, case.tables),),
        ("fgts.by_employer",),
    )


def _pay_base(case: _Case) -> _Body:
    step = pay.sum_step("base.lines", case.parts.salaries, case.parts.pay)
    return _Body([step], pay.salary_inputs(case.inputs), "none")


def _alimony(case: _Case) -> _Body:
    amount = money(case.inputs.alimony)
    return _Body([Step("given", (amount,), amount)], [Given("alimony", amount)], "none")


def _private_pension(case: _Case) -> _Body:
    amount = money(case.inputs.private_pension)
    return _Body([Step("given", (amount,), amount)], [Given("private_pension", amount)], "none")


def _sum_of(kind: LineKind) -> "Callable[[_Case], _Body]":
    def explain(case: _Case) -> _Body:
        amounts = [line.amount for line in case.result.lines if line.kind is kind]
        result = sum(amounts, Decimal("0.00"))
        return _Body([pay.sum_step(f"sum.{kind}", amounts, result)], [], "none")

    return explain


def _net(case: _Case) -> _Body:
    earnings, deductions = money(case.result.earnings), money(case.result.deductions)
    step = Step("net", (earnings, "−", deductions), money(case.result.net))
    return _Body([step], [Given("earnings", earnings), Given("deductions", deductions)], "none")


_EXPLAIN: Mapping[str, Callable[[_Case], _Body]] = {
    "salary": _salary,
    "family_allowance": _family,
    "inss": _inss,
    "alimony": _alimony,
    "irrf": _tax,
    "private_pension": _private_pension,
    "fgts": _fgts,
    "earnings": _sum_of(LineKind.EARNING),
    "deductions": _sum_of(LineKind.DEDUCTION),
    "net": _net,
    "inss_base": _pay_base,
    "irrf_base": _tax_base,
    "fgts_base": _pay_base,
}
EXPLAINED = tuple(_EXPLAIN)


def explain_monthly_v1(inputs: MonthlyInputs, tables: MonthlyTables, code: str) -> Explanation:
    """Explain one amount of a payslip computed by ``monthly/2026-11``.

    Args:
        inputs: The facts that the payslip stored.
        tables: The versions of the tables that it stored.
        code: A pay item of the rule or a total, one of ``EXPLAINED``; also one whose amount is
            zero and that has no line.

    Returns:
        Formula, inputs, table rows, law and rounding; its result equals the computed amount.

    Raises:
        KeyError: The rule knows no such amount.
        NotExplained: The last step does not lead to the computed amount.

    Law:
        Stands in the explanation.
    """
    with decimal_context(ARITHMETIC):
        result = compute_monthly_v1(inputs, tables)
        case = _Case(inputs, tables, monthly_parts_v1(inputs, tables), result)
        body = _EXPLAIN[code](case)
    amount = getattr(result, code) if code in TOTALS else result.amount_of(code)
    if body.steps[-1].result.value != amount:
        msg = f"{code}: explained as {body.steps[-1].result.value}, computed as {amount}"
        raise NotExplained(msg)
    return Explanation(
        code=code,
        rule="monthly/2026-11",
        result=amount,
        steps=tuple(body.steps),
        inputs=tuple(body.inputs),
        tables=body.tables,
        laws=body.laws,
        rounding=body.rounding,
        notes=body.notes,
    )


EXPLANATIONS: Mapping[str, Callable[[MonthlyInputs, MonthlyTables, str], Explanation]] = {
    "monthly/2026-11": explain_monthly_v1,
}


def explain(
    inputs: MonthlyInputs, tables: MonthlyTables, code: str, rule: str = CURRENT
) -> Explanation:
    """Explain one amount of a payslip by the rule that computed it.

    Args:
        inputs: The facts that the payslip stored.
        tables: The versions of the tables that it stored.
        code: A pay item or a total.
        rule: Name of the rule that the payslip stored.

    Raises:
        KeyError: No such rule, or no such amount in it.
        NotExplained: The last step does not lead to the computed amount.

    Law:
        Stands in the explanation.
    """
    return EXPLANATIONS[rule](inputs, tables, code)
