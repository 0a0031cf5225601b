"""Amounts keep every cent, whatever is done with them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.money import (
    NotAnAmount,
    Rounding,
    figure_field,
    format_amount,
    format_brl,
    line_amount,
    parse_amount,
    round_to,
    split,
    to_cents,
)

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
weights = st.lists(
    st.one_of(
        st.integers(min_value=0, max_value=10**9),
        st.decimals(min_value=0, max_value=10**6, places=6),
    ),
    min_size=1,
    max_size=20,
).filter(any)


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [
        ("121.575", Rounding.HALF_UP, "121.58"),
        ("121.575", Rounding.HALF_EVEN, "121.58"),
        ("121.565", Rounding.HALF_EVEN, "121.56"),
        ("121.579", Rounding.DOWN, "121.57"),
        ("121.571", Rounding.UP, "121.58"),
        ("-0.005", Rounding.HALF_UP, "-0.01"),
        ("-0.004", Rounding.HALF_UP, "0.00"),
        ("-0.009", Rounding.DOWN, "0.00"),
    ],
)
def test_the_rule_names_the_rounding(value: str, rounding: Rounding, expected: str) -> None:
    assert str(to_cents(Decimal(value), rounding)) == expected


def test_a_whole_number_gets_two_decimals() -> None:
    assert str(to_cents(7, Rounding.DOWN)) == "7.00"


@pytest.mark.parametrize("value", [1.1, "1.10", True, None])
def test_only_decimals_and_whole_numbers_are_amounts(value: object) -> None:
    with pytest.raises(TypeError, match="an amount is a Decimal or an int"):
        to_cents(value, Rounding.HALF_UP)  # type: ignore[arg-type]


def test_left_over_cents_go_to_the_parts_that_lost_most() -> None:
    assert split(Decimal("100.00"), [1, 1, 1]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert split(Decimal("0.05"), [3, 7]) == [Decimal("0.02"), Decimal("0.03")]
    assert split(Decimal("10.00"), [Decimal("0.1"), 0, Decimal("0.2")]) == [
        Decimal("3.33"),
        Decimal("0.00"),
        Decimal("6.67"),
    ]


@given(total=amounts, shares=weights)
def test_the_parts_of_a_split_sum_to_the_total(total: Decimal, shares: list[Decimal | int]) -> None:
    parts = split(total, shares)
    assert sum(parts) == total
    assert len(parts) == len(shares)
    whole = sum((Decimal(share) for share in shares), Decimal(0))
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * whole - total * share) < whole * Decimal("0.01")
        assert part * total >= 0


@given(total=amounts, shares=weights)
def test_a_negative_total_splits_as_the_mirror_of_the_positive(
    total: Decimal, shares: list[Decimal | int]
) -> None:
    assert split(-total, shares) == [-part for part in split(total, shares)]


@pytest.mark.parametrize(
    ("total", "shares"),
    [
        (Decimal(1), []),
        (Decimal(1), [0, 0]),
        (Decimal(1), [-1, 2]),
        (Decimal(1), [Decimal("NaN")]),
        (Decimal("0.001"), [1]),
    ],
)
def test_a_split_without_meaning_is_refused(total: Decimal, shares: list[Decimal | int]) -> None:
    with pytest.raises(ValueError, match=r"weight|cents"):
        split(total, shares)


@pytest.mark.parametrize("weight", [0.5, "1", True])
def test_a_weight_is_never_a_float(weight: object) -> None:
    with pytest.raises(TypeError, match="a weight is a Decimal or an int"):
        split(Decimal(1), [weight])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", "R$\u00a00,00"),
        ("-0.00", "R$\u00a00,00"),
        ("1234567.89", "R$\u00a01.234.567,89"),
        ("-0.01", "-R$\u00a00,01"),
        ("999.9", "R$\u00a0999,90"),
    ],
)
def test_reais_are_written_the_brazilian_way(value: str, expected: str) -> None:
    assert format_brl(Decimal(value)) == expected


def test_formatting_never_rounds() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        format_brl(Decimal("0.001"))
    with pytest.raises(ValueError, match="no amount"):
        format_amount(Decimal("NaN"))
    assert format_amount(Decimal("0.133145"), 6) == "0,133145"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("R$ 1.234,56", "1234.56"),
        ("R$\u00a01.234.567,89", "1234567.89"),
        ("\t1 234,56 \n", "1234.56"),
        ("1.234", "1234"),
        ("0.123", "0.123"),
        (",5", "0.5"),
        (".5", "0.5"),
        ("-10,00", "-10.00"),
        ("\u221210,00", "-10.00"),
        ("10,00-", "-10.00"),
        ("-R$ 10,00", "-10.00"),
        ("R$ -10,00", "-10.00"),
        ("(10,00)", "-10.00"),
        ("+3", "3"),
        ("-0", "0"),
        ("１２,５", "12.5"),
        ("10 reais", "10"),
    ],
)
def test_what_people_paste_is_read(text: str, expected: str) -> None:
    assert parse_amount(text) == Decimal(expected)
    assert not parse_amount(text).is_signed() or expected.startswith("-")


@pytest.mark.parametrize(
    "text",
    ["", "-", "abc", "1,234,56", "1.23.4", "1,2,3", "12a", "--5", "(-5)", "1e5", "NaN", "R$", "٣"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)


@given(amount=amounts)
def test_what_we_write_we_read(amount: Decimal) -> None:
    assert parse_amount(format_brl(amount)) == amount
    assert parse_amount(str(amount)) == amount


@pytest.mark.parametrize(
    ("value", "places", "rounding", "expected"),
    [
        ("1.23456789015", 10, Rounding.HALF_UP, "1.2345678902"),
        ("1.23456789015", 10, Rounding.DOWN, "1.2345678901"),
        ("2.5", 0, Rounding.HALF_EVEN, "2"),
        ("-0.0004", 3, Rounding.HALF_UP, "0.000"),
        ("7", 4, Rounding.DOWN, "7.0000"),
    ],
)
def test_quantities_and_unit_prices_keep_up_to_ten_decimals(
    value: str, places: int, rounding: Rounding, expected: str
) -> None:
    assert str(round_to(Decimal(value), places, rounding)) == expected


@pytest.mark.parametrize("places", [-1, 11])
def test_no_figure_has_more_than_ten_decimals(places: int) -> None:
    with pytest.raises(ValueError, match="0 to 10 decimals"):
        round_to(Decimal(1), places, Rounding.DOWN)
    with pytest.raises(ValueError, match="0 to 10 decimals"):
        figure_field("x", places=places)


def test_a_line_is_rounded_once_at_its_end() -> None:
    assert line_amount(Decimal(3), Decimal("0.335"), Rounding.HALF_UP) == Decimal("1.01")
    assert line_amount(Decimal(1000), Decimal("0.0012345678"), Rounding.HALF_UP) == Decimal("1.23")
    with pytest.raises(TypeError, match="a unit price is a Decimal"):
        line_amount(1, 0.5, Rounding.HALF_UP)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a quantity is a Decimal"):
        line_amount(0.5, 1, Rounding.HALF_UP)  # type: ignore[arg-type]


@given(
    st.decimals(min_value=0, max_value=10**6, places=10),
    st.decimals(min_value=0, max_value=10**6, places=10),
)
def test_a_line_is_never_half_a_cent_off(quantity: Decimal, price: Decimal) -> None:
    exact = Fraction(quantity) * Fraction(price)
    found = Fraction(line_amount(quantity, price, Rounding.HALF_UP))
    assert abs(found - exact) <= Fraction(1, 200)
