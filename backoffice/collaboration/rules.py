"""Whom a text names: pure functions on texts."""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping

EDITABLE_FOR = dt.timedelta(hours=1)
"""How long an author can correct a comment."""


def folded(text: str) -> str:
    """The text in small letters without accents, character by character: places stay the same."""
    return "".join((unicodedata.normalize("NFD", each)[:1] or each).lower()[:1] for each in text)


def labels(people: Mapping[int, str]) -> dict[int, str]:
    """How each person is named behind an ``@``; who shares a name with another gets a number.

    >>> labels({7: "Ana Souza", 8: "ana souza", 9: "Rui"})
    {7: 'Ana Souza #7', 8: 'ana souza #8', 9: 'Rui'}
    """
    plain = {pk: " ".join(name.split()) for pk, name in people.items()}
    known = [folded(name) for name in plain.values()]
    return {
        pk: f"{name} #{pk}" if known.count(folded(name)) > 1 else name for pk, name in plain.items()
    }


def mentions_in(text: str, named: Mapping[int, str]) -> Iterator[tuple[int, int, int]]:
    """The places where a text names somebody, in order: begin, end, and who.

    Names count without regard to case and accents; the longest one that fits is meant, and an ``@``
    inside a word, as in an e-mail address, names nobody.

    Args:
        text: What was written.
        named: Person -> label, as ``labels`` gives them.
    """
    plain = folded(text)
    known = sorted(((folded(label), pk) for pk, label in named.items()), reverse=True, key=_longest)
    place = plain.find("@")
    while place >= 0:
        found = next((each for each in known if _stands(plain, place, each[0])), None)
        end = place + 1 + len(found[0]) if found else place + 1
        if found:
            yield place, end, found[1]
        place = plain.find("@", end)


def _longest(known: tuple[str, int]) -> int:
    return len(known[0])


def _stands(plain: str, place: int, name: str) -> bool:
    """Whether the name stands behind the ``@`` at this place, as a word of its own."""
    end = place + 1 + len(name)
    before, after = plain[max(0, place - 1) : place], plain[end : end + 1]
    alone = not before.isalnum() and not after.isalnum()
    return bool(name) and alone and plain.startswith(name, place + 1)


def may_still_edit(at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a comment of that moment can still be corrected."""
    return now - at < EDITABLE_FOR
