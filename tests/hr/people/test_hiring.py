"""Hiring: what is kept, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput
from backoffice.organization.models import Placement
from backoffice.parties.models import Party, PayoutAccount
from backoffice.parties.services import PayoutData
from hr.people.models import Employee, EmploymentContract
from tests.factories import people

pytestmark = pytest.mark.django_db


def test_hiring_makes_person_contract_terms_place_and_account() -> None:
    company = people.make_company()
    employee = people.hire(company, name="João d'Ávila", salary="4321.09", registration="77")
    contract = people.contract_of(employee)
    terms = contract.terms.get()
    assert employee.party.name == "João d'Ávila"
    assert (contract.registration, contract.admitted_on) == ("77", dt.date(2024, 3, 1))
    assert (terms.salary, terms.valid_from, terms.valid_to) == (
        Decimal("4321.09"),
        dt.date(2024, 3, 1),
        None,
    )
    place = Placement.objects.get(employment_id=contract.pk)
    assert place.person_id == employee.party_id
    assert PayoutAccount.objects.get(party=employee.party).kind == "pix"
    event = Event.objects.get(action="hr.employee.hired")
    assert (event.target_id, event.company_id) == (employee.pk, company.pk)


def test_a_bad_cpf_is_refused_and_nothing_is_kept() -> None:
    company = people.make_company()
    with pytest.raises(InvalidInput) as refusal:
        people.hire(company, cpf="123.456.789-00")
    assert refusal.value.code == "bad_cpf"
    assert "cpf" in refusal.value.fields
    assert not Party.objects.exists()
    assert not Event.objects.exists()


def test_a_registration_number_in_use_is_refused() -> None:
    company = people.make_company()
    people.hire(company, registration="10")
    with pytest.raises(InvalidInput, match=r"já está em uso|already in use") as refusal:
        people.hire(company, registration="10")
    assert refusal.value.code == "registration_in_use"
    assert EmploymentContract.objects.count() == 1
    assert Employee.objects.count() == 1


def test_a_registration_number_is_free_again_after_the_contract_ended() -> None:
    company = people.make_company()
    first = people.contract_of(people.hire(company, registration="10"))
    first.ended_on = dt.date(2025, 1, 31)
    first.save(update_fields=["ended_on"])
    people.hire(company, registration="10", admitted_on=dt.date(2025, 2, 1))
    assert EmploymentContract.objects.filter(registration="10").count() == 2


def test_two_companies_may_use_the_same_registration_number() -> None:
    for company in (people.make_company(), people.make_company()):
        people.hire(company, registration="10")
    assert EmploymentContract.objects.filter(registration="10").count() == 2


def test_pay_below_the_minimum_in_proportion_to_the_hours_is_refused_with_the_calculation() -> None:
    company = people.make_company()
    day = dt.date(2026, 2, 1)
    with pytest.raises(InvalidInput) as refusal:
        people.hire(company, salary="810.49", weekly_hours="22", admitted_on=day)
    assert refusal.value.code == "below_floor"
    assert "1.621,00 × 22 ÷ 44 = R$\xa0810,50" in str(refusal.value)
    people.hire(company, salary="810.50", weekly_hours="22", admitted_on=day)
    assert Employee.objects.count() == 1


def test_half_an_account_is_refused() -> None:
    company = people.make_company()
    with pytest.raises(InvalidInput) as refusal:
        people.hire(company, payout=PayoutData(bank_code="001", agency="1234"))
    assert refusal.value.code == "payout_incomplete"
    assert not Employee.objects.exists()
