"""Everything about one person: each declared field is found, others' data and secrets are not."""

import json
from io import BytesIO
from typing import Any

import psycopg
import pytest
from django.test import Client

from backoffice.audit.models import Event, ReadLog
from backoffice.audit.services import NewEvent, append_event
from backoffice.errors import InvalidInput, NotAllowed, NotFound, ProofNeeded
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import access_of
from backoffice.jobs.models import Job
from backoffice.organization.models import Company
from backoffice.parties.models import Party, PartyAlias
from backoffice.privacy import services
from backoffice.privacy.registry import INVENTORY
from backoffice.privacy.selectors import head_of, known_person, sections_of
from backoffice.privacy.ways import Person
from backoffice.privacy.writing import ON_PAPER, _json, write_json
from tests.backoffice.exchange.conftest import folder, saved, work
from tests.backoffice.privacy import planting
from tests.factories import identity, people

pytestmark = pytest.mark.django_db
__all__ = ["folder"]

CREATE = "backoffice.person_report.create"


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture(autouse=True)
def _own_folder(folder: Any) -> None:
    """Nothing is written beside the test's own files."""


@pytest.fixture
def manager(company: Company) -> User:
    return identity.make_user(company, "hr_manager")


def told(person: Person) -> dict[str, Any]:
    """The JSON report."""
    out = BytesIO()
    write_json(head_of(person, people.AT), sections_of(person), out, lambda _section, _row: None)
    return dict(json.loads(out.getvalue()))


def rows_of(report: dict[str, Any], model: str) -> list[dict[str, Any]]:
    """The rows of one model."""
    return next((s["rows"] for s in report["sections"] if s["model"] == model), [])


@pytest.mark.clone
def test_every_personal_field_of_the_inventory_is_found(
    company: Company, owner_cursor: psycopg.Cursor
) -> None:
    planted = planting.plant(company.pk, owner_cursor)
    report = told(Person(company.pk, planting.KEY))
    lacking = []
    for label, declared in INVENTORY.items():
        if not declared.personal:
            continue
        about = [row["values"] for row in rows_of(report, label) if row["how"] == "about"]
        for name in declared.personal.keys() - declared.sealed:
            wanted = json.loads(_json(planted[label][name]))
            if wanted not in [row.get(name) for row in about]:
                lacking.append(f"{label}.{name}: {wanted!r}")
    assert "\n".join(lacking) == ""
    _secrets_stay_sealed(report, planted)
    _words_of_colleagues_stay_out(company, planted)


def _secrets_stay_sealed(report: dict[str, Any], planted: planting.Planted) -> None:
    assert (report["format"], report["person"]["id"]) == ("person-report/1", planting.KEY)
    section = next(s for s in report["sections"] if s["model"] == "backoffice.User")
    assert {f["name"] for f in section["fields"] if f["sealed"]} == {"password"}
    assert all(set(f) >= {"class", "purpose", "basis", "term"} for f in section["fields"])
    assert all("password" not in row["values"] for row in section["rows"])
    assert planted["backoffice.User"]["password"] not in json.dumps(section["rows"])


def _words_of_colleagues_stay_out(company: Company, planted: planting.Planted) -> None:
    words = planted["backoffice.Comment"]["text"]
    User.objects.filter(pk=planting.KEY).update(
        person_id=planting.KEY + 1
    )  # somebody else wrote it
    asked = rows_of(told(Person(company.pk, planting.KEY)), "backoffice.Comment")
    assert [row["values"]["text"] for row in asked] == [words]
    assert rows_of(told(Person(company.pk, planting.KEY, own=True)), "backoffice.Comment") == []


