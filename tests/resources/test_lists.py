"""Lists: a fixed number of statements, pages by key, orders and filters from an allow-list."""

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from backoffice.database import keyset
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import access_of
from backoffice.resources import listing
from backoffice.resources.records import Kind, Resource
from tests.factories import identity, people
from tests.factories.people import AT
from tests.resources.scene import Scene

PAGE_LIMIT = 8
# Rows that come with the installation or with the company's owner, beside those a test makes.
SINGLETONS = {"backoffice.company"}


def statements(client: Client, address: str) -> list[str]:
    """The SQL of one request; the second one, when everything that is kept is kept."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_the_number_of_statements_does_not_grow_with_the_rows(scene: Scene) -> None:
    scene.record()
    record = scene.record()
    addresses = (scene.url(), scene.url("detail", record.pk), scene.api(), scene.api(record.pk))
    few = [len(statements(scene.owner, address)) for address in addresses]
    for _ in range(4):
        scene.record()
    many = [len(statements(scene.owner, address)) for address in addresses]
    assert many == few
    assert few[0] <= PAGE_LIMIT, "\n".join(statements(scene.owner, addresses[0]))


def walk(client: Client, address: str) -> list[Any]:
    """The keys of all rows, page by page as the API says."""
    found: list[Any] = []
    while address:
        answer = client.get(address).json()
        found += [row["id"] for row in answer["results"]]
        address = answer["next"] or ""
        assert len(found) < 500
    return found


def test_following_next_visits_every_row_once_in_every_order(scene: Scene) -> None:
    for _ in range(5):
        scene.record()
    client = scene.owner
    every = sorted(walk(client, f"{scene.api()}?limit=200"))
    assert len(every) >= (1 if scene.resource.name in SINGLETONS else 5)
    keys = ["id", *(column.key for column in scene.resource.table.columns if column.sortable)]
    for key, sign in itertools.product(keys, ("", "-")):
        size = max(2, len(every) // 3)
        visited = walk(client, f"{scene.api()}?limit={size}&sort={sign}{key}")
        assert sorted(visited) == every, f"{sign}{key}"
        assert len(visited) == len(every), f"{sign}{key}"


def test_going_back_shows_the_same_pages_in_reverse(scene: Scene) -> None:
    for _ in range(5):
        scene.record()
    access = access_of(identity.make_user(scene.company, "owner"), scene.company.pk, AT.date())
    request = RequestFactory().get("/")
    asked = listing.read(request, scene.resource, access)
    forward = [keyset.page(asked.rows, ["pk"], asked.sort, limit=2)]
    while forward[-1].next:
        forward.append(keyset.page(asked.rows, ["pk"], asked.sort, limit=2, after=forward[-1].next))
    backward = [forward[-1]]
    while backward[-1].previous:
        backward.append(
            keyset.page(asked.rows, ["pk"], asked.sort, limit=2, before=backward[-1].previous)
        )
    shown = list(itertools.chain(*(page.rows for page in forward)))
    assert list(itertools.chain(*(page.rows for page in reversed(backward)))) == shown
    assert forward[0].previous == ""


@pytest.mark.parametrize(
    "question",
    [
        "sort=password",
        "sort=company__cnpj",
        "sort=-",
        "after=nonsense",
        "after=W10",
        "q=%00",
        "limit=0",
    ],
)
def test_what_is_not_on_the_list_is_refused(scene: Scene, question: str) -> None:
    answer = scene.owner.get(f"{scene.api()}?{question}")
    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    if question != "limit=0":  # pages have a fixed size and ignore what is not theirs
        assert scene.owner.get(f"{scene.url()}?{question}").status_code == 400


@pytest.mark.parametrize("name", ["fields", "ordering", "page_size", "company", "password"])
def test_the_api_ignores_no_parameter_in_silence(scene: Scene, name: str) -> None:
    answer = scene.owner.get(f"{scene.api()}?{name}=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_limits_are_1_to_200(scene: Scene) -> None:
    for limit, status in (("1", 200), ("200", 200), ("201", 400), ("1000000000", 400), ("x", 400)):
        assert scene.owner.get(f"{scene.api()}?limit={limit}").status_code == status


def test_a_cursor_of_another_order_is_refused(scene: Scene) -> None:
    for _ in range(2):
        scene.record()
    if scene.resource.name in SINGLETONS:
        pytest.skip("one row")
    following = scene.owner.get(f"{scene.api()}?limit=1").json()["next"]
    answer = scene.owner.get(f"{following}&sort=-id")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_every_filter_answers_to_its_name_and_refuses_nonsense(scene: Scene) -> None:
    if scene.resource.filters is None:
        pytest.skip("no filters")
    scene.record()
    for name, each in scene.resource.filters.base_filters.items():
        choices = list(getattr(each.field, "choices", ()) or ()) if "choices" in each.extra else []
        value = next((key for key, _label in choices if key), "999999999")
        for address in (scene.api(), scene.url()):
            answer = scene.owner.get(f"{address}?{name}={value}")
            if each.extra.get("choices") or each.__class__.__name__ in {
                "NumberFilter",
                "CharFilter",
            }:
                assert answer.status_code == 200, (name, value)


def test_a_restricted_value_is_neither_shown_nor_sorted_nor_searched_by(
    scene: Scene, resource: Resource
) -> None:
    if not resource.restricted:
        pytest.skip("nothing restricted")
    record = scene.record()
    held = [resource.view_permission]
    token = identity.make_token(identity.make_user(scene.company, "owner"), scene.company, held)
    headers = {"Authorization": f"Bearer {token.secret.value}"}
    shown = Client().get(scene.api(record.pk), headers=headers).json()
    assert not shown.keys() & resource.restricted.keys()
    listed = Client().get(scene.api(), headers=headers).json()["results"]
    assert all(not row.keys() & resource.restricted.keys() for row in listed)
    for column in resource.table.columns:
        if column.key in resource.restricted:
            answer = Client().get(f"{scene.api()}?sort={column.key}", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, "unknown_sort")


def test_reading_restricted_values_is_logged_once_for_each_request(
    scene: Scene, resource: Resource
) -> None:
    if not resource.restricted:
        pytest.skip("nothing restricted")
    from backoffice.audit.models import ReadLog

    record = scene.record()
    client = scene.owner
    for address in (scene.url(), scene.url("detail", record.pk), scene.api(), scene.api(record.pk)):
        before = ReadLog.objects.count()
        assert client.get(address).status_code == 200
        assert ReadLog.objects.count() == before + 1, address
        assert record.pk in ReadLog.objects.latest("id").ids


def test_empty_lists_say_what_the_object_is_for_and_filtered_ones_that_nothing_matches(
    scene: Scene,
) -> None:
    person = scene.somebody("auditor", Scope.OWN, person=identity.make_person())
    first = person.get(scene.url()).content.decode()
    if "data-list>" in first:
        pytest.skip("there are rows from the start")
    assert str(scene.resource.empty) in first
    if scene.resource.table.search:
        found = person.get(f"{scene.url()}?q=zzzzzz").content.decode()
        assert str(scene.resource.empty) not in found


def test_the_link_column_opens_the_record(scene: Scene) -> None:
    scene.record()
    page = scene.owner.get(scene.url())
    line = page.context["lines"][0]
    assert [column.kind for column in scene.resource.table.columns].count(Kind.LINK) == 1
    assert f'<a class="row-link" href="{line.url}"' in page.content.decode()
    assert scene.owner.get(line.url).status_code == 200


def test_names_are_sorted_without_regard_to_accents(db: None) -> None:
    company = people.make_company()
    for name in ("Zélia", "Ícaro", "ana", "Iara", "Álvaro"):
        people.hire(company, name=name)
    client = identity.browser(identity.make_user(company, "owner"), company)
    page = client.get("/api/v1/hr/employees/?sort=name&limit=3").json()
    rows = page["results"] + client.get(page["next"]).json()["results"]
    assert [row["name"] for row in rows] == ["Álvaro", "ana", "Iara", "Ícaro", "Zélia"]


def test_values_are_escaped(db: None) -> None:
    company = people.make_company()
    employee = people.hire(company, name='<img src=x onerror="alert(1)">')
    client = identity.browser(identity.make_user(company, "owner"), company)
    addresses = (
        "/hr/employees/",
        f"/hr/employees/{employee.pk}/",
        f"/hr/employees/{employee.pk}/edit/",
    )
    for address in addresses:
        shown = client.get(address).content.decode()
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown


def test_a_manager_gets_restricted_values_of_their_own_file_only(db: None) -> None:
    company = people.make_company()
    boss = people.hire(company, name="Beatriz")
    people.hire(company, name="Caio", manager_person_id=boss.party_id)
    user = identity.make_user(company, "manager", scope=Scope.TEAM, person=boss.party)
    identity.grant(company, user, "employee", scope=Scope.OWN)
    client = identity.browser(user, company)
    rows = {row["name"]: row for row in client.get("/api/v1/hr/employees/").json()["results"]}
    assert rows["Beatriz"]["cpf"] == boss.party.tax_id
    assert rows["Caio"]["cpf"] is None
    assert rows["Caio"]["salary"] is None
    page = client.get("/hr/employees/?sort=salary")
    assert page.status_code == 400
    assert client.get(f"/hr/employees/?q={boss.party.tax_id}").context["lines"] == []
