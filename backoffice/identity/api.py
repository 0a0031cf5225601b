"""How programs prove who they are, and the check that every endpoint has by default."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request as ApiRequest
from typing_extensions import override

from backoffice.commands import Channel, Context
from backoffice.identity.models import ApiToken, User
from backoffice.identity.requests import Request
from backoffice.identity.rules import Secret
from backoffice.identity.selectors import access_of_token, access_today, usable_token
from backoffice.identity.services import mark_used
from backoffice.identity.services.tokens import USE_NOTED_EVERY

if TYPE_CHECKING:  # the views load these classes as their defaults
    from rest_framework.views import APIView

SCHEME = "Bearer"


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer rtg_...``; never in an address, where logs would keep it."""

    @override
    def authenticate(self, request: ApiRequest) -> tuple[User, ApiToken] | None:
        """The owner and the token; None when the request carries none.

        Raises:
            AuthenticationFailed: Unknown, revoked or expired, its owner is closed or has no role in
                its company any more. The answer does not say which.
        """
        scheme, _space, typed = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        now = timezone.now()
        token = usable_token(Secret(typed.strip()), now)
        access = access_today(partial(access_of_token, token), now) if token else None
        if token is None or access is None or not access.company_id:
            raise AuthenticationFailed(_("This token is not valid."))
        prepared = cast("Request", request._request)  # noqa: SLF001  DRF's wrapped request
        prepared.access, prepared.company_id = access, access.company_id
        if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
            ctx = Context(company_id=access.company_id, at=now, channel=Channel.API, actor=access)
            with transaction.atomic():
                mark_used(ctx, api_token_id=token.pk)
        return token.user, token

    @override
    def authenticate_header(self, request: ApiRequest) -> str:
        """Makes a missing login 401 instead of 403."""
        return f'{SCHEME} realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The login of the browser; changing requests need the CSRF token."""


class HasPermission(BasePermission):
    """The view names its permission, for all methods or for each; a view that names none is closed."""

    @override
    def has_permission(self, request: ApiRequest, view: "APIView") -> bool:
        """Whether the person or token holds the view's permission for any rows."""
        needed: str | Mapping[str, str] | None = getattr(view, "permission", None)
        if isinstance(needed, Mapping):
            needed = needed.get(str(request.method))
        return bool(needed) and cast("Request", request).access.can(str(needed))


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes tokens."""

    target_class = TokenAuthentication
    name = "token"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme of RFC 6750."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the login of the browser."""

    target_class = SessionAuthentication
    name = "session"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "session"}
