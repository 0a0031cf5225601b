"""Explanations of salary, family allowance, INSS and FGTS of the rule ``monthly/2026-11``."""

from collections.abc import Sequence
from decimal import Decimal

from backoffice.money.rules import Rounding, to_cents
from hr.payroll.rules.explanation import (
    Given,
    Number,
    Row,
    Step,
    TableUse,
    Term,
    count,
    days,
    exact,
    joined,
    money,
    rate,
)
from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.inss import contribution_on
from hr.payroll.rules.monthly import MonthlyParts
from hr.payroll.rules.salary import MONTH, full_month_salary
from hr.payroll.rules.tables import MonthlyTables

SALARY_LAW = ("CLT, art. 64",)
FAMILY_LAW = (
    "Lei 8.213/1991, arts. 65 a 68",
    "Portaria Interministerial MPS/MF do ano, art. 4º, §§ 1º, 2º e 4º",
)
INSS_LAW = ("EC 103/2019, art. 28", "Lei 8.212/1991, arts. 20 e 28")
FGTS_LAW = ("Lei 8.036/1990, art. 15, caput e § 7º",)


def amount_row(used: bool, **cells: Number) -> Row:  # noqa: FBT001  a row of figures, by name
    """A row of a table that has only one."""
    return Row(tuple(cells.items()), used)


def salary_steps(inputs: MonthlyInputs, parts: MonthlyParts) -> list[Step]:
    """One step for each salary of the month, and their sum where there are several.

    Law:
        CLT art. 64.
    """
    steps = []
    for period, amount in zip(inputs.periods, parts.salaries, strict=True):
        expression = (money(period.salary), "÷", count(MONTH), "×", days(period.days))
        alone = to_cents(period.salary * period.days / MONTH, Rounding.HALF_UP)
        key = "salary.part" if amount == alone else "salary.part_in_split"
        steps.append(Step(key, expression, money(amount)))
    if len(steps) != 1:
        steps.append(sum_step("salary.sum", parts.salaries, parts.pay))
    return steps


def sum_step(key: str, amounts: Sequence[Decimal], result: Decimal) -> Step:
    """A sum of amounts as one step; the result alone where nothing is summed.

    Law:
        None: arithmetic.
    """
    numbers = [money(amount) for amount in amounts] or [money(result)]
    return Step(key, joined("+", numbers), money(result))


def salary_inputs(inputs: MonthlyInputs) -> list[Given]:
    """Salaries and days of the month.

    Law:
        None: the facts as they were stored.
    """
    given = [Given("competence", inputs.competence)]
    for period in inputs.periods:
        given += [Given("salary", money(period.salary)), Given("days", days(period.days))]
    return given


def family_steps(
    inputs: MonthlyInputs, parts: MonthlyParts, tables: MonthlyTables
) -> tuple[list[Step], str]:
    """The comparison with the limit and the quotas, and the key of what was decided.

    Law:
        Lei 8.213/1991 arts. 65 to 68.
    """
    table, family = tables.family_allowance, parts.family
    steps = []
    if inputs.family_remuneration is None and table.limit_on_full_month:
        own = family.remuneration - inputs.other_inss_base
        unrounded = full_month_salary(inputs.periods)
        steps.append(Step("family.full_month", (exact(unrounded),), money(own)))
    if inputs.family_remuneration is None and inputs.other_inss_base:
        own = family.remuneration - inputs.other_inss_base
        steps.append(
            sum_step("family.all_jobs", [own, inputs.other_inss_base], family.remuneration)
        )
    sign = "≤" if family.entitled else ">"
    steps.append(
        Step(
            "family.limit",
            (money(family.remuneration), sign, money(table.limit)),
            money(family.remuneration),
        )
    )
    if not family.entitled:
        steps.append(Step("family.none", (money(family.amount),), money(family.amount)))
        return steps, "family.above_limit"
    expression: tuple[Term, ...] = (money(table.quota), "×", count(inputs.children))
    if family.days != MONTH:
        expression += ("×", days(family.days), "÷", count(MONTH))
    steps.append(Step("family.quotas", expression, money(family.amount)))
    return steps, "family.within_limit" if inputs.children else "family.no_children"


