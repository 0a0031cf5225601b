"""Values pass between JSON, form and service without loss, in both languages."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms as django_forms
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.resources.fields import CompetenceField as JsonCompetence
from backoffice.resources.fields import json_field, json_types
from backoffice.resources.forms import form_text
from backoffice.web import fields
from tests.factories.people import cnpj, cpf

MONTHS = st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31)).map(lambda day: day.replace(day=1))
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31))
TWO = st.decimals(-(10**12), 10**12, places=2)

ROUND_TRIPS: dict[str, tuple[django_forms.Field, st.SearchStrategy[Any]]] = {
    "money": (fields.MoneyField(), TWO),
    "date": (fields.DateField(), DAYS),
    "plain date": (django_forms.DateField(), DAYS),
    "competence": (fields.CompetenceField(), MONTHS),
    "quantity": (fields.QuantityField(decimals=4), st.decimals(-(10**8), 10**8, places=4)),
    "rate": (fields.RateField(decimals=4), st.decimals(0, 10, places=6)),
    "cpf": (
        fields.CpfField(),
        st.integers(1, 999_999_998).filter(lambda n: n % 111_111_111).map(cpf),
    ),
    "cnpj": (fields.CnpjField(), st.integers(1, 99_999_999).map(cnpj)),
    "integer": (django_forms.IntegerField(), st.integers(-(2**31), 2**31)),
    "decimal": (django_forms.DecimalField(localize=True), st.decimals(-(10**9), 10**9, places=3)),
    "boolean": (django_forms.BooleanField(required=False), st.booleans()),
    "choice": (django_forms.ChoiceField(choices=[("a", "A"), ("b", "B")]), st.sampled_from("ab")),
}


@pytest.mark.parametrize("language", ["pt-br", "en"])
@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_a_value_written_into_a_form_is_read_back_unchanged(name: str, language: str) -> None:
    field, values = ROUND_TRIPS[name]

    @settings(max_examples=200, deadline=None)
    @given(values)
    def check(value: Any) -> None:
        with translation.override(language):
            text = form_text(field, value)
            typed = field.widget.value_from_datadict({"x": text}, {}, "x")
            assert field.clean(typed) == value

    check()


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_the_json_twin_of_a_field_reads_what_it_writes(name: str) -> None:
    field, values = ROUND_TRIPS[name]
    twin = json_field(field)
    assert twin is not None

    @settings(max_examples=200, deadline=None)
    @given(values)
    def check(value: Any) -> None:
        shown = twin.to_representation(value)
        assert isinstance(shown, json_types(twin))
        assert twin.run_validation(shown) == value

    check()


def test_files_have_no_json() -> None:
    assert json_field(django_forms.FileField()) is None


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "11/2026", "2026-11-01", "", "٢٠٢٦-١١"])
def test_a_month_is_year_and_month(text: str) -> None:
    from rest_framework.exceptions import ValidationError

    with pytest.raises(ValidationError, match="2026-11"):
        JsonCompetence().run_validation(text or "x")


def test_amounts_in_json_are_texts_with_two_decimals() -> None:
    twin = json_field(fields.MoneyField())
    assert twin is not None
    assert twin.to_representation(Decimal("1234.5")) == "1234.50"
    assert json_types(twin) == (str,)
