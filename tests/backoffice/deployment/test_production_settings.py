"""Production refuses to start with what would be dangerous, and says everything at once."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from backoffice.embedded.places import CHECKOUT

GOOD = {
    "SECRET_KEY": "K7pZ2mQ9vX4bN8cR1tY6wE3uI5oA0sDf",
    "AUDIT_SIGNING_KEY": "hG4jK8lP2qW6eR0tY3uI7oA1sD5fZ9xC",
    "ALLOWED_HOSTS": "rh.example.com",
    "DATABASE_URL": "postgresql://retaguarda_app:pw@db/retaguarda",
    "REDIS_URL": "redis://cache/0",
    "EMAIL_URL": "submission://user:pw@mail.example.com:587",
    "FILES_ROOT": "/srv/files",
    "SECRETS_KEYS": "a9v-3kQ_x7LmZ2pR8sT1uW5yB6cD4eF0gH",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], dict[str, Any]]:
    """The settings that production makes of an environment; nothing else is in it."""

    def run(environment: dict[str, str]) -> dict[str, Any]:
        for name in (*GOOD, "DEBUG", "DEMO_MODE", "DATABASE_OWNER_URL", "DATABASE_READER_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("backoffice.settings.production")

    return run


Load = Callable[[dict[str, str]], dict[str, Any]]


def test_a_complete_environment_is_accepted_and_cookies_are_safe(load: Load) -> None:
    settings = load(GOOD)
    assert settings["DEBUG"] is settings["DEMO_MODE"] is False
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert settings[name] is True
    assert settings["EMAIL_HOST"] == "mail.example.com"
    assert settings["EMAIL_USE_TLS"] is True
    assert settings["DATABASES"].keys() == {"default"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        (
            {"SECRET_KEY": "development-only-never-in-production"},
            "SECRET_KEY is an example value",
        ),
        ({"SECRET_KEY": "tests-only"}, "SECRET_KEY is an example value"),
        ({"SECRET_KEY": "abc"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too short or too simple"),
        ({"AUDIT_SIGNING_KEY": "development-only"}, "AUDIT_SIGNING_KEY is an example value"),
        ({"AUDIT_SIGNING_KEY": GOOD["SECRET_KEY"]}, "must differ"),
        ({"DEBUG": "true"}, "DEBUG is set"),
        ({"DEMO_MODE": "1"}, "DEMO_MODE is set"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name hosts"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"REDIS_URL": ""}, "REDIS_URL is missing"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is missing"),
        ({"EMAIL_URL": "smtp+tls://user:pw@host:587"}, "EMAIL_URL has an unknown scheme"),
    ],
)
def test_refused(load: Load, change: dict[str, str], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)):
        load({**GOOD, **change})


def test_all_faults_are_said_at_once(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load({})
    for name in GOOD:
        assert f"{name} is missing" in str(caught.value)


def test_a_switch_that_is_off_is_no_fault(load: Load) -> None:
    assert load({**GOOD, "DEBUG": "false", "DEMO_MODE": "0"})["DEBUG"] is False


def test_the_web_server_does_not_start_with_refused_settings() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import backoffice.wsgi"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "tests-only"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "The production settings refuse to start:" in done.stderr
    assert "SECRET_KEY is an example value" in done.stderr


@pytest.mark.parametrize(("proxies", "header"), [("0", None), ("1", "HTTP_X_FORWARDED_PROTO")])
def test_without_a_proxy_nobody_may_claim_https(proxies: str, header: str | None) -> None:
    show = "print((getattr(p, 'SECURE_PROXY_SSL_HEADER', None) or [None])[0])"
    done = subprocess.run(
        [sys.executable, "-c", f"from backoffice.settings import production as p; {show}"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **GOOD, "TRUSTED_PROXIES": proxies},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{header}\n"
