"""QR codes as rectangles: the same measures for a stamped page and for the layout engine."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import segno

from backoffice.pdf.layout import Square

MASK = 3
"""Fixed: readers cope with any mask, and comparing all eight takes nine tenths of the time."""


class Bar(NamedTuple):
    """A run of dark modules in one line of the code, in points from the top left of the form."""

    left: float
    top: float
    width: float
    height: float


def bars(text: str, square: Square) -> Iterator[Bar]:
    """The dark parts of the code for ``text``, filling ``square``; its quiet zone lies outside.

    Capital letters, digits and ``$%*+-./:`` are packed more tightly than other text.
    """
    matrix = segno.make(text, error="l", micro=False, mask=MASK).matrix
    step = square.size / len(matrix)
    for row, modules in enumerate(matrix):
        column = 0
        for dark, run in groupby(modules):
            width = len(list(run))
            if dark:
                yield Bar(square.left + column * step, square.top + row * step, width * step, step)
            column += width


def write_code(text: str, square: Square, height: float) -> bytes:
    """Drawing commands for the code on a form ``height`` points high."""
    parts = [
        f"{bar.left:.2f} {height - bar.top - bar.height:.2f} {bar.width:.2f} {bar.height:.2f} re"
        for bar in bars(text, square)
    ]
    return "\n".join(["0 g", *parts, "f"]).encode("ascii")
