"""Icons drawn into the page: no icon font, no request, coloured by the text around them."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).resolve().parents[1] / "static" / "icons"
_FRAME = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BOUNDING_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
_SVG = (
    '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>'
)


class UnknownIcon(LookupError):
    """No such icon is in the repository: add its name to package.json and run ``script/vendor``."""


@cache
def _drawing(name: str) -> SafeString:
    path = FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise UnknownIcon(name)
    frame = _FRAME.search(path.read_text())
    if frame is None:
        raise UnknownIcon(name)
    return mark_safe(_BOUNDING_BOX.sub("", frame[1]).strip())  # noqa: S308  our own file


@cache
def _decorative(name: str) -> SafeString:
    return format_html(_SVG, mark_safe('aria-hidden="true"'), _drawing(name))


def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon.

    Args:
        name: Its Tabler name, one of those in ``backoffice/static/icons``.
        label: What it says when no text stands beside it; without one it is decoration.

    Raises:
        UnknownIcon: It is not in the repository.
    """
    if not label:
        return _decorative(name)
    attributes = format_html('role="img" aria-label="{}"', label)
    return format_html(_SVG, attributes, _drawing(name))


def names() -> frozenset[str]:
    """All icons in the repository."""
    return frozenset(path.stem for path in FOLDER.glob("*.svg"))
