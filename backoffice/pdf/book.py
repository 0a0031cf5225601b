"""A PDF document made of stamped pages: shared fonts, shared forms, pages as they come."""

import zlib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple, Self

from backoffice.pdf.font import MISSING, Font, load_font
from backoffice.pdf.stamp import Stamp
from backoffice.pdf.writer import Output, PdfWriter, text_string

PAGES_A_NODE = 100
PRODUCER = "Retaguarda"


class Placement(NamedTuple):
    """A stamped form on a page: its stamp, the values' drawing, and where its corner stands."""

    stamp: Stamp
    content: bytes
    left: float = 0.0
    top: float = 0.0


class _Bookmark(NamedTuple):
    number: int
    previous: int | None
    page: int
    title: str


class Book:
    """A document being written to a stream, page by page, in bounded memory.

    Use it in a ``with`` block: leaving the block without an error completes the file.
    """

    def __init__(self, out: Output, *, title: str, language: str) -> None:
        self._pdf = PdfWriter(out)
        self._title, self._language = title, language
        self._root, self._tree, self._resources = (self._pdf.allocate() for _ in range(3))
        self._fonts = self._write_fonts()
        self._forms: dict[Stamp, int] = {}
        self._nodes: list[int] = []
        self._node, self._leaves, self._pages = 0, list[int](), 0
        self._outline, self._first_bookmark, self._bookmarks = 0, 0, 0
        self._pending: _Bookmark | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._close()

    def add_page(
        self, size: tuple[float, float], placements: Sequence[Placement], bookmark: str = ""
    ) -> None:
        """Append one page; ``bookmark`` lists it in the reader's contents panel under that name."""
        width, height = size
        drawing = self._pdf.put_stream(
            b"\n".join(
                b"q 1 0 0 1 %.2f %.2f cm /S%d Do\n%b\nQ"
                % (
                    placement.left,
                    height - placement.top - placement.stamp.layout.height,
                    self._form(placement.stamp),
                    placement.content,
                )
                for placement in placements
            )
        )
        self._node = self._node or self._pdf.allocate()
        page = self._pdf.put(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f]"
            b" /Resources %d 0 R /Contents %d 0 R >>"
            % (self._node, width, height, self._resources, drawing)
        )
        self._pages += 1
        self._leaves.append(page)
        if len(self._leaves) == PAGES_A_NODE:
            self._close_node()
        if bookmark:
            self._add_bookmark(page, bookmark)

    def _form(self, stamp: Stamp) -> int:
        """Object number of a stamp's drawing, written when it is first needed."""
        if stamp not in self._forms:
            entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources << %b >>" % (
                stamp.layout.width,
                stamp.layout.height,
                self._fonts,
            )
            self._forms[stamp] = self._pdf.put_stream(stamp.drawing, entries)
        return self._forms[stamp]

    def _close_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % page for page in self._leaves)
        self._pdf.put(
            b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [%b] >>"
            % (self._tree, len(self._leaves), kids),
            self._node,
        )
        self._nodes.append(self._node)
        self._node, self._leaves = 0, []

    def _add_bookmark(self, page: int, title: str) -> None:
        """Hold a bookmark back until its successor is known."""
        self._outline = self._outline or self._pdf.allocate()
        number = self._pdf.allocate()
        previous = self._pending.number if self._pending else None
        self._put_bookmark(following=number)
        self._first_bookmark = self._first_bookmark or number
        self._pending = _Bookmark(number, previous, page, title)
        self._bookmarks += 1

    def _put_bookmark(self, following: int | None) -> None:
        if held := self._pending:
            self._pdf.put(
                b"<< /Title %b /Parent %d 0 R /Dest [%d 0 R /Fit]%b%b >>"
                % (
                    text_string(held.title),
                    self._outline,
                    held.page,
                    b" /Prev %d 0 R" % held.previous if held.previous else b"",
                    b" /Next %d 0 R" % following if following else b"",
                ),
                held.number,
            )

    def _close(self) -> None:
        if self._leaves:
            self._close_node()
        kids = b" ".join(b"%d 0 R" % number for number in self._nodes)
        self._pdf.put(b"<< /Type /Pages /Count %d /Kids [%b] >>" % (self._pages, kids), self._tree)
        forms = b" ".join(b"/S%d %d 0 R" % (number, number) for number in self._forms.values())
        self._pdf.put(b"<< %b /XObject << %b >> >>" % (self._fonts, forms), self._resources)
        self._pdf.put(
            b"<< /Type /Catalog /Pages %d 0 R /Lang %b"
            b" /ViewerPreferences << /DisplayDocTitle true >>%b >>"
            % (self._tree, text_string(self._language), self._close_outline()),
            self._root,
        )
        info = self._pdf.put(
            b"<< /Title %b /Producer %b >>" % (text_string(self._title), text_string(PRODUCER))
        )
        self._pdf.close(root=self._root, info=info)

    def _close_outline(self) -> bytes:
        """Finish the bookmarks; the catalog entries that name them, nothing if there are none."""
        if not self._pending:
            return b""
        self._put_bookmark(following=None)
        self._pdf.put(
            b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>"
            % (self._first_bookmark, self._pending.number, self._bookmarks),
            self._outline,
        )
        return b" /Outlines %d 0 R /PageMode /UseOutlines" % self._outline

    def _write_fonts(self) -> bytes:
        """Embed both faces; the resource entry that names them."""
        unicode_map = self._pdf.put_compressed(_unicode_map())
        faces = (
            b"/%b %d 0 R" % (name, _write_font(self._pdf, load_font(bold=bold), unicode_map))
            for name, bold in ((b"R", False), (b"B", True))
        )
        return b"/Font << %b >>" % b" ".join(faces)


