"""Reads PDFs back with two independent libraries, as the tests of printed documents need it."""

import ctypes
import io
from typing import Any, NamedTuple

import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image


class Glyph(NamedTuple):
    """A visible character and the start of its baseline, in points from the bottom left."""

    character: str
    x: float
    y: float


def glyphs(data: bytes, page: int = 0) -> list[Glyph]:
    """The visible characters of one page in the order in which they are drawn."""
    found: list[Glyph] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    with pypdfium2.PdfDocument(data) as document:
        sheet = document[page]
        text = sheet.get_textpage()
        for index in range(text.count_chars()):
            character = chr(pdfium.FPDFText_GetUnicode(text, index))
            if character.isspace() or pdfium.FPDFText_IsGenerated(text, index):
                continue
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            found.append(Glyph(character, x.value, y.value))
        text.close()
        sheet.close()
    return found


def page_texts(data: bytes) -> list[str]:
    """The text of each page as pypdf extracts it."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def pdfium_text(data: bytes) -> str:
    """The text of all pages as Chrome's library extracts it."""
    with pypdfium2.PdfDocument(data) as document:
        texts = []
        for sheet in document:
            text = sheet.get_textpage()
            texts.append(text.get_text_bounded())
            text.close()
            sheet.close()
    return "\n".join(texts)


def picture(data: bytes, page: int = 0, scale: float = 2.0) -> Image.Image:
    """One page as greys."""
    with pypdfium2.PdfDocument(data) as document:
        sheet = document[page]
        image: Image.Image = sheet.render(scale=scale).to_pil().convert("L")
        sheet.close()
    return image


def problems(data: bytes) -> list[str]:
    """What a strict reader complains of."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return list(document.check_pdf_syntax())


def catalog(data: bytes) -> Any:
    """The root object of the document."""
    return pypdf.PdfReader(io.BytesIO(data)).root_object


def bookmarks(data: bytes) -> list[tuple[str, int]]:
    """Title and page index of each entry of the contents panel."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    entries: Any = reader.outline
    return [(entry.title, int(reader.get_destination_page_number(entry) or 0)) for entry in entries]


def squeezed(text: str) -> str:
    """``text`` without any white space, which readers add and drop as they like."""
    return "".join(text.split())
