"""What every endpoint of the API shares: problems for everything, limits, keys, versions."""

import json
import uuid
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from backoffice.audit.models import Event
from backoffice.organization.models import CostCenter
from tests.factories import identity, people
from tests.harness.threads import ROUNDS, race

pytestmark = pytest.mark.django_db
CENTERS = "/api/v1/backoffice/cost-centers/"


@pytest.fixture
def company() -> Any:
    return people.make_company()


@pytest.fixture
def client(company: Any) -> Client:
    return identity.browser(identity.make_user(company, "owner"), company)


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a problem; checks that the rest is in place."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:retaguarda:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"]
    return answer.status_code, body["code"]


def post(client: Client, body: Any, **headers: str) -> Any:
    return client.post(CENTERS, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    "body",
    [
        '{"code": "1",}',
        '{"code": "1"} x',
        '{"code": NaN}',
        '{"code": "1", "code": "2"}',
        b"\xff\xfe",
        '"' + "x" * 10,
        "[" * 100_000 + "]" * 100_000,
    ],
    ids=["comma", "tail", "nan", "repeated", "utf8", "open", "deep"],
)
def test_what_is_not_strict_json_is_a_400(client: Client, body: Any) -> None:
    assert problem(post(client, body)) == (400, "parse_error")
    assert not CostCenter.objects.filter(code__in=["1", "2"]).exists()


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null"])
def test_a_body_that_is_no_object_is_a_422(client: Client, body: str) -> None:
    assert problem(post(client, body)) == (422, "invalid_input")


def test_a_body_beyond_a_megabyte_is_a_413(client: Client) -> None:
    assert problem(post(client, {"code": "1", "name": "x" * 1_000_000})) == (413, "too_large")


def test_texts_that_postgresql_cannot_hold_are_a_422(client: Client) -> None:
    for text in ("a\x00b", "\ud800"):
        answer = post(client, json.dumps({"code": "1", "name": text}))
        assert problem(answer) == (422, "invalid_input")
        assert answer.json()["errors"][0]["pointer"] == "#/name"


def test_only_json_comes_in_and_goes_out(client: Client) -> None:
    form = client.post(CENTERS, {"code": "1", "name": "x"})
    assert problem(form) == (415, "unsupported_media_type")
    assert problem(client.get(CENTERS, headers={"Accept": "text/html"})) == (406, "not_acceptable")
    assert client.get(CENTERS).headers["Content-Type"] == "application/json"


def test_addresses_that_do_not_exist_are_a_404(client: Client) -> None:
    for address in ("/api/", "/api/v1/", "/api/v1/hr/nothing/", "/api/v2/hr/employees/"):
        assert problem(client.get(address)) == (404, "not_found")
        assert problem(client.post(address)) == (404, "not_found")
    assert problem(client.get(f"{CENTERS}99999999999999999999999/")) == (404, "not_found")


def test_a_browser_needs_the_csrf_token(company: Any) -> None:
    user = identity.make_user(company, "owner")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend="backoffice.identity.backends.LoginBackend")
    assert problem(post(strict, {"code": "1", "name": "x"})) == (403, "permission_denied")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer rtg_x", "Token abc", "Basic YTpi"]
)
def test_a_wrong_token_is_a_401_that_says_nothing_more(header: str) -> None:
    answer = Client().get(CENTERS, headers={"Authorization": header})
    assert answer.status_code == 401
    assert problem(answer)[1] in {"authentication_failed", "not_authenticated"}


def test_a_caller_over_the_limit_is_told_when_to_come_back(client: Client, settings: Any) -> None:
    cache.clear()
    settings.API_RATE = 3
    for _ in range(3):
        assert client.get(CENTERS).status_code == 200
    answer = client.get(CENTERS)
    assert problem(answer) == (429, "throttled")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_a_fault_is_a_500_without_its_inside(company: Any) -> None:
    calm = Client(raise_request_exception=False)
    user = identity.make_user(company, "owner")
    calm.force_login(user, backend="backoffice.identity.backends.LoginBackend")

    def fail(execute: Any, sql: str, *args: Any) -> Any:
        if "backoffice_cost_center" in sql:
            raise OperationalError("disk full on host db7")
        return execute(sql, *args)

    with connection.execute_wrapper(fail):
        answer = calm.get(CENTERS)
    assert problem(answer) == (500, "fault")
    assert "db7" not in answer.content.decode()


def test_refusals_of_the_service_name_the_field(client: Client) -> None:
    assert post(client, {"code": "7", "name": "A"}).status_code == 201
    answer = post(client, {"code": "7", "name": "B"})
    assert problem(answer) == (422, "already_in_use")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/code"]
    assert list(CostCenter.objects.filter(code="7").values_list("name", flat=True)) == ["A"]


def test_an_empty_idempotency_key_is_none_and_a_long_one_is_refused(client: Client) -> None:
    assert post(client, {"code": "1", "name": "x"}, **{"Idempotency-Key": ""}).status_code == 201
    answer = post(client, {"code": "2", "name": "x"}, **{"Idempotency-Key": "k" * 201})
    assert problem(answer) == (422, "idempotency_key_too_long")


def test_the_answer_is_in_the_language_of_the_caller(client: Client) -> None:
    for language, word in (("en", "must"), ("pt-br", "obrigatório")):
        answer = client.post(
            CENTERS, {}, content_type="application/json", headers={"Accept-Language": language}
        )
        assert answer.headers["Content-Language"] == language
        assert word in answer.content.decode() or language == "en"


def test_the_document_and_its_page_are_for_who_is_logged_in(client: Client) -> None:
    assert client.get("/api/schema/").json()["openapi"] == "3.1.0"
    assert problem(Client().get("/api/schema/"))[0] == 401
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "<style" not in page.content.decode()
    assert "<script>" not in page.content.decode()
    assert (
        client.get("/api/docs/?script=")
        .headers["Content-Type"]
        .startswith("application/javascript")
    )
    assert Client().get("/api/docs/").status_code == 302


# --- races --------------------------------------------------------------------------------------


@pytest.fixture
def door() -> Any:
    """A company with real commits, and a function that opens a browser of its owner."""
    company = people.make_company()
    user = identity.make_user(company, "owner")
    return lambda: identity.browser(user, company)


@pytest.mark.clone
@pytest.mark.races
def test_a_hundred_requests_under_one_key_have_one_effect(door: Any) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    events = Event.objects.count()
    clients = [door() for _ in range(16)]
    done: list[Any] = []
    for _ in range(ROUNDS // 14):
        done += race([partial(post, c, {"code": "R", "name": "Race"}, **key) for c in clients])
    assert {(answer.status_code, answer.content) for answer in done} == {
        (201, done[0].content),
    }
    assert CostCenter.objects.filter(code="R").count() == 1
    assert Event.objects.count() == events + 1


@pytest.mark.clone
def test_of_many_changes_based_on_one_version_exactly_one_is_made(door: Any) -> None:
    first = door()
    made = post(first, {"code": "R", "name": "Race"})
    address, version = made.headers["Location"], made.headers["ETag"]
    clients = [door() for _ in range(8)]

    def change(client: Client, number: int) -> Any:
        return client.patch(
            address,
            {"name": f"Change {number}"},
            content_type="application/json",
            headers={"If-Match": version},
        )

    done: list[Any] = race([partial(change, c, n) for n, c in enumerate(clients)])
    assert sorted(answer.status_code for answer in done) == [200] + [412] * 7
    winner = next(answer for answer in done if answer.status_code == 200)
    assert first.get(address).json()["name"] == winner.json()["name"]
    assert Event.objects.filter(action="backoffice.cost_center.changed").count() == 1
