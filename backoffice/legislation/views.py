"""Pages of the law that no object gives: choosing a table, its effect, what is missing, duties."""

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe
from typing_extensions import override

from backoffice.errors import BusinessError
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.law.models import KIND_TITLES
from backoffice.law.rules import is_duty
from backoffice.law.selectors import duties_now
from backoffice.law.services import confirm_tables
from backoffice.legislation import selectors
from backoffice.legislation.duties import coming_duties
from backoffice.legislation.forms import NEW_DUTY, MissingForm, NewTableForm
from backoffice.legislation.registry import Proposal, effects_of
from backoffice.periods.rules import (
    NotACompetence,
    add_months,
    month_end,
    month_start,
    parse_competence,
)
from backoffice.resources.views import CommandPage, add_refusal
from backoffice.web.fields import DateField

AHEAD = dt.timedelta(days=60)


class EnterPage(CommandPage):
    """Enter a new version: first which table, then its form."""

    @override
    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form of the table that the address names; without one, the tables to choose from."""
        kind = request.GET.get("kind", "")
        if kind not in KIND_TITLES and kind != NEW_DUTY and not is_duty(kind):
            self.template_name = "legislation/choose.html"
            duties = {version.kind: version.payload["name"] for version in duties_now()}
            choices = {"tables": KIND_TITLES.items(), "duties": sorted(duties.items())}
            return self.page({"title": self.command.label, "new_duty": NEW_DUTY, **choices})
        first = {**selectors.newest_values(self.access, kind), "kind": kind}
        return self.show(NewTableForm(initial=first, access=self.access, record=None), None)


class LawPage(View):
    """A page for who may see legal tables."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse who may not."""
        access_of(request, selectors.VIEW)
        return super().dispatch(request, *args, **kwargs)


def access_of(request: HttpRequest, permission: str) -> Access:
    """Who asks.

    Raises:
        PermissionDenied: Without the permission.
    """
    access = cast("Request", request).access
    if not access.can(permission):
        raise PermissionDenied
    return access


class EffectOfTable(LawPage):
    """What verifying one draft would change."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The effect, as a part of the draft's page or as a page of its own."""
        access = access_of(request, selectors.VIEW)
        row = get_object_or_404(selectors.visible_tables(access).filter(verified_on=None), pk=pk)
        return _effect(request, access, selectors.verifying(row), str(row))


class EffectOfConfirming(LawPage):
    """What confirming tables through a day would change."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The effect of what stands in the form that asks."""
        access = access_of(request, selectors.VIEW)
        ids = {
            int(text) for text in request.GET.getlist("tables") if text.isascii() and text.isdigit()
        }
        try:
            through = DateField().clean(request.GET.get("through", ""))
        except ValidationError:
            through = None
        if not ids or through is None:
            return HttpResponse(_("Choose tables and a day to see the effect."))
        return _effect(
            request, access, selectors.confirming(ids, through), _("Confirm legal tables")
        )


def _effect(request: HttpRequest, access: Access, proposal: Proposal, title: str) -> HttpResponse:
    part = "HX-Request" in request.headers
    template = "legislation/effect.html" if part else "legislation/effect_page.html"
    return render(request, template, {"effects": effects_of(access, proposal), "title": title})


class MissingPage(LawPage):
    """The tables that a month lacks: confirm what still holds, or enter what is new."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The tables that lack for the month and the day of payment in the address."""
        return _missing(request, _missing_form(request, None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm the chosen tables, all or none, and go back to where the person came from."""
        access_of(request, selectors.CONFIRM)
        form = _missing_form(request, request.POST)
        if not form.is_valid():
            return _missing(request, form, status=422)
        given = form.cleaned_data
        ids = [int(pk) for pk in given.pop("tables")]
        try:
            confirm_tables(context_of(request), legal_table_ids=ids, **given)
        except BusinessError as refusal:
            add_refusal(form, refusal)
            return _missing(request, form, status=refusal.status)
        messages.success(request, _("Confirmed."))
        return redirect(_back(request) or request.get_full_path())


def _asked(request: HttpRequest) -> tuple[dt.date, dt.date]:
    """Month and day of payment of the address; by default what comes next."""
    today = cast("Request", request).access.on
    try:
        month = parse_competence(request.GET.get("competence", ""))
    except NotACompetence:
        month = add_months(month_start(today), 1)
    try:
        paid = DateField().clean(request.GET.get("paid", ""))
    except ValidationError:
        paid = None
    return month, paid or add_months(month, 1)


def _missing_form(request: HttpRequest, data: QueryDict | None) -> MissingForm:
    """The form with the tables that can be confirmed, all of them chosen."""
    access = access_of(request, selectors.VIEW)
    month, paid = _asked(request)
    found = selectors.gaps(access, month, paid)
    return MissingForm(data, access=access, gaps=found, through=month_end(max(month, paid)))


def _missing(request: HttpRequest, form: MissingForm, status: int = 200) -> HttpResponse:
    access = access_of(request, selectors.VIEW)
    month, paid = _asked(request)
    may = access.can(selectors.CONFIRM)
    context = {
        "form": form,
        "gaps": form.gaps,
        "month": month,
        "paid": paid,
        "may_confirm": may,
        "may_enter": access.can("backoffice.legal_table.enter"),
        "people": [] if may else selectors.people_who_may(access, selectors.CONFIRM),
        "back_url": _back(request),
    }
    return render(request, "legislation/missing.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of ours."""
    url = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if url.startswith("/") and ours else ""


@require_safe
def duties(request: Request) -> HttpResponse:
    """The duties of the company that fall due next."""
    access = access_of(request, selectors.VIEW)
    rows = coming_duties(access, access.on, access.on + AHEAD)
    context = {"rows": [(row, row.days_left(access.on)) for row in rows], "today": access.on}
    return render(request, "legislation/duties.html", context)
