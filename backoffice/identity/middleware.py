"""What every request of a person goes through once the login is checked: company and rights."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from backoffice.identity.models import User
from backoffice.identity.requests import PROOF_LASTS, PROVED, Request
from backoffice.identity.rules import Access, StandInKind
from backoffice.identity.selectors import (
    access_of,
    access_today,
    acting_by_delegation,
    acting_by_impersonation,
    companies_of,
    nobody,
)

COMPANY, ACTING = "company_id", "acting_for"


class AccessMiddleware:
    """Puts ``access`` and ``company_id`` on the request.

    Rights are read anew for each request, so that a role taken away counts at the next click.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Prepare the request; anonymous ones get the access of nobody, without a query."""
        prepared = cast("Request", request)
        user = request.user
        if isinstance(user, User):
            _choose_company(prepared, user)
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
        else:
            prepared.access, prepared.company_id = nobody(timezone.localdate()), 0
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _choose_company(request: Request, user: User) -> None:
    """The company of the session if the person has a role in it today, else the first that is."""
    at, proved = timezone.now(), proved_until(request.session)
    chosen = request.session.get(COMPANY)
    access = access_today(lambda on: access_of(user, chosen, on, proved_until=proved), at)
    if (
        not access.company_id
        and (first := companies_of(user, timezone.localdate(at)).first()) is not None
    ):
        access = access_today(lambda on: access_of(user, first.pk, on, proved_until=proved), at)
        request.session[COMPANY] = first.pk
    access = _acting(request, access)
    request.access, request.company_id = access, access.company_id


def proved_until(session: Mapping[str, Any]) -> dt.datetime | None:
    """Until when the last proof of identity of a session counts as fresh."""
    proved = session.get(PROVED)
    return dt.datetime.fromtimestamp(proved, dt.UTC) + PROOF_LASTS if proved else None


def _acting(request: Request, access: Access) -> Access:
    """The access of whoever one acts for; one's own again when that has ended."""
    acting = request.session.get(ACTING)
    if not acting:
        return access
    kind, number = acting
    found = (
        acting_by_delegation(access, number)
        if kind == StandInKind.DELEGATION
        else acting_by_impersonation(access, number, timezone.now())
    )
    if found is None or not found.company_id:
        del request.session[ACTING]
        return access
    return found
