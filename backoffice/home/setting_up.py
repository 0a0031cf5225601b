"""The page of the set-up checklist, and its panel on the home page until everything is done."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.errors import BusinessError
from backoffice.home import services
from backoffice.home.forms import BackupForm
from backoffice.home.setup import PERMISSION, checklist
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.resources.views import add_refusal

QUIET = "home.setup"
"""Key of the session: company and day on which the panel stays away, for it is done or was put off."""


@require_safe
def page(request: Request) -> HttpResponse:
    """Every step with how it stands, and where it is done."""
    context_of(request, keyed=False).require(PERMISSION)
    return _show(request, BackupForm())


@require_POST
def send_mail(request: Request) -> HttpResponse:
    """Send a mail to who asks, and say what the server answered."""
    ctx = context_of(request)
    ctx.require(PERMISSION)
    try:
        answer = services.try_mail(ctx)
    except BusinessError as refusal:
        messages.error(request, str(refusal.message))
    else:
        if answer.taken:
            messages.success(request, _("The server took the mail: %s") % answer.words)
        else:
            messages.error(request, _("The mail did not leave: %s") % answer.words)
    return redirect("home:setup")


@require_POST
def confirm_backup(request: Request) -> HttpResponse:
    """Answer for the backup."""
    ctx = context_of(request)
    ctx.require(PERMISSION)
    form = BackupForm(request.POST)
    if form.is_valid():
        try:
            services.confirm_backup(ctx, **form.cleaned_data)
        except BusinessError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. It is asked again in half a year."))
            return redirect("home:setup")
    return _show(request, form, status=422)


@require_POST
def put_off(request: Request) -> HttpResponse:
    """Leave the panel away from the home page until tomorrow."""
    request.session[QUIET] = _today(request.access)
    return redirect("web:home")


def section(request: HttpRequest) -> dict[str, Any] | None:
    """How far the set-up is, until everything is done; asked once a day when it is."""
    access: Access = request.access  # type: ignore[attr-defined]
    if request.session.get(QUIET) == _today(access):
        return None
    steps = checklist(access, timezone.now())
    left = [(step, found, url) for step, found, url in steps if not found.done]
    if not left:
        request.session[QUIET] = _today(access)
        return None
    return {
        "done": len(steps) - len(left),
        "total": len(steps),
        "next": left[0],
        "link_url": reverse("home:setup"),
        "link_label": _("Open the checklist"),
    }


def _today(access: Access) -> list[int | str]:
    day: dt.date = access.on
    return [access.company_id, day.isoformat()]


def _show(request: Request, form: BackupForm, status: int = 200) -> HttpResponse:
    steps = checklist(request.access, timezone.now())
    context = {
        "steps": steps,
        "done": sum(found.done for _step, found, _url in steps),
        "total": len(steps),
        "form": form,
    }
    return render(request, "home/setup.html", context, status=status)
