"""Ends sessions that are too old, and notes where an account is logged in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.accounts.services.sessions import Visit, note_session
from backoffice.commands import Channel, Context
from backoffice.identity.login import client_ip
from backoffice.identity.models import User

BEGAN, SEEN, NOTED = "session_began", "session_seen", "session_noted"
SEEN_NOTED_EVERY = 5 * 60
BACKGROUND = "X-Background"
"""Header of requests that a page makes by itself: nobody is there, so they keep no session alive."""


class SessionGuard:
    """A session ends a fixed time after the login, and when nobody used it for a while."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Log out who was away for too long; note the others, at most every five minutes."""
        if isinstance(request.user, User):
            now = int(timezone.now().timestamp())
            if _expired(request, now) or request.user.is_service:
                logout(request)
            else:
                _note(request, request.user, now)
        return self.get_response(request)


def _expired(request: HttpRequest, now: int) -> bool:
    session = request.session
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    return bool(
        now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE_SECONDS
    )


def _note(request: HttpRequest, user: User, now: int) -> None:
    """Note the visit in the session, and in the list that the person sees."""
    session = request.session
    if BEGAN not in session:
        session[BEGAN] = now
    key = session.session_key
    fresh = SEEN in session and now - session[SEEN] < SEEN_NOTED_EVERY
    if (fresh or BACKGROUND in request.headers) and session.get(NOTED) == key:
        return
    session[SEEN] = now
    if key is None:
        return
    visit = Visit(
        session_key=key,
        former_key=session.get(NOTED) or "",
        ip=client_ip(request),
        agent=request.headers.get("User-Agent", ""),
    )
    ctx = Context(
        company_id=None, at=timezone.now(), channel=Channel.SYSTEM, on_behalf_of_id=user.pk
    )
    with transaction.atomic():
        note_session(ctx, user_id=user.pk, visit=visit)
    session[NOTED] = key
