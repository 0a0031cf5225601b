"""What a request knows of who makes it, and the context that commands get from it."""

import datetime as dt
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request as ApiRequest
from structlog.contextvars import get_contextvars

from backoffice.commands import Channel, Context
from backoffice.errors import InvalidInput, NotAllowed
from backoffice.identity.models import User
from backoffice.identity.rules import Access, StandInKind

KEY_LENGTH = 200
PROVED = "proved_at"
"""Key of the session: when the person last proved who they are, in seconds."""

PROOF_LASTS = dt.timedelta(minutes=10)
"""How long a password or second factor counts as fresh for what asks for it."""


class Request(HttpRequest):
    """A request behind our middleware, for the signatures of views.

    Attributes:
        user: The account (every page that is not marked otherwise needs one).
        access: What it may do, today, in the chosen company.
        company_id: The chosen company; 0 when the account has no role in any.
    """

    user: User
    access: Access
    company_id: int


def context_of(
    request: HttpRequest | ApiRequest, *, channel: Channel | None = None, keyed: bool = True
) -> Context:
    """The context of commands that this request calls: the one place where a door reads the clock.

    ``channel`` is the door, where it is neither a page nor the API. Unless ``keyed`` is false, the
    caller's idempotency key counts (form field ``idempotency_key``, header ``Idempotency-Key``).

    Raises:
        NotAllowed: Nobody is logged in.
        InvalidInput: The key is too long.
    """
    access = cast("Request", request).access
    if not access.user_id:
        raise NotAllowed("not_logged_in", _("Log in first."))
    stand_in = access.stand_in
    return Context(
        company_id=access.company_id or None,
        at=timezone.now(),
        channel=channel or (Channel.API if isinstance(request, ApiRequest) else Channel.WEB),
        actor=access,
        on_behalf_of_id=stand_in.for_user_id if stand_in else None,
        impersonating=stand_in is not None and stand_in.kind is StandInKind.IMPERSONATION,
        reason=stand_in.reason if stand_in else "",
        token_id=access.token_id,
        key=_key(request) if keyed else None,
        request_id=str(get_contextvars().get("request_id", "")),
    )


def _key(request: HttpRequest | ApiRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "")
    if not key and not isinstance(request, ApiRequest):
        key = str(request.POST.get("idempotency_key", ""))
    if len(key) > KEY_LENGTH:
        raise InvalidInput("idempotency_key_too_long", _("The idempotency key is too long."))
    return key or None
