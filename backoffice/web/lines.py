"""The one line that the log has of each request, and the number that all its lines carry."""

from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch
from django_structlog.middlewares.request import RequestMiddleware
from structlog.contextvars import bind_contextvars, get_contextvars
from typing_extensions import override

from backoffice.identity.login import client_ip

PLAIN = frozenset({int, bool})
"""Values of an address that may stand in the log: numbers of records. Texts may be codes or keys."""


class RequestLines(RequestMiddleware):
    """Binds number and address of a request to every line that is written until its end.

    What people looked for, codes of reset links and of invitations never reach the log: the question
    of an address is left out, and in its path a text stands as its name.
    """

    @override
    def prepare(self, request: HttpRequest) -> None:
        """Begin, and note the number on the request for lines that are written after its end."""
        super().prepare(request)
        request.log_id = get_contextvars()["request_id"]  # type: ignore[attr-defined]

    @override
    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """The address that lock-out and rate limits go by; nobody writes another into the log."""
        bind_contextvars(ip=client_ip(request))

    @override
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path."""
        match: ResolverMatch | None = request.resolver_match
        if match is None:
            return f"{request.method} (no such address)"
        return f"{request.method} /{_told(match.route, match.kwargs)}"


def _told(route: str, given: dict[str, Any]) -> str:
    """The route of an address with the numbers in it."""
    for name, value in given.items():
        if type(value) in PLAIN:
            route = route.replace(f"<int:{name}>", str(value))
    return route