def family_table(parts: MonthlyParts, tables: MonthlyTables) -> TableUse:
    """Quota and limit of the competence.

    Law:
        Art. 4 of the yearly portaria of MPS and MF.
    """
    table = tables.family_allowance
    row = amount_row(parts.family.entitled, up_to=money(table.limit), quota=money(table.quota))
    return TableUse(tables.versions["family_allowance"], (row,))


def inss_steps(inputs: MonthlyInputs, parts: MonthlyParts, tables: MonthlyTables) -> list[Step]:
    """Base, each slice that it reaches, their sum, and the one rounding.

    Law:
        EC 103/2019 art. 28; Lei 8.212/1991 arts. 20 and 28.
    """
    before = min(inputs.other_inss_base, tables.inss.ceiling)
    charged = before + parts.inss.base
    due = contribution_on(charged, tables.inss)
    slices = _slice_steps(charged, tables)
    steps = _base_steps(inputs, parts, charged, tables) + slices
    if len(slices) > 1:
        amounts = [step.result for step in slices]
        steps.append(Step("inss.slices_sum", joined("+", amounts), exact(due)))
    if before:
        paid = contribution_on(before, tables.inss)
        steps.append(Step("inss.other_jobs", (exact(due), "−", exact(paid)), exact(due - paid)))
        due -= paid
    steps.append(Step("rounded", (exact(due),), money(parts.inss.amount)))
    return steps


def _base_steps(
    inputs: MonthlyInputs, parts: MonthlyParts, charged: Decimal, tables: MonthlyTables
) -> list[Step]:
    """From the pay to what is charged: other jobs first, then the ceiling."""
    steps = [sum_step("inss.base", parts.salaries, parts.pay)]
    base = inputs.other_inss_base + parts.pay
    if inputs.other_inss_base:
        steps.append(sum_step("inss.with_other_jobs", [inputs.other_inss_base, parts.pay], base))
    if base > tables.inss.ceiling:
        compared = (money(base), ">", money(tables.inss.ceiling))
        steps.append(Step("inss.ceiling", compared, money(charged)))
    return steps


def _slice_steps(charged: Decimal, tables: MonthlyTables) -> list[Step]:
    """What each slice gives, unrounded."""
    steps = []
    for number, part in enumerate(tables.inss.slices, start=1):
        if part.floor < charged:
            top = min(charged, part.up_to)
            within = ("(", money(top), "−", money(part.floor), ")", "×", rate(part.rate))
            amount = exact((top - part.floor) * part.rate)
            steps.append(Step("inss.slice", within, amount, (("number", count(number)),)))
    return steps


def inss_table(inputs: MonthlyInputs, parts: MonthlyParts, tables: MonthlyTables) -> TableUse:
    """The slices of the competence, those that the base reaches marked.

    Law:
        Act of the table.
    """
    before = min(inputs.other_inss_base, tables.inss.ceiling)
    charged = before + parts.inss.base
    rows = tuple(
        Row(
            (("from", money(part.floor)), ("up_to", money(part.up_to)), ("rate", rate(part.rate))),
            used=before < part.up_to and part.floor < charged,
        )
        for part in tables.inss.slices
    )
    return TableUse(tables.versions["inss"], rows)


def fgts_steps(parts: MonthlyParts) -> list[Step]:
    """Base, rate and the one rounding.

    Law:
        Lei 8.036/1990 art. 15.
    """
    unrounded = parts.fgts.base * parts.fgts.rate
    return [
        sum_step("fgts.base", parts.salaries, parts.fgts.base),
        Step(
            "fgts.deposit", (money(parts.fgts.base), "×", rate(parts.fgts.rate)), exact(unrounded)
        ),
        Step("rounded", (exact(unrounded),), money(parts.fgts.amount)),
    ]


def fgts_table(inputs: MonthlyInputs, tables: MonthlyTables) -> TableUse:
    """The two rates, the one of the category marked.

    Law:
        Lei 8.036/1990 art. 15 and § 7.
    """
    apprentice = inputs.category == "103"
    return TableUse(
        tables.versions["fgts"],
        (
            amount_row(not apprentice, rate=rate(tables.fgts.rate)),
            amount_row(apprentice, apprentice_rate=rate(tables.fgts.apprentice_rate)),
        ),
    )
