"""The page on which people prove again that it is them, before something dangerous."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from typing_extensions import override

from backoffice.accounts.company_login import offered
from backoffice.accounts.forms import check_code, code_field, password_field
from backoffice.accounts.selectors import Factors, factors_of, linked_to_company
from backoffice.identity.login import prove
from backoffice.identity.models import User
from backoffice.identity.requests import Request


class ConfirmForm(forms.Form):
    """The password, and a code where the account has a second factor."""

    password = password_field(_("Password"), "current-password")

    def __init__(self, *args: Any, request: Request, factors: Factors, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.request = request
        if factors.any and factors.takes_codes:
            self.fields["code"] = code_field()

    @override
    def clean(self) -> dict[str, Any]:
        """Check the password first, so that a wrong one does not use a code up."""
        given = self.cleaned_data
        user: User = self.request.user
        if self.errors:
            return given
        if not get_adapter(self.request).reauthenticate(user, given["password"]):
            self.add_error("password", _("This is not your password."))
        elif "code" in self.fields:
            try:
                check_code(self.request, user, given["code"])
            except ValidationError as error:
                self.add_error("code", error)
        return given


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Ask for password and second factor, or a passkey, and lead back to where one came from."""
    factors = factors_of(request.user.pk)
    by_passkey = "credential" in request.POST
    form = ConfirmForm(
        request.POST if request.method == "POST" and not by_passkey else None,
        request=request,
        factors=factors,
    )
    passkey = ReauthenticateWebAuthnForm(
        request.POST if by_passkey and factors.passkeys else None, user=request.user
    )
    proved = passkey if by_passkey else form
    if proved.is_bound and proved.is_valid():
        if by_passkey:
            post_authentication(request, passkey.cleaned_data["credential"], reauthenticated=True)
        prove(request)
        return redirect(back(request))
    if passkey.is_bound:
        messages.error(request, _("This passkey was not accepted."))
    return _page(request, form, factors)


def _page(request: Request, form: ConfirmForm, factors: Factors) -> HttpResponse:
    options = begin_authentication(request.user) if factors.passkeys else None
    context = {
        "form": form,
        "has_password": request.user.has_usable_password(),
        "passkey_options": options,
        "company_login": offered() if linked_to_company(request.user) else "",
        "next": back(request),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/confirm.html", context, status=status)


def back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return "/"
