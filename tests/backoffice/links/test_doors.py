"""Links on the pages of their records, and over REST."""

from typing import Any

import pytest
from django.test import Client

from backoffice.identity.rules import Scope
from backoffice.links.kinds import REFERS_TO, REPLACES
from backoffice.links.models import Link
from backoffice.links.services import RecordRef, add_link
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.factories import identity, people
from tests.factories.parties import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def two(company: Company) -> tuple[Employee, Employee]:
    return people.hire(company, name="Ana Prado"), people.hire(company, name="Bruno Lima")


def browser(company: Company, role: str = "hr_analyst") -> Client:
    return identity.browser(identity.make_user(company, role), company)


def linked(company: Company, one: Employee, other: Employee) -> Link:
    ends: Any = {
        "source": RecordRef("hr.employee", one.pk),
        "target": RecordRef("hr.employee", other.pk),
    }
    return add_link(people.system(company), kind=REFERS_TO.name, note="Primos", **ends)


def test_both_pages_show_the_link_and_lead_to_the_other(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    linked(company, *two)
    client = browser(company)
    for here, there, words in ((two[0], two[1], "Refere-se a"), (two[1], two[0], "Mencionado por")):
        page = client.get(f"/hr/employees/{here.pk}/").content.decode()
        assert words in page
        assert f'href="/hr/employees/{there.pk}/"' in page
        assert "Primos" in page
        assert (
            "Ligado a outro registro"
            in client.get(f"/hr/employees/{here.pk}/history/").content.decode()
        )


def test_who_may_not_link_sees_links_without_buttons_and_nothing_where_there_are_none(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    client = browser(company, "auditor")
    assert "Ligações" not in client.get(f"/hr/employees/{two[0].pk}/").content.decode()
    link = linked(company, *two)
    page = client.get(f"/hr/employees/{two[0].pk}/").content.decode()
    assert "Bruno Lima" in page
    assert f"/links/{link.pk}/remove/" not in page
    assert "/links/to/" not in page


def test_a_person_links_two_records_by_typing_a_part_of_the_name(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    party = make_party(company, name="Escola Sol Nascente")
    client = browser(company)
    found = client.get("/links/records/", {"q": "sol nasc"}).json()["results"]
    value = f"backoffice.party:{party.pk}"
    assert found == [{"value": value, "text": "Escola Sol Nascente", "hint": "Parceiro"}]
    address = f"/links/to/hr.employee/{two[0].pk}/"
    assert client.get(address).status_code == 200
    answer = client.post(
        address, {"kind": f"<{REFERS_TO.name}", "other": value, "since": "", "note": "Bolsa"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/hr/employees/{two[0].pk}/")
    link = Link.objects.get()
    assert (link.source_type, link.source_id) == ("backoffice.party", party.pk)
    assert (link.target_type, link.target_id) == ("hr.employee", two[0].pk)


def test_the_form_comes_back_with_what_was_chosen(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    linked(company, *two)
    client = browser(company)
    address = f"/links/to/hr.employee/{two[0].pk}/"
    chosen = f"hr.employee:{two[1].pk}"
    again = client.post(address, {"kind": REFERS_TO.name, "other": chosen})
    assert again.status_code == 409
    page = again.content.decode()
    assert "já estão ligados" in page
    assert f'<option value="{chosen}" selected>Bruno Lima</option>' in page
    wrong = client.post(address, {"kind": REFERS_TO.name, "other": "Bruno"})
    assert (wrong.status_code, Link.objects.count()) == (422, 1)
    assert "Escolha um item da lista" in wrong.content.decode()


def test_a_link_is_removed_with_a_reason(company: Company, two: tuple[Employee, Employee]) -> None:
    link = linked(company, *two)
    client = browser(company)
    page = client.get(f"/links/{link.pk}/remove/").content.decode()
    assert "Ana Prado · Refere-se a · Bruno Lima" in page
    assert client.post(f"/links/{link.pk}/remove/", {"why": ""}).status_code == 422
    answer = client.post(f"/links/{link.pk}/remove/", {"why": "Engano"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/hr/employees/{two[0].pk}/")
    link.refresh_from_db()
    assert link.removed_why == "Engano"
    assert client.get(f"/links/{link.pk}/remove/").status_code == 404


def test_pages_and_search_say_nothing_of_what_somebody_does_not_see(company: Company) -> None:
    boss = identity.make_person("Chefe")
    identity.place(boss, company)
    mine = people.hire(company, name="Carla Daqui", manager_person_id=boss.pk)
    other = people.hire(company, name="Carla Dali")
    link = linked(company, mine, other)
    user = identity.make_user(company, "manager", scope=Scope.TEAM, person=boss)
    identity.grant(company, user, "finance", scope=Scope.TEAM)
    client = identity.browser(user, company)
    names = [
        each["text"] for each in client.get("/links/records/", {"q": "Carla"}).json()["results"]
    ]
    assert names == ["Carla Daqui"]
    assert client.get(f"/links/to/hr.employee/{other.pk}/").status_code == 404
    assert client.get(f"/links/{link.pk}/remove/").status_code == 404
    assert "Carla Dali" not in client.get(f"/hr/employees/{mine.pk}/").content.decode()
    assert client.get("/links/to/hr.nothing/1/").status_code == 404
    stranger = browser(company, "auditor")
    assert stranger.get("/links/records/", {"q": "Carla"}).json() == {"results": []}


def send(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, body, content_type="application/json", headers=headers)


def test_links_over_rest(company: Company, two: tuple[Employee, Employee]) -> None:
    client = browser(company)
    ana, bruno = (f"hr.employee:{each.pk}" for each in two)
    body = {"kind": REPLACES.name, "source": ana, "target": bruno, "since": "2026-11-01"}
    made = send(client, "/api/v1/links/", body, **{"Idempotency-Key": "k1"})
    assert made.status_code == 201
    expected = {
        "id": Link.objects.get().pk,
        "kind": REPLACES.name,
        "words": "Substitui",
        "forward": True,
        "record": bruno,
        "title": "Bruno Lima",
        "since": "2026-11-01",
        "note": "",
        "removable": True,
    }
    assert made.json() == expected
    assert send(client, "/api/v1/links/", body, **{"Idempotency-Key": "k1"}).json() == expected
    again = send(client, "/api/v1/links/", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_linked")
    (other_side,) = client.get("/api/v1/links/", {"record": bruno}).json()
    assert (other_side["words"], other_side["record"]) == ("Substituído por", ana)
    gone = send(client, f"/api/v1/links/{expected['id']}/remove/", {"why": "Engano"})
    assert gone.status_code == 204
    assert client.get("/api/v1/links/", {"record": bruno}).json() == []


def test_rest_refuses_what_is_not_there_or_not_written_well(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    client = browser(company)
    elsewhere = people.hire(people.make_company())
    ana = f"hr.employee:{two[0].pk}"
    for record in ("", "hr.employee", "hr.employee:x"):
        assert client.get("/api/v1/links/", {"record": record}).status_code == 422
    unseen = {"record": f"hr.employee:{elsewhere.pk}"}
    assert client.get("/api/v1/links/", unseen).status_code == 404
    body = {"kind": REFERS_TO.name, "source": ana, "target": "Bruno"}
    answer = send(client, "/api/v1/links/", body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/target"]
    body["target"] = f"hr.employee:{elsewhere.pk}"
    assert send(client, "/api/v1/links/", body).status_code == 404
    auditor = browser(company, "auditor")
    body["target"] = f"hr.employee:{two[1].pk}"
    assert send(auditor, "/api/v1/links/", body).status_code == 403
    assert auditor.get("/api/v1/links/", {"record": ana}).json() == []
    assert Link.objects.count() == 0
