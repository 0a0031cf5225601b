"""Form fields: every usual way to type a value, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from backoffice.web import fields

DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))


@pytest.mark.parametrize(
    "typed", ["28/03/1990", "28031990", "28/03/90", "1990-03-28", " 28.03.1990 "]
)
def test_a_date_is_read_in_every_usual_form(typed: str) -> None:
    assert fields.DateField().clean(typed) == dt.date(1990, 3, 28)


@pytest.mark.parametrize("typed", ["31/02/1990", "03/28/1990", "ontem", "1/1"])
def test_a_date_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        fields.DateField().clean(typed)


@given(DAYS)
def test_a_date_shown_and_read_again_is_the_same(day: dt.date) -> None:
    field = fields.DateField()
    assert field.clean(field.prepare_value(day)) == day
    assert not field.has_changed(day, field.prepare_value(day))


@pytest.mark.parametrize("typed", ["11/2026", "112026", "nov/26", "2026-11"])
def test_a_month_is_cleaned_to_its_first_day(typed: str) -> None:
    assert fields.CompetenceField().clean(typed) == dt.date(2026, 11, 1)


@pytest.mark.parametrize("typed", ["13/2026", "2026", "x"])
def test_a_month_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        fields.CompetenceField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "cleaned"), [("7,5", "0.075"), ("7.5%", "0.075"), ("100", "1"), ("-0,5", "-0.005")]
)
def test_a_rate_is_typed_in_per_cent_and_kept_as_a_fraction(typed: str, cleaned: str) -> None:
    assert fields.RateField().clean(typed) == Decimal(cleaned)


@given(st.decimals(min_value=-10, max_value=10, places=4, allow_nan=False))
def test_a_rate_shown_and_read_again_is_the_same(rate: Decimal) -> None:
    field = fields.RateField()
    assert field.clean(field.prepare_value(rate)) == rate


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False))
def test_a_quantity_shown_and_read_again_is_the_same(number: Decimal) -> None:
    field = fields.QuantityField(decimals=3)
    assert field.clean(field.prepare_value(number)) == number


def test_a_quantity_holds_to_its_decimals_and_limits() -> None:
    field = fields.QuantityField(decimals=1, min_value=0, max_value=44)
    assert field.clean("36,5") == Decimal("36.5")
    for wrong in ("36,55", "-1", "45", "muitas", "9" * 60):
        with pytest.raises(ValidationError):
            field.clean(wrong)


@pytest.mark.parametrize(
    "typed", ["(11) 91234-5678", "11912345678", "+55 11 91234-5678", "005511912345678"]
)
def test_a_phone_is_kept_in_the_international_form(typed: str) -> None:
    assert fields.PhoneField().clean(typed) == "+5511912345678"


def test_a_phone_needs_its_area_code() -> None:
    with pytest.raises(ValidationError):
        fields.PhoneField().clean("91234-567")
    assert fields.PhoneField(required=False).clean("") == ""
    assert fields.PhoneField().prepare_value("+5511912345678") == "(11) 91234-5678"


def test_a_postal_code_has_eight_digits() -> None:
    assert fields.CepField().clean("01310-100") == "01310100"
    assert fields.CepField().prepare_value("01310100") == "01310-100"
    with pytest.raises(ValidationError):
        fields.CepField().clean("1310-100")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("Ana@Exemplo.com.br", "ana@exemplo.com.br"),
        ("+55 (11) 91234-5678", "+5511912345678"),
        ("529.982.247-25", "52998224725"),
        ("123E4567-E89B-42D3-A456-426614174000", "123e4567-e89b-42d3-a456-426614174000"),
        ("", ""),
    ],
)
def test_a_pix_key_of_each_kind_is_kept_as_the_bank_keeps_it(typed: str, cleaned: str) -> None:
    assert fields.PixKeyField(required=False).clean(typed) == cleaned


@pytest.mark.parametrize("typed", ["111.111.111-11", "chave", "@exemplo.com"])
def test_what_is_no_pix_key_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        fields.PixKeyField().clean(typed)


@pytest.mark.parametrize(
    ("field", "mask"),
    [
        (fields.DateField(), "date"),
        (fields.CompetenceField(), "competence"),
        (fields.RateField(), "rate"),
        (fields.QuantityField(), "quantity"),
        (fields.PhoneField(), "phone"),
        (fields.CepField(), "cep"),
        (fields.PixKeyField(), "pix"),
        (fields.CpfField(), "cpf"),
        (fields.MoneyField(), "money"),
        (forms.DateField(), "date"),
    ],
)
def test_every_field_gets_its_mask_and_keyboard_and_is_a_text_box(
    field: forms.Field, mask: str
) -> None:
    form = type("F", (forms.Form,), {"x": field})()
    html = str(form["x"].as_field_group())
    assert f'data-mask="{mask}"' in html
    assert "inputmode=" in html
    assert 'type="text"' in html
