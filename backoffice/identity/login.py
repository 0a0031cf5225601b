"""How the one login page fits into allauth and axes."""

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from backoffice.commands import Channel, Context
from backoffice.identity import services
from backoffice.identity.models import User
from backoffice.identity.rules import Secret


def client_ip(request: HttpRequest) -> str:
    """The address of the client, as the last proxy of ours that is trusted saw it.

    What a client writes into X-Forwarded-For itself stands further left and is never read.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        try:
            return str(ipaddress.ip_address(hops[-trusted]))
        except ValueError:
            pass
    return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104  no address known


def typed_email(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail someone tries to log in with, in lower case, so that no spelling evades a lock."""
    given = credentials or {}
    typed = given.get("email") or given.get("login") or given.get("username") or ""
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return str(typed).strip().lower()


def display_name(user: User) -> str:
    """How messages of the login pages call a person."""
    return user.name


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators, and passwords change only through our command."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that lock-out and audit use."""
        return client_ip(request)

    def set_password(self, user: User, password: str) -> None:
        """Change a password through the command, so that it is one transaction with its event."""
        changed = services.set_password(self._context(user), user_id=user.pk, new=Secret(password))
        user.password = changed.password

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the person typed their own password again, under the same lock-out as a login."""
        proved = self.authenticate(self.request, email=user.email, password=password)
        return proved is not None and proved.pk == user.pk

    def _context(self, user: User) -> Context:
        """The context of a person who is logged in, or of the system acting on a mailed link."""
        if self.request.user.is_authenticated and self.request.user.pk == user.pk:
            # Without a key: under it a fast hash of the password would be kept.
            return services.context_of(self.request, keyed=False)
        return Context(
            company_id=None,
            at=timezone.now(),
            channel=Channel.SYSTEM,
            on_behalf_of_id=user.pk,
            reason="reset link",
        )
