"""What a person wants to be reminded of: set at a record, read in a list of their own, ticked off."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from backoffice.collaboration import follow_ups
from backoffice.collaboration.models import LONGEST_NOTE
from backoffice.collaboration.registry import KINDS, RecordKind
from backoffice.errors import InvalidInput
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.resources.views import add_refusal
from backoffice.teamwork.views import timeline_url
from backoffice.web.fields import DateField

PROPOSED = 3
"""Days from today, in a form that is not filled in."""


class ReminderForm(forms.Form):
    """When, and of what."""

    due = DateField(label=gettext_lazy("Day"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=gettext_lazy("Only you read it."),
    )


class Reminder(View):
    """The reminder of one record: one of a few days at once, or a form for any day."""

    def _kind(self, name: str, pk: int) -> RecordKind:
        kind = KINDS.get(name)
        access = cast("Request", self.request).access
        if kind is None or not kind.rows(access, "").filter(pk=pk).exists():
            raise Http404
        return kind

    def get(self, request: HttpRequest, name: str, pk: int) -> HttpResponse:
        """The form, with the reminder that is open."""
        access = cast("Request", request).access
        kind, row = self._kind(name, pk), follow_ups.reminder_of(access, name, pk)
        due = row.due if row else access.on + dt.timedelta(days=PROPOSED)
        form = ReminderForm(initial={"due": due, "note": row.note if row else ""})
        return self._page(kind, pk, form)

    def post(self, request: HttpRequest, name: str, pk: int) -> HttpResponse:
        """Set it; a refusal stands beside the field that is wrong."""
        kind = self._kind(name, pk)
        days = request.POST.get("days", "")
        data: Any = request.POST
        if days.isdecimal() and len(days) < 4:
            day = cast("Request", request).access.on + dt.timedelta(days=int(days))
            data = {"due": f"{day:%d/%m/%Y}"}
        form = ReminderForm(data)
        if form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            try:
                follow_ups.set_follow_up(context_of(request), record=name, record_id=pk, **given)
            except InvalidInput as refusal:
                add_refusal(form, refusal)
            else:
                if "HX-Request" in request.headers:
                    return redirect(timeline_url(name, pk))
                messages.success(request, _("You will be reminded."))
                return redirect(kind.url(pk))
        return self._page(kind, pk, form, 422)

    def _page(self, kind: RecordKind, pk: int, form: forms.Form, status: int = 200) -> HttpResponse:
        record = kind.rows(cast("Request", self.request).access, "").get(pk=pk)
        context = {"kind": kind, "title": kind.title(record), "url": kind.url(pk), "form": form}
        return render(self.request, "teamwork/remind.html", context, status=status)


@require_safe
def show(request: Request) -> HttpResponse:
    """All open reminders of the person, the nearest first."""
    rows = follow_ups.reminders(request.access)
    return render(request, "teamwork/reminders.html", {"rows": rows, "today": request.access.on})


@require_POST
def finish(request: Request, pk: int) -> HttpResponse:
    """Tick one off; on a record its timeline is shown again, else the list."""
    if follow_ups.own(request.access, pk) is None:
        raise Http404
    row = follow_ups.finish_follow_up(context_of(request), follow_up_id=pk)
    if "HX-Request" in request.headers:
        return redirect(timeline_url(row.record_type, row.record_id))
    messages.success(request, _("Done."))
    return redirect("teamwork:follow_ups")


def waiting(access: Access) -> int:
    """How many reminders are due, beside the entry of the menu."""
    return follow_ups.due_now(access)


def home_section(request: HttpRequest) -> dict[str, Any] | None:
    """What is due, on the home page."""
    access = cast("Request", request).access
    rows = follow_ups.reminders(access, until=access.on)
    return {"rows": rows, "count": len(rows)} if rows else None
