"""What every answer tells browsers besides its content."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from backoffice.web import errors

NO_STORE = "private, no-store"


class HeadersMiddleware:
    """No feature of the device, no use by other sites, and nothing about people kept on disk.

    An answer that says by itself how it may be kept is left alone; static files are answered before
    this and may be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers that it lacks."""
        answer = _unencrypted(request) or self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        answer.headers.setdefault("Cache-Control", NO_STORE)
        return answer


def _unencrypted(request: HttpRequest) -> HttpResponseBase | None:
    """The refusal of a program that came without HTTPS where the site has it.

    A redirect would hide that its token went over the network in the open.
    """
    if not settings.SECURE_SSL_REDIRECT or request.is_secure():
        return None
    if not request.path.startswith("/api/"):
        return None
    message = _("Use HTTPS. What was sent could be read on the way: replace the token.")
    return errors.answer(request, 403, detail=message, code="https_needed")
