"""What people and programs are told when something goes wrong."""

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation
from structlog.contextvars import bound_contextvars

from backoffice.errors import BusinessError, InvalidInput, NotAllowed, NotFound, Stale, WrongState
from backoffice.urls import urlpatterns as product
from backoffice.web import errors

Get = Callable[[str], HttpResponse]


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    view.login_required = False  # type: ignore[attr-defined]
    return view


REFUSALS: dict[str, BusinessError] = {
    "invalid": InvalidInput("bad_cpf", "Este CPF não existe."),
    "forbidden": NotAllowed("not_yours", "Isto é de outra pessoa."),
    "gone": NotFound("not_found", "Não há este registro."),
    "state": WrongState("closed", "A folha já foi fechada."),
    "stale": Stale("stale", "Alguém alterou antes."),
}
urlpatterns = [
    *(path(f"refused/{name}/", raising(refusal)) for name, refusal in REFUSALS.items()),
    path("api/refused/", raising(REFUSALS["state"])),
    path("broken/", raising(ZeroDivisionError("1/0"))),
    path("bad/", raising(BadRequest("no"))),
    path("denied/", raising(PermissionDenied())),
    *product,
]
handler400 = "backoffice.web.errors.bad_request"
handler403 = "backoffice.web.errors.permission_denied"
handler404 = "backoffice.web.errors.page_not_found"
handler500 = "backoffice.web.errors.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def get() -> Get:
    client = Client(raise_request_exception=False)

    def read(address: str, **headers: str) -> HttpResponse:
        return client.get(address, headers=headers)  # type: ignore[return-value]

    return read


@pytest.mark.parametrize(("name", "refusal"), REFUSALS.items())
def test_a_refusal_that_no_page_caught_says_what_it_is(
    get: Get, name: str, refusal: BusinessError
) -> None:
    answer = get(f"/refused/{name}/")
    assert answer.status_code == refusal.status
    assert str(refusal.message) in answer.content.decode()


def test_programs_get_problem_details_with_the_code_of_the_refusal(get: Get) -> None:
    answer = get("/api/refused/")
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem.pop("request_id") == answer["X-Request-ID"] != ""
    assert problem == {
        "type": "urn:retaguarda:closed",
        "title": "Conflict",
        "status": 409,
        "detail": "A folha já foi fechada.",
    }


@pytest.mark.parametrize(
    ("address", "status"), [("/bad/", 400), ("/denied/", 403), ("/broken/", 500)]
)
def test_each_kind_of_trouble_has_its_page_with_a_code_to_report(
    get: Get, address: str, status: int
) -> None:
    answer = get(address)
    assert answer.status_code == status
    assert answer["X-Request-ID"]
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_fault_shows_nothing_of_its_cause(get: Get) -> None:
    html = get("/broken/").content.decode()
    assert "ZeroDivisionError" not in html
    assert "1/0" not in html


def test_the_fault_page_asks_nothing_of_the_database() -> None:
    # No database mark on this test: a query would fail it.
    with bound_contextvars(request_id="abc-123"), translation.override("en"):
        answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "abc-123" in answer.content.decode()


def test_a_form_that_was_open_too_long_says_so() -> None:
    client = Client(enforce_csrf_checks=True)
    with translation.override("en"):
        answer = client.post(
            "/preferences/theme/", {"theme": "dark"}, headers={"Accept-Language": "en"}
        )
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_whoever_accepts_only_problems_gets_them_on_any_address() -> None:
    request = RequestFactory().get("/x/", headers={"Accept": "application/problem+json"})
    answer = errors.page_not_found(request, Exception())
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 404


def test_error_pages_need_no_frame_and_no_login(get: Get) -> None:
    html = get("/denied/").content.decode()
    assert '<body class="blank"' in html
    assert 'href="/"' in html
