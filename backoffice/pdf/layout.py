"""The measures of a printed form, in points (1/72 inch) from the top left corner.

A layout holds no values. It is compiled once (``backoffice.pdf.stamp``) and stamped many times;
a template can draw the same measures through WeasyPrint, which is how a layout is proved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

A4 = (595.28, 841.89)


class Align(StrEnum):
    """Side of its box that a text keeps to."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where one text stands and how it gives way when it is too long.

    ``smallest`` is the least font size it may shrink to (0: it keeps its size), ``lines`` how many
    lines it may take. ``gray`` is 0 for black and 1 for white.
    """

    left: float
    top: float
    width: float
    height: float
    size: float
    bold: bool = False
    align: Align = Align.LEFT
    gray: float = 0.0
    smallest: float = 0.0
    lines: int = 1

    @property
    def least_size(self) -> float:
        """The font size below which the text is shortened instead."""
        return self.smallest or self.size


@dataclass(frozen=True)
class Label:
    """A text that is the same in every document."""

    text: str
    box: Box


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A straight line; ``dash`` is the length of its dashes, 0 for an unbroken line."""

    left: float
    top: float
    right: float
    bottom: float
    weight: float = 0.5
    gray: float = 0.0
    dash: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A rectangle, filled with ``fill`` (a grey) if given, outlined if ``weight`` is not 0."""

    left: float
    top: float
    width: float
    height: float
    weight: float = 0.5
    gray: float = 0.0
    fill: float | None = None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A table body: ``columns`` are the boxes of its first row, each next row ``step`` lower."""

    columns: tuple[Box, ...]
    step: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Square:
    """Where a QR code stands; white is left around it for four of its modules."""

    left: float
    top: float
    size: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One printed form: what it shows always and where its values go."""

    width: float
    height: float
    frames: tuple[Frame, ...] = ()
    rules: tuple[Rule, ...] = ()
    labels: tuple[Label, ...] = ()
    fields: Mapping[str, Box] = field(default_factory=dict)
    rows: Rows | None = None
    code: Square | None = None
