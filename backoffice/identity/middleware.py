"""What every request of a person goes through after the login cookie is read."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from backoffice.identity.models import User
from backoffice.identity.requests import Request
from backoffice.identity.selectors import access_of, companies_of, nobody

BEGAN, SEEN, COMPANY = "session_began", "session_seen", "company_id"
SEEN_NOTED_EVERY = 5 * 60
BACKGROUND = "X-Background"
"""Header of requests that a page makes by itself: nobody is there, so they keep no session alive."""


class AccessMiddleware:
    """Ends sessions that are too old, and puts ``access`` and ``company_id`` on the request.

    Rights are read anew for each request, so that a role taken away counts at the next click.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Prepare the request; anonymous ones get the access of nobody, without a query."""
        prepared = cast("Request", request)
        now = timezone.now()
        user = request.user
        if isinstance(user, User) and _expired(prepared, int(now.timestamp())):
            logout(request)
        elif isinstance(user, User):
            _choose_company(prepared, user)
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            return self.get_response(request)
        prepared.access, prepared.company_id = nobody(timezone.localdate(now)), 0
        return self.get_response(request)


def _expired(request: Request, now: int) -> bool:
    """Whether the session is over; notes the visit, at most every five minutes."""
    session = request.session
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    if now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE_SECONDS:
        return True
    if BEGAN not in session:
        session[BEGAN] = now
    noted = SEEN in session and now - seen < SEEN_NOTED_EVERY
    if not noted and BACKGROUND not in request.headers:
        session[SEEN] = now
    return False


def _choose_company(request: Request, user: User) -> None:
    """The company of the session if the person has a role in it today, else the first that is."""
    today = timezone.localdate()
    access = access_of(user, request.session.get(COMPANY), today)
    if not access.company_id and (first := companies_of(user, today).first()) is not None:
        access = access_of(user, first.pk, today)
        request.session[COMPANY] = first.pk
    request.access, request.company_id = access, access.company_id
