"""The monthly payslip: all rules of the month in their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from decimal import localcontext as decimal_context
from enum import StrEnum
from typing import Any

from backoffice.money.rules import CENT, ZERO, Rounding, to_cents
from hr.payroll.rules.family_allowance import FamilyAllowanceResult, family_allowance
from hr.payroll.rules.fgts import FgtsResult, fgts
from hr.payroll.rules.inputs import EarlierPayments, Json, MonthlyInputs
from hr.payroll.rules.inss import InssResult, inss
from hr.payroll.rules.irrf import IrrfResult, TaxedIncome, irrf
from hr.payroll.rules.salary import full_month_salary, salary_amounts
from hr.payroll.rules.tables import ARITHMETIC, MonthlyTables

TOTALS = (
    "earnings",
    "deductions",
    "net",
    "inss_base",
    "irrf_base",
    "fgts_base",
    "inss",
    "irrf",
    "fgts",
)
NO_EARLIER = EarlierPayments()


class LineKind(StrEnum):
    """What a line does to the net pay."""

    EARNING = "earning"
    DEDUCTION = "deduction"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a payslip.

    Attributes:
        code: Key of the pay item.
        kind: What it does to the net pay.
        amount: Whole cents, never negative; the kind says the direction.
        quantity: Days or children, where the line has a quantity.
        base: What the rate or quantity is applied to, in reais.
        rate: As a fraction; of INSS and IRRF the rate of the highest slice or of the row.
    """

    code: str
    kind: LineKind
    amount: Decimal
    quantity: int | None = None
    base: Decimal | None = None
    rate: Decimal | None = None

    def to_json(self) -> Json:
        """The line as JSON; amounts and rates as text."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "amount": str(self.amount),
            "quantity": self.quantity,
            "base": None if self.base is None else str(self.base.quantize(CENT)),
            "rate": None if self.rate is None else str(self.rate),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Line":
        """The line from its JSON.

        Raises:
            KeyError: A part is lacking.
        """
        return cls(
            code=data["code"],
            kind=LineKind(data["kind"]),
            amount=Decimal(data["amount"]),
            quantity=data["quantity"],
            base=None if data["base"] is None else Decimal(data["base"]),
            rate=None if data["rate"] is None else Decimal(data["rate"]),
        )


@dataclass(frozen=True, slots=True)
class MonthlyResult:
    """A computed payslip; amounts in reais, whole cents.

    Attributes:
        lines: In the order in which they are printed; lines of nothing are left out, except the
            salary.
        earnings: Sum of the earnings.
        deductions: Sum of the deductions.
        net: Earnings less deductions; negative where given deductions exceed the pay.
        inss_base: Contribution salary of this payslip, above the ceiling too.
        irrf_base: Base of the income tax after deductions.
        fgts_base: Base of the deposit.
        inss: Contribution withheld.
        irrf: Tax withheld.
        fgts: Deposit by the employer.
    """

    lines: tuple[Line, ...]
    earnings: Decimal
    deductions: Decimal
    net: Decimal
    inss_base: Decimal
    irrf_base: Decimal
    fgts_base: Decimal
    inss: Decimal
    irrf: Decimal
    fgts: Decimal

    def amount_of(self, code: str) -> Decimal:
        """Sum of the lines of one pay item; zero if there is none."""
        return sum((line.amount for line in self.lines if line.code == code), ZERO)

    def to_json(self) -> Json:
        """The payslip as JSON; amounts and rates as text. Equal payslips give equal JSON."""
        return {
            "lines": [line.to_json() for line in self.lines],
            **{name: str(getattr(self, name)) for name in TOTALS},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "MonthlyResult":
        """The payslip from its JSON.

        Raises:
            KeyError: A part is lacking.
        """
        return cls(
            lines=tuple(Line.from_json(line) for line in data["lines"]),
            **{name: Decimal(data[name]) for name in TOTALS},
        )


@dataclass(frozen=True, slots=True)
class MonthlyParts:
    """The result of each rule of a month, from which lines and explanations are made.

    Attributes:
        salaries: Pay of each part of the month.
        pay: Their sum: the base of INSS and FGTS, and the taxable pay.
        family: Family allowance.
        inss: Contribution of the employee.
        income: What is taxed together with this payment.
        tax: Income tax.
        fgts: Deposit of the employer.
    """

    salaries: list[Decimal]
    pay: Decimal
    family: FamilyAllowanceResult
    inss: InssResult
    income: TaxedIncome
    tax: IrrfResult
    fgts: FgtsResult


def monthly_parts_v1(inputs: MonthlyInputs, tables: MonthlyTables) -> MonthlyParts:
    """Apply each rule of the month in its order: salary, family allowance, INSS, IRRF, FGTS.

    Bases are sums of lines already rounded; each line is rounded half up to cents once.

    Law:
        CLT arts. 64 and 457; the law of each part stands at its rule.
    """
    salaries = salary_amounts(inputs.periods)
    pay = sum(salaries, ZERO)
    contribution = inss(pay, tables.inss, inputs.other_inss_base)
    earlier = inputs.earlier or NO_EARLIER
    income = TaxedIncome(
        gross=earlier.gross + pay,
        inss=earlier.inss + contribution.amount,
        dependents=inputs.dependents,
        alimony=earlier.alimony + inputs.alimony,
        private_pension=earlier.private_pension + inputs.private_pension,
        withheld=earlier.withheld,
    )
    minimum = tables.income_tax.minimum if inputs.waive_small_tax else ZERO
    return MonthlyParts(
        salaries=salaries,
        pay=pay,
        family=family_allowance(
            _allowance_remuneration(inputs, pay, tables),
            inputs.children,
            tables.family_allowance,
            inputs.family_days,
        ),
        inss=contribution,
        income=income,
        tax=irrf(income, tables.income_tax, simplified=inputs.simplified, minimum=minimum),
        fgts=fgts(pay, inputs.category, tables.fgts),
    )


def _allowance_remuneration(inputs: MonthlyInputs, pay: Decimal, tables: MonthlyTables) -> Decimal:
    """What is compared with the limit of the family allowance, in reais."""
    if inputs.family_remuneration is not None:
        return inputs.family_remuneration
    if tables.family_allowance.limit_on_full_month:
        pay = to_cents(full_month_salary(inputs.periods), Rounding.HALF_UP)
    return pay + inputs.other_inss_base


def compute_monthly_v1(inputs: MonthlyInputs, tables: MonthlyTables) -> MonthlyResult:
    """Compute one monthly payslip.

    Released as ``monthly/2026-11`` and never edited again, nor are the rules that it calls: a
    change of law or a mended fault is a new function under a new name.

    Args:
        inputs: The facts of one contract in one month.
        tables: INSS, family allowance, FGTS and minimum wage of the competence; income tax of
            the payment date.

    Returns:
        Lines and totals, in whole cents.

    Law:
        CLT arts. 64, 457 and 462 (deductions); the law of each part stands at its rule.
    """
    with decimal_context(ARITHMETIC):
        parts = monthly_parts_v1(inputs, tables)
        lines = _earnings(inputs, parts, tables)
        earnings = sum((line.amount for line in lines), ZERO)
        taken = _deductions(inputs, parts)
        deductions = sum((line.amount for line in taken), ZERO)
        lines += taken
        if parts.fgts.amount:
            lines.append(
                Line(
                    "fgts",
                    LineKind.INFORMATION,
                    parts.fgts.amount,
                    base=parts.fgts.base,
                    rate=parts.fgts.rate,
                )
            )
        return MonthlyResult(
            lines=tuple(lines),
            earnings=earnings,
            deductions=deductions,
            net=earnings - deductions,
            inss_base=parts.pay,
            irrf_base=parts.tax.base,
            fgts_base=parts.fgts.base,
            inss=parts.inss.amount,
            irrf=parts.tax.irrf,
            fgts=parts.fgts.amount,
        )


def _earnings(inputs: MonthlyInputs, parts: MonthlyParts, tables: MonthlyTables) -> list[Line]:
    lines = [
        Line("salary", LineKind.EARNING, amount, quantity=period.days, base=period.salary)
        for period, amount in zip(inputs.periods, parts.salaries, strict=True)
    ]
    if parts.family.amount:
        lines.append(
            Line(
                "family_allowance",
                LineKind.EARNING,
                parts.family.amount,
                quantity=inputs.children,
                base=tables.family_allowance.quota,
            )
        )
    return lines


def _deductions(inputs: MonthlyInputs, parts: MonthlyParts) -> list[Line]:
    lines = []
    if parts.inss.amount:
        lines.append(
            Line(
                "inss",
                LineKind.DEDUCTION,
                parts.inss.amount,
                base=parts.inss.base,
                rate=parts.inss.rate,
            )
        )
    if inputs.alimony:
        lines.append(Line("alimony", LineKind.DEDUCTION, inputs.alimony))
    if parts.tax.irrf:
        lines.append(
            Line(
                "irrf",
                LineKind.DEDUCTION,
                parts.tax.irrf,
                base=parts.tax.base,
                rate=parts.tax.rate,
            )
        )
    if inputs.private_pension:
        lines.append(Line("private_pension", LineKind.DEDUCTION, inputs.private_pension))
    return lines
