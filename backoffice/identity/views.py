"""Pages of the own account, and the matrix of roles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.errors import BusinessError
from backoffice.identity import selectors, services
from backoffice.identity.forms import ProfileForm, TokenForm
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import new_token as draw_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """My account: name, language, theme; my roles and what they allow; my tokens."""
    form = ProfileForm.of(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.edit_account(context_of(request), **form.cleaned_data)
        messages.success(request, _("Your account was changed."))
        return redirect("account")
    context = {
        "form": form,
        "roles": selectors.held_roles(request.user, request.access.on),
        "tokens": selectors.tokens_of(request.user),
        "now": timezone.now(),
    }
    return render(request, "identity/account.html", context, status=422 if form.errors else 200)


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
    return redirect("account")


@require_safe
def roles(request: Request) -> HttpResponse:
    """Which role may do what, in the company that is chosen."""
    context_of(request).require("backoffice.role.view")
    matrix = selectors.role_matrix(request.company_id, request.access.on)
    return render(request, "identity/roles.html", {"matrix": matrix})
