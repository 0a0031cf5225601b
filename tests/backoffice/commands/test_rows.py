"""Finding, holding and saving the row of a command."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from backoffice.audit.models import Event
from backoffice.commands import Channel, Context, OutsideTransaction
from backoffice.commands.rows import own, refusal_of, save
from backoffice.errors import InvalidInput, NotFound
from backoffice.organization.models import CostCenter
from tests.factories.people import make_company

pytestmark = pytest.mark.clone


NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


def context(company_id: int) -> Context:
    return Context(company_id=company_id, at=NOW, channel=Channel.SYSTEM)


def test_a_row_of_another_company_is_not_there() -> None:
    mine, other = make_company(), make_company()
    center = CostCenter.objects.get(company=other)
    with transaction.atomic():
        assert own(context(other.pk), CostCenter, center.pk) == center
        with pytest.raises(NotFound):
            own(context(mine.pk), CostCenter, center.pk)


def test_a_row_is_held_only_inside_a_transaction() -> None:
    company = make_company()
    with pytest.raises(OutsideTransaction):
        own(context(company.pk), CostCenter, 1)


def test_saving_records_what_was_done() -> None:
    company = make_company()
    with transaction.atomic():
        made = save(
            context(company.pk), CostCenter(company=company, code="X1", name="Novo"), "created"
        )
    event = Event.objects.get(action="backoffice.cost_center.created", target_id=made.pk)
    assert event.company_id == company.pk


def test_what_a_constraint_refuses_is_said_at_its_field_and_nothing_is_recorded() -> None:
    company = make_company()
    taken = CostCenter.objects.get(company=company)
    before = Event.objects.count()
    with transaction.atomic(), pytest.raises(InvalidInput) as refused:
        save(context(company.pk), CostCenter(company=company, code=taken.code, name="x"), "created")
    assert refused.value.code == "already_in_use"
    assert list(refused.value.fields) == ["code"]
    assert Event.objects.count() == before


def test_a_refusal_that_nobody_worded_stays_a_fault() -> None:
    fault = IntegrityError("another")
    assert refusal_of(CostCenter(), fault) is fault
