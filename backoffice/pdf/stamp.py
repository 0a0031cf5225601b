"""Compiled forms: a layout becomes one fixed drawing, a document only its values.

Laying a page out costs a hundred milliseconds, writing texts at known places a fraction of one.
The text of a stamped page is real text: it can be selected, searched and read aloud.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backoffice.pdf.layout import Frame, Layout, Rule
from backoffice.pdf.qr import write_code
from backoffice.pdf.text import PlacedText, place


@dataclass(frozen=True, eq=False)
class Stamp:
    """A compiled layout. ``drawing`` is the content of its form object, drawn below the values."""

    layout: Layout
    labels: tuple[PlacedText, ...]
    drawing: bytes

    def texts(
        self, values: Mapping[str, str], rows: Sequence[Sequence[str]] = ()
    ) -> Iterator[PlacedText]:
        """Every value at its place. Raises ValueError when values and layout do not match."""
        layout = self.layout
        if values.keys() != layout.fields.keys():
            wrong = sorted(values.keys() ^ layout.fields.keys())
            raise ValueError(f"values and fields differ in {', '.join(wrong)}")
        for name, box in layout.fields.items():
            yield from place(values[name], box)
        if not rows:
            return
        if layout.rows is None or len(rows) > layout.rows.count:
            raise ValueError(f"{len(rows)} rows do not fit the layout")
        for index, row in enumerate(rows):
            down = index * layout.rows.step
            for box, text in zip(layout.rows.columns, row, strict=True):
                yield from place(text, box, down=down)

    def content(
        self, values: Mapping[str, str], rows: Sequence[Sequence[str]] = (), code: str = ""
    ) -> bytes:
        """The drawing commands for one document's values, in the layout's own coordinates.

        Args:
            values: Text of each field.
            rows: Texts of the table.
            code: What the layout's QR code says; none is drawn for an empty one.
        """
        texts = write_texts(self.texts(values, rows), self.layout.height)
        if not code or self.layout.code is None:
            return texts
        return texts + b"\n" + write_code(code, self.layout.code, self.layout.height)


def compile_layout(layout: Layout) -> Stamp:
    """Draw what never changes, once."""
    labels = tuple(line for label in layout.labels for line in place(label.text, label.box))
    parts = [_draw_frame(frame, layout.height) for frame in layout.frames]
    parts += [_draw_rule(rule, layout.height) for rule in layout.rules]
    parts.append(write_texts(labels, layout.height))
    return Stamp(layout, labels, b"\n".join(parts))


def write_texts(texts: Iterable[PlacedText], height: float) -> bytes:
    """One text object that shows ``texts`` on a form ``height`` points high.

    Characters are written as their own code points; the embedded fonts map these to glyphs.
    """
    parts = ["BT"]
    style: tuple[bool, float, float] | None = None
    for placed in texts:
        if style != (style := (placed.bold, placed.size, placed.gray)):
            face = "B" if placed.bold else "R"
            parts.append(f"/{face} {placed.size:.2f} Tf {placed.gray:.2f} g")
        parts.append(
            f"1 0 0 1 {placed.start:.2f} {height - placed.baseline:.2f} Tm"
            f" <{placed.text.encode('utf-16-be').hex()}> Tj"
        )
    parts.append("ET")
    return "\n".join(parts).encode("ascii")


def _draw_frame(frame: Frame, height: float) -> bytes:
    box = f"{frame.left:.2f} {height - frame.top - frame.height:.2f} {frame.width:.2f} {frame.height:.2f} re"
    filled = "" if frame.fill is None else f"{frame.fill:.2f} g {box} f\n"
    outlined = f"{frame.weight:.2f} w {frame.gray:.2f} G [] 0 d {box} S" if frame.weight else ""
    return (filled + outlined).encode("ascii")


def _draw_rule(rule: Rule, height: float) -> bytes:
    dash = f"[{rule.dash:.2f}]" if rule.dash else "[]"
    return (
        f"{rule.weight:.2f} w {rule.gray:.2f} G {dash} 0 d"
        f" {rule.left:.2f} {height - rule.top:.2f} m {rule.right:.2f} {height - rule.bottom:.2f} l S"
    ).encode("ascii")
