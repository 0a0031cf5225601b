"""Runs worked examples, in the format of the files beside, through the released rules.

An input that the narrow payroll does not know makes a case unsupported, never passed.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from typing_extensions import override

from backoffice.law.reference import shipped_tables
from backoffice.law.rules import TableVersion, choose
from hr.payroll.rules.family_allowance import family_allowance
from hr.payroll.rules.fgts import fgts
from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.inss import inss
from hr.payroll.rules.irrf import IrrfResult, Simplified, TaxedIncome, irrf
from hr.payroll.rules.monthly import monthly_parts_v1
from hr.payroll.rules.salary import PaidPeriod, is_below_minimum, paid_days, salary_amounts
from hr.payroll.rules.tables import COMPETENCE_KINDS, PAYMENT_KINDS, MonthlyTables
from hr.payroll.rules.versions import compute_monthly

EXAMPLES = Path(__file__).parent / "examples"
Case = Mapping[str, Any]


class Unsupported(Exception):
    """The case asks for something that the narrow payroll does not do."""


@cache
def shipped_versions() -> tuple[TableVersion, ...]:
    """The tables that come with the product, without a database."""
    return tuple(_version(number, row) for number, row in enumerate(shipped_tables(), start=1))


def _version(number: int, row: Mapping[str, Any]) -> TableVersion:
    dates: dict[str, Any] = {
        name: dt.date.fromisoformat(row[name]) if row[name] else None
        for name in ("valid_from", "valid_to", "confirmed_through", "known_from")
    }
    given: dict[str, Any] = {
        name: row[name] for name in TableVersion.__slots__ if name in row and name not in dates
    }
    return TableVersion(id=number, **given, **dates)


@cache
def tables_of(competence: dt.date, payment: dt.date) -> MonthlyTables:
    """The shipped tables for a competence and a payment date."""
    found = {kind: choose(shipped_versions(), kind, competence) for kind in COMPETENCE_KINDS}
    found |= {kind: choose(shipped_versions(), kind, payment) for kind in PAYMENT_KINDS}
    return MonthlyTables.read({kind: table for kind, table in found.items() if table})


def load(path: Path) -> list[dict[str, Any]]:
    """The cases of one file."""
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return cases


def run(case: Case) -> dict[str, Any]:
    """Compute what the case asks for.

    Raises:
        Unsupported: The narrow payroll does not know the operation or one of its inputs.
    """
    given = dict(case["input"])
    operation = _OPERATIONS.get(given.pop("op"))
    if operation is None:
        raise Unsupported
    found = operation(given)
    if given:
        raise Unsupported(", ".join(given))
    return found


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where a result differs from what is expected; numbers compare by value."""
    if isinstance(expected, Mapping):
        if "any_of" in expected:
            options = expected["any_of"]
            hit = any(not differences(option, found) for option in options)
            return [] if hit else [f"{path}: {found}, expected one of {options}"]
        return [
            line
            for key, value in expected.items()
            for line in differences(value, found.get(key, "nothing"), f"{path}.{key}")
        ]
    if isinstance(expected, list):
        if len(expected) != len(found):
            return [f"{path}: {found}, expected {expected}"]
        return [
            line
            for number, pair in enumerate(zip(expected, found, strict=True))
            for line in differences(*pair, f"{path}.{number}")
        ]
    same = _number(expected) == _number(found)
    return [] if same else [f"{path}: {found}, expected {expected}"]


def _number(value: Any) -> Any:
    try:
        return value if isinstance(value, bool) else Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        return value


def _money(given: dict[str, Any], name: str) -> Decimal:
    return Decimal(given.pop(name, "0.00"))


def _date(given: dict[str, Any], name: str) -> dt.date:
    return dt.date.fromisoformat(given.pop(name))


def _inss(given: dict[str, Any]) -> dict[str, Any]:
    if given.pop("category", "employee") != "employee":
        raise Unsupported("category")
    on = _date(given, "date")
    table = tables_of(on, on).inss
    result = inss(_money(given, "base"), table, _money(given, "prior_base"))
    # The files call the rate of the whole table "progressive"; ours is that of the highest slice.
    return {
        "inss": result.amount,
        "base": result.base,
        "ceiling": table.ceiling,
        "rate": _Either(result.rate, "progressive"),
    }


class _Either:
    """A result that compares equal to either of two ways of saying it."""

    def __init__(self, *ways: Any) -> None:
        self.ways = ways

    @override
    def __eq__(self, other: object) -> bool:
        return other in self.ways

    @override
    def __hash__(self) -> int:
        return hash(self.ways)

    @override
    def __repr__(self) -> str:
        return " or ".join(map(str, self.ways))


