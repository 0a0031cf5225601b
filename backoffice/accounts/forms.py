"""Forms in front of the login and of the own security."""

from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.base import forms as factors
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.accounts.services import use_code
from backoffice.br.fields import CpfField
from backoffice.commands import Channel, Context
from backoffice.identity.login import login_name, typed_login
from backoffice.identity.models import User
from backoffice.identity.rules import Secret


def password_field(label: Any, autocomplete: str, **more: Any) -> forms.CharField:  # noqa: ANN401
    """A field for a password, which managers of passwords recognise."""
    attrs = {"autocomplete": autocomplete}
    widget = forms.PasswordInput(attrs=attrs)
    return forms.CharField(label=label, strip=False, widget=widget, **more)


class LoginForm(allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail or CPF, and the password."""

    password = password_field(_("Password"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  allauth's signature
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail or CPF"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username webauthn", "autocapitalize": "none"}
            ),
        )
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        """What is checked; the CPF as digits, so that no spelling evades a lock."""
        typed = typed_login(self.cleaned_data["login"])
        name = "username" if typed.isdigit() else "email"
        return {name: typed, "password": self.cleaned_data["password"]}


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The e-mail to which the link goes."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


def code_field(**more: Any) -> forms.CharField:  # noqa: ANN401  a field's arguments
    """A field for a code of the telephone or a recovery code."""
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        **more,
    )


def refuse_when_locked(request: HttpRequest, credentials: dict[str, str]) -> bool:
    """Whether the account is locked at this address; then the answer will be the page that says so."""
    if AxesProxyHandler.is_allowed(request, credentials):
        return False
    request.axes_locked_out = True  # type: ignore[attr-defined]  # the middleware of axes reads it
    request.axes_credentials = credentials  # type: ignore[attr-defined]
    return True


def check_code(request: HttpRequest, user: User, typed: str) -> Any:  # noqa: ANN401  an Authenticator
    """The factor whose code was typed, which is used up by that.

    Wrong codes count as wrong passwords do, towards the same lock.

    Raises:
        ValidationError: The code is wrong, or the account is locked.
    """
    credentials = {"username": login_name(user)}
    if refuse_when_locked(request, credentials):
        raise ValidationError(_("Too many attempts."), code="locked")
    ctx = Context(
        company_id=None,
        at=timezone.now(),
        channel=Channel.SYSTEM,
        on_behalf_of_id=user.pk,
        reason="code",
    )
    with transaction.atomic():
        found = use_code(ctx, user_id=user.pk, code=Secret(typed))
    if found is None:
        AxesProxyHandler.user_login_failed(None, credentials, request)
        raise ValidationError(
            _("This code is not right. Codes change every half minute; each works once."),
            code="wrong_code",
        )
    return found


class CodeForm(factors.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step of a login: a code of the telephone, or a recovery code."""

    code = code_field()

    def clean_code(self) -> str:
        """Use the code up."""
        request = factors.context.request
        self.authenticator = check_code(request, self.user, self.cleaned_data["code"])
        self.authenticator.user = self.user
        typed: str = self.cleaned_data["code"]
        return typed


class TotpForm(forms.Form):
    """The proof that the telephone has the key."""

    code = code_field()


class PasskeyForm(forms.Form):
    """A new passkey: its name, and what the browser answered."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("For example: notebook, my telephone.")
    )
    credential = forms.JSONField(widget=forms.HiddenInput, required=False)


class NewPassword(forms.Form):
    """A password, twice."""

    password1 = password_field(
        _("New password"), "new-password", help_text=password_validators_help_text_html()
    )
    password2 = password_field(_("New password, again"), "new-password")

    user: User | None = None

    @override
    def clean(self) -> dict[str, Any] | None:
        """Both must be equal, and the password strong enough."""
        given = super().clean() or self.cleaned_data
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not equal."))
        elif first:
            try:
                validate_password(first, self.user)
            except ValidationError as error:
                self.add_error("password1", error)
        return given


class PrintedCodeForm(NewPassword):
    """CPF, printed code, and the password that is chosen with them."""

    cpf = CpfField(label=_("CPF"))
    code = forms.CharField(
        label=_("Code on the paper"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    field_order = ("cpf", "code", "password1", "password2")
