"""Pages of the own account, and the matrix of roles."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.errors import BusinessError, NotFound, ProofNeeded
from backoffice.identity import selectors, services
from backoffice.identity.forms import ProfileForm, TokenForm
from backoffice.identity.middleware import ACTING, COMPANY
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import StandInKind
from backoffice.identity.rules import new_token as draw_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """My account: name, language, theme; my roles and what they allow."""
    form = ProfileForm.of(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.edit_account(context_of(request), **form.cleaned_data)
        messages.success(request, _("Your account was changed."))
        return redirect("account")
    context = {
        "form": form,
        "roles": selectors.held_roles(request.user, request.access.on),
    }
    return render(request, "identity/account.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def tokens(request: Request) -> HttpResponse:
    """My API tokens, and those of the programs that I answer for."""
    context = {"tokens": selectors.tokens_of(request.user), "now": timezone.now()}
    return render(request, "identity/my_tokens.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: Request) -> HttpResponse:
    """A form for a new token; its secret is shown in the answer and never again."""
    context_of(request).require("backoffice.api_token.create")
    form = TokenForm(request.POST or None, access=request.access)
    if request.method == "POST" and form.is_valid():
        fresh = draw_token()
        try:
            token = services.create_token(
                context_of(request),
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at,
                prefix=fresh.prefix,
                digest=fresh.digest,
            )
        except ProofNeeded:
            raise  # its own page
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            shown = {"token": token, "secret": fresh.secret.value}
            return render(request, "identity/token_created.html", shown)
    status = 422 if form.errors else 200
    return render(request, "identity/token_new.html", {"form": form}, status=status)


@require_POST
def revoke_token(request: Request, pk: int) -> HttpResponse:
    """Revoke one of the own tokens."""
    services.revoke_token(context_of(request), api_token_id=pk)
    messages.success(request, _("The token was revoked. It works no more."))
    return redirect("account_tokens")


@require_POST
def prove_token(request: Request, pk: int) -> HttpResponse:
    """Let one of the own tokens use its dangerous permissions for an hour."""
    services.prove_token(context_of(request), api_token_id=pk)
    messages.success(request, _("For one hour the token may use its dangerous permissions."))
    return redirect("account_tokens")


@never_cache
@require_safe
def stand_ins(request: Request) -> HttpResponse:
    """For whom I can act today, and who can act for me."""
    own = selectors.without_stand_in(request.access, request.user)
    context = {
        "can_act_for": selectors.delegations_to(request.user, own.on),
        "given": selectors.delegations_from(request.user, own.on),
        "acting": request.access.stand_in,
    }
    return render(request, "identity/stand_ins.html", context)


@require_POST
def act_for(request: Request, pk: int) -> HttpResponse:
    """Act for somebody from now on, in the company of their delegation."""
    own = selectors.without_stand_in(request.access, request.user)
    found = selectors.acting_by_delegation(own, pk)
    if found is None or not found.company_id:
        raise NotFound("not_found", _("There is no such record."))
    request.session[ACTING] = [StandInKind.DELEGATION.value, pk]
    request.session[COMPANY] = found.company_id
    messages.info(request, _("You act for %(name)s now.") % {"name": found.stand_in.for_name})  # type: ignore[union-attr]  # a stand-in's access has one
    return redirect("/")


@require_POST
def act_for_myself(request: Request) -> HttpResponse:
    """Act for oneself again."""
    kind, number = request.session.pop(ACTING, (None, 0))
    if kind == StandInKind.IMPERSONATION:
        with suppress(NotFound):  # it has ended by itself
            services.end_impersonation(context_of(request), impersonation_id=number)
    return redirect("/")


@require_safe
def roles(request: Request) -> HttpResponse:
    """Which role may do what, in the company that is chosen."""
    context_of(request).require("backoffice.role.view")
    matrix = selectors.role_matrix(request.company_id, request.access.on)
    return render(request, "identity/roles.html", {"matrix": matrix})