def test_nothing_of_another_person_or_another_company_is_in_it(company: Company) -> None:
    employee = people.hire(company, name="Ana Alves", salary="4321.09")
    people.hire(company, name="Bruno Braga", salary="9876.54")
    people.hire(
        people.make_company(), name="Ana Alves", cpf=employee.party.tax_id, salary="7777.77"
    )
    text = json.dumps(told(Person(company.pk, employee.party_id)))
    assert "Ana Alves" in text
    assert "4321.09" in text
    assert not [each for each in ("Bruno", "9876.54", "7777.77") if each in text]


def test_what_somebody_did_is_told_without_what_it_says_of_others(company: Company) -> None:
    analyst = identity.make_user(company, "hr_analyst", person=identity.make_person("Carla"))
    people.hire(company, name="Bruno Braga")
    event = append_event(
        NewEvent(
            action="hr.employee.hired",
            at=people.AT,
            company_id=company.pk,
            actor_id=analyst.pk,
            channel="web",
            target_type="hr.employee",
            target_id=1,
            data={"name": "Bruno Braga", "salary": "9876.54"},
            reason="Bruno is new",
        )
    )
    report = told(Person(company.pk, analyst.person_id or 0))
    row = next(r for r in rows_of(report, "backoffice.Event") if r["id"] == event)
    assert (row["how"], row["values"]["action"]) == ("did", "hr.employee.hired")
    assert "data" not in row["values"]
    assert "Bruno" not in json.dumps(report)


def test_earlier_values_and_merged_keys_are_in_it(company: Company) -> None:
    employee = people.hire(company, name="Ana Alves")
    double = identity.make_person("Ana A. Dobro")
    PartyAlias.objects.create(
        company=company, party=double, kept=employee.party, why="x", merged_on=people.AT.date()
    )
    Party.objects.filter(pk=employee.party_id).update(name="Ana Lima")
    report = told(Person(company.pk, employee.party_id))
    names = [(r["how"], r["values"]["name"]) for r in rows_of(report, "backoffice.Party")]
    assert ("about", "Ana Lima") in names
    assert ("about", "Ana A. Dobro") in names
    assert ("earlier", "Ana Alves") in names


def test_the_manager_gets_both_files_and_the_person_can_see_who_read(
    company: Company, manager: User
) -> None:
    employee = people.hire(company, name="Ana Alves", salary="4321.09")
    client = identity.browser(manager, company)
    for form, start in (("json", b"{"), ("pdf", b"%PDF")):
        answer = client.post(
            "/backoffice/person-report/", {"cpf": employee.party.tax_id, "format": form}
        )
        job = Job.objects.latest("pk")
        assert answer["Location"] == f"/jobs/{job.pk}/"
        assert work(job).state == "done"
        assert saved(client, job).startswith(start)
    event = Event.objects.filter(action="backoffice.person_report.created").latest("pk")
    assert (event.target_id, event.data, event.actor_id) == (
        employee.party_id,
        {"format": "pdf"},
        manager.pk,
    )
    kinds = set(
        ReadLog.objects.filter(user_id=manager.pk, channel="job").values_list("kind", flat=True)
    )
    assert {"backoffice.party", "hr.employee"} <= kinds
    them = identity.make_user(company, "employee", person=employee.party, scope=Scope.OWN)
    page = identity.browser(them, company).get("/account/readings/")
    assert manager.name in page.content.decode()


def test_the_pages_print_a_bounded_number_of_rows(company: Company, manager: User) -> None:
    employee = people.hire(company)
    user = identity.make_user(company, "employee", person=employee.party, scope=Scope.OWN)
    for number in range(ON_PAPER + 5):
        append_event(
            NewEvent(
                action="x.y.z",
                at=people.AT,
                company_id=company.pk,
                actor_id=user.pk,
                channel="web",
                data={"n": number},
            )
        )
    ctx = identity.acting_as(manager, company)
    job = services.create_report(ctx, person_id=employee.party_id, format="pdf")
    assert work(job).state == "done"


