"""Is this paper what was issued? The code on it names a document and holds its fingerprint.

``P1A2B-9F3K-72QM-0XWA-B4HT`` is a kind of document (P), its key in Crockford's base 32, and the
fingerprint of its text. Nothing is stored: the document is made again and its fingerprint compared.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_CODE = re.compile(rf"([A-Z])([{_DIGITS}]{{1,13}})((?:-?[{_DIGITS}]{{4}}){{4}})")


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A document as it was issued: its fingerprint, and what a stranger who holds it may be told."""

    fingerprint: str
    title: StrOrPromise
    facts: tuple[tuple[StrOrPromise, StrOrPromise], ...]


KINDS: dict[str, Callable[[int], Issued | None]] = {}
"""Letter of a kind -> finds an issued document by its key; None when there is none."""


def register_kind(letter: str, find: Callable[[int], Issued | None]) -> None:
    """Make documents of a kind verifiable.

    Raises:
        ValueError: The letter is taken, or no capital letter.
    """
    if letter in KINDS or not re.fullmatch("[A-Z]", letter):
        raise ValueError(f"{letter!r} cannot name a kind of document")
    KINDS[letter] = find


def code_for(letter: str, key: int, fingerprint: str) -> str:
    """The code that is printed."""
    digits = ""
    number = key
    while number or not digits:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return f"{letter}{digits}-{fingerprint}"


def verify(typed: str) -> Issued | None:
    """The document that a code names, if its text has the fingerprint of the code.

    Small letters, spaces, and O for 0 or I and L for 1 are read as they were meant.
    """
    compact = re.sub(r"\s", "", typed).upper()
    found = _CODE.fullmatch(compact[:1] + compact[1:].translate(_LOOKALIKES))
    if found is None or found[1] not in KINDS:
        return None
    issued = KINDS[found[1]](_number(found[2]))
    given = found[3].replace("-", "")
    if issued is None or not hmac.compare_digest(issued.fingerprint.replace("-", ""), given):
        return None
    return issued


def initials(name: str) -> str:
    """The first name, and of the others the first letters: enough to compare with a paper in hand."""
    first, *others = name.split()
    return " ".join([first, *(f"{other[0]}." for other in others)])


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = 32 * number + _DIGITS.index(digit)
    return number
