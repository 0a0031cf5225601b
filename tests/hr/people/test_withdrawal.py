"""A hire that is taken back leaves what was there before it, and what came from elsewhere."""

import datetime as dt

import pytest
from django.db import transaction

from backoffice.organization.models import Company
from backoffice.parties.models import Party, PayoutAccount
from backoffice.parties.services import PayoutData, set_payout_account
from demo.numbers import cpf
from hr.people.models import Employee
from hr.people.services.hiring import withdraw_hire
from tests.factories import people

pytestmark = pytest.mark.django_db

CPF = cpf(900_100)
NONE = PayoutData()


@pytest.fixture
def company() -> Company:
    return people.make_company()


def pay_to(company: Company, party: Party, key: str, since: dt.date) -> PayoutAccount:
    with transaction.atomic():
        return set_payout_account(
            people.system(company), party=party, data=PayoutData(pix_key=key), valid_from=since
        )


def take_back(company: Company, employee: Employee) -> None:
    with transaction.atomic():
        withdraw_hire(people.system(company), employee)


def paid_before(company: Company) -> PayoutAccount:
    """The person was paid for other things since 2020."""
    party = Party.objects.create(kind="person", tax_id=CPF, name="Ana")
    return pay_to(company, party, "antes@example.com", dt.date(2020, 1, 1))


def test_an_account_that_was_there_before_goes_on_when_the_hire_is_taken_back(
    company: Company,
) -> None:
    before = paid_before(company)
    employee = people.hire(company, cpf=CPF, payout=PayoutData(pix_key="nova@example.com"))
    before.refresh_from_db()
    assert before.valid_to == dt.date(2024, 2, 29)
    take_back(company, employee)
    assert list(PayoutAccount.objects.values_list("pix_key", "valid_to")) == [
        ("antes@example.com", None)
    ]
    assert not Employee.objects.exists()


def test_a_hire_without_an_account_takes_none_back(company: Company) -> None:
    before = paid_before(company)
    employee = people.hire(company, cpf=CPF, payout=NONE)
    take_back(company, employee)
    assert list(PayoutAccount.objects.values_list("pk", "valid_to")) == [(before.pk, None)]


def test_an_account_set_since_stays_and_the_one_before_reaches_to_it(company: Company) -> None:
    before = paid_before(company)
    employee = people.hire(company, cpf=CPF, payout=PayoutData(pix_key="nova@example.com"))
    since = pay_to(company, employee.party, "depois@example.com", dt.date(2025, 1, 1))
    take_back(company, employee)
    before.refresh_from_db()
    assert before.valid_to == dt.date(2024, 12, 31)
    assert set(PayoutAccount.objects.values_list("pk", flat=True)) == {before.pk, since.pk}
