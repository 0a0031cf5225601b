"""Everybody sees who looked at their restricted data, and nobody sees more."""

import datetime as dt

import pytest
from django.test import Client

from backoffice.audit.services import NewReading, record_reading
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.factories import identity, people

PAGE = "/account/readings/"


def reading(
    company: Company, kind: str, *ids: int, by: User | None = None, minutes: int = 0
) -> None:
    record_reading(
        NewReading(
            at=people.AT + dt.timedelta(minutes=minutes),
            kind=kind,
            ids=ids,
            company_id=company.pk,
            user_id=None if by is None else by.pk,
            channel="web",
        )
    )


def browser_of(company: Company, employee: Employee) -> tuple[Client, User]:
    user = identity.make_user(company, "employee", scope=Scope.OWN, person=employee.party)
    return identity.browser(user, company), user


def named(user: User, name: str) -> User:
    User.objects.filter(pk=user.pk).update(name=name)
    return user


@pytest.mark.django_db
def test_one_sees_who_read_ones_record_and_contract_and_not_those_of_others() -> None:
    company = people.make_company()
    me, other = people.hire(company), people.hire(company)
    browser, user = browser_of(company, me)
    analyst = named(identity.make_user(company, "hr_analyst"), "Camila Prado")
    reading(company, "hr.employee", other.pk, me.pk, by=analyst)
    reading(company, "hr.contract", people.contract_of(me).pk, by=user, minutes=5)
    reading(
        company, "hr.employee", other.pk, by=named(identity.make_user(company), "Curioso Alheio")
    )
    reading(company, "hr.contract", me.pk + 10_000, by=analyst)
    page = browser.get(PAGE).content.decode()
    assert page.count("<tr") == 3  # the heading and two readings
    assert page.index("Você") < page.index("Camila Prado")
    assert "Curioso Alheio" not in page


@pytest.mark.django_db
def test_readings_in_another_company_with_the_same_key_are_not_mine() -> None:
    company, elsewhere = people.make_company(), people.make_company()
    me = people.hire(company)
    browser, _user = browser_of(company, me)
    reading(
        elsewhere, "hr.employee", me.pk, by=named(identity.make_user(elsewhere), "Outra Empresa")
    )
    page = browser.get(PAGE).content.decode()
    assert "Outra Empresa" not in page
    assert "Ninguém viu" in page


@pytest.mark.django_db
def test_pages_of_fifty_follow_one_another_without_gap() -> None:
    company = people.make_company()
    me = people.hire(company)
    browser, _user = browser_of(company, me)
    for minute in range(60):
        reading(company, "hr.employee", me.pk, minutes=minute)
    first = browser.get(PAGE).content.decode()
    assert first.count("<tr") == 51
    older = first.split('href="?before=')[1].split('"')[0]
    second = browser.get(f"{PAGE}?before={older}").content.decode()
    assert second.count("<tr") == 11
    assert 'href="?before=' not in second


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "1.5", "²"])
def test_a_wrong_address_is_refused(before: str) -> None:
    company = people.make_company()
    browser, _user = browser_of(company, people.hire(company))
    assert browser.get(PAGE, {"before": before}).status_code == 400


@pytest.mark.django_db
def test_an_account_without_a_person_is_told_so() -> None:
    company = people.make_company()
    user = identity.make_user(company, "auditor")
    assert "não pertence a ninguém" in identity.browser(user, company).get(PAGE).content.decode()


@pytest.mark.django_db
def test_an_auditor_finds_readings_by_record_and_events_by_who_and_what() -> None:
    company = people.make_company()
    employee = people.hire(company)
    reading(company, "hr.employee", employee.pk)
    reading(company, "hr.employee", employee.pk + 1)
    browser = identity.browser(identity.make_user(company, "auditor"), company)
    found = browser.get("/api/v1/backoffice/readings/", {"record": employee.pk}).json()["results"]
    assert [row["ids"] for row in found] == [[employee.pk]]
    hired = browser.get(
        "/api/v1/backoffice/events/",
        {"action": "hr.employee.hire", "record_type": "hr.employee", "record": str(employee.pk)},
    ).json()["results"]
    assert [row["action"] for row in hired] == ["hr.employee.hired"]
    page = browser.get(f"/backoffice/events/{hired[0]['id']}/").content.decode()
    assert f"/hr/employees/{employee.pk}/" in page
