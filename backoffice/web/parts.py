"""Small parts of a page as HTML: states, badges, counters, keys, initials, copy buttons.

Each function is a tag of ``{% load components %}`` as well.
"""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.web.icons import icon
from backoffice.web.values import integer

TONES = ("neutral", "info", "success", "warning", "danger", "progress")
COLOURS = {
    "grey": "neutral",
    "gray": "neutral",
    "secondary": "neutral",
    "blue": "info",
    "azure": "info",
    "green": "success",
    "amber": "warning",
    "yellow": "warning",
    "orange": "warning",
    "red": "danger",
    "error": "danger",
    "purple": "progress",
}
COUNT_LIMIT = 10_000
SHORTEST_TREND = 3


def tone_of(name: object) -> str:
    """The tone that a name or colour means; neutral for none.

    Raises:
        ValueError: No such tone or colour.
    """
    text = str(getattr(name, "value", name) or "neutral").lower()
    tone = COLOURS.get(text, text)
    if tone not in TONES:
        msg = f"{text!r} is neither a tone nor a colour"
        raise ValueError(msg)
    return tone


def read(entry: object, name: str, default: object = None) -> Any:  # noqa: ANN401  any entry
    """A value of an entry that may be a dict or an object."""
    if isinstance(entry, dict):
        return entry.get(name, default)
    return getattr(entry, name, default)


def state(of: object, tone: str = "") -> SafeString:
    """A coloured dot and a word: of an object with label and tone (or colour), or of a text."""
    label = read(of, "label", of)
    found = tone or read(of, "tone") or read(of, "colour") or read(of, "color")
    return format_html(
        '<span class="state tone-{}"><span class="state-dot"></span>{}</span>',
        tone_of(found),
        label,
    )


def badge(text: object, tone: str = "neutral") -> SafeString:
    """A short word on a tinted ground."""
    return format_html('<span class="pill tone-{}">{}</span>', tone_of(tone), text)


def count(number: int | str | None) -> SafeString:
    """A small counter; stops at 10,000+; a text such as "10,000+" as it is; nothing for None."""
    if number is None or number == "":
        return SafeString("")
    if isinstance(number, str):
        return format_html('<span class="count">{}</span>', number)
    more = "+" if number > COUNT_LIMIT else ""
    text = integer(min(number, COUNT_LIMIT))
    return format_html('<span class="count">{}{}</span>', text, more)


def kbd(keys: str) -> SafeString:
    """Keys to press: ``Ctrl+K`` together, ``g p`` one after the other."""
    return format_html(
        '<span class="keys">{}</span>',
        format_html_join("", "<kbd>{}</kbd>", ((key,) for key in keys.replace("+", " ").split())),
    )


def avatar(name: str) -> SafeString:
    """First and last initial on a colour that stays the same for the same name."""
    words = [word for word in name.split() if word[:1].isupper()] or name.split() or ["?"]
    initials = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
    hue = sum(map(ord, name)) % 6
    return format_html(
        '<span class="initials initials-{}" aria-hidden="true">{}</span>', hue, initials.upper()
    )


def copy(value: object, label: str = "") -> SafeString:
    """A button that copies a value."""
    return format_html(
        '<button type="button" class="quiet-button copy" data-copy="{0}" title="{1}" '
        'aria-label="{1}: {0}">{2}</button>',
        value,
        label or _("Copy"),
        icon("copy"),
    )


def why(url: str, label: str = "", *, compact: bool = False) -> SafeString:
    """A link that opens the explanation of a number in the drawer, or as a page without JS.

    ``compact`` draws a question mark for tight places; the words stay for screen readers.
    """
    words = label or _("Why?")
    if not compact:
        return format_html('<a class="why" href="{}" data-drawer>{}</a>', url, words)
    return format_html(
        '<a class="why-mark" href="{}" title="{}" data-drawer>{}</a>',
        url,
        words,
        icon("help-circle", words),
    )


def trend_points(values: Iterable[Decimal]) -> str:
    """The values as the points of a line in a box of 100 by 24, oldest left; empty below three."""
    given = list(values)
    if len(given) < SHORTEST_TREND:
        return ""
    low, high = min(given), max(given)
    across = Decimal(100) / (len(given) - 1)
    up = Decimal(20) / (high - low) if high > low else Decimal(0)
    middle = Decimal(12) if high == low else Decimal(22)
    return " ".join(
        f"{place * across:.1f},{middle - (value - low) * up:.1f}"
        for place, value in enumerate(given)
    )


def idempotency_key(key: str = "") -> SafeString:
    """A hidden field that makes a double submit harmless; a new key unless one is given."""
    return format_html(
        '<input type="hidden" name="idempotency_key" value="{}">', key or uuid.uuid4()
    )


TAGS = (icon, state, badge, count, kbd, avatar, copy, why, idempotency_key)
