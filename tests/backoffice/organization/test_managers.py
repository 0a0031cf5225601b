"""The dated chain of managers: no circle on any day, and past those who left."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backoffice.errors import InvalidInput
from backoffice.organization import services
from backoffice.organization.models import Branch, Company, Department, Placement
from backoffice.organization.selectors import (
    acting_manager,
    managers_above,
    team_person_ids,
)
from tests.backoffice.organization.acting import inside
from tests.factories import identity
from tests.factories.people import hire, make_company, system
from tests.harness.threads import race

pytestmark = pytest.mark.django_db

JAN, MAR, JUN, SEP = (dt.date(2026, month, 1) for month in (1, 3, 6, 9))
LAST = dt.date(2026, 2, 28)


@pytest.fixture
def company() -> Company:
    return make_company()


def put(place: Placement, manager: Placement | None, since: dt.date, company: Company) -> Any:
    where = services.Place(
        branch_id=Branch.objects.filter(company=company)[0].pk,
        department_id=Department.objects.filter(company=company)[0].pk,
        manager_person_id=manager.person_id if manager else None,
    )
    return inside(
        system(company),
        services.place_person,
        person_id=place.person_id,
        employment_id=place.employment_id,
        place=where,
        valid_from=since,
    )


def stand(company: Company, manager: Placement | None = None, **over: Any) -> Any:
    person = identity.make_person()
    above = None
    if manager is not None:
        above = type(person).objects.get(pk=manager.person_id)
    return identity.place(person, company, manager=above, **over)


def test_nobody_stands_above_themselves_on_any_day(company: Company) -> None:
    a = stand(company)
    b = stand(company, a, valid_from=JAN, valid_to=LAST)
    put(a, b, JUN, company)  # b reports to a in winter, a to b in summer: no day has both
    with pytest.raises(InvalidInput) as refusal:
        put(b, a, MAR, company)  # from March on, so also in June
    assert refusal.value.code == "manager_circle"
    assert "01/06/2026" in str(refusal.value.fields["manager_person_id"])
    assert not Placement.objects.filter(person_id=b.person_id, valid_from=MAR).exists()


def test_a_circle_through_many_levels_is_found_on_the_day_it_closes(company: Company) -> None:
    chain = [stand(company)]
    for _ in range(6):
        chain.append(stand(company, chain[-1]))
    with pytest.raises(InvalidInput):
        put(chain[0], chain[-1], SEP, company)
    Placement.objects.filter(person_id=chain[3].person_id).update(valid_to=LAST)
    put(chain[0], chain[-1], SEP, company)  # the chain was broken before September


def test_the_database_refuses_a_circle_by_itself(company: Company) -> None:
    a = stand(company)
    b = stand(company, a)
    for change in ({"manager_person_id": b.person_id},):
        with pytest.raises(IntegrityError, match="above themselves"), transaction.atomic():
            Placement.objects.filter(pk=a.pk).update(**change)
    Placement.objects.filter(pk=b.pk).update(valid_to=LAST)
    Placement.objects.filter(pk=a.pk).update(valid_from=MAR, manager_person_id=b.person_id)
    with pytest.raises(IntegrityError, match="above themselves"), transaction.atomic():
        Placement.objects.filter(pk=b.pk).update(valid_to=JUN)


@pytest.mark.clone
def test_sixteen_changes_at_once_never_close_a_circle() -> None:
    company = make_company()
    ring = [stand(company) for _ in range(16)]

    def report_to_the_next(number: int) -> Any:
        return lambda: put(ring[number], ring[(number + 1) % 16], JUN, company).pk

    results = race([report_to_the_next(number) for number in range(16)])
    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], InvalidInput)
    found = managers_above(company.pk, ring[0].person_id, SEP)
    assert ring[0].person_id not in {each.person_id for each in found}


def test_the_people_of_a_manager_who_left_belong_to_the_next_above(company: Company) -> None:
    director = stand(company)
    manager = stand(company, director, valid_to=LAST)
    worker = stand(company, manager)
    assert team_person_ids(company.pk, director.person_id, LAST) == {
        manager.person_id,
        worker.person_id,
    }
    assert team_person_ids(company.pk, director.person_id, MAR) == {worker.person_id}
    assert [
        (m.person_id, m.present) for m in managers_above(company.pk, worker.person_id, MAR)
    ] == [
        (manager.person_id, False),
        (director.person_id, True),
    ]
    assert acting_manager(company.pk, worker.person_id, LAST) == manager.person_id
    assert acting_manager(company.pk, worker.person_id, MAR) == director.person_id


def test_whoever_is_away_is_passed_over(company: Company) -> None:
    director = stand(company)
    manager = stand(company, director)
    worker = stand(company, manager)
    away = {manager.person_id}
    assert acting_manager(company.pk, worker.person_id, MAR, absent=away) == director.person_id
    away.add(director.person_id)
    assert acting_manager(company.pk, worker.person_id, MAR, absent=away) is None
    assert acting_manager(company.pk, director.person_id, MAR) is None


def test_a_manager_who_moved_away_no_longer_leads_through_the_old_place(company: Company) -> None:
    old, new = stand(company), stand(company)
    manager = stand(company, old, valid_to=LAST)
    put(manager, new, MAR, company)
    worker = stand(company, manager)
    assert worker.person_id not in team_person_ids(company.pk, old.person_id, JUN)
    assert team_person_ids(company.pk, new.person_id, JUN) == {
        manager.person_id,
        worker.person_id,
    }


def test_the_end_of_a_contract_ends_the_place() -> None:
    from hr.people.services import end_contract

    company = make_company()
    employee = hire(company)
    contract = employee.contracts.get()
    end_contract(system(company), contract_id=contract.pk, ended_on=dt.date(2026, 11, 30))
    place = Placement.objects.get(employment_id=contract.pk)
    assert place.valid_to == dt.date(2026, 11, 30)


def test_a_chain_never_leaves_its_company(company: Company) -> None:
    other = make_company()
    boss = stand(company)
    worker = stand(company, boss)
    double = type(identity.make_person()).objects.get(pk=boss.person_id)
    stranger = stand(other)
    identity.place(double, other, manager=type(double).objects.get(pk=stranger.person_id))
    found = [each.person_id for each in managers_above(company.pk, worker.person_id, JUN)]
    assert found == [boss.person_id]
    assert team_person_ids(other.pk, boss.person_id, JUN) == frozenset()
    assert team_person_ids(other.pk, stranger.person_id, JUN) == {boss.person_id}
