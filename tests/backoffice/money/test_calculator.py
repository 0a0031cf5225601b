"""Sums in fields of money: exact, closed, and the same as in the browser."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.money import MoneyFormField
from backoffice.money.calculator import MOST_CHARACTERS, calculate
from backoffice.money.rules import NotAnAmount


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("1200/3+15%", "460.00"),
        ("3 x 19,90", "59.70"),
        ("R$ 1.234,56 + R$ 0,44", "1235.00"),
        ("100-10%", "90.00"),
        ("200*10%", "20.00"),
        ("10%+5", "5.10"),
        ("100+10%+10%", "121.00"),
        ("10/3", "3.33"),
        ("0,005+0,00", "0.01"),
        ("-5+2", "-3.00"),
        ("5--2", "7.00"),
        ("=1+1", "2.00"),
        ("1÷8×2", "0.25"),
    ],
)
def test_a_sum_is_calculated_to_the_cent(typed: str, result: str) -> None:
    assert str(calculate(typed)) == result
    assert MoneyFormField().clean(typed) == Decimal(result)


NO_SUMS = [
    "1/0",
    "1+",
    "*2",
    "2**9",
    "(1+2)*3",
    "a+1",
    "1,2,3+1",
    "__import__('os')",
    "5%",
    "12",
    "1e9+1",
    "+-",
    "1/-2",
]


@pytest.mark.parametrize("typed", [*NO_SUMS, "", "1 2", "1+" * MOST_CHARACTERS + "1"])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        calculate(typed)


@given(st.text(max_size=100))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(NotAnAmount):
        assert calculate(text).as_tuple().exponent == -2


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from("+-*"))
def test_cents_are_exact(left: int, right: int, operator: str) -> None:
    one, two = Decimal(left) / 100, Decimal(right)
    wanted = {"+": one + two, "-": one - two, "*": one * two}[operator]
    assert calculate(f"{one:.2f}{operator}{two}".replace(".", ",")) == wanted
