"""Explanations of payslip amounts in words, in the active language.

The rules give numbers under keys; here stand the sentences. Nothing is computed here.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.law.models import Certainty, kind_title
from backoffice.money.rules import format_amount, format_brl
from backoffice.periods.rules import format_competence
from hr.payroll.rules.explanation import Explanation, Given, Number, Row, Step, TableUse, Unit

TITLES: dict[str, str | Promise] = {
    "salary": _("Salary of the month"),
    "family_allowance": _("Family allowance"),
    "inss": _("INSS"),
    "alimony": _("Alimony"),
    "irrf": _("IRRF"),
    "private_pension": _("Private pension"),
    "fgts": _("FGTS of the month"),
    "earnings": _("Total of earnings"),
    "deductions": _("Total of deductions"),
    "net": _("Net pay"),
    "inss_base": _("INSS base"),
    "irrf_base": _("IRRF base"),
    "fgts_base": _("FGTS base"),
}

STEPS: dict[str, str | Promise] = {
    "salary.part": _("Monthly salary ÷ 30 × days paid"),
    "salary.part_in_split": _(
        "Monthly salary ÷ 30 × days paid, with one cent moved so that the parts sum to the whole"
    ),
    "salary.sum": _("Salary of the month"),
    "family.full_month": _("Pay that would be due for the whole month"),
    "family.all_jobs": _("Together with the pay of other jobs"),
    "family.limit": _("Compared with the limit of the year"),
    "family.quotas": _("Quota × children"),
    "family.none": _("Above the limit there is no allowance"),
    "inss.base": _("Pay on which INSS is due"),
    "inss.with_other_jobs": _("Together with the pay that other employers already charged"),
    "inss.ceiling": _("Above the ceiling nothing is due: the ceiling is used"),
    "inss.slice": _("Slice %(number)s"),
    "inss.slices_sum": _("Sum of the slices"),
    "inss.other_jobs": _("Less what is due on the pay of other employers"),
    "rounded": _("Rounded to cents"),
    "irrf.gross": _("Taxable pay"),
    "irrf.legal_deductions": _("Legal deductions: INSS, dependants, alimony and private pension"),
    "irrf.simplified_discount": _("Simplified discount, which may replace them"),
    "irrf.uses_legal": _("The legal deductions are used"),
    "irrf.uses_simplified": _("The simplified discount is used, because it is larger"),
    "irrf.base": _("Base: taxable pay less the deduction"),
    "irrf.base_not_below_zero": _("Base: the deduction is larger than the pay, so nothing is left"),
    "irrf.table": _("Tax by the table: base × rate − amount to deduct"),
    "irrf.exempt": _("Tax by the table: the base is in the exempt row"),
    "irrf.with_simplified": _("For comparison: tax by the table with the simplified discount"),
    "irrf.with_legal": _("For comparison: tax by the table with the legal deductions"),
    "irrf.no_reduction": _("No reduction: the taxable pay is above its limit"),
    "irrf.full_reduction": _("Reduction of the tax"),
    "irrf.full_reduction_capped": _("Reduction of the tax: all of it, up to this amount"),
    "irrf.reduction": _("Reduction of the tax, on the taxable pay"),
    "irrf.reduction_capped": _("Reduction of the tax, on the taxable pay: never more than the tax"),
    "irrf.tax": _("Tax after the reduction"),
    "irrf.waived": _("Not withheld: the tax of the month does not exceed the legal minimum"),
    "irrf.withheld": _("Withheld"),
    "irrf.less_withheld": _("Less what was withheld from earlier payments of the month"),
    "irrf.withheld_enough": _("More was already withheld this month: nothing is withheld now"),
    "fgts.base": _("Pay on which FGTS is due"),
    "fgts.deposit": _("Base × rate"),
    "base.lines": _("Sum of the lines that enter the base"),
    "given": _("Amount that was entered for the month"),
    "sum.earning": _("Sum of the earnings"),
    "sum.deduction": _("Sum of the deductions"),
    "net": _("Earnings less deductions"),
}

INPUTS: dict[str, str | Promise] = {
    "competence": _("Competence"),
    "payment_date": _("Payment date"),
    "salary": _("Monthly salary"),
    "days": _("Days paid"),
    "children": _("Children that count"),
    "family_remuneration": _("Pay compared with the limit"),
    "pay": _("Pay of the month"),
    "other_inss_base": _("Pay charged by other employers"),
    "taxable": _("Taxable pay of the month"),
    "inss": _("INSS"),
    "dependents": _("Dependants"),
    "alimony": _("Alimony"),
    "private_pension": _("Private pension"),
    "withheld": _("Withheld earlier in the month"),
    "simplified": _("Simplified discount"),
    "waive_small_tax": _("Small tax is not withheld"),
    "category": _("eSocial category"),
    "earnings": _("Earnings"),
    "deductions": _("Deductions"),
}

WORDS: dict[str, str | Promise] = {
    "simplified.auto": _("Used when it is better"),
    "simplified.off": _("Never used"),
    "simplified.force": _("Always used"),
    "yes": _("Yes"),
    "no": _("No"),
}

COLUMNS: dict[str, str | Promise] = {
    "from": _("Above"),
    "up_to": _("Up to"),
    "rate": _("Rate"),
    "deduct": _("To deduct"),
    "quota": _("Quota"),
    "amount": _("Amount"),
    "apprentice_rate": _("Rate of apprentices"),
    "reduction": _("Reduction"),
    "constant": _("Constant"),
    "factor": _("Factor"),
}

ROUNDING: dict[str, str | Promise] = {
    "half_up": _("Nothing is rounded on the way; the result is rounded once, half a cent upwards."),
    "split": _(
        "The whole is rounded once, half a cent upwards, and split so that the parts sum to it."
    ),
    "tax_and_reduction": _(
        "Tax by the table and reduction are each rounded to cents, half a cent upwards, as in the"
        " examples of the Receita Federal."
    ),
    "none": _("Nothing is rounded: all parts are whole cents."),
}

NOTES: dict[str, str | Promise] = {
    "family.above_limit": _("The pay is above the limit, so the allowance is not due."),
    "family.within_limit": _("The pay is within the limit, however few days were worked."),
    "family.no_children": _("No child under 14, or disabled, is registered."),
    "inss.half_cent": _(
        "The exact result ends in half a cent. The rules do not say which way it goes; here it"
        " goes up, and the return of eSocial may differ by one cent."
    ),
    "irrf.month_together": _("All payments of one month are taxed together."),
    "fgts.by_employer": _("The employer deposits it; nothing is taken from the pay."),
}

EXACT_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step in words: what it is, its formula with numbers, and its result."""

    label: str
    expression: str
    result: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a table, and whether it was used."""

    cells: tuple[str, ...]
    used: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table that was used, with what can be checked about it."""

    title: str
    version_id: int
    act: str
    source: str
    certainty: str
    verified_by: str
    valid_from: dt.date
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class ShownExplanation:
    """An explanation in the active language, ready for a page, the API or a printed answer."""

    title: str
    result: str
    steps: tuple[ShownStep, ...]
    inputs: tuple[tuple[str, str], ...]
    tables: tuple[ShownTable, ...]
    laws: tuple[str, ...]
    rounding: str
    notes: tuple[str, ...]
    rule: str


