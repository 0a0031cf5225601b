"""Pages of the person's own day."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.home.sections import row_of
from backoffice.home.selectors import todo_of
from backoffice.identity.requests import Request


@require_safe
def why(request: Request, pk: int) -> HttpResponse:
    """How the room that a deadline leaves was computed: deadline, now, typical work left."""
    at = timezone.now()
    todo = todo_of(request.access, at, pk)
    if todo is None:
        raise Http404
    return render(request, "home/why.html", {"row": row_of(todo, at), "todo": todo, "at": at})
