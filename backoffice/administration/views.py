"""Pages on one account: inviting, why it may do what it may, looking through its eyes, its tokens."""

import secrets
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from typing_extensions import override

from backoffice.accounts import services as accounts
from backoffice.accounts.rules import new_code
from backoffice.administration import selectors
from backoffice.administration.forms import permission_choices
from backoffice.errors import BusinessError, NotAllowed, ProofNeeded
from backoffice.identity import catalogue, services
from backoffice.identity.forms import TokenForm
from backoffice.identity.middleware import ACTING
from backoffice.identity.models import Role, User
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Secret, StandInKind
from backoffice.identity.rules import new_token as draw_token
from backoffice.identity.selectors import access_of, effective_permissions, users_visible_to
from backoffice.organization.models import Company
from backoffice.resources.forms import make_form
from backoffice.resources.views import CommandPage


class RoleChangePage(CommandPage):
    """The change of a role, which shows what it will do to whom before it is saved."""

    template_name = "administration/role_form.html"

    @override
    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save what was looked at; before that show it, with the people whom it concerns."""
        record = self.target(pk)
        form = make_form(self.command, self.access, record, request.POST)
        held = record is not None and selectors.holders_of(record).exists()
        if record is None or not held or "looked" in request.POST or not form.is_valid():
            return super().post(request, pk)
        return self.show(form, record, changes=_changes(record, form.cleaned_data))


def _changes(role: Role, given: dict[str, Any]) -> dict[str, Any]:
    known = catalogue.permissions()
    before, after = set(role.permissions), set(given["permissions"])
    return {
        "added": sorted(str(known[name].label) for name in after - before),
        "removed": sorted(str(known[name].label) for name in before - after if name in known),
        "holders": [grant.user for grant in selectors.holders_of(role)],
    }


def _user(request: Request, pk: int) -> User:
    found = users_visible_to(request.access).select_related("person").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def rights(request: Request, pk: int) -> HttpResponse:
    """Why somebody may do what they may: each permission with the roles and delegations behind it."""
    context_of(request).require("backoffice.user.view")
    user = _user(request, pk)
    context = {
        "user_shown": user,
        "areas": effective_permissions(user, request.access.company_id, request.access.on),
    }
    return render(request, "administration/rights.html", context)


@require_POST
def invite_by_mail(request: Request, pk: int) -> HttpResponse:
    """Mail somebody the link with which they choose a password."""
    context_of(request).require("backoffice.user.invite")
    user, token = _user(request, pk), secrets.token_urlsafe(32)
    link = request.build_absolute_uri(reverse("account_invitation", args=[token]))
    accounts.invite_by_mail(
        context_of(request, keyed=False), user_id=pk, token=Secret(token), link=Secret(link)
    )
    messages.success(request, _("The invitation is on its way to %(to)s.") % {"to": user.email})
    return redirect("backoffice.user.detail", pk)


@never_cache
@require_POST
def invite_on_paper(request: Request, pk: int) -> HttpResponse:
    """Draw a code for somebody without e-mail, and show it once, on a page for the printer."""
    context_of(request).require("backoffice.user.invite")
    user, code = _user(request, pk), new_code()
    row = accounts.invite_on_paper(context_of(request, keyed=False), user_id=pk, code=Secret(code))
    context = {
        "user_shown": user,
        "code": code,
        "until": row.expires_at,
        "company": Company.objects.get(pk=request.company_id),
        "address": request.build_absolute_uri(reverse("account_printed_code")),
    }
    return render(request, "administration/paper.html", context)


class LookForm(django_forms.Form):
    """Why somebody looks through another's eyes."""

    reason = django_forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy(
            "Both of you can read it later. For example: call 4711, menu missing."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: Request, pk: int) -> HttpResponse:
    """See the company as another account sees it, with a reason, for an hour at most."""
    context_of(request).require("backoffice.user.impersonate")
    user, form = _user(request, pk), LookForm(request.POST or None)
    if form.is_valid():
        try:
            row = services.begin_impersonation(
                context_of(request), user_id=pk, reason=form.cleaned_data["reason"]
            )
        except (ProofNeeded, NotAllowed):
            raise
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[ACTING] = [StandInKind.IMPERSONATION.value, row.pk]
            return redirect("/")
    status = 422 if form.errors else 200
    context = {"form": form, "user_shown": user}
    return render(request, "administration/look.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_program_token(request: Request, pk: int) -> HttpResponse:
    """A form for a program's token; its secret is shown in the answer and never again."""
    context_of(request).require("backoffice.api_token.create")
    program = selectors.program_of(request.access, pk)
    if program is None:
        raise Http404
    access = access_of(program, request.company_id, request.access.on)
    form = TokenForm(request.POST or None, access=access)
    form.fields["scopes"].choices = permission_choices(catalogue.lendable() & access.grants.keys())  # type: ignore[attr-defined]
    if form.is_valid():
        fresh = draw_token()
        try:
            token = services.create_program_token(
                context_of(request),
                user_id=pk,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at,
                prefix=fresh.prefix,
                digest=fresh.digest,
            )
        except ProofNeeded:
            raise
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            shown = {"token": token, "secret": fresh.secret.value}
            return render(request, "identity/token_created.html", shown)
    status = 422 if form.errors else 200
    context = {"form": form, "program": program, "now": timezone.now()}
    return render(request, "administration/program_token.html", context, status=status)
