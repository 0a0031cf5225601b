"""How a person wants to see the product: theme, language, company; for the browser and account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

THEMES = ("light", "dark", "auto")
THEME_COOKIE = settings.THEME_COOKIE_NAME
ONE_YEAR = 365 * 24 * 3600


def back(request: HttpRequest, *, home: bool = False) -> HttpResponseRedirect:
    """To the page where the person was, if it is one of ours; otherwise to the home page."""
    wanted = str(request.POST.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe and not home else "/")


def remember(response: HttpResponseBase, name: str, value: str) -> None:
    """Keep a choice in this browser for a year."""
    response.set_cookie(
        name,
        value,
        max_age=ONE_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
