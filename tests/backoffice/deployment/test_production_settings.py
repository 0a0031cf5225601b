"""Production refuses to start with what would be dangerous, and says everything at once."""

import os
import subprocess
import sys

import pytest

from backoffice.embedded.places import CHECKOUT

GOOD = {
    "SECRET_KEY": "K7pZ2mQ9vX4bN8cR1tY6wE3uI5oA0sDf",
    "AUDIT_SIGNING_KEY": "hG4jK8lP2qW6eR0tY3uI7oA1sD5fZ9xC",
    "ALLOWED_HOSTS": "rh.example.com",
    "DATABASE_URL": "postgresql://retaguarda_app:pw@db/retaguarda",
    "REDIS_URL": "redis://cache/0",
    "EMAIL_URL": "smtp+tls://user:pw@mail.example.com:587",
}


def load(environment: dict[str, str], show: str = "''") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"from backoffice.settings import production as p; print({show})"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_environment_is_accepted_and_cookies_are_safe() -> None:
    done = load(GOOD, "p.SESSION_COOKIE_SECURE, p.CSRF_COOKIE_SECURE, p.SECURE_SSL_REDIRECT")
    assert (done.returncode, done.stdout) == (0, "True True True\n")


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
    ],
)
def test_refused(change: dict[str, str], words: str) -> None:
    done = load({**GOOD, **change})
    assert done.returncode == 1
    assert words in done.stderr


def test_all_faults_are_said_at_once() -> None:
    done = load({})
    for name in GOOD:
        assert f"{name} is missing" in done.stderr


def test_a_switch_that_is_off_is_no_fault() -> None:
    assert load({**GOOD, "DEBUG": "false", "DEMO_MODE": "0"}).returncode == 0


def test_without_a_proxy_nobody_may_claim_https() -> None:
    show = "getattr(p, 'SECURE_PROXY_SSL_HEADER', None)"
    assert load(GOOD, show).stdout == "None\n"
    behind = load({**GOOD, "TRUSTED_PROXIES": "1"}, show)
    assert behind.stdout == "('HTTP_X_FORWARDED_PROTO', 'https')\n"
