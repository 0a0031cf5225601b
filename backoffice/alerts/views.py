"""Bell, inbox and preferences of notifications."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.alerts.forms import PreferencesForm
from backoffice.database.keyset import Sort, page
from backoffice.errors import InvalidInput
from backoffice.identity.requests import Request, context_of
from backoffice.notifications import services
from backoffice.notifications.selectors import notifications_of, unread_count
from backoffice.resources.views import add_refusal

PER_PAGE = 50


@require_safe
def bell(request: Request) -> HttpResponse:
    """The bell of the top bar with how much is unread; it asks again every minute."""
    return render(request, "alerts/bell.html", {"unread": unread_count(request.access)})


@require_safe
def inbox(request: Request) -> HttpResponse:
    """What this person was told, newest first."""
    rows = notifications_of(request.access)
    found = page(
        rows,
        ["pk"],
        Sort("-id", "pk", nullable=False),
        limit=PER_PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    base = reverse("alerts:inbox")
    context = {
        "rows": rows.filter(pk__in=[pk for (pk,) in found.rows]),
        "unread": unread_count(request.access),
        "previous_url": f"{base}?before={found.previous}" if found.previous else "",
        "next_url": f"{base}?after={found.next}" if found.next else "",
    }
    return render(request, "alerts/inbox.html", context)


@require_POST
def open_one(request: Request, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    found = get_object_or_404(notifications_of(request.access), pk=pk)
    services.read_notifications(context_of(request), ids=[pk])
    return redirect(found.url)


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    services.read_notifications(context_of(request))
    return redirect("alerts:inbox")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    """How and when one wants to hear of things."""
    form = PreferencesForm(request.POST or None, user_id=request.access.user_id)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.choose_notifications(context_of(request), **form.arguments())
            except InvalidInput as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("alerts:preferences")
    return render(request, "alerts/preferences.html", {"form": form}, status=status)
