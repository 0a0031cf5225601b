"""The public page on which whoever holds a printed document checks that it was issued here."""

import ipaddress
from http import HTTPStatus
from math import ceil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.errors.limits import until_next_minute, within_limit
from backoffice.identity.login import client_ip
from backoffice.pdf.verification import verify

LONGEST = 60
HOUSEHOLD = 64
"""Bits of an IPv6 address that name a connection; one has the rest to itself, and may change it."""


@login_not_required
@never_cache
@require_safe
def verify_document(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for a code, or say whether it belongs to a document as it was issued.

    A wrong code gets the same answer whatever is wrong with it. Who asks too often is turned away
    before anything is looked up, so that the refusal says nothing of the code either.
    """
    typed = (code or request.GET.get("code", "")).strip()[:LONGEST]
    if typed and not within_limit("verify", _connection(request), settings.VERIFY_RATE):
        answer = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(ceil(until_next_minute()))
        return answer
    context = {
        "page_title": _("Check a document"),
        "typed": typed,
        "issued": verify(typed) if typed else None,
    }
    return render(request, "web/verify.html", context)


def _connection(request: HttpRequest) -> str:
    """Whose requests are counted together: an IPv4 address, or the network of an IPv6 connection."""
    address = ipaddress.ip_address(client_ip(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address), HOUSEHOLD), strict=False))
    return str(address)


@login_not_required
@require_safe
def by_capitals(_request: HttpRequest, code: str) -> HttpResponse:
    """QR codes hold the address in capitals, which are packed more tightly."""
    return redirect("web:verify_code", code)
