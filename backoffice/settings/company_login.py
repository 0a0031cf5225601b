"""The company's own login provider (OpenID Connect), when the environment names one."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env

NAMES = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


def company_login(env: Env) -> dict[str, Any]:
    """Allauth's SOCIALACCOUNT_PROVIDERS: empty, or one provider from OIDC_SERVER_URL and so on.

    ``OIDC_SERVER_URL`` is the issuer: its address without ``/.well-known/...``. ``OIDC_NAME`` stands
    on the button of the login page.

    Raises:
        ImproperlyConfigured: Only some of the three are given.
    """
    given = {name: env.str(name, "") for name in NAMES}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(NAMES):
        return {}
    if missing:
        raise ImproperlyConfigured(f"The company's login also needs {', '.join(missing)}.")
    app = {
        "provider_id": "company",
        "name": env.str("OIDC_NAME", "OpenID Connect"),
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_SERVER_URL"], "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
