"""Serializers, filters and first values made from the names of fields."""

import datetime as dt

import pytest
from django.utils import translation

from backoffice.organization.models import CostCenter
from backoffice.resources.shapes import filters_of, serializer_of, values_of
from backoffice.secrets.models import Certificate
from hr.payroll.models import PayrollRun
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db


def test_a_serializer_has_the_fields_in_their_order_and_the_name_of_its_model() -> None:
    shape = serializer_of(CostCenter, "name", "code")
    assert list(shape().fields) == ["name", "code"]
    assert all(field.read_only for field in shape().fields.values())
    assert shape.__name__ == "CostCenterSerializer"


def test_dates_are_filtered_from_and_to() -> None:
    filters = filters_of(Certificate, "valid_to")({"valid_to_after": "2026-01-01"})
    assert filters.is_valid()
    assert filters.form.cleaned_data["valid_to"].start.date() == dt.date(2026, 1, 1)


@pytest.mark.parametrize(("language", "label"), [("pt-br", "Estado"), ("en", "State")])
def test_labels_are_those_of_the_model_in_the_language_of_the_request(
    language: str, label: str
) -> None:
    filters = filters_of(PayrollRun, "state")
    for first in ("en", "pt-br"):
        with translation.override(first):
            assert filters().form.fields["state"].label
    with translation.override(language):
        assert filters().form.fields["state"].label == label


def test_a_wrong_choice_is_refused() -> None:
    assert not filters_of(PayrollRun, "state")({"state": "nothing"}).is_valid()


def test_first_values_are_those_of_the_record_and_none_without_one() -> None:
    center = CostCenter.objects.filter(company=make_company()).first()
    assert center is not None
    values = values_of("code", "name")
    assert values(None, center) == {"code": center.code, "name": center.name}  # type: ignore[arg-type]  # the access is not asked
    assert values(None, None) == {}  # type: ignore[arg-type]
