"""The monthly payslip as a whole: sums, JSON, refusals, and the released results."""

import datetime as dt
import decimal
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.payroll.rules.inputs import EarlierPayments, InvalidInputs, MonthlyInputs
from hr.payroll.rules.monthly import LineKind, MonthlyResult
from hr.payroll.rules.salary import PaidPeriod
from hr.payroll.rules.tables import MonthlyTables
from hr.payroll.rules.versions import CURRENT, RULES, compute_monthly
from tests.law.runner import shipped_versions, tables_of
from tests.law.strategies import NOVEMBER, cents, monthly_inputs, tables

COMPETENCE, PAYMENT = NOVEMBER


def one_salary(salary: str, days: int = 30, **more: Any) -> MonthlyInputs:
    return MonthlyInputs(
        competence=COMPETENCE,
        payment_date=PAYMENT,
        periods=(PaidPeriod(Decimal(salary), days),),
        **more,
    )


def computed(inputs: MonthlyInputs) -> MonthlyResult:
    return compute_monthly(inputs, tables((inputs.competence, inputs.payment_date)))


def sum_of(result: MonthlyResult, kind: LineKind) -> Decimal:
    return sum((line.amount for line in result.lines if line.kind is kind), Decimal(0))


@given(inputs=monthly_inputs())
def test_the_totals_are_the_sums_of_the_lines(inputs: MonthlyInputs) -> None:
    result = computed(inputs)
    assert result.earnings == sum_of(result, LineKind.EARNING)
    assert result.deductions == sum_of(result, LineKind.DEDUCTION)
    assert result.net == result.earnings - result.deductions
    assert result.inss_base == result.fgts_base == result.amount_of("salary")
    assert result.inss == result.amount_of("inss")
    assert result.irrf == result.amount_of("irrf")
    assert result.fgts == result.amount_of("fgts")
    assert all(line.amount >= 0 for line in result.lines)
    assert all(line.amount.as_tuple().exponent == -2 for line in result.lines)
    codes = [line.code for line in result.lines if line.code != "salary"]
    assert len(codes) == len(set(codes))


@given(inputs=monthly_inputs())
def test_facts_and_results_survive_json(inputs: MonthlyInputs) -> None:
    stored = json.loads(json.dumps(inputs.to_json()))
    again = MonthlyInputs.from_json(stored)
    assert again == inputs
    assert again.to_json() == inputs.to_json()
    result = computed(inputs)
    restored = MonthlyResult.from_json(json.loads(json.dumps(result.to_json())))
    assert restored == result
    assert restored.to_json() == result.to_json()
    assert computed(again).to_json() == result.to_json()


def test_equal_facts_give_equal_json_however_amounts_were_written() -> None:
    assert one_salary("5000").to_json() == one_salary("5000.000").to_json()
    assert computed(one_salary("5000")).to_json() == computed(one_salary("5000.00")).to_json()


@given(salary=cents, children=st.integers(0, 3))
def test_more_salary_means_more_net_but_for_the_two_limits_of_law(
    salary: Decimal, children: int
) -> None:
    """Only the R$ 10,00 rule and the limit of the family allowance may take more than they give."""
    poorer = one_salary(str(salary), children=children, waive_small_tax=False)
    richer = replace(poorer, periods=(PaidPeriod(salary + 1, 30),))
    before, after = computed(poorer), computed(richer)
    lost = before.amount_of("family_allowance") - after.amount_of("family_allowance")
    assert after.net >= before.net - lost


@given(inputs=monthly_inputs(), children=st.integers(0, 6))
def test_the_family_allowance_is_outside_all_bases(inputs: MonthlyInputs, children: int) -> None:
    without = computed(replace(inputs, children=0))
    given_to_them = computed(replace(inputs, children=children))
    gain = given_to_them.amount_of("family_allowance")
    assert given_to_them.net == without.net + gain
    assert given_to_them.inss == without.inss
    assert given_to_them.irrf == without.irrf
    assert given_to_them.fgts == without.fgts


def test_inss_follows_the_competence_and_irrf_the_payment_date() -> None:
    december = MonthlyInputs(
        competence=dt.date(2025, 12, 1),
        payment_date=dt.date(2026, 1, 7),
        periods=(PaidPeriod(Decimal("5000.00"), 30),),
    )
    result = computed(december)
    assert result.inss == Decimal("509.60")
    assert result.irrf == 0
    on_time = computed(replace(december, payment_date=dt.date(2025, 12, 30)))
    assert on_time.inss == Decimal("509.60")
    assert on_time.irrf == Decimal("312.89")


def test_the_lines_of_a_payslip_in_their_order() -> None:
    result = computed(
        one_salary(
            "1900.00",
            children=1,
            alimony=Decimal("100.00"),
            private_pension=Decimal("50.00"),
        )
    )
    assert [
        (line.code, line.quantity, line.base, line.rate, line.amount) for line in result.lines
    ] == [
        ("salary", 30, Decimal("1900.00"), None, Decimal("1900.00")),
        ("family_allowance", 1, Decimal("67.54"), None, Decimal("67.54")),
        ("inss", None, Decimal("1900.00"), Decimal("0.09"), Decimal("146.69")),
        ("alimony", None, None, None, Decimal("100.00")),
        ("private_pension", None, None, None, Decimal("50.00")),
        ("fgts", None, Decimal("1900.00"), Decimal("0.08"), Decimal("152.00")),
    ]


def test_a_month_without_pay_has_its_salary_line_and_nothing_else() -> None:
    result = computed(one_salary("3000.00", days=0))
    assert [line.code for line in result.lines] == ["salary"]
    assert result.to_json() == {
        "lines": [
            {
                "code": "salary",
                "kind": "earning",
                "amount": "0.00",
                "quantity": 0,
                "base": "3000.00",
                "rate": None,
            }
        ],
        **dict.fromkeys(
            (
                "earnings",
                "deductions",
                "net",
                "inss_base",
                "irrf_base",
                "fgts_base",
                "inss",
                "irrf",
                "fgts",
            ),
            "0.00",
        ),
    }


