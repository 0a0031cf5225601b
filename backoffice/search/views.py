"""Pages of the search: the palette's lines, and the results as a page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from backoffice.errors import InvalidInput
from backoffice.errors.limits import count
from backoffice.identity.requests import Request, context_of
from backoffice.search import kept, palette, selectors, services, sources
from backoffice.web.preferences import back

PAGE_SIZE = 50
LAST_PAGE = 200
LONG = 30


@require_safe
def show_palette(request: Request) -> HttpResponse:
    """What the palette offers: a fragment for the palette, a page without JavaScript."""
    typed = request.GET.get("q", "")[: palette.LONGEST]
    count("search", request.access.user_id)
    template = "search/palette.html" if request.htmx else "search/palette_page.html"  # type: ignore[attr-defined]
    at = request.GET.get("at", "")
    groups = palette.find(request.access, typed, palette.place_of(at))
    return render(request, template, {"groups": groups, "q": typed, "at": at})


@require_safe
def results(request: Request) -> HttpResponse:
    """Records of every kind that were found; with ``kind`` all of one, page by page."""
    typed = request.GET.get("q", "").strip()
    count("search", request.access.user_id)
    kind = request.GET.get("kind", "")
    number = _page(request.GET.get("page", ""))
    known = kind in sources.names()
    found = selectors.find(
        request.access,
        typed,
        kinds=[kind] if known else (),
        limit=PAGE_SIZE if known else selectors.SHOWN,
        skip=(number - 1) * PAGE_SIZE if known else 0,
    )
    context: dict[str, Any] = {"q": typed, "kind": kind if known else ""}
    context["groups"] = [
        {
            "resource": group.resource,
            "items": [palette.item_of(hit) for hit in group.hits],
            "total": group.total,
            "similar": group.hits[0].similar,
            "all_url": palette.all_of(group.resource.name, typed)
            if group.total > len(group.hits) and not known
            else "",
        }
        for group in found
    ]
    more = bool(known and found and number * PAGE_SIZE < found[0].total)
    here = palette.all_of(kind, typed)
    context["previous_url"] = f"{here}&page={number - 1}" if known and number > 1 else ""
    context["next_url"] = f"{here}&page={number + 1}" if more else ""
    return render(request, "search/results.html", context)


@require_safe
def show_kept(request: Request) -> HttpResponse:
    """The own favourites, to be put in order, and what was opened last."""
    context = {
        "favourites": kept.favourites(request.access),
        "recent": kept.recent(request.access, LONG),
    }
    return render(request, "search/kept.html", context)


@require_safe
def counts(request: Request) -> HttpResponse:
    """How many rows the favourite lists have, each swapped into its place in the menu."""
    return render(request, "web/counters.html", {"counters": kept.counts(request.access)})


@require_POST
def mark(request: Request) -> HttpResponseBase:
    """Put a list or record among the favourites or take it out; back to where the person was."""
    record = request.POST.get("record", "")
    if record and not (record.isascii() and record.isdigit() and len(record) < 19):
        raise Http404
    try:
        services.mark(
            context_of(request),
            kind=request.POST.get("kind", ""),
            record_id=int(record) if record else None,
            marked=request.POST.get("marked") == "1",
        )
    except InvalidInput as refusal:
        messages.error(request, str(refusal.message))
    return back(request)


@require_POST
def move(request: Request, pk: int) -> HttpResponseBase:
    """Move an own favourite one place up or down."""
    by = -1 if request.POST.get("by") == "-1" else 1
    services.move(context_of(request), favourite_id=pk, by=by)
    return back(request)


def _page(text: str) -> int:
    """The number of a page; the first for anything that is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(number, 1), LAST_PAGE)
