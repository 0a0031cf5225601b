"""Money in forms: what people type, what they see again."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from backoffice.money import MoneyFormField, money_field


class Pay(forms.Form):
    amount = MoneyFormField(min_value=Decimal("0.01"), max_value=Decimal(10_000))
    bonus = MoneyFormField(required=False)


@pytest.mark.parametrize("typed", ["1.234,50", "1234.5", "R$ 1.234,50"])
def test_a_typed_amount_becomes_cents(typed: str) -> None:
    form = Pay({"amount": typed})
    assert form.is_valid()
    assert str(form.cleaned_data["amount"]) == "1234.50"
    assert form.cleaned_data["bonus"] is None


def test_bad_amounts_say_what_would_be_right() -> None:
    with translation.override("en"):
        form = Pay({"amount": "1,234,56", "bonus": "0,001"})
        assert form.errors == {
            "amount": ["Enter an amount such as 1.234,56."],
            "bonus": ["An amount has at most two decimals: 0,001 has more."],
        }


def test_limits_hold() -> None:
    assert not Pay({"amount": "0"}).is_valid()
    assert not Pay({"amount": "10.000,01"}).is_valid()
    assert Pay({"amount": "0,01", "bonus": "-9.999.999.999.999,99"}).is_valid()
    assert not Pay({"amount": "1", "bonus": "10.000.000.000.000,00"}).is_valid()


def test_a_stored_amount_is_shown_as_it_is_typed() -> None:
    html = Pay(initial={"amount": Decimal("1234.5")}).as_p()
    assert 'value="1.234,50"' in html
    assert 'inputmode="decimal"' in html


def test_a_wrong_amount_is_shown_again_as_typed() -> None:
    assert 'value="12a"' in Pay({"amount": "12a"}).as_p()


def test_the_same_amount_in_another_writing_is_no_change() -> None:
    data = {"amount": "10", "bonus": "x"}
    form = Pay(data, initial={"amount": Decimal("10.00"), "bonus": Decimal(1)})
    assert form.changed_data == ["bonus"]


def test_a_money_column_holds_cents() -> None:
    field = money_field("pay", null=True)
    assert (field.max_digits, field.decimal_places, field.null) == (15, 2, True)
