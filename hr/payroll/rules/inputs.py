"""What one monthly payslip is computed from, and its JSON form, which the payslip stores."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from backoffice.money.rules import CENT
from hr.payroll.rules.irrf import Simplified
from hr.payroll.rules.salary import MONTH, PaidPeriod
from hr.payroll.rules.tables import ARITHMETIC, NOTHING

Json = dict[str, Any]

EMPLOYEE = "101"
APPRENTICE = "103"
LARGEST = Decimal("9999999999.99")
CATEGORIES = frozenset({EMPLOYEE, APPRENTICE})


class InvalidInputs(ValueError):
    """Facts from which no payslip can be computed.

    Attributes:
        code: Stable, machine-readable.
        field: The fact that is wrong.
    """

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class EarlierPayments:
    """What was already paid to the same person in the same calendar month, all amounts in reais.

    Attributes:
        gross: Taxable pay.
        inss: Contribution that was deducted from it.
        alimony: Alimony that was deducted from it.
        private_pension: Pension contribution that was deducted from it.
        withheld: Tax that was withheld.
    """

    gross: Decimal = NOTHING
    inss: Decimal = NOTHING
    alimony: Decimal = NOTHING
    private_pension: Decimal = NOTHING
    withheld: Decimal = NOTHING

    def __post_init__(self) -> None:
        """Refuse amounts that cannot be."""
        _check_amounts(self, _EARLIER_AMOUNTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyInputs:
    """The facts of one contract in one month; amounts in reais, whole cents.

    Attributes:
        competence: The month worked, as its first day; picks INSS, FGTS and family allowance.
        payment_date: The day of payment; picks the income tax tables.
        periods: Salaries of the month with the days paid of each; together at most 30 days.
        category: eSocial category: 101 employee, 103 apprentice.
        dependents: Dependants for income tax.
        children: Children that give right to family allowance.
        family_days: Days of employment in the month, of 30, for the family allowance.
        family_remuneration: What is compared with the limit of the family allowance; None for
            the pay of a whole month here and at other employers.
        other_inss_base: Contribution salary of the month that other employers already charged.
        alimony: Alimony of the month, by order of a court or notarial deed.
        private_pension: Contribution to a pension plan.
        simplified: Whether the simplified discount may be used.
        waive_small_tax: Whether tax up to the legal minimum is not withheld.
        earlier: Payments of the same calendar month that are taxed together with this one.
    """

    competence: dt.date
    payment_date: dt.date
    periods: tuple[PaidPeriod, ...]
    category: str = EMPLOYEE
    dependents: int = 0
    children: int = 0
    family_days: int = MONTH
    family_remuneration: Decimal | None = None
    other_inss_base: Decimal = NOTHING
    alimony: Decimal = NOTHING
    private_pension: Decimal = NOTHING
    simplified: Simplified = Simplified.AUTO
    waive_small_tax: bool = True
    earlier: EarlierPayments | None = None

    def __post_init__(self) -> None:
        """Refuse facts from which no payslip can be computed.

        Raises:
            InvalidInputs: Naming the first fact that is wrong.
        """
        if self.competence.day != 1:
            raise InvalidInputs("not_a_month", "competence")
        if self.category not in CATEGORIES:
            raise InvalidInputs("unknown_category", "category")
        if self.dependents < 0 or self.children < 0:
            raise InvalidInputs("negative", "dependents" if self.dependents < 0 else "children")
        _check_amounts(self, _INPUT_AMOUNTS)
        if self.family_remuneration is not None:
            _check_amounts(self, ("family_remuneration",))
        _check_days(self.family_days, "family_days")
        for period in self.periods:
            _check_amounts(period, ("salary",))
            _check_days(period.days, "periods")
        _check_days(sum(period.days for period in self.periods), "periods")

    def to_json(self) -> Json:
        """The facts as JSON; amounts as text. Equal facts give equal JSON."""
        remuneration, earlier = self.family_remuneration, self.earlier
        return {
            "competence": self.competence.isoformat(),
            "payment_date": self.payment_date.isoformat(),
            "periods": [
                {"salary": _text(period.salary), "days": period.days} for period in self.periods
            ],
            "category": self.category,
            "dependents": self.dependents,
            "children": self.children,
            "family_days": self.family_days,
            "family_remuneration": None if remuneration is None else _text(remuneration),
            "other_inss_base": _text(self.other_inss_base),
            "alimony": _text(self.alimony),
            "private_pension": _text(self.private_pension),
            "simplified": self.simplified.value,
            "waive_small_tax": self.waive_small_tax,
            "earlier": None
            if earlier is None
            else {name: _text(getattr(earlier, name)) for name in _EARLIER_AMOUNTS},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "MonthlyInputs":
        """The facts from their JSON.

        Raises:
            KeyError: A fact is lacking.
            InvalidInputs: A fact is wrong.
        """
        remuneration, earlier = data["family_remuneration"], data["earlier"]
        return cls(
            competence=dt.date.fromisoformat(data["competence"]),
            payment_date=dt.date.fromisoformat(data["payment_date"]),
            periods=tuple(
                PaidPeriod(Decimal(row["salary"]), row["days"]) for row in data["periods"]
            ),
            category=data["category"],
            dependents=data["dependents"],
            children=data["children"],
            family_days=data["family_days"],
            family_remuneration=None if remuneration is None else Decimal(remuneration),
            other_inss_base=Decimal(data["other_inss_base"]),
            alimony=Decimal(data["alimony"]),
            private_pension=Decimal(data["private_pension"]),
            simplified=Simplified(data["simplified"]),
            waive_small_tax=data["waive_small_tax"],
            earlier=None
            if earlier is None
            else EarlierPayments(**{name: Decimal(earlier[name]) for name in _EARLIER_AMOUNTS}),
        )


_EARLIER_AMOUNTS = tuple(field.name for field in fields(EarlierPayments))
_INPUT_AMOUNTS = ("other_inss_base", "alimony", "private_pension")


def _check_amounts(holder: object, names: tuple[str, ...]) -> None:
    for name in names:
        value = getattr(holder, name)
        if type(value) is not Decimal:
            raise InvalidInputs("not_a_decimal", name)
        if not value.is_finite() or value > LARGEST:
            raise InvalidInputs("too_large", name)
        if value < 0:
            raise InvalidInputs("negative", name)
        if value.quantize(CENT, context=ARITHMETIC) != value:
            raise InvalidInputs("fractions_of_a_cent", name)


def _check_days(days: int, field: str) -> None:
    if not 0 <= days <= MONTH:
        raise InvalidInputs("days_out_of_range", field)


def _text(amount: Decimal) -> str:
    return str(amount.quantize(CENT, context=ARITHMETIC))
