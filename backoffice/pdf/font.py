"""The two typefaces that printed documents embed, with the measures needed to place text.

The files in ``fonts/`` are scaled to 1,000 units an em, so every width here is a whole number of
thousandths of an em: the unit in which PDF stores widths. Nothing is rounded on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import unpack_from

FONTS = Path(__file__).parent / "fonts"
UNITS_PER_EM = 1000
MISSING = "\0"  # stands for any character without a glyph: printed as a box, copied as U+FFFD


@dataclass(frozen=True, eq=False)
class Font:
    """One face. Lengths are thousandths of an em; ``descent`` is negative, as in the file."""

    name: str
    data: bytes
    glyphs: Mapping[int, int]
    widths: Mapping[str, int]
    ascent: int
    descent: int
    cap_height: int
    bounds: tuple[int, int, int, int]

    def width(self, text: str) -> int:
        """Length of cleaned ``text`` set in one line, in thousandths of the font size."""
        return sum(map(self.widths.__getitem__, text))

    def baseline(self, height: float, size: float) -> float:
        """Distance from the top of a line ``height`` high to its baseline, as CSS defines it."""
        content = (self.ascent - self.descent) * size / UNITS_PER_EM
        return (height - content) / 2 + self.ascent * size / UNITS_PER_EM


@cache
def load_font(*, bold: bool = False) -> Font:
    """The regular or the bold face, read once for each process."""
    name = f"InterTabular-{'SemiBold' if bold else 'Regular'}"
    data = (FONTS / f"{name}.ttf").read_bytes()
    tables = _tables(data)
    (units,) = unpack_from(">H", data, tables["head"] + 18)
    if units != UNITS_PER_EM:
        raise ValueError(f"{name} has {units} units an em, not {UNITS_PER_EM}")
    ascent, descent = unpack_from(">hh", data, tables["hhea"] + 4)
    glyphs = _character_map(data, tables["cmap"])
    advances = _advances(data, tables)
    widths = {chr(code): advances[glyph] for code, glyph in glyphs.items()}
    widths[MISSING] = advances[0]
    return Font(
        name=name,
        data=data,
        glyphs=glyphs,
        widths=widths,
        ascent=ascent,
        descent=descent,
        cap_height=unpack_from(">h", data, tables["OS/2"] + 88)[0],
        bounds=unpack_from(">hhhh", data, tables["head"] + 36),
    )


def _tables(data: bytes) -> dict[str, int]:
    """Where each table of a TrueType file begins."""
    (count,) = unpack_from(">H", data, 4)
    records = (unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count))
    return {tag.decode(): offset for tag, _, offset, _ in records}


def _advances(data: bytes, tables: Mapping[str, int]) -> list[int]:
    """Advance width by glyph; the last one stated holds for all glyphs after it."""
    (glyph_count,) = unpack_from(">H", data, tables["maxp"] + 4)
    (stated,) = unpack_from(">H", data, tables["hhea"] + 34)
    pairs = unpack_from(">" + "Hh" * stated, data, tables["hmtx"])
    return [*pairs[::2], *[pairs[-2]] * (glyph_count - stated)]


def _character_map(data: bytes, start: int) -> dict[int, int]:
    """Glyph by code point, from the one format 4 table that the font files have."""
    (offset,) = unpack_from(">I", data, start + 8)
    table = start + offset
    version, length, _, doubled = unpack_from(">HHHH", data, table)
    if version != 4:
        raise ValueError(f"character map of format {version}")
    count = doubled // 2
    words = unpack_from(f">{(length - 14) // 2}H", data, table + 14)
    lasts, firsts = words[:count], words[count + 1 : 2 * count + 1]
    deltas, jumps = words[2 * count + 1 : 3 * count + 1], words[3 * count + 1 :]
    glyphs: dict[int, int] = {}
    for segment in range(count):
        for code in range(firsts[segment], min(lasts[segment], 0xFFFE) + 1):
            glyph = code
            if jump := jumps[segment]:
                glyph = jumps[segment + jump // 2 + code - firsts[segment]]
            if glyph := (glyph + deltas[segment]) & 0xFFFF:
                glyphs[code] = glyph
    return glyphs
