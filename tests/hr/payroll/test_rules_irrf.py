"""IRRF: never negative, never better the other way, and without steps where the law has none."""

import datetime as dt
import itertools
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from hr.payroll.rules.irrf import Method, Simplified, TaxedIncome, irrf, reduction_on
from tests.law.runner import tables_of
from tests.law.strategies import cents, months, small, tables

CENT = Decimal("0.01")
LAST_2025 = dt.date(2025, 12, 31)
FIRST_2026 = dt.date(2026, 1, 1)
TABLES = tables_of(dt.date(2025, 12, 1), FIRST_2026).income_tax

incomes = st.builds(
    TaxedIncome,
    gross=cents,
    inss=small,
    dependents=st.integers(0, 8),
    alimony=small,
    private_pension=small,
    withheld=small,
)


@given(month=months, income=incomes, minimum=st.sampled_from([Decimal(0), Decimal(10)]))
def test_the_tax_is_never_negative_and_never_more_than_the_table_says(
    month: tuple[dt.date, dt.date], income: TaxedIncome, minimum: Decimal
) -> None:
    result = irrf(income, tables(month).income_tax, minimum=minimum)
    assert 0 <= result.reduction <= result.tax_before_reduction
    assert result.tax == result.tax_before_reduction - result.reduction
    assert 0 <= result.irrf <= result.tax
    assert result.irrf in {Decimal(0), result.tax - income.withheld}


@given(month=months, income=incomes)
def test_the_deduction_that_is_used_is_the_better_one(
    month: tuple[dt.date, dt.date], income: TaxedIncome
) -> None:
    income_tax = tables(month).income_tax
    chosen = irrf(income, income_tax)
    legal = irrf(income, income_tax, simplified=Simplified.OFF)
    simplified = irrf(income, income_tax, simplified=Simplified.FORCE)
    assert (legal.method, simplified.method) == (Method.LEGAL, Method.SIMPLIFIED)
    assert chosen.irrf == min(legal.irrf, simplified.irrf)
    assert chosen.base == min(legal.base, simplified.base)


def test_where_both_deductions_are_equal_the_legal_ones_are_used() -> None:
    income = TaxedIncome(Decimal("5754.90"), inss=Decimal("607.20"))
    assert irrf(income, TABLES).method is Method.LEGAL
    less = replace(income, inss=Decimal("607.19"))
    assert irrf(less, TABLES).method is Method.SIMPLIFIED


@given(month=months, income=incomes, more=cents)
def test_more_income_never_means_less_tax(
    month: tuple[dt.date, dt.date], income: TaxedIncome, more: Decimal
) -> None:
    richer = replace(income, gross=income.gross + more)
    income_tax = tables(month).income_tax
    assert irrf(income, income_tax).irrf <= irrf(richer, income_tax).irrf


@given(month=months, income=incomes, rounds=st.integers(1, 4))
def test_one_more_cent_costs_less_than_two_cents_of_tax(
    month: tuple[dt.date, dt.date], income: TaxedIncome, rounds: int
) -> None:
    income_tax = tables(month).income_tax
    now = irrf(income, income_tax).irrf
    later = irrf(replace(income, gross=income.gross + CENT * rounds), income_tax).irrf
    assert later - now <= CENT * (rounds + 1)


def test_around_5000_and_7350_there_is_no_step() -> None:
    for middle in (Decimal("5000.00"), Decimal("7350.00")):
        taxes = [
            irrf(TaxedIncome(middle + CENT * shift), TABLES).irrf for shift in range(-300, 301)
        ]
        steps = [after - before for before, after in itertools.pairwise(taxes)]
        assert min(steps) >= 0
        assert max(steps) <= CENT * 2  # tax and reduction are rounded each


def test_the_full_reduction_is_the_tax_on_5000_with_the_simplified_discount() -> None:
    result = irrf(TaxedIncome(Decimal("5000.00")), TABLES)
    assert result.tax_before_reduction == result.reduction == Decimal("312.89")
    assert TABLES.reduction is not None
    assert TABLES.reduction.full == result.reduction


def test_the_reduction_depends_on_the_income_and_not_on_the_base() -> None:
    few = irrf(TaxedIncome(Decimal("6000.00"), inss=Decimal("649.60")), TABLES)
    many = irrf(TaxedIncome(Decimal("6000.00"), inss=Decimal("649.60"), dependents=2), TABLES)
    assert few.base != many.base
    assert few.reduction == many.reduction == Decimal("179.75")


def test_the_formula_of_the_reduction_never_goes_below_zero() -> None:
    assert TABLES.reduction is not None
    wide = replace(TABLES.reduction, until=Decimal("9000.00"))
    assert reduction_on(Decimal("8000.00"), Decimal("1000.00"), wide) == 0


def test_before_2026_there_is_no_reduction() -> None:
    before = tables_of(dt.date(2025, 12, 1), LAST_2025).income_tax
    assert before.reduction is None
    income = TaxedIncome(Decimal("5000.00"), inss=Decimal("509.60"))
    assert irrf(income, before).irrf == Decimal("312.89")
    assert irrf(income, TABLES).irrf == 0
    assert irrf(income, TABLES, reduce=False).irrf == Decimal("312.89")


@given(gross=cents, withheld=small)
def test_what_was_withheld_in_the_month_counts(gross: Decimal, withheld: Decimal) -> None:
    whole = irrf(TaxedIncome(gross), TABLES)
    rest = irrf(TaxedIncome(gross, withheld=withheld), TABLES)
    assert rest.irrf == max(whole.irrf - withheld, Decimal(0))


@given(gross=cents)
def test_a_small_tax_is_not_withheld_and_any_other_in_full(gross: Decimal) -> None:
    every_cent = irrf(TaxedIncome(gross), TABLES)
    waived = irrf(TaxedIncome(gross), TABLES, minimum=TABLES.minimum)
    small_tax = 0 < every_cent.irrf <= Decimal(10)
    assert waived.waived_by_minimum is small_tax
    assert waived.irrf == (0 if small_tax else every_cent.irrf)


@given(gross=cents)
def test_the_table_is_the_progressive_one(gross: Decimal) -> None:
    """Rate less deduction is the sum over the rows, to the cent that the printed amounts carry."""
    result = irrf(TaxedIncome(gross), TABLES, simplified=Simplified.OFF, reduce=False)
    by_rows, floor = Decimal(0), Decimal(0)
    for row in TABLES.monthly.brackets:
        top = gross if row.up_to is None else min(gross, row.up_to)
        by_rows += max(top - floor, Decimal(0)) * row.rate
        floor = row.up_to or floor
    rounded = by_rows.quantize(CENT, rounding=ROUND_HALF_UP)
    assert abs(result.irrf - rounded) <= CENT