def show(explanation: Explanation) -> ShownExplanation:
    """Put an explanation into words in the active language.

    Args:
        explanation: What the rules found.
    """
    return ShownExplanation(
        title=str(TITLES[explanation.code]),
        result=format_brl(explanation.result),
        steps=tuple(_step(step) for step in explanation.steps),
        inputs=tuple((str(INPUTS[given.key]), _given(given)) for given in explanation.inputs),
        tables=tuple(_table(use) for use in explanation.tables),
        laws=explanation.laws,
        rounding=str(ROUNDING[explanation.rounding]),
        notes=tuple(str(NOTES[note]) for note in explanation.notes),
        rule=explanation.rule,
    )


def _step(step: Step) -> ShownStep:
    facts = {name: write(number) for name, number in step.facts}
    terms = (term if isinstance(term, str) else write(term) for term in step.expression)
    return ShownStep(
        label=str(STEPS[step.key]) % facts if facts else str(STEPS[step.key]),
        expression=" ".join(terms).replace("( ", "(").replace(" )", ")"),
        result=write(step.result),
    )


def _given(given: Given) -> str:
    if isinstance(given.value, Number):
        return write(given.value)
    if isinstance(given.value, dt.date):
        month = given.key == "competence"
        return format_competence(given.value) if month else f"{given.value:%d/%m/%Y}"
    return str(WORDS.get(given.value, given.value))


def write(number: Number) -> str:
    """A number as it is read in Brazil, with its unit."""
    value = Decimal(number.value)
    match number.unit:
        case Unit.MONEY:
            return format_brl(value)
        case Unit.EXACT_MONEY:
            return _exact(value)
        case Unit.RATE:
            return f"{_trimmed(value * 100, 0)}%"
        case Unit.DAYS:
            days = int(value)
            return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        case _:
            return _trimmed(value, 0)


def _exact(value: Decimal) -> str:
    """An amount with the fractions of a cent that it has; dots where they never end."""
    cut = value.quantize(Decimal(1).scaleb(-EXACT_DECIMALS), rounding=ROUND_DOWN)
    return f"R$\N{NO-BREAK SPACE}{_trimmed(cut, 2)}{'…' if cut != value else ''}"


def _trimmed(value: Decimal, least: int) -> str:
    """A number without zeros at the end, but with at least so many decimals."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(least, -exponent) if isinstance(exponent, int) else least
    return format_amount(value, decimals)


def _table(use: TableUse) -> ShownTable:
    names = list(dict.fromkeys(name for row in use.rows for name, _number in row.cells))
    version = use.version
    return ShownTable(
        title=kind_title(version.kind),
        version_id=version.id,
        act=version.act,
        source=version.source,
        certainty=str(Certainty(version.certainty).label),
        verified_by=version.verified_by,
        valid_from=version.valid_from,
        columns=tuple(str(COLUMNS[name]) for name in names),
        rows=tuple(_row(row, names) for row in use.rows),
    )


def _row(row: Row, names: list[str]) -> ShownRow:
    cells = dict(row.cells)
    texts = []
    for name in names:
        number = cells.get(name)
        open_end = name in cells and number is None
        texts.append(str(_("no limit")) if open_end else "" if number is None else write(number))
    return ShownRow(tuple(texts), row.used)
