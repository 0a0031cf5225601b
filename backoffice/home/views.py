"""Pages of the person's own day."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.home.helping import guide_as_html, guides, help_of
from backoffice.home.sections import row_of
from backoffice.home.selectors import todo_of
from backoffice.identity.requests import Request
from backoffice.resources import registry


@require_safe
def why(request: Request, pk: int) -> HttpResponse:
    """How the room that a deadline leaves was computed: deadline, now, typical work left."""
    at = timezone.now()
    todo = todo_of(request.access, at, pk)
    if todo is None:
        raise Http404
    return render(request, "home/why.html", {"row": row_of(todo, at), "todo": todo, "at": at})


@require_safe
def help_page(request: Request, name: str) -> HttpResponse:
    """What an object is for, how its work goes, what its forms ask: in the drawer, or as a page."""
    resource = registry.RESOURCES.get(name)
    shown = help_of(resource, request.access) if resource else None
    if resource is None or shown is None:
        raise Http404
    more = {"list_url": registry.url(resource), "asked": request.GET.get("command", "")}
    return render(request, "home/help.html", {**shown, **more})


@require_safe
def guide(request: Request, name: str) -> HttpResponse:
    """A page of the guides that come with the product."""
    if name not in guides():
        raise Http404
    context = {
        "name": name,
        "heading": guides()[name],
        "html": guide_as_html(name),
        "others": guides().items(),
    }
    return render(request, "home/guide.html", context)
