"""Explanations: they lead to the computed amount, and can be put into words in both languages."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hr.payroll import explanations
from hr.payroll.explanations import ShownExplanation, show
from hr.payroll.rules import explain as explaining
from hr.payroll.rules.explain import EXPLAINED, NotExplained, explain
from hr.payroll.rules.explanation import Explanation, Number, Unit
from hr.payroll.rules.inputs import EarlierPayments, MonthlyInputs
from hr.payroll.rules.irrf import Simplified
from hr.payroll.rules.monthly import TOTALS
from hr.payroll.rules.salary import PaidPeriod
from hr.payroll.rules.versions import RULES, compute_monthly
from tests.law.strategies import NOVEMBER, monthly_inputs, tables

COMPETENCE, PAYMENT = NOVEMBER
BASIC = MonthlyInputs(
    competence=COMPETENCE,
    payment_date=PAYMENT,
    periods=(PaidPeriod(Decimal("6000.00"), 30),),
)


def explained(code: str, inputs: MonthlyInputs = BASIC) -> Explanation:
    return explain(inputs, tables((inputs.competence, inputs.payment_date)), code)


def words(code: str, inputs: MonthlyInputs = BASIC) -> ShownExplanation:
    with translation.override("en"):
        return show(explained(code, inputs))


def keys(code: str, inputs: MonthlyInputs) -> list[str]:
    return [step.key for step in explained(code, inputs).steps]


def with_salary(salary: str, **change: object) -> MonthlyInputs:
    return replace(BASIC, periods=(PaidPeriod(Decimal(salary), 30),), **change)  # type: ignore[arg-type]


@given(inputs=monthly_inputs(), code=st.sampled_from(EXPLAINED))
def test_an_explanation_leads_to_the_computed_amount(inputs: MonthlyInputs, code: str) -> None:
    month_tables = tables((inputs.competence, inputs.payment_date))
    result = compute_monthly(inputs, month_tables)
    expected = getattr(result, code) if code in TOTALS else result.amount_of(code)
    explanation = explain(inputs, month_tables, code)
    assert explanation.result == expected
    assert explanation.steps[-1].result == Number(expected, Unit.MONEY)


@given(inputs=monthly_inputs(), code=st.sampled_from(EXPLAINED))
def test_every_explanation_can_be_put_into_words(inputs: MonthlyInputs, code: str) -> None:
    shown = show(explained(code, inputs))
    assert shown.title
    assert all(step.label and step.expression and step.result for step in shown.steps)
    assert all(len(row.cells) == len(table.columns) for table in shown.tables for row in table.rows)
    assert not any("%(" in step.label for step in shown.steps)


@given(inputs=monthly_inputs())
def test_every_step_with_one_operator_is_true(inputs: MonthlyInputs) -> None:
    """A reader who checks a sum or a difference with a calculator finds the printed result."""
    for code in EXPLAINED:
        for step in explained(code, inputs).steps:
            signs = {term for term in step.expression if isinstance(term, str)}
            values = [Decimal(t.value) for t in step.expression if not isinstance(t, str)]
            if signs == {"+"}:
                assert sum(values) == step.result.value
            elif signs == {"−"} and step.key not in {
                "irrf.base_not_below_zero",
                "irrf.withheld_enough",
            }:
                assert values[0] - values[1] == step.result.value


def test_inss_names_each_slice_and_rounds_once() -> None:
    shown = words("inss")
    assert shown.title == "INSS"
    assert shown.result == "R$\u00a0641,51"
    assert [(step.label, step.expression, step.result) for step in shown.steps] == [
        ("Pay on which INSS is due", "R$\u00a06.000,00", "R$\u00a06.000,00"),
        ("Slice 1", "(R$\u00a01.621,00 − R$\u00a00,00) × 7,5%", "R$\u00a0121,575"),
        ("Slice 2", "(R$\u00a02.902,84 − R$\u00a01.621,00) × 9%", "R$\u00a0115,3656"),
        ("Slice 3", "(R$\u00a04.354,27 − R$\u00a02.902,84) × 12%", "R$\u00a0174,1716"),
        ("Slice 4", "(R$\u00a06.000,00 − R$\u00a04.354,27) × 14%", "R$\u00a0230,4022"),
        (
            "Sum of the slices",
            "R$\u00a0121,575 + R$\u00a0115,3656 + R$\u00a0174,1716 + R$\u00a0230,4022",
            "R$\u00a0641,5144",
        ),
        ("Rounded to cents", "R$\u00a0641,5144", "R$\u00a0641,51"),
    ]
    (table,) = shown.tables
    assert table.title == "INSS of employees"
    assert table.act == "Portaria Interministerial MPS/MF nº 13, de 09/01/2026"
    assert table.columns == ("Above", "Up to", "Rate")
    assert [row.used for row in table.rows] == [True, True, True, True]
    assert shown.laws == ("EC 103/2019, art. 28", "Lei 8.212/1991, arts. 20 e 28")
    assert ("Competence", "11/2026") in shown.inputs


def test_inss_marks_only_the_slices_that_this_job_reaches() -> None:
    second_job = with_salary("1000.00", other_inss_base=Decimal("3000.00"))
    (use,) = explained("inss", second_job).tables
    assert [row.used for row in use.rows] == [False, False, True, False]
    assert keys("inss", second_job) == [
        "inss.base",
        "inss.with_other_jobs",
        "inss.slice",
        "inss.slice",
        "inss.slice",
        "inss.slices_sum",
        "inss.other_jobs",
        "rounded",
    ]


def test_inss_says_when_the_ceiling_is_used_and_when_half_a_cent_went_up() -> None:
    assert keys("inss", with_salary("10000.00"))[1] == "inss.ceiling"
    assert explained("inss", with_salary("1621.00")).notes == ("inss.half_cent",)
    assert explained("inss", with_salary("1621.01")).notes == ()


def test_irrf_compares_both_deductions_and_shows_the_reduction() -> None:
    shown = words("irrf", replace(BASIC, dependents=2))
    assert [(step.label, step.expression, step.result) for step in shown.steps] == [
        ("Taxable pay", "R$\u00a06.000,00", "R$\u00a06.000,00"),
        (
            "Legal deductions: INSS, dependants, alimony and private pension",
            "R$\u00a0641,51 + 2 × R$\u00a0189,59",
            "R$\u00a01.020,69",
        ),
        ("Simplified discount, which may replace them", "R$\u00a0607,20", "R$\u00a0607,20"),
        ("The legal deductions are used", "R$\u00a0607,20 ≤ R$\u00a01.020,69", "R$\u00a01.020,69"),
        (
            "Base: taxable pay less the deduction",
            "R$\u00a06.000,00 − R$\u00a01.020,69",
            "R$\u00a04.979,31",
        ),
        (
            "Tax by the table: base × rate − amount to deduct",
            "R$\u00a04.979,31 × 27,5% − R$\u00a0908,73",
            "R$\u00a0460,58",
        ),
        (
            "For comparison: tax by the table with the simplified discount",
            "R$\u00a05.392,80 × 27,5% − R$\u00a0908,73",
            "R$\u00a0574,29",
        ),
        (
            "Reduction of the tax, on the taxable pay",
            "R$\u00a0978,62 − 0,133145 × R$\u00a06.000,00",
            "R$\u00a0179,75",
        ),
        ("Tax after the reduction", "R$\u00a0460,58 − R$\u00a0179,75", "R$\u00a0280,83"),
        ("Withheld", "R$\u00a0280,83", "R$\u00a0280,83"),
    ]
    assert [table.title for table in shown.tables] == [
        "Monthly IRRF",
        "IRRF deduction per dependant",
        "IRRF simplified discount",
        "IRRF reduction",
    ]
    brackets, dependant, simplified, reduction = shown.tables
    assert [row.used for row in brackets.rows] == [False, False, False, False, True]
    assert brackets.rows[-1].cells == ("no limit", "27,5%", "R$\u00a0908,73")
    assert [dependant.rows[0].used, simplified.rows[0].used] == [True, False]
    assert reduction.columns == ("Up to", "Reduction", "Constant", "Factor")
    assert [row.used for row in reduction.rows] == [False, True, False]
    assert ("Payment date", "04/12/2026") in shown.inputs
    assert ("Simplified discount", "Used when it is better") in shown.inputs


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (
            with_salary("5000.00"),
            ["irrf.table", "irrf.with_legal", "irrf.full_reduction_capped", "irrf.tax"],
        ),
        (
            with_salary("5020.00"),
            ["irrf.table", "irrf.with_legal", "irrf.reduction", "irrf.tax", "irrf.waived"],
        ),
        (
            with_salary("5000.00", simplified=Simplified.OFF, private_pension=Decimal("1.00")),
            ["irrf.base", "irrf.table", "irrf.full_reduction", "irrf.tax", "irrf.withheld"],
        ),
        (with_salary("5000.01"), ["irrf.reduction_capped", "irrf.tax", "irrf.withheld"]),
        (with_salary("7350.01"), ["irrf.table", "irrf.with_simplified", "irrf.no_reduction"]),
        (
            with_salary("2000.00"),
            ["irrf.base", "irrf.exempt", "irrf.with_legal", "irrf.full_reduction_capped"],
        ),
        (
            with_salary("500.00"),
            ["irrf.uses_simplified", "irrf.base_not_below_zero", "irrf.exempt"],
        ),
        (
            with_salary(
                "9000.00", payment_date=dt.date(2025, 12, 30), competence=dt.date(2025, 12, 1)
            ),
            ["irrf.table", "irrf.with_simplified", "irrf.withheld"],
        ),
        (
            with_salary(
                "9000.00",
                earlier=EarlierPayments(Decimal("1000.00"), withheld=Decimal("10.00")),
            ),
            ["irrf.no_reduction", "irrf.less_withheld"],
        ),
        (
            with_salary(
                "3000.00",
                earlier=EarlierPayments(Decimal("1000.00"), withheld=Decimal("10.00")),
            ),
            ["irrf.tax", "irrf.withheld_enough"],
        ),
        (
            with_salary("9000.00", simplified=Simplified.FORCE, alimony=Decimal("900.00")),
            ["irrf.simplified_discount", "irrf.uses_simplified", "irrf.base", "irrf.table"],
        ),
    ],
)
def test_irrf_takes_the_steps_that_the_case_needs(
    inputs: MonthlyInputs, expected: list[str]
) -> None:
    found = " ".join(keys("irrf", inputs))
    assert " ".join(expected) in found


def test_the_waived_tax_shows_the_minimum_and_its_act() -> None:
    shown = words("irrf", with_salary("5020.00"))
    assert shown.steps[-1].expression == "R$\u00a07,16 ≤ R$\u00a010,00"
    assert shown.tables[-1].act == "Lei nº 9.430/1996, art. 67"


def test_a_salary_in_two_parts_says_so() -> None:
    halves = replace(BASIC, periods=(PaidPeriod(Decimal("3333.33"), 15),) * 2)
    assert keys("salary", halves) == ["salary.part", "salary.part_in_split", "salary.sum"]
    shown = words("salary", halves)
    assert shown.steps[0].expression == "R$\u00a03.333,33 ÷ 30 × 15 days"
    assert shown.result == "R$\u00a03.333,33"
    assert keys("salary", replace(BASIC, periods=())) == ["salary.sum"]
    one_day = replace(BASIC, periods=(PaidPeriod(Decimal("3000.00"), 1),))
    assert words("salary", one_day).steps[0].expression == "R$\u00a03.000,00 ÷ 30 × 1 day"


@pytest.mark.parametrize(
    ("inputs", "steps", "note"),
    [
        (
            with_salary("1900.00", children=2),
            ["family.full_month", "family.limit", "family.quotas"],
            "family.within_limit",
        ),
        (
            with_salary("1900.00"),
            ["family.full_month", "family.limit", "family.quotas"],
            "family.no_children",
        ),
        (
            with_salary("1900.00", children=1, other_inss_base=Decimal("500.00")),
            ["family.full_month", "family.all_jobs", "family.limit", "family.none"],
            "family.above_limit",
        ),
        (
            with_salary("1900.00", children=1, family_remuneration=Decimal("1000.00")),
            ["family.limit", "family.quotas"],
            "family.within_limit",
        ),
    ],
)
def test_the_family_allowance_shows_what_was_compared(
    inputs: MonthlyInputs, steps: list[str], note: str
) -> None:
    assert keys("family_allowance", inputs) == steps
    assert explained("family_allowance", inputs).notes == (note,)


def test_the_family_allowance_of_a_broken_month_shows_its_days() -> None:
    ten = replace(BASIC, periods=(PaidPeriod(Decimal("1900.00"), 10),), children=1, family_days=10)
    last = words("family_allowance", ten).steps[-1]
    assert last.expression == "R$\u00a067,54 × 1 × 10 days ÷ 30"
    assert last.result == "R$\u00a022,51"


def test_amounts_without_end_are_cut_and_say_so() -> None:
    seven = (PaidPeriod(Decimal("1000.00"), 4), PaidPeriod(Decimal("1100.00"), 3))
    first = words("family_allowance", replace(BASIC, periods=seven)).steps[0]
    assert (first.expression, first.result) == ("R$\u00a01.042,857142…", "R$\u00a01.042,86")


def test_fgts_says_that_the_employer_pays_it() -> None:
    apprentice = words("fgts", replace(BASIC, category="103"))
    assert apprentice.steps[1].expression == "R$\u00a06.000,00 × 2%"
    assert [row.used for row in apprentice.tables[0].rows] == [False, True]
    assert apprentice.notes == ("The employer deposits it; nothing is taken from the pay.",)


def test_the_net_pay_is_explained_by_its_totals() -> None:
    shown = words("net")
    assert shown.steps[0].expression == "R$\u00a06.000,00 − R$\u00a01.026,61"
    assert shown.result == "R$\u00a04.973,39"


def test_an_amount_that_the_rule_does_not_know_is_no_explanation() -> None:
    with pytest.raises(KeyError):
        explained("bonus")
    with pytest.raises(KeyError):
        explain(BASIC, tables(NOVEMBER), "net", rule="monthly/1999-01")


def test_an_explanation_that_leads_elsewhere_is_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    astray = {**explaining._EXPLAIN, "net": explaining._EXPLAIN["earnings"]}
    monkeypatch.setattr(explaining, "_EXPLAIN", astray)
    with pytest.raises(NotExplained, match=r"net: explained as 6000.00, computed as 4973.39"):
        explained("net")


def test_every_released_rule_explains_itself() -> None:
    assert explaining.EXPLANATIONS.keys() == RULES.keys()


def test_every_amount_has_a_title_and_no_title_is_idle() -> None:
    assert set(explanations.TITLES) == set(EXPLAINED)
