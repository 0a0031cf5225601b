"""The inbox of approvals: what waits for me, and what I settled."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.identity.requests import Request
from backoffice.inbox import selectors
from backoffice.work.selectors import settled_by


@require_safe
def approvals(request: Request) -> HttpResponse:
    """Everything that waits for this person's vote, with its numbers, and their latest votes."""
    context = {
        "rows": selectors.waiting_rows(request.access),
        "settled": settled_by(request.access),
    }
    return render(request, "work/approvals.html", context)