def _irrf(given: dict[str, Any]) -> dict[str, Any]:
    on = _date(given, "date")
    income = TaxedIncome(
        gross=_money(given, "gross"),
        inss=_money(given, "inss"),
        dependents=given.pop("dependents", 0),
        alimony=_money(given, "alimony"),
        private_pension=_money(given, "private_pension"),
        withheld=_money(given, "withheld"),
    )
    result = irrf(
        income,
        tables_of(on, on).income_tax,
        simplified=Simplified(given.pop("simplified", "auto")),
        minimum=_money(given, "minimum"),
        reduce=given.pop("reduce", True),
    )
    return _detail(result)


def _detail(result: IrrfResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in result.__slots__}


def _family(given: dict[str, Any]) -> dict[str, Any]:
    on = _date(given, "date")
    result = family_allowance(
        _money(given, "remuneration"),
        given.pop("children"),
        tables_of(on, on).family_allowance,
        int(given.pop("days", 30)),
    )
    return {"value": result.amount}


def _fgts(given: dict[str, Any]) -> dict[str, Any]:
    on = _date(given, "date")
    result = fgts(_money(given, "base"), given.pop("category"), tables_of(on, on).fgts)
    return {"fgts": result.amount, "rate": result.rate}


def _salary(given: dict[str, Any]) -> dict[str, Any]:
    parts = given.pop("parts")
    spans = [
        (dt.date.fromisoformat(part["from"]), dt.date.fromisoformat(part["to"])) for part in parts
    ]
    days = paid_days(_date(given, "month"), spans)
    periods = [
        PaidPeriod(Decimal(part["salary"]), number)
        for part, number in zip(parts, days, strict=True)
    ]
    return {"days": list(days), "amounts": salary_amounts(periods)}


def _monthly(given: dict[str, Any]) -> dict[str, Any]:
    competence = _date(given, "competence")
    payment = dt.date.fromisoformat(given.pop("payment_date", competence.isoformat()))
    tables = tables_of(competence, payment)
    salary, share = _money(given, "salary"), Decimal(given.pop("hours_share", 1))
    given.pop("divisor", None)  # without overtime it changes nothing
    inputs = MonthlyInputs(
        competence=competence.replace(day=1),
        payment_date=payment,
        periods=(PaidPeriod(salary, int(given.pop("days_worked", 30))),),
        category=_category(given),
        dependents=given.pop("dependents", 0),
        children=given.pop("children", 0),
        family_days=int(given.pop("family_days", 30)),
        family_remuneration=_money(given, "family_base") if "family_base" in given else None,
        other_inss_base=_money(given, "other_inss_base"),
        alimony=_fixed_alimony(given),
        private_pension=_money(given, "private_pension"),
        simplified=Simplified(given.pop("simplified", "auto")),
        waive_small_tax=_waives(given, tables),
    )
    result, parts = compute_monthly(inputs, tables), monthly_parts_v1(inputs, tables)
    return {
        "inss": result.inss,
        "inss_base": result.inss_base,
        "irrf": result.irrf,
        "irrf_detail": _detail(parts.tax),
        "fgts": result.fgts,
        "fgts_base": result.fgts_base,
        "alimony": inputs.alimony,
        "family_allowance": parts.family.amount,
        "earnings": result.earnings,
        "discounts": result.deductions,
        "net": result.net,
        "below_minimum": is_below_minimum(salary, share, tables.minimum_wage),
        "line": {line.code: line.amount for line in result.lines},
    }


def _category(given: dict[str, Any]) -> str:
    try:
        return {"clt": "101", "apprentice": "103"}[given.pop("category", "clt")]
    except KeyError as error:
        raise Unsupported("category") from error


def _fixed_alimony(given: dict[str, Any]) -> Decimal:
    order = given.pop("alimony", None)
    if order is None:
        return Decimal("0.00")
    if order["mode"] != "fixed":
        raise Unsupported("alimony")
    return Decimal(order["value"])


def _waives(given: dict[str, Any], tables: MonthlyTables) -> bool:
    minimum = _money(given, "minimum_withholding")
    if minimum not in {Decimal(0), tables.income_tax.minimum}:
        raise Unsupported("minimum_withholding")
    return minimum != 0


_OPERATIONS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "inss": _inss,
    "irrf": _irrf,
    "family_allowance": _family,
    "fgts": _fgts,
    "salary": _salary,
    "monthly": _monthly,
}
