"""Pages of the search: the palette's lines, and the results as a page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.identity.requests import Request
from backoffice.search import palette, selectors, sources

PAGE_SIZE = 50
LAST_PAGE = 200


@require_safe
def show_palette(request: Request) -> HttpResponse:
    """What the palette offers: a fragment for the palette, a page without JavaScript."""
    typed = request.GET.get("q", "")[: palette.LONGEST]
    template = "search/palette.html" if request.htmx else "search/palette_page.html"  # type: ignore[attr-defined]
    groups = palette.find(request.access, typed)
    return render(request, template, {"groups": groups, "q": typed})


@require_safe
def results(request: Request) -> HttpResponse:
    """Records of every kind that were found; with ``kind`` all of one, page by page."""
    typed = request.GET.get("q", "").strip()
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


def _page(text: str) -> int:
    """The number of a page; the first for anything that is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(number, 1), LAST_PAGE)
