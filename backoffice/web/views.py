"""Pages of the frame itself: home, menu counters, preferences."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.errors import BusinessError
from backoffice.identity.middleware import COMPANY
from backoffice.identity.requests import Request
from backoffice.identity.selectors import companies_of
from backoffice.identity.services import context_of, edit_account
from backoffice.web import home, menu
from backoffice.web.preferences import THEME_COOKIE, THEMES, back, remember
from backoffice.work.approvals import vote
from backoffice.work.models import Decision


@login_not_required
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look for a picture when what they show is no page of ours, such as a PDF."""
    return redirect(static("logo.svg"))


@require_safe
def my_day(request: Request) -> HttpResponse:
    """The home page: what waits for this person, and the key figures of their roles."""
    sections = home.sections(request)
    context = {
        "today": timezone.localdate(),
        "kpis": home.figures(request),
        "sections": [each for each in sections if not each[0].side],
        "side_sections": [each for each in sections if each[0].side],
    }
    return render(request, "web/home.html", context)


@require_safe
def counters(request: Request) -> HttpResponse:
    """The counters of the menu, each swapped into its place."""
    found = [
        (entry.counter_id, entry.counter(request.access))
        for group in menu.groups(request.access)
        for entry in group.items
        if entry.counter is not None
    ]
    return render(request, "web/counters.html", {"counters": found})


@require_POST
def settle(request: Request, pk: int) -> HttpResponseBase:
    """Approve or return a request from the list of what waits; a refusal is told there."""
    decision = request.POST.get("decision", "")
    try:
        vote(
            context_of(request),
            approval_id=pk,
            decision=decision,
            content_hash=request.POST.get("content_hash", ""),
            comment=request.POST.get("comment", ""),
        )
    except BusinessError as refusal:
        messages.error(request, str(refusal.message))
    else:
        approved = decision == Decision.APPROVE
        messages.success(request, _("Approved.") if approved else _("Returned."))
    return back(request)


@require_POST
@login_not_required
def switch_theme(request: HttpRequest) -> HttpResponseBase:
    """Keep the theme in this browser and, for who is logged in, in the account."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        edit_account(context_of(request), theme="" if theme == "auto" else theme)
    response = back(request)
    remember(response, THEME_COOKIE, theme)
    return response


@require_POST
@login_not_required
def switch_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in this browser and, for who is logged in, in the account."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        edit_account(context_of(request), language=language)
    response = back(request)
    remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@require_POST
def switch_company(request: Request) -> HttpResponseBase:
    """Work in another company from now on; always back to the home page, records do not travel."""
    wanted = request.POST.get("company", "")
    company = next(
        (each for each in companies_of(request.user, request.access.on) if str(each.pk) == wanted),
        None,
    )
    if company is None:
        raise Http404
    request.session[COMPANY] = company.pk
    return back(request, home=True)
