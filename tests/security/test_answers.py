"""What every answer carries, how often costly doors open, and that no question breaks a page."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from backoffice.organization.models import Company
from tests.factories import files, people
from tests.factories.identity import browser, make_token, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


STRANGERS = (
    "/account/login/",
    "/verify/",
    "/no/such/page/",
    "/livez",
    "/static/css/components.css",
)
MEMBERS = ("/", "/hr/employees/", "/hr/employees/999999/", "/search/", "/api/v1/hr/employees/")


@pytest.mark.parametrize("address", [*STRANGERS, *MEMBERS])
def test_every_answer_tells_browsers_to_guess_nothing_and_to_share_nothing(
    company: Company, address: str
) -> None:
    client = browser(make_user(company, "owner"), company) if address in MEMBERS else Client()
    answer = client.get(address)
    answer.close()
    policy = answer["Content-Security-Policy"] if not address.startswith("/static/") else ""
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer
    if not address.startswith("/static/"):
        for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'self'"):
            assert part in policy
        assert "base-uri 'self'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] in {"SAMEORIGIN", "DENY"}


def test_an_answer_with_a_body_names_type_and_letters(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    for address in ("/", "/hr/employees/", "/livez", "/api/v1/hr/employees/", "/no/such/page/"):
        kind = client.get(address)["Content-Type"]
        assert kind.startswith("application/") or "charset=utf-8" in kind, (address, kind)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DEBUG"])
def test_methods_that_nobody_needs_do_nothing(company: Company, method: str) -> None:
    client = browser(make_user(company, "owner"), company)
    assert client.generic(method, "/hr/employees/").status_code == 405
    assert client.generic(method, "/api/v1/hr/employees/").status_code == 405


def test_a_method_in_a_header_or_field_is_not_the_method(company: Company) -> None:
    employee = people.hire(company)
    client = browser(make_user(company, "owner"), company)
    address = f"/api/v1/hr/employees/{employee.pk}/"
    answer = client.get(address, headers={"x-http-method-override": "DELETE"})
    assert answer.status_code == 200
    answer = client.post(f"{address}?_method=PATCH", {"_method": "PATCH", "name": "Outro"})
    assert answer.status_code in {405, 415}
    employee.party.refresh_from_db()
    assert employee.party.name != "Outro"


def test_a_form_or_text_that_pretends_to_be_json_is_not_read(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    body = json.dumps({"code": "77", "name": "Centro"})
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = client.post("/api/v1/backoffice/cost-centers/", body, content_type=kind)
        assert answer.status_code == 415, kind


def test_a_program_that_speaks_without_encryption_is_refused_not_redirected(
    company: Company, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/"]
    client = browser(make_user(company, "owner"), company)
    answer = client.get("/api/v1/hr/employees/")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:retaguarda:https_needed")
    assert client.get("/hr/employees/")["Location"].startswith("https://")
    assert client.get("/api/v1/hr/employees/", secure=True).status_code == 200


def test_looking_for_everything_is_counted_for_each_account(
    company: Company, settings: Settings
) -> None:
    settings.RATES = {**settings.RATES, "search": 3}
    user = make_user(company, "hr_analyst")
    client = browser(user, company)
    codes = [client.get("/search/?q=a").status_code for _ in range(2)]
    codes.append(client.get("/api/v1/search/?q=a").status_code)
    assert codes == [200, 200, 200]
    refused = client.get("/search/?q=a")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    programs = browser(user, company).get("/api/v1/search/?q=a")
    assert (programs.status_code, programs.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(programs["Retry-After"]) <= 60
    other = browser(make_user(company, "hr_analyst"), company)
    assert other.get("/search/?q=a").status_code == 200


def test_files_and_uploads_are_counted_and_a_refused_one_leaves_nothing(
    company: Company, settings: Settings
) -> None:
    from backoffice.files.models import Attachment
    from backoffice.jobs.models import Job

    settings.RATES = {**settings.RATES, "export": 0, "upload": 0}
    employee = people.hire(company)
    client = browser(make_user(company, "owner"), company)
    assert client.post("/exports/hr.employee/", {"format": "csv"}).status_code in {422, 429}
    answer = client.post("/exports/hr.employee/", {"format": "xlsx"})
    assert answer.status_code == 429
    assert not Job.objects.exists()
    document = SimpleUploadedFile("a.pdf", files.pdf(), content_type="application/pdf")
    owner = "hr.employee"
    answer = client.post(f"/files/{owner}/{employee.pk}/add/", {"file": document})
    assert answer.status_code in {404, 429}
    answer = client.post("/api/v1/files/", {"file": document, "owner": owner})
    assert answer.status_code in {404, 429}
    assert not Attachment.objects.exists()


def test_a_token_has_the_count_of_its_owner(company: Company, settings: Settings) -> None:
    settings.RATES = {**settings.RATES, "search": 1}
    owner = make_user(company, "owner")
    browser(owner, company).get("/search/?q=a")
    from django.utils import timezone

    fresh = make_token(owner, company, ["backoffice.search.use"], at=timezone.now())
    client = Client(headers={"authorization": f"Bearer {fresh.secret.value}"})
    assert client.get("/api/v1/search/?q=a").status_code == 429


def test_json_of_endless_depth_is_refused_in_a_body_and_in_a_field(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    client.raise_request_exception = False
    deep = "[" * 100_000
    answer = client.post("/api/v1/backoffice/cost-centers/", deep, content_type="application/json")
    assert answer.status_code == 400
    file = SimpleUploadedFile("a.csv", b"nome;cpf\nAna;1\n", content_type="text/csv")
    given = {"object": "hr.employee", "file": file, "mapping": deep}
    answer = client.post("/api/v1/imports/", given)
    assert answer.status_code in {404, 422}
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["pointer"] == "#/mapping"


STRANGE = [
    "\x00",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "١٢",
    "a\r\nb",
    "%",
    "\\",
    "' OR 1=1 --",
    "{{7*7}}{% load %}",
    "<script>alert(1)</script>",
    "2026-99-99",
    "\ud800",
    "0001-01",
    "9999-12-31",
    "../../etc/passwd",
]
QUESTIONS = [
    *("q", "page", "after", "before", "sort", "limit", "columns", "group", "month", "on", "at"),
    *("view", "from", "to", "kind", "record", "next", "state", "tab", "seen", "by", "year", "id"),
]


def addresses(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every address of the product without a part that varies, and lists of objects among them."""
    for entry in patterns or get_resolver().url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and "<" not in route and "^" not in route:
            yield f"/{route}"


SKIPPED = ("/demo/", "/admin/", "/api/schema", "/account/logout/")


def broken_by(client: Client, shift: int) -> list[tuple[str, int]]:
    """The pages that a strange question breaks, or that write it down as markup.

    Each name of a question gets another of the strange texts; ``shift`` says which.
    """
    asked = {name: STRANGE[(n + shift) % len(STRANGE)] for n, name in enumerate(QUESTIONS)}
    query = urlencode({name: text.encode(errors="surrogatepass") for name, text in asked.items()})
    found = []
    for address in sorted(set(addresses())):
        if address.startswith(SKIPPED):
            continue
        answer = client.get(f"{address}?{query}")
        content = b"".join(answer) if answer.streaming else answer.content
        marked = "html" in answer["Content-Type"] and b"<script>alert" in content
        if answer.status_code >= 500 or marked:
            found.append((address, answer.status_code))
    return found


@pytest.mark.parametrize(
    "shift",
    [0, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(1, len(STRANGE)))],
)
def test_no_question_in_an_address_breaks_a_page_or_comes_back_as_markup(
    company: Company, shift: int
) -> None:
    people.hire(company)
    client = browser(make_user(company, "owner"), company)
    client.raise_request_exception = False
    assert broken_by(client, shift) == []
