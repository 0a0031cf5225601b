"""Pages for what went wrong: one look, what happened, what to do, and a code to report.

Programs that ask for JSON get problem details (RFC 9457) instead, also under ``/api/``.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from backoffice.errors import BusinessError, ProofNeeded, TooMany

TEMPLATES = {400: "400", 403: "403", 404: "404", 409: "409", 422: "409", 429: "429", 500: "500"}


def request_id() -> str:
    """The code under which the logs have this request."""
    return str(get_contextvars().get("request_id", ""))


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: by its address, or by what it accepts."""
    if request.path.startswith("/api/"):
        return True
    wanted = request.get_preferred_type(["text/html", "application/problem+json"])
    return wanted == "application/problem+json"


def answer(request: HttpRequest, status: int, *, detail: str = "", code: str = "") -> HttpResponse:
    """The answer to a request that went wrong, as a page or as problem details."""
    identifier = request_id()
    if wants_json(request):
        problem = {
            "type": f"urn:retaguarda:{code}" if code else "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "request_id": identifier,
        }
        response: HttpResponse = JsonResponse(
            {key: value for key, value in problem.items() if value != ""},
            status=status,
            content_type="application/problem+json",
        )
    else:
        context = {"detail": detail, "request_id": identifier, "status": status}
        response = render(request, f"errors/{TEMPLATES[status]}.html", context, status=status)
    response["X-Request-ID"] = identifier
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or form makes no sense; what exactly stands in the log."""
    return answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: logged in, but not for this."""
    detail = str(exception) if isinstance(exception, BusinessError) else ""
    return answer(request, 403, detail=detail)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was too old or came from elsewhere."""
    return answer(request, 403, detail=_("The page was open for too long. Go back and try again."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or no such record for this person."""
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page asks nothing of the database, which may be what failed."""
    if wants_json(request):
        return answer(request, 500)
    identifier = request_id()
    page = render_to_string("errors/500.html", {"request_id": identifier, "status": 500})
    return HttpResponse(page, status=500, headers={"X-Request-ID": identifier})


def to_proof(request: HttpRequest) -> HttpResponse:
    """To the page that asks for password and second factor, and then back to the form.

    What was typed is in the browser's draft; a form is never sent a second time by itself.
    """
    back = request.get_full_path()
    referrer = urlsplit(request.headers.get("Referer", ""))
    if request.method != "GET" and referrer.netloc == request.get_host():
        back = referrer.path + (f"?{referrer.query}" if referrer.query else "")
    if request.method != "GET":
        messages.info(request, _("Confirm that it is you, and then send the form once more."))
    address = f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


class RefusalMiddleware:
    """Turns a refusal that no page caught into its page, instead of a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:  # noqa: ANN401
        """The refusal's page or problem; None for faults, which Django handles."""
        if not isinstance(exception, BusinessError):
            return None
        if isinstance(exception, ProofNeeded) and not wants_json(request):
            return to_proof(request)
        told = answer(request, exception.status, detail=str(exception.message), code=exception.code)
        if isinstance(exception, TooMany):
            told["Retry-After"] = str(exception.wait)
        return told
