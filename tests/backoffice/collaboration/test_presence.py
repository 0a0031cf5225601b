"""Who else has a record open: seen by who sees the record, gone within a minute, never a fault."""

import re

import pytest

from backoffice.collaboration import presence
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.factories import identity, people

NOW = 1_000_000.0


@pytest.fixture
def company(db: None) -> Company:
    return people.make_company()


@pytest.fixture
def employee(company: Company) -> Employee:
    return people.hire(company)


def test_others_are_seen_with_what_they_do_and_oneself_is_not() -> None:
    assert presence.sign("t:1", 7, editing=False, at=NOW) == {}
    assert presence.sign("t:1", 8, editing=True, at=NOW) == {7: False}
    assert presence.sign("t:1", 7, editing=False, at=NOW + 1) == {8: True}
    assert presence.sign("t:2", 9, editing=False, at=NOW) == {}


def test_from_reading_to_editing_and_back_is_one_person() -> None:
    presence.sign("t:3", 7, editing=False, at=NOW)
    presence.sign("t:3", 7, editing=True, at=NOW)
    assert presence.sign("t:3", 8, editing=False, at=NOW) == {7: True}
    presence.sign("t:3", 7, editing=False, at=NOW)
    assert presence.sign("t:3", 8, editing=False, at=NOW) == {7: False}


def test_who_gives_no_sign_is_gone_and_who_leaves_at_once() -> None:
    presence.sign("t:4", 7, editing=True, at=NOW)
    assert presence.sign("t:4", 8, editing=False, at=NOW + presence.LASTS - 1) == {7: True}
    assert presence.sign("t:4", 8, editing=False, at=NOW + presence.LASTS) == {}
    presence.leave("t:4", 8)
    assert presence.sign("t:4", 7, editing=False, at=NOW + presence.LASTS) == {}


def test_nothing_stays_in_redis() -> None:
    from django.conf import settings

    presence.sign("t:5", 7, editing=False, at=NOW)
    server = presence._server(settings.REDIS_URL)
    assert 0 < int(server.ttl("presence:t:5")) <= presence.LASTS


def test_without_redis_nobody_is_seen_and_nothing_fails(
    company: Company, employee: Employee, settings: object
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    assert presence.sign("t:6", 7, editing=True, at=NOW) == {}
    presence.leave("t:6", 7)
    client = identity.browser(identity.make_user(company, "hr_analyst"), company)
    answer = client.get(f"/records/hr.employee/{employee.pk}/here/")
    assert (answer.status_code, answer.content.strip()) == (200, b"")
    assert client.get(f"/hr/employees/{employee.pk}/").status_code == 200


def test_the_page_and_the_form_show_who_is_there(company: Company, employee: Employee) -> None:
    first, second = (identity.make_user(company, "hr_analyst") for _each in range(2))
    User.objects.filter(pk=first.pk).update(name="Camila Duarte")
    url = f"/records/hr.employee/{employee.pk}/here/"
    mine, other = identity.browser(first, company), identity.browser(second, company)
    page = mine.get(f"/hr/employees/{employee.pk}/edit/").content.decode()
    assert re.search(rf'data-presence="{url}" data-editing="1"', page)
    assert mine.get(url, {"editing": "1"}).content.strip() == b""
    shown = other.get(url).content.decode()
    assert "Camila Duarte" in shown
    assert "is-editing" in shown
    assert mine.get(url, {"leave": "1"}).status_code == 204
    assert other.get(url).content.strip() == b""


def test_who_does_not_see_the_record_is_not_there(company: Company, employee: Employee) -> None:
    blind = identity.make_user(company, "manager", scope=Scope.TEAM, person=identity.make_person())
    url = f"/records/hr.employee/{employee.pk}/here/"
    assert identity.browser(blind, company).get(url).status_code == 404
    foreign = people.make_company()
    stranger = identity.browser(identity.make_user(foreign, "owner"), foreign)
    assert stranger.get(url).status_code == 404
    seeing = identity.browser(identity.make_user(company, "hr_analyst"), company)
    assert seeing.get(url).content.strip() == b""


def test_a_sign_of_life_is_a_few_statements(
    company: Company, employee: Employee, django_assert_max_num_queries: object
) -> None:
    client = identity.browser(identity.make_user(company, "hr_analyst"), company)
    url = f"/records/hr.employee/{employee.pk}/here/"
    client.get(url)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get(url)
