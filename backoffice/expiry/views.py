"""The radar, and what people say to one line of it."""

from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from backoffice.errors import InvalidInput
from backoffice.expiry import services
from backoffice.expiry.forms import GROUPS, NarrowingForm, SnoozeForm, days_from
from backoffice.expiry.registry import EXPIRIES
from backoffice.expiry.rules import latest_snooze
from backoffice.expiry.selectors import LIMIT, Line, Narrowing, line_of, radar
from backoffice.identity.requests import Request, context_of
from backoffice.resources.views import add_refusal


@require_safe
def show_radar(request: Request) -> HttpResponse:
    """What ends, soonest first, in groups; narrowed by what stands in the address."""
    everything = radar(request.access)
    form = NarrowingForm(request.GET)
    form.offer(everything)
    wanted = form.narrowing
    lines = everything if wanted == Narrowing() else radar(request.access, wanted)
    groups = [
        (GROUPS[group], TONES[group], list(found))
        for group, found in groupby(lines, key=lambda line: line.group)
    ]
    context = {
        "groups": groups,
        "form": form,
        "narrowed": wanted != Narrowing(),
        "nothing_at_all": not everything,
        "full": len(lines) >= LIMIT,
    }
    return render(request, "expiry/radar.html", context)


TONES = {
    "overdue": "danger",
    "week": "warning",
    "month": "info",
    "quarter": "neutral",
    "later": "neutral",
}


def _line(request: Request, kind: str, pk: int) -> Line:
    """The line, for who may say something to it.

    Raises:
        Http404: This person does not see it.
        PermissionDenied: Others answer for it.
    """
    found = line_of(request.access, EXPIRIES[kind], pk) if kind in EXPIRIES else None
    if found is None:
        raise Http404
    if not found.may_mark:
        raise PermissionDenied
    return found


class Snooze(View):
    """Until when one line can wait, and why."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """The form, with half the time that is left proposed."""
        asked = cast("Request", request)
        line = _line(asked, kind, pk)
        on = asked.access.on
        last = latest_snooze(line.ending.ends_on, on)
        proposed = days_from(on, max(1, (last - on).days // 2))
        form = SnoozeForm(initial={"until": proposed})
        return self._answer(line, form)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Let it sleep; a refusal stands beside the field that is wrong."""
        line = _line(cast("Request", request), kind, pk)
        form = SnoozeForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.snooze(context_of(request), kind=kind, record_id=pk, **given)
            except InvalidInput as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("It sleeps until that day."))
                return redirect("backoffice.expiry")
        return self._answer(line, form, 422)

    def _answer(self, line: Line, form: SnoozeForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"line": line, "form": form}
        return render(self.request, "expiry/snooze.html", context, status=status)


@require_POST
def acknowledge(request: Request, kind: str, pk: int) -> HttpResponse:
    """Take note of one line."""
    _line(request, kind, pk)
    services.acknowledge(context_of(request), kind=kind, record_id=pk)
    messages.success(request, _("Noted. The next threshold asks again."))
    return redirect("backoffice.expiry")


def home_section(request: HttpRequest) -> dict[str, Any] | None:
    """What this person answers for and that ends within a week, on the home page."""
    access = cast("Request", request).access
    soon = Narrowing(until=days_from(access.on, 7))
    lines = [
        line for line in radar(access, soon) if line.may_mark and not (line.asleep or line.noted)
    ]
    if not lines:
        return None
    return {"lines": lines[:5], "count": len(lines)}
