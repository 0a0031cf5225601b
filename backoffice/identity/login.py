"""How the one login page fits into allauth and axes."""

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from backoffice.br import cpf
from backoffice.commands import Channel, Context
from backoffice.identity import services
from backoffice.identity.models import User
from backoffice.identity.requests import PROVED
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


def typed_login(text: str) -> str:
    """What someone logs in with, in one spelling: an e-mail in lower case, a CPF as its digits."""
    typed = text.strip().lower()
    digits = cpf.normalise(typed)
    return digits if "@" not in typed and cpf.is_valid(digits) else typed


def typed_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail or CPF that someone tries to log in with, so that no spelling evades a lock."""
    given = credentials or {}
    typed = given.get("email") or given.get("login") or given.get("username") or ""
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return typed_login(str(typed))


def login_name(user: User) -> str:
    """What an account logs in with: its e-mail, or the CPF of its person."""
    return user.email or (user.person.tax_id if user.person else None) or f"account {user.pk}"


def credentials_of(user: User, password: str) -> dict[str, str]:
    """What the backends ask for to check the password of an account."""
    return {"email" if user.email else "username": login_name(user), "password": password}


def prove(request: HttpRequest) -> None:
    """Note that the person has just proved who they are, with all that their account asks for.

    The session gets a new key: whoever knew the one from before the proof has nothing of it.
    """
    request.session.cycle_key()
    request.session[PROVED] = int(timezone.now().timestamp())


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
        proved = self.authenticate(self.request, **credentials_of(user, password))
        return proved is not None and proved.pk == user.pk

    def login(self, request: HttpRequest, user: User) -> None:
        """Log in, after every step that the account asks for: that is a fresh proof of identity."""
        super().login(request, user)
        prove(request)

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
