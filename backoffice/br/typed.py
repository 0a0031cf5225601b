"""Identifiers as they arrive: pasted with labels, dots, no-break spaces, or from a spreadsheet."""

import re
import unicodedata
from typing import TYPE_CHECKING

from backoffice.errors import InvalidInput

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")


def compact(text: str) -> str:
    """Keep the letters A to Z and digits of a text, in capitals; wide digits become plain ones."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text).upper())


def digits(text: str) -> str:
    """Keep the digits of a text."""
    return "".join(char for char in compact(text) if char.isdigit())


def lost_zeros(text: str, length: int) -> str | None:
    """The number with the leading zeros that spreadsheets drop; None if that cannot be the case.

    Only a text of nothing but digits, at most three short, can have lost its zeros that way.
    """
    plain = text.strip()
    missing = length - len(plain)
    return plain.zfill(length) if 0 < missing <= 3 and plain.isdecimal() else None


def refusal(kind: str, field: str, message: "str | _StrPromise") -> InvalidInput:
    """A refusal with the code ``bad_<kind>``, shown at ``field``."""
    return InvalidInput(f"bad_{kind}", message, fields={field: message})
