"""Lists as files: the rows of the filter, of one moment, for who may take them out."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from backoffice.audit.models import Event, ReadLog
from backoffice.database.keyset import BadQuery
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.exchange import views, writing
from backoffice.exchange.services import export_list, exports
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.jobs.models import Job, JobResult
from backoffice.organization.models import Company, CostCenter, Department
from tests.backoffice.exchange.conftest import rows_of, saved, work
from tests.factories import identity, people

pytestmark = pytest.mark.django_db

EMPLOYEES = "hr.employee"
CENTERS = "backoffice.cost_center"


@pytest.fixture
def analyst(company: Company) -> User:
    return identity.make_user(company, "hr_analyst")


def exported(company: Company, user: User, name: str, query: str = "", form: str = "xlsx") -> Any:
    job = export_list(identity.acting_as(user, company), resource=name, query=query, format=form)
    assert work(job).state == "done"
    return saved(identity.browser(user, company), job)


def test_a_list_about_people_is_saved_with_its_rows_columns_and_order(
    company: Company, analyst: User
) -> None:
    for name, salary in (("Ícaro", "3000.10"), ("Bruna", "4000.20"), ("Ana", "5000.30")):
        people.hire(company, name=name, salary=salary)
    people.hire(people.make_company(), name="De outra empresa")
    head, *rows = rows_of(exported(company, analyst, EMPLOYEES))
    assert head[:3] == ["Nome", "Matrícula", "Cargo"]
    assert [row[0] for row in rows] == ["Ana", "Bruna", "Ícaro"]
    assert [row[head.index("Salário")] for row in rows] == [5000.3, 4000.2, 3000.1]
    event = Event.objects.get(action="backoffice.export.created")
    assert event.data["rows"] == 3
    assert event.data["columns"][:2] == ["name", "registration"]


def test_only_the_rows_of_the_search_and_the_filter_in_the_order_asked_for(
    company: Company, analyst: User
) -> None:
    for name in ("Ana Souza", "Bruna Souza", "Carla Lima"):
        people.hire(company, name=name)
    text = exported(
        company, analyst, EMPLOYEES, "?q=souza&sort=-name&situation=active&after=abc", "csv"
    )
    rows = list(csv.DictReader(StringIO(text.decode())))
    assert [row["name"] for row in rows] == ["Bruna Souza", "Ana Souza"]
    assert rows[0]["admitted_on"] == "2024-03-01"
    assert rows[0]["salary"] == "3000.00"


def test_texts_that_look_like_formulas_stay_texts(company: Company, analyst: User) -> None:
    people.hire(company, name="=HYPERLINK(0)")
    assert rows_of(exported(company, analyst, EMPLOYEES))[1][0] == "=HYPERLINK(0)"
    text = exported(company, analyst, EMPLOYEES, form="csv-br").decode("utf-8-sig")
    assert text.splitlines()[1].startswith("'=HYPERLINK(0);")


def test_who_does_not_see_salaries_gets_a_file_without_them(company: Company) -> None:
    people.hire(company)
    manager = identity.make_user(company, "manager", scope=Scope.COMPANY)
    assert "Salário" not in rows_of(exported(company, manager, EMPLOYEES))[0]
    assert not ReadLog.objects.filter(kind=EMPLOYEES).exists()


def test_whose_salaries_went_into_a_file_is_written_down(company: Company, analyst: User) -> None:
    employees = [people.hire(company) for _ in range(3)]
    exported(company, analyst, EMPLOYEES)
    reading = ReadLog.objects.get(kind=EMPLOYEES)
    ids: Any = reading.ids
    found = json.loads(ids) if isinstance(ids, str) else ids
    assert (reading.channel, sorted(found)) == ("job", sorted(e.pk for e in employees))


def test_who_may_not_read_or_take_out_is_refused(company: Company) -> None:
    people.hire(company)
    plain = identity.make_user(company, "employee")
    agent = identity.make_user(company, "it_agent")
    for user, name in ((plain, EMPLOYEES), (agent, EMPLOYEES), (plain, "backoffice.event")):
        ctx = identity.acting_as(user, company)
        with pytest.raises(NotAllowed):
            export_list(ctx, resource=name, query="", format="csv")
    assert not Job.objects.exists()


def test_lists_about_people_ask_for_a_fresh_proof_and_others_do_not(
    company: Company, analyst: User
) -> None:
    people.hire(company)
    client = identity.browser(analyst, company, proved=False)
    answer = client.get(f"/exports/{EMPLOYEES}/?q=a")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirm/?next=%2Fexports%2Fhr.employee")
    assert client.get(f"/exports/{CENTERS}/").status_code == 200


def test_the_system_has_no_eyes_to_see_a_list_with(company: Company) -> None:
    with pytest.raises(NotAllowed) as refusal:
        export_list(people.system(company), resource=CENTERS, query="", format="csv")
    assert refusal.value.code == "no_person"


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        ({"resource": "hr.nothing"}, NotFound, "not_found"),
        ({"format": "pdf"}, InvalidInput, "unknown_format"),
        ({"query": "sort=password"}, BadQuery, "unknown_sort"),
        ({"query": "q=" + "x" * 2001}, InvalidInput, "query_too_long"),
        ({"query": "q=%00"}, BadQuery, "bad_text"),
        ({"query": "q=ninguem"}, WrongState, "nothing_to_export"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_a_job_exists(
    company: Company, analyst: User, given: dict[str, str], kind: Any, code: str
) -> None:
    asked = {"resource": CENTERS, "query": "", "format": "csv"} | given
    with pytest.raises(kind) as refusal:
        export_list(identity.acting_as(analyst, company), **asked)
    assert refusal.value.code == code
    assert not Job.objects.exists()


def test_more_rows_than_a_workbook_holds_are_refused_as_one(
    company: Company, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 0)
    ctx = identity.acting_as(analyst, company)
    with pytest.raises(InvalidInput) as refusal:
        export_list(ctx, resource=CENTERS, query="", format="xlsx")
    assert refusal.value.code == "too_many_rows"
    assert export_list(ctx, resource=CENTERS, query="", format="csv").total == 1


def test_a_small_list_comes_at_once_and_the_file_stays_in_the_jobs(
    company: Company, analyst: User
) -> None:
    client = identity.browser(analyst, company)
    answer = client.post(f"/exports/{CENTERS}/?q=adm", {"format": "csv-br"})
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/result/"
    assert saved(client, job).decode("utf-8-sig").splitlines()[1] == "100;Administração;"
    assert JobResult.objects.get().name.startswith("centros-de-custo-")


def test_a_large_list_is_left_to_a_worker(
    company: Company, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    answer = identity.browser(analyst, company).post(f"/exports/{CENTERS}/", {"format": "csv"})
    job = Job.objects.get()
    assert (answer["Location"], job.state) == (f"/jobs/{job.pk}/", "pending")


def test_a_file_that_a_worker_is_slow_with_is_found_on_the_page_of_its_job(
    company: Company, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "run_chunk", lambda *_given, **_named: False)
    monkeypatch.setattr(views, "PATIENCE", 0.06)
    answer = identity.browser(analyst, company).post(f"/exports/{CENTERS}/", {"format": "csv"})
    assert answer["Location"] == f"/jobs/{Job.objects.get().pk}/"


def test_the_page_says_how_many_rows_which_columns_and_what_is_watched(
    company: Company, analyst: User
) -> None:
    people.hire(company)
    client = identity.browser(analyst, company)
    page = client.get(f"/exports/{EMPLOYEES}/?q=maria").content.decode()
    assert "1 linha" in page
    assert "Salário" in page
    empty = client.get(f"/exports/{EMPLOYEES}/?q=ninguem").content.decode()
    assert "data-save" not in empty
    wrong = client.post(f"/exports/{EMPLOYEES}/", {"format": "pdf"})
    assert wrong.status_code == 422
    assert not Job.objects.exists()


def test_the_list_leads_to_its_export_with_its_question(company: Company, analyst: User) -> None:
    page = identity.browser(analyst, company).get("/backoffice/cost-centers/?q=adm&filters=1")
    assert f'href="/exports/{CENTERS}/?q=adm"' in page.content.decode()
    people.hire(company)
    plain = identity.browser(identity.make_user(company, "it_agent"), company)
    assert "/exports/" not in plain.get("/backoffice/users/").content.decode()


def test_the_file_is_lost_with_the_right_to_take_it_out(company: Company, analyst: User) -> None:
    people.hire(company)
    job = export_list(
        identity.acting_as(analyst, company), resource=EMPLOYEES, query="", format="csv"
    )
    work(job)
    RoleGrant.objects.filter(user=analyst).update(ended_at=people.AT)
    identity.grant(company, analyst, "employee")
    client = identity.browser(analyst, company)
    assert client.get(f"/jobs/{job.pk}/result/").status_code == 404


def test_a_right_that_is_lost_before_a_worker_comes_ends_the_job_without_a_file(
    company: Company, analyst: User
) -> None:
    people.hire(company)
    job = export_list(
        identity.acting_as(analyst, company), resource=EMPLOYEES, query="", format="csv"
    )
    RoleGrant.objects.filter(user=analyst).update(ended_at=people.AT)
    assert work(job).state == "failed"
    assert not JobResult.objects.exists()


def test_the_api_starts_the_same_job_once_under_a_key(company: Company, analyst: User) -> None:
    client = Client()
    token = identity.make_token(analyst, company, ["backoffice.export.create", f"{CENTERS}.view"])
    asked = {"object": CENTERS, "format": "csv", "query": "q=adm"}
    headers = {"authorization": f"Bearer {token.secret.value}", "idempotency-key": "a"}

    def send(body: dict[str, str]) -> Any:
        return client.post(
            "/api/v1/exports/", body, content_type="application/json", headers=headers
        )

    first, again = send(asked), send(asked)
    job = Job.objects.get()
    assert (first.status_code, first.json()) == (202, {"job": job.pk, "rows": 1})
    assert first["Location"] == f"/api/v1/jobs/{job.pk}/"
    assert again.json() == first.json()
    assert send({**asked, "format": "xlsx"}).status_code == 422
    headers["idempotency-key"] = "b"
    assert send({"object": CENTERS, "format": "pdf"}).status_code == 422
    assert send({"object": "hr.employee", "format": "csv"}).status_code == 403
    assert send({"object": CENTERS, "format": "csv", "query": "sort=x"}).status_code == 400
    assert Job.objects.count() == 1


def test_the_rows_are_of_one_moment_and_read_behind_a_cursor(
    company: Company, analyst: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    CostCenter.objects.bulk_create(
        CostCenter(company=company, code=f"C{n}", name=f"Centro {n}") for n in range(50)
    )
    job = export_list(
        identity.acting_as(analyst, company), resource=CENTERS, query="", format="csv"
    )
    with CaptureQueriesContext(connection) as captured:
        assert work(job).state == "done"
    from_table = [q["sql"] for q in captured.captured_queries if "cost_center" in q["sql"]]
    assert len([sql for sql in from_table if sql.startswith("SELECT")]) <= 1
    assert Department.objects.filter(company=company).count() == 1
