"""The page on which everybody sees who looked at their data."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.database.keyset import BadQuery
from backoffice.identity.requests import Request
from backoffice.trail import selectors


@never_cache
@require_safe
def readings_about_me(request: Request) -> HttpResponse:
    """Who read my data: newest first, fifty on a page."""
    asked = request.GET.get("before", "0")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise BadQuery("invalid_cursor", _("This page address is not valid."))
    found = selectors.readings_about_me(request.access, int(asked))
    context = {
        "readings": found[: selectors.PAGE],
        "more": len(found) > selectors.PAGE,
        "without_person": request.access.person_id is None,
    }
    return render(request, "trail/about_me.html", context)
