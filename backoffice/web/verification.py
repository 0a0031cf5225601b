"""The public page on which whoever holds a printed document checks that it was issued here."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.pdf.verification import verify

LONGEST = 60


@login_not_required
@never_cache
@require_safe
def verify_document(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for a code, or say whether it belongs to a document as it was issued.

    A wrong code gets the same answer whatever is wrong with it.
    """
    typed = (code or request.GET.get("code", "")).strip()[:LONGEST]
    context = {
        "page_title": _("Check a document"),
        "typed": typed,
        "issued": verify(typed) if typed else None,
    }
    return render(request, "web/verify.html", context)


@login_not_required
@require_safe
def by_capitals(_request: HttpRequest, code: str) -> HttpResponse:
    """QR codes hold the address in capitals, which are packed more tightly."""
    return redirect("web:verify_code", code)