def test_everybody_gets_their_own_and_nobody_elses(company: Company) -> None:
    employee = people.hire(company, name="Ana Alves")
    user = identity.make_user(company, "employee", person=employee.party, scope=Scope.OWN)
    client = identity.browser(user, company)
    assert client.get("/account/my-data/").status_code == 200
    client.post("/account/my-data/", {"format": "json"})
    job = Job.objects.latest("pk")
    assert work(job).state == "done"
    report = json.loads(saved(client, job))
    assert (report["own"], report["person"]["name"]) == (True, "Ana Alves")
    assert client.get("/backoffice/person-report/").status_code == 403
    ctx = identity.acting_as(user, company)
    with pytest.raises(NotAllowed):
        services.create_report(ctx, person_id=employee.party_id, format="json")


def test_an_account_without_a_person_is_told_so(company: Company) -> None:
    user = identity.make_user(company, "hr_analyst")
    assert "Esta conta" in identity.browser(user, company).get("/account/my-data/").content.decode()
    with pytest.raises(NotFound):
        services.create_own_report(identity.acting_as(user, company), format="pdf")
    assert not Job.objects.exists()


def test_a_role_for_a_team_does_not_collect_and_neither_does_the_system(company: Company) -> None:
    employee = people.hire(company)
    branch = identity.make_user(company, "hr_manager", scope=Scope.TEAM)
    for ctx in (identity.acting_as(branch, company), people.system(company)):
        with pytest.raises(NotAllowed) as refusal:
            services.create_report(ctx, person_id=employee.party_id, format="pdf")
        assert refusal.value.code == "whole_company"
    with pytest.raises(NotAllowed) as refusal:
        services.create_own_report(people.system(company), format="pdf")
    assert refusal.value.code == "for_oneself"
    assert not Job.objects.exists()


def test_strangers_companies_and_unknown_formats_are_refused(
    company: Company, manager: User
) -> None:
    ctx = identity.acting_as(manager, company)
    stranger = identity.make_person()
    firm = Party.objects.create(kind="company", tax_id="11222333000181", name="Firma")
    elsewhere = people.hire(people.make_company())
    for party in (stranger.pk, firm.pk, elsewhere.party_id, 0):
        with pytest.raises(NotFound):
            services.create_report(ctx, person_id=party, format="pdf")
    employee = people.hire(company)
    with pytest.raises(InvalidInput) as refusal:
        services.create_report(ctx, person_id=employee.party_id, format="xml")
    assert refusal.value.code == "unknown_format"
    assert not Job.objects.exists()
    assert known_person(company.pk, None) is None


def test_a_cpf_that_nobody_here_has_is_told_in_the_form(company: Company, manager: User) -> None:
    elsewhere = people.hire(people.make_company())
    answer = identity.browser(manager, company).post(
        "/backoffice/person-report/", {"cpf": elsewhere.party.tax_id, "format": "pdf"}
    )
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_both_ask_for_a_fresh_proof(company: Company, manager: User) -> None:
    client: Client = identity.browser(manager, company, proved=False)
    for address in ("/backoffice/person-report/", "/account/my-data/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"][:17]) == (302, "/account/confirm/")
    employee = people.hire(company)
    unproved = access_of(manager, company.pk, people.AT.date())
    ctx = people.acting(company, unproved)
    with pytest.raises(ProofNeeded):
        services.create_report(ctx, person_id=employee.party_id, format="pdf")


def test_over_the_api_it_is_a_job(company: Company, manager: User) -> None:
    employee = people.hire(company)
    client = identity.browser(manager, company)
    body = {"person_id": employee.party_id, "format": "json"}
    answer = client.post(
        "/api/v1/person-reports/",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "a"},
    )
    again = client.post(
        "/api/v1/person-reports/",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "a"},
    )
    assert (answer.status_code, again.json()) == (202, answer.json())
    assert Job.objects.count() == 1
    missing = client.post(
        "/api/v1/person-reports/", {"person_id": 1}, content_type="application/json"
    )
    assert missing.status_code == 422