def test_the_limit_of_the_family_allowance_can_be_the_pay_that_was_earned() -> None:
    versions = dict(tables(NOVEMBER).versions)
    changed = {**versions["family_allowance"].payload, "limit_on": "earned"}
    versions["family_allowance"] = replace(versions["family_allowance"], payload=changed)
    ten_days = one_salary("4000.00", days=10, children=1, family_days=10)
    assert computed(ten_days).amount_of("family_allowance") == 0
    earned = compute_monthly(ten_days, MonthlyTables.read(versions))
    assert earned.amount_of("family_allowance") == Decimal("22.51")


def test_the_limit_of_the_family_allowance_meets_the_pay_as_it_is_rounded() -> None:
    halves = (PaidPeriod(Decimal("1980.38"), 15), PaidPeriod(Decimal("1980.39"), 15))
    above = replace(one_salary("0.00", children=1), periods=halves)
    assert computed(above).amount_of("salary") == Decimal("1980.39")
    assert computed(above).amount_of("family_allowance") == 0
    assert computed(one_salary("1980.38", children=1)).amount_of("family_allowance") == Decimal(
        "67.54"
    )


def test_the_days_of_the_family_allowance_can_be_left_out_of_account() -> None:
    versions = dict(tables(NOVEMBER).versions)
    changed = {**versions["family_allowance"].payload, "proportional_days": False}
    versions["family_allowance"] = replace(versions["family_allowance"], payload=changed)
    ten_days = one_salary("1900.00", days=10, children=1, family_days=10)
    assert computed(ten_days).amount_of("family_allowance") == Decimal("22.51")
    whole = compute_monthly(ten_days, MonthlyTables.read(versions))
    assert whole.amount_of("family_allowance") == Decimal("67.54")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"competence": dt.date(2026, 11, 2)}, "not_a_month", "competence"),
        ({"category": "701"}, "unknown_category", "category"),
        ({"dependents": -1}, "negative", "dependents"),
        ({"children": -1}, "negative", "children"),
        ({"alimony": Decimal(-1)}, "negative", "alimony"),
        ({"alimony": 1.5}, "not_a_decimal", "alimony"),
        ({"private_pension": Decimal("0.001")}, "fractions_of_a_cent", "private_pension"),
        ({"alimony": Decimal("NaN")}, "too_large", "alimony"),
        ({"alimony": Decimal("1E+10")}, "too_large", "alimony"),
        ({"other_inss_base": Decimal(-1)}, "negative", "other_inss_base"),
        ({"family_remuneration": Decimal(-1)}, "negative", "family_remuneration"),
        ({"family_days": 31}, "days_out_of_range", "family_days"),
        ({"family_days": -1}, "days_out_of_range", "family_days"),
        ({"periods": (PaidPeriod(Decimal(-1), 30),)}, "negative", "salary"),
        ({"periods": (PaidPeriod(Decimal(1), 31),)}, "days_out_of_range", "periods"),
        (
            {"periods": (PaidPeriod(Decimal(1), 16), PaidPeriod(Decimal(1), 15))},
            "days_out_of_range",
            "periods",
        ),
    ],
)
def test_facts_that_cannot_be_are_refused_by_name(
    change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidInputs) as refusal:
        replace(one_salary("3000.00"), **change)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert str(refusal.value) == f"{field}: {code}"


def test_an_earlier_payment_cannot_be_negative() -> None:
    with pytest.raises(InvalidInputs, match="withheld: negative"):
        EarlierPayments(withheld=Decimal(-1))


def test_payments_of_one_month_are_taxed_together() -> None:
    first = one_salary("4000.00")
    paid = computed(first)
    assert paid.irrf == 0
    second = replace(
        first,
        earlier=EarlierPayments(gross=Decimal("4000.00"), inss=paid.inss, withheld=paid.irrf),
    )
    whole = computed(replace(first, periods=(PaidPeriod(Decimal("8000.00"), 30),)))
    # The contribution on two halves differs from that on the whole, so the base differs by that.
    base = Decimal("8000.00") - 2 * paid.inss
    expected = (base * Decimal("0.275") - Decimal("908.73")).quantize(Decimal("0.01"))
    assert computed(second).irrf == expected
    assert whole.irrf < expected


def test_a_caller_cannot_change_the_arithmetic() -> None:
    expected = computed(one_salary("6543.21", days=17))
    with decimal.localcontext(decimal.Context(prec=5, rounding=decimal.ROUND_DOWN)):
        assert computed(one_salary("6543.21", days=17)) == expected


def test_a_table_that_lacks_is_an_error_and_not_last_years() -> None:
    versions = dict(tables(NOVEMBER).versions)
    del versions["inss"]
    with pytest.raises(KeyError, match="inss"):
        MonthlyTables.read(versions)


def test_a_payslip_stores_which_versions_it_used() -> None:
    used = tables(NOVEMBER)
    by_id = {version.id: version for version in shipped_versions()}
    assert {kind: by_id[number].kind for kind, number in used.ids().items()} == {
        kind: kind for kind in used.versions
    }
    assert "irrf_reduction" in used.ids()
    assert "irrf_reduction" not in tables_of(COMPETENCE, dt.date(2025, 12, 31)).ids()


def test_new_payslips_use_a_released_rule() -> None:
    assert CURRENT in RULES
    with pytest.raises(KeyError):
        compute_monthly(one_salary("1.00"), tables(NOVEMBER), rule="monthly/1999-01")
