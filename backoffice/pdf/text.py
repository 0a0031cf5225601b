"""Text as it goes on paper: cleaned, measured, fitted into its box."""

import unicodedata
from math import floor
from typing import NamedTuple

from backoffice.pdf.font import MISSING, UNITS_PER_EM, Font, load_font
from backoffice.pdf.layout import Align, Box

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
SIZE_STEP = 0.25
LINE_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"


class PlacedText(NamedTuple):
    """One line of text and the box that it stands in, in points from the top left corner.

    ``start`` is where its first glyph begins, ``baseline`` the line on which its letters stand.
    """

    text: str
    left: float
    top: float
    width: float
    height: float
    size: float
    bold: bool
    align: Align
    gray: float
    start: float
    baseline: float


def clean(text: str) -> str:
    """``text`` without what paper cannot show: composed accents, no control or direction marks.

    A line break becomes a space. Invisible marks go, because they can make a printed name read
    otherwise than the stored one. A character that the typefaces lack becomes ``MISSING``.
    """
    if not text.isprintable():
        spaced = (" " if c in LINE_BREAKS else c for c in text)
        text = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        known = load_font().widths.keys()
        if not known >= set(text):
            text = "".join(c if c in known else MISSING for c in text)
    return text


def place(text: str, box: Box, *, down: float = 0.0) -> list[PlacedText]:
    """The lines that show ``text`` in ``box``, moved ``down`` points.

    At full size if it fits; else smaller, then wrapped, at last shortened: see ``_give_way``.
    """
    text = clean(text)
    if not text or text.isspace():
        return []
    font, top = load_font(bold=box.bold), box.top + down
    length = font.width(text)
    if length * box.size <= box.width * UNITS_PER_EM:
        return [_stand(text, length, box, top, box.height, box.size)]
    lines, size = _give_way(text, length, box)
    height = box.height / len(lines)
    return [
        _stand(line, font.width(line), box, top + index * height, height, size)
        for index, line in enumerate(lines)
    ]


def _stand(text: str, length: int, box: Box, top: float, height: float, size: float) -> PlacedText:
    """One line at its place; ``length`` is its width in thousandths of an em."""
    room = box.width - length * size / UNITS_PER_EM
    start = box.left
    if box.align is not Align.LEFT:
        start += room if box.align is Align.RIGHT else room / 2
    baseline = top + load_font(bold=box.bold).baseline(height, size)
    return PlacedText(
        text,
        box.left,
        top,
        box.width,
        height,
        size,
        box.bold,
        box.align,
        box.gray,
        start,
        baseline,
    )


def _give_way(text: str, length: int, box: Box) -> tuple[list[str], float]:
    """Lines and font size that let a ``text`` too long for ``box`` stand in it.

    First it gets smaller, down to the box's least size, then it takes more lines, with sizes
    tried from large to small. What still does not fit ends in an ellipsis at the least size.
    """
    font = load_font(bold=box.bold)
    largest = floor(box.width * UNITS_PER_EM / length * 100) / 100  # as it will be written
    if largest >= box.least_size:
        return [text], largest
    for count in range(2, box.lines + 1):
        size = min(box.size, box.height / count * 0.9)
        while size >= box.least_size:
            lines = _wrap(text, font, box.width * UNITS_PER_EM / size)
            if len(lines) <= count:
                return lines, size
            size -= SIZE_STEP
    room = box.width * UNITS_PER_EM / box.least_size
    lines = _wrap(text, font, room)
    kept, rest = lines[: box.lines - 1], lines[box.lines - 1 :]
    return [*kept, _shorten(" ".join(rest), font, room)], box.least_size


def _wrap(text: str, font: Font, room: float) -> list[str]:
    """``text`` in lines at most ``room`` thousandths of an em long, broken at spaces if it can."""
    lines: list[str] = []
    while font.width(text) > room:
        end = _characters_within(text, font, room)
        space = text.rfind(" ", 1, end + 1)
        cut = space if space > 0 else max(end, 1)
        lines.append(text[:cut])
        text = text[cut:].lstrip(" ")
    return [*lines, text] if text else lines


def _shorten(text: str, font: Font, room: float) -> str:
    """``text`` up to where an ellipsis still has its place."""
    if font.width(text) <= room:
        return text
    end = _characters_within(text, font, room - font.width(ELLIPSIS))
    return text[:end].rstrip() + ELLIPSIS


def _characters_within(text: str, font: Font, room: float) -> int:
    """How many characters from the start are together no longer than ``room``."""
    used = 0
    for index, character in enumerate(text):
        used += font.widths[character]
        if used > room:
            return index
    return len(text)
