"""INSS: slices, ceiling, several jobs; compared with the constants that the government prints."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given

from hr.payroll.rules.inss import contribution_on, inss
from tests.law.runner import tables_of
from tests.law.strategies import cents, months, tables

# Rate and constant of each slice as eSocial table 57 prints them.
OFFICIAL = {
    2025: (("0.075", "0"), ("0.09", "22.77"), ("0.12", "106.5864"), ("0.14", "190.403")),
    2026: (("0.075", "0"), ("0.09", "24.315"), ("0.12", "111.4002"), ("0.14", "198.4856")),
}
CENT = Decimal("0.01")


@pytest.mark.parametrize("year", OFFICIAL)
def test_the_slices_agree_with_the_official_constants_on_a_dense_grid(year: int) -> None:
    table = tables_of(dt.date(year, 1, 1), dt.date(year, 12, 31)).inss
    short = [
        (part.up_to, Decimal(rate), Decimal(constant))
        for part, (rate, constant) in zip(table.slices, OFFICIAL[year], strict=True)
    ]
    differing = []
    for number in range(0, int(table.ceiling * 100) + 1, 7):
        base = Decimal(number).scaleb(-2)
        rate, constant = next((rate, less) for up_to, rate, less in short if base <= up_to)
        official = (base * rate - constant).quantize(CENT, rounding=ROUND_HALF_UP)
        if inss(base, table).amount != official:
            differing.append(base)
    assert differing == []


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_at_each_limit_and_a_cent_beside_it_nothing_jumps(year: int) -> None:
    table = tables_of(dt.date(year, 1, 1), dt.date(year, 1, 31)).inss
    for part in table.slices:
        below, at, above = (
            contribution_on(part.up_to + shift, table) for shift in (-CENT, Decimal(0), CENT)
        )
        assert below <= at <= above
        assert above - below <= Decimal("0.14") * 2 * CENT


@given(month=months, base=cents, more=cents)
def test_more_pay_never_means_less_inss(
    month: tuple[dt.date, dt.date], base: Decimal, more: Decimal
) -> None:
    table = tables(month).inss
    assert inss(base, table).amount <= inss(base + more, table).amount
    assert inss(base + more, table).amount <= inss(table.ceiling, table).amount


@given(month=months, first=cents, second=cents)
def test_two_jobs_together_pay_what_one_job_would(
    month: tuple[dt.date, dt.date], first: Decimal, second: Decimal
) -> None:
    table = tables(month).inss
    both = inss(first, table).amount + inss(second, table, first).amount
    assert abs(both - inss(first + second, table).amount) <= CENT
    assert inss(second, table, first).base <= max(table.ceiling - first, Decimal(0))


def test_half_a_cent_goes_up() -> None:
    table = tables_of(dt.date(2026, 1, 1), dt.date(2026, 1, 31)).inss
    assert contribution_on(Decimal("1621.00"), table) == Decimal("121.575")
    assert inss(Decimal("1621.00"), table).amount == Decimal("121.58")


def test_without_pay_there_is_neither_rate_nor_contribution() -> None:
    table = tables_of(dt.date(2026, 1, 1), dt.date(2026, 1, 31)).inss
    for base, prior in (("0.00", "0.00"), ("500.00", "8475.55"), ("500.00", "9000.00")):
        result = inss(Decimal(base), table, Decimal(prior))
        assert result.base == result.rate == result.amount == 0
