"""What production settings say about cookies, HTTPS and logins; read in a process of their own."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_DOMAIN",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_DOMAIN",
    "CSRF_COOKIE_PATH",
    "DEBUG",
    "SECURE_SSL_REDIRECT",
    "TRUSTED_PROXIES",
    "PASSWORD_HASHERS",
    "DEMO_MODE",
    "LANGUAGE_COOKIE_NAME",
    "LANGUAGE_COOKIE_SECURE",
    "LANGUAGE_COOKIE_PATH",
    "MESSAGES_COOKIE_NAME",
    "THEME_COOKIE_NAME",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_REDIRECT_EXEMPT",
]


def environment(**over: Any) -> Any:
    given = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "backoffice.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "AUDIT_SIGNING_KEY": secrets.token_urlsafe(60),
        "SECRETS_KEYS": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "retaguarda.example.com",
        "DATABASE_URL": "postgres://app@db.example.com/retaguarda",
        "REDIS_URL": "redis://redis.example.com:6379/0",
        "EMAIL_URL": "submission://user:pw@mail.example.com:587",
        "FILES_ROOT": "/srv/files",
    }
    return given | over


def python(code: str, **over: Any) -> Any:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(**over),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def production() -> Any:
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{n: getattr(settings, n) for n in {NAMES!r}}}))"
    )
    return json.loads(python(code))


def test_cookies_belong_to_this_host_alone_and_travel_only_over_https(production: Any) -> None:
    for kind in ("SESSION", "CSRF"):
        assert production[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{kind}_COOKIE_SECURE"] is True
        # the prefix asks for both, or browsers drop the cookie
        assert production[f"{kind}_COOKIE_DOMAIN"] is None
        assert production[f"{kind}_COOKIE_PATH"] == "/"
    assert production["SESSION_COOKIE_HTTPONLY"] is True
    assert production["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_there_are_no_debug_pages_no_demonstration_and_no_fast_passwords(production: Any) -> None:
    assert production["DEBUG"] is False
    assert production["DEMO_MODE"] is False
    assert production["SECURE_SSL_REDIRECT"] is True
    assert "MD5" not in production["PASSWORD_HASHERS"][0]


def test_no_client_chooses_its_own_address_unless_a_proxy_is_named(production: Any) -> None:
    assert production["TRUSTED_PROXIES"] == 0
    code = "from django.conf import settings; print(settings.TRUSTED_PROXIES)"
    assert python(code, TRUSTED_PROXIES="2").strip() == "2"


def test_every_cookie_has_the_prefix_of_this_host(production: Any) -> None:
    names = [name for name in production if name.endswith("_COOKIE_NAME")]
    assert len(names) == 5
    for name in names:
        assert production[name].startswith("__Host-"), name
    assert production["LANGUAGE_COOKIE_SECURE"] is True
    assert production["LANGUAGE_COOKIE_PATH"] == "/"


def test_https_is_remembered_for_a_year_and_below_this_host(production: Any) -> None:
    assert production["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production["SECURE_REDIRECT_EXEMPT"] == ["^livez$", "^readyz$", "^metrics$", "^api/"]
