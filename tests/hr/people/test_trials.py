"""Contracts on trial: 90 days in all, extended once, before the end."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotFound
from backoffice.organization.models import Company
from hr.people.models import EmploymentContract
from hr.people.rules import trial_limit
from hr.people.services import agree_trial, end_contract, extend_trial
from tests.factories import people

pytestmark = pytest.mark.django_db

ADMITTED = dt.date(2026, 10, 20)
LIMIT = dt.date(2027, 1, 17)  # the 90th day, that of the admission counted
DAY = dt.timedelta(days=1)


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def contract(company: Company) -> EmploymentContract:
    return people.contract_of(people.hire(company, admitted_on=ADMITTED))


def test_ninety_days_count_the_day_of_admission() -> None:
    assert trial_limit(ADMITTED) == LIMIT


def test_forty_five_and_forty_five(company: Company, contract: EmploymentContract) -> None:
    ctx = people.system(company)
    first = ADMITTED + 44 * DAY
    agree_trial(ctx, contract_id=contract.pk, trial_until=first)
    extend_trial(ctx, contract_id=contract.pk, trial_extended_until=LIMIT)
    contract.refresh_from_db()
    assert (contract.trial_until, contract.trial_extended_until) == (first, LIMIT)
    names = Event.objects.order_by("pk").values_list("action", flat=True)
    assert list(names)[-2:] == ["hr.contract.trial_agreed", "hr.contract.trial_extended"]


@pytest.mark.parametrize(
    ("last", "code"),
    [(LIMIT + DAY, "trial_too_long"), (ADMITTED - DAY, "trial_before_admission")],
)
def test_a_trial_outside_its_bounds_is_refused(
    company: Company, contract: EmploymentContract, last: dt.date, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        agree_trial(people.system(company), contract_id=contract.pk, trial_until=last)
    assert refusal.value.code == code
    contract.refresh_from_db()
    assert contract.trial_until is None


def refused(company: Company, contract: EmploymentContract, last: dt.date) -> str:
    with pytest.raises(InvalidInput) as refusal:
        extend_trial(people.system(company), contract_id=contract.pk, trial_extended_until=last)
    return refusal.value.code


def test_only_a_running_trial_is_extended_once(
    company: Company, contract: EmploymentContract
) -> None:
    ctx = people.system(company)
    assert refused(company, contract, LIMIT) == "no_trial"
    first = ADMITTED + 44 * DAY
    agree_trial(ctx, contract_id=contract.pk, trial_until=first)
    assert refused(company, contract, first) == "not_longer"
    assert refused(company, contract, LIMIT + DAY) == "trial_too_long"
    extend_trial(ctx, contract_id=contract.pk, trial_extended_until=first + DAY)
    assert refused(company, contract, LIMIT) == "trial_extended"
    with pytest.raises(InvalidInput, match=" "):
        agree_trial(ctx, contract_id=contract.pk, trial_until=first)


def test_a_trial_that_is_over_made_the_contract_permanent(
    company: Company, contract: EmploymentContract
) -> None:
    agree_trial(people.system(company), contract_id=contract.pk, trial_until=ADMITTED + 20 * DAY)
    assert refused(company, contract, LIMIT) == "trial_over"


def test_an_ended_contract_has_no_trial(company: Company, contract: EmploymentContract) -> None:
    ctx = people.system(company)
    end_contract(ctx, contract_id=contract.pk, ended_on=ADMITTED + 5 * DAY)
    with pytest.raises(InvalidInput, match="encerrado"):
        agree_trial(ctx, contract_id=contract.pk, trial_until=ADMITTED + 6 * DAY)


def test_contracts_of_another_company_do_not_exist(contract: EmploymentContract) -> None:
    other = people.make_company()
    with pytest.raises(NotFound):
        agree_trial(people.system(other), contract_id=contract.pk, trial_until=LIMIT)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ADMITTED - DAY, None),
        (LIMIT + DAY, None),
        (ADMITTED + DAY, LIMIT + DAY),
        (ADMITTED + DAY, ADMITTED + DAY),
        (None, LIMIT),
    ],
)
def test_the_database_refuses_a_trial_against_the_law(
    contract: EmploymentContract, first: dt.date | None, second: dt.date | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EmploymentContract.objects.filter(pk=contract.pk).update(
            trial_until=first, trial_extended_until=second
        )
