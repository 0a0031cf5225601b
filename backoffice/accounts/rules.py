"""Codes, one-time secrets and names of browsers: pure functions."""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits of printed codes: none that is mistaken for another on paper."""

CODE_LENGTH = 12
GROUP = 4
PERIOD = 30
DIGITS = 6
DRIFT = 1
"""How many steps of half a minute the clock of a telephone may be off."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Browser and system in words, such as ``Firefox, Windows``; the beginning of anything else.

    The order of the lists matters: Edge calls itself Chrome, and Chrome calls itself Safari.
    """
    found = [
        next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)
    ]
    named = ", ".join(name for name in found if name)
    return named or agent.partition(" ")[0][:40] or "?"


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A code for paper: twelve signs in groups of four, about 59 random bits."""
    signs = "".join(choose(ALPHABET) for _place in range(CODE_LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


def plain_code(typed: str) -> str:
    """A printed code as it is compared: capitals, without hyphens and spaces."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def mailed_digest(token: str) -> str:
    """What is kept of the secret of a mailed link; SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def totp_counter(seconds: float) -> int:
    """The step of time (of half a minute) that a moment belongs to (RFC 6238)."""
    return int(seconds) // PERIOD


def totp_value(key: bytes, counter: int) -> str:
    """The six digits of a step of time (RFC 4226, section 5.3)."""
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def totp_match(key: bytes, typed: str, seconds: float, used: int) -> int | None:
    """The step whose code was typed; None when it is none of now, or not later than ``used``.

    A code is good once: the step that it belongs to, and those before it, are never taken again.
    """
    digits = "".join(sign for sign in typed if sign.isdigit())
    now = totp_counter(seconds)
    for counter in range(now - DRIFT, now + DRIFT + 1):
        if counter > used and hmac.compare_digest(totp_value(key, counter), digits):
            return counter
    return None
