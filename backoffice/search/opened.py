"""What each person opened lately: written after the page, kept to the last fifty."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.resources import registry

if TYPE_CHECKING:
    import datetime as dt

    from backoffice.identity.rules import Access

KEPT = 50


class RecentMiddleware:
    """Remembers each record page that a person opened for themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer first; what was opened is written down afterwards."""
        response = self.get_response(request)
        match = request.resolver_match
        name, _dot, page = (match.view_name if match else "").rpartition(".")
        if request.method == "GET" and response.status_code == 200 and page == "detail":
            access: Access | None = getattr(request, "access", None)
            if access is not None and access.stand_in is None and name in registry.RESOURCES:
                assert match is not None  # noqa: S101  it has a name
                note_opened(access, name, match.kwargs["pk"], at=timezone.now())
        return response


def note_opened(access: "Access", kind: str, pk: int, *, at: "dt.datetime") -> None:
    """Write down that a person opened a record now; one beyond the last fifty is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO backoffice_recent_record AS r (company_id, user_id, kind, record_id, at)"
            " VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (company_id, user_id, kind, record_id) DO UPDATE SET at = excluded.at"
            " RETURNING r.xmax = 0",
            [access.company_id, access.user_id, kind, pk, at],
        )
        (is_new,) = cursor.fetchone()
        if is_new:
            cursor.execute(
                "DELETE FROM backoffice_recent_record WHERE id IN ("
                " SELECT id FROM backoffice_recent_record WHERE user_id = %s AND company_id = %s"
                " ORDER BY at DESC OFFSET %s)",
                [access.user_id, access.company_id, KEPT],
            )
