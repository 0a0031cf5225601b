"""Pages for people who were invited: a mailed link, or a code on paper."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from backoffice.accounts import services
from backoffice.accounts.forms import NewPassword, PrintedCodeForm, refuse_when_locked
from backoffice.accounts.rules import mailed_digest
from backoffice.accounts.selectors import mailed_invitation
from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError, InvalidInput
from backoffice.identity.models import User
from backoffice.identity.rules import Secret


def _by_the_holder() -> Context:
    """The system, acting for whoever holds the link or the paper."""
    return Context(company_id=None, at=timezone.now(), channel=Channel.SYSTEM, reason="invitation")


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password with a mailed link."""
    row = mailed_invitation(mailed_digest(token), timezone.now())
    if row is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = NewPassword(request.POST or None)
    form.user = row.user
    if form.is_valid():
        password = Secret(form.cleaned_data["password1"])
        try:
            services.accept_mail(_by_the_holder(), token=Secret(token), password=password)
        except InvalidInput as refusal:
            form.add_error("password1", str(refusal))
        except BusinessError:
            return render(request, "accounts/invitation_over.html", status=404)
        else:
            return _chosen(request, row.user)
    context = {"form": form, "invitation": row}
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation.html", context, status=status)


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Choose a password with a CPF and a printed code; wrong ones lock as wrong passwords do."""
    form = PrintedCodeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        credentials = {"username": given["cpf"]}
        locked = refuse_when_locked(request, credentials)
        user = None
        try:
            user = (
                None
                if locked
                else services.accept_code(
                    _by_the_holder(),
                    cpf=given["cpf"],
                    code=Secret(given["code"]),
                    password=Secret(given["password1"]),
                )
            )
        except InvalidInput as refusal:
            form.add_error("password1", str(refusal))
        else:
            if user is not None:
                return _chosen(request, user)
            if not locked:
                AxesProxyHandler.user_login_failed(None, credentials, request)
            form.add_error(
                None, _("CPF and code do not belong together, or the code is used or too old.")
            )
    status = 422 if form.errors else 200
    return render(request, "accounts/printed_code.html", {"form": form}, status=status)


def _chosen(request: HttpRequest, user: User) -> HttpResponse:
    name = user.email or _("your CPF")
    messages.success(request, _("Your password is saved. Log in with %(name)s.") % {"name": name})
    return redirect("account_login")
