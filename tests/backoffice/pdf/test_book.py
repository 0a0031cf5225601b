import io
import re
import tracemalloc
from hashlib import sha256

import pikepdf
import pypdf
import pytest

from backoffice.pdf import A4, Book, Box, Label, Layout, Placement, Stamp, compile_layout
from backoffice.pdf.font import load_font
from backoffice.pdf.text import clean
from backoffice.pdf.writer import PdfWriter
from tests.backoffice.pdf.reading import (
    bookmarks,
    catalog,
    glyphs,
    page_texts,
    pdfium_text,
    problems,
    squeezed,
)


@pytest.fixture(scope="module")
def stamp() -> Stamp:
    return compile_layout(
        Layout(
            width=300,
            height=50,
            labels=(Label("Nome", Box(left=0, top=0, width=80, height=10, size=8)),),
            fields={"name": Box(left=0, top=20, width=300, height=10, size=8)},
        )
    )


def printed(stamp: Stamp, names: list[str], *, bookmarks: bool = False) -> bytes:
    out = io.BytesIO()
    with Book(out, title="Relação (teste) \\ Ñ €", language="pt-BR") as book:
        for name in names:
            content = stamp.content({"name": name})
            book.add_page(A4, [Placement(stamp, content, 20, 30)], name if bookmarks else "")
    return out.getvalue()


def test_three_readers_open_it_without_complaint(stamp: Stamp) -> None:
    data = printed(stamp, ["São João d’Água", "Ñandú, 5 €"])
    assert problems(data) == []
    assert [squeezed(text) for text in page_texts(data)] == [
        "NomeSãoJoãod’Água",
        "NomeÑandú,5€",
    ]
    assert "São João d’Água" in pdfium_text(data)


def test_it_says_its_title_and_language(stamp: Stamp) -> None:
    data = printed(stamp, ["Ana"])
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == "Relação (teste) \\ Ñ €"
    assert catalog(data)["/Lang"] == "pt-BR"
    assert bool(catalog(data)["/ViewerPreferences"]["/DisplayDocTitle"])


def test_text_is_embedded_in_two_faces(stamp: Stamp) -> None:
    with pikepdf.open(io.BytesIO(printed(stamp, ["Ana"]))) as document:
        fonts = document.pages[0].Resources.Font
        assert sorted(fonts.keys()) == ["/B", "/R"]
        assert all(
            "/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts.values()
        )


def test_every_character_of_the_typefaces_can_be_copied(stamp: Stamp) -> None:
    characters = [chr(code) for code in sorted(load_font().glyphs) if not chr(code).isspace()]
    names = ["".join(characters[start : start + 40]) for start in range(0, len(characters), 40)]
    data = printed(stamp, names)
    assert [squeezed(text) for text in page_texts(data)] == [f"Nome{clean(n)}" for n in names]


def test_a_character_that_the_typefaces_lack_is_copied_as_unknown(stamp: Stamp) -> None:
    data = printed(stamp, ["王 Ana"])
    assert squeezed(page_texts(data)[0]) == "Nome\ufffdAna"
    assert [glyph.character for glyph in glyphs(data)][4:5] == ["\ufffd"]


def test_pages_share_fonts_and_form(stamp: Stamp) -> None:
    one, many = (len(printed(stamp, ["Ana"] * count)) for count in (1, 201))
    assert (many - one) / 200 < 500


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_any_number_of_pages_keeps_its_order(stamp: Stamp, count: int) -> None:
    names = [f"Pessoa {number}" for number in range(count)]
    data = printed(stamp, names, bookmarks=True)
    assert problems(data) == []
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == count
    assert bookmarks(data) == list(zip(names, range(count), strict=True))
    nodes = [node.get_object()["/Count"] for node in catalog(data)["/Pages"]["/Kids"]]
    assert nodes == [100] * (count // 100) + [count % 100] * bool(count % 100)
    for index in range(0, count, 50):
        assert names[index] in reader.pages[index].extract_text()


def test_equal_content_gives_equal_bytes_and_other_content_another_identifier(
    stamp: Stamp,
) -> None:
    first, again, other = (printed(stamp, [name]) for name in ("Ana", "Ana", "Eva"))
    assert first == again
    identifiers = {re.search(rb"/ID \[<(\w+)>", data)[1] for data in (first, other)}  # type: ignore[index]
    assert len(identifiers) == 2


def test_an_error_inside_leaves_no_complete_file(stamp: Stamp) -> None:
    out = io.BytesIO()
    book = Book(out, title="x", language="pt-BR")
    with pytest.raises(ValueError, match="values and fields differ"), book:
        book.add_page(A4, [Placement(stamp, stamp.content({}))])
    assert b"%%EOF" not in out.getvalue()


def test_memory_does_not_grow_with_the_pages(stamp: Stamp) -> None:
    class Sink:
        def write(self, data: bytes, /) -> None:
            pass

    def peak(count: int) -> int:
        tracemalloc.start()
        with Book(Sink(), title="x", language="pt-BR") as book:
            for _ in range(count):
                book.add_page(A4, [Placement(stamp, stamp.content({"name": "Ana"}))], "Ana")
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1)
    assert (peak(1100) - peak(100)) / 1000 < 100


def test_an_object_promised_and_not_written_is_an_error() -> None:
    out = io.BytesIO()
    writer = PdfWriter(out)
    root = writer.put(b"<< >>")
    writer.allocate()
    with pytest.raises(ValueError, match="never written"):
        writer.close(root=root, info=root)


def test_anything_that_takes_bytes_will_do(stamp: Stamp) -> None:
    class Hash:
        digest = sha256()

        def write(self, data: bytes, /) -> None:
            self.digest.update(data)

    out = Hash()
    with Book(out, title="Relação (teste) \\ Ñ €", language="pt-BR") as book:
        book.add_page(A4, [Placement(stamp, stamp.content({"name": "Ana"}), 20, 30)])
    assert out.digest.digest() == sha256(printed(stamp, ["Ana"])).digest()