def _write_font(pdf: PdfWriter, font: Font, unicode_map: int) -> int:
    """A composite font whose character codes are Unicode code points."""
    packed, glyph_map, widths = _packed(font)
    file = pdf.put_compressed(packed, b"/Length1 %d" % len(font.data))
    glyphs = pdf.put_compressed(glyph_map)
    name = b"RETAGA+" + font.name.encode("ascii")
    descriptor = pdf.put(
        b"<< /Type /FontDescriptor /FontName /%b /Flags 32 /ItalicAngle 0 /StemV 80"
        b" /FontBBox [%d %d %d %d] /Ascent %d /Descent %d /CapHeight %d /FontFile2 %d 0 R >>"
        % (name, *font.bounds, font.ascent, font.descent, font.cap_height, file)
    )
    descendant = pdf.put(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%b"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /FontDescriptor %d 0 R /CIDToGIDMap %d 0 R /DW %d /W [%b] >>"
        % (name, descriptor, glyphs, font.widths[MISSING], widths)
    )
    return pdf.put(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /%b /Encoding /Identity-H"
        b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (name, descendant, unicode_map)
    )


@cache
def _packed(font: Font) -> tuple[bytes, bytes, bytes]:
    """What is the same in every document: font file, glyph by code point, widths by code point."""
    glyph_map = bytearray(2 * (max(font.glyphs) + 1))
    widths: list[bytes] = []
    previous = None
    for code, glyph in sorted(font.glyphs.items()):
        glyph_map[2 * code : 2 * code + 2] = glyph.to_bytes(2, "big")
        if previous is None or code != previous + 1:
            widths.append((b"] " if widths else b"") + b"%d [" % code)
        widths.append(b"%d " % font.widths[chr(code)])
        previous = code
    widths.append(b"]")
    return zlib.compress(font.data, 9), zlib.compress(bytes(glyph_map), 9), b"".join(widths)


@cache
def _unicode_map() -> bytes:
    """The table by which a reader copies text: each code stands for itself, the box for U+FFFD."""
    codes = sorted(load_font().glyphs)
    firsts = [c for p, c in pairwise([-1, *codes]) if c != p + 1 or c % 256 == 0]
    lasts = [c for c, n in pairwise([*codes, -1]) if n != c + 1 or n % 256 == 0]
    ranges = [
        b"<%04x> <%04x> <%04x>" % (first, last, first)
        for first, last in zip(firsts, lasts, strict=True)
    ]
    blocks = (ranges[start : start + 100] for start in range(0, len(ranges), 100))
    body = b"\n".join(
        b"%d beginbfrange\n%b\nendbfrange" % (len(block), b"\n".join(block)) for block in blocks
    )
    return zlib.compress(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"1 beginbfchar <0000> <fffd> endbfchar\n"
        + body
        + b"\nendcmap CMapName currentdict /CMap defineresource pop end end",
        9,
    )
