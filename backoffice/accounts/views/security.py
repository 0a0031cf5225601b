"""Security of the own account: second factors, recovery codes, sessions."""

import base64
import secrets
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.accounts import services
from backoffice.accounts.company_login import offered
from backoffice.accounts.forms import PasskeyForm, TotpForm
from backoffice.accounts.selectors import factors_of, linked_to_company, sessions_of
from backoffice.errors import BusinessError, NotFound
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Secret

CHANGE = "backoffice.account.change_factors"
KEY = "totp_key"
KEY_BYTES = 20


@never_cache
@require_safe
def security(request: Request) -> HttpResponse:
    """With what the account is protected, and where it is logged in."""
    context = {
        "factors": factors_of(request.user.pk),
        "sessions": sessions_of(request.user, timezone.now(), request.session.session_key),
        "company_login": offered(),
        "linked": linked_to_company(request.user),
    }
    return render(request, "accounts/security.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_totp(request: Request) -> HttpResponse:
    """Show a new key as picture and text, and take it when the telephone proves that it has it."""
    context_of(request).require(CHANGE)
    form = TotpForm(request.POST or None)
    adapter = get_adapter()
    if request.method != "POST" or KEY not in request.session:
        drawn = base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode()
        request.session[KEY] = adapter.encrypt(drawn)
    key = adapter.decrypt(request.session[KEY])
    if form.is_valid():
        try:
            services.add_totp(
                context_of(request, keyed=False),
                secret=Secret(key),
                code=Secret(form.cleaned_data["code"]),
            )
        except BusinessError as refusal:
            form.add_error("code" if refusal.fields else None, str(refusal))
        else:
            del request.session[KEY]
            messages.success(request, _("Your telephone is now your second factor."))
            return redirect("account_recovery_codes")
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, key))
    context = {
        "form": form,
        "picture": mark_safe(picture),  # noqa: S308  our own drawing of a random key
        "key": " ".join(key[at : at + 4] for at in range(0, len(key), 4)),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/totp.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: Request) -> HttpResponse:
    """Let the browser make a passkey, and keep it."""
    context_of(request).require(CHANGE)
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        try:
            _keep(request, form.cleaned_data)
        except (ValidationError, BusinessError):
            form.add_error(None, _("The browser made no passkey that can be used. Try again."))
        else:
            messages.success(request, _("The passkey was added."))
            return redirect("account_recovery_codes")
    context = {
        "form": form,
        "options": webauthn.begin_registration(request.user, passwordless=True),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/passkey.html", context, status=status)


def _keep(request: Request, given: dict[str, Any]) -> None:
    """Check the browser's answer, whose user must have been verified, and keep the passkey."""
    credential = given["credential"] or {}
    webauthn.parse_registration_response(credential)
    made = webauthn.complete_registration(credential)
    if not made.is_user_verified():
        raise ValidationError("the person was not verified")
    services.add_passkey(
        context_of(request, keyed=False), name=given["name"], credential=credential
    )


@require_POST
def remove_factor(request: Request, pk: int) -> HttpResponse:
    """Take one of the own second factors away."""
    services.remove_factor(context_of(request, keyed=False), factor_id=pk)
    messages.success(request, _("The second factor was removed."))
    return redirect("account_security")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: Request) -> HttpResponse:
    """The recovery codes, to be printed or copied; a post draws new ones."""
    context_of(request).require(CHANGE)
    row: Authenticator | None = factors_of(request.user.pk).codes
    if row is None:
        raise NotFound("no_factor", _("Set up a second factor first."))
    if request.method == "POST":
        services.new_recovery_codes(context_of(request, keyed=False))
        return redirect("account_recovery_codes")
    return render(request, "accounts/recovery_codes.html", {"codes": row.wrap().get_unused_codes()})


@require_POST
def end_session(request: Request, pk: int) -> HttpResponse:
    """Log out of one of the own browsers."""
    services.end_session(context_of(request), user_session_id=pk)
    messages.success(request, _("That browser is logged out."))
    return redirect("account_security")


@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """Log out everywhere but here."""
    key = request.session.session_key or ""
    services.end_other_sessions(context_of(request, keyed=False), but=key)
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("account_security")
