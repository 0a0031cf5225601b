"""What is taken in and what is refused: attacks with content, names and sizes."""

import gzip
import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backoffice.errors import InvalidInput
from backoffice.files import decoders
from backoffice.files.inspection import WHY, inspect
from backoffice.files.rules import LONGEST_NAME, FileKind, safe_name
from tests.factories import files

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refused(content: bytes, name: str = "x.pdf") -> str:
    with pytest.raises(InvalidInput) as refusal:
        inspect(name, content)
    assert set(refusal.value.fields) == {"file"}
    assert str(refusal.value)
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "kind", "suffix"),
    [
        (files.pdf(3), "application/pdf", ".pdf"),
        (files.picture("JPEG"), "image/jpeg", ".jpg"),
        (files.picture("PNG"), "image/png", ".png"),
        (files.picture("WEBP"), "image/webp", ".webp"),
        (files.word(), FileKind.DOCX.value, ".docx"),
        (
            files.package({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}),
            FileKind.XLSX.value,
            ".xlsx",
        ),
        (
            files.package({"mimetype": FileKind.ODT.value.encode(), "content.xml": b"<c/>"}),
            FileKind.ODT.value,
            ".odt",
        ),
    ],
)
def test_the_type_is_what_the_content_is_whatever_the_name_says(
    content: bytes, kind: str, suffix: str
) -> None:
    found = inspect("atestado.exe", content)
    assert (found.content_type, found.name) == (kind, f"atestado{suffix}")


def test_pages_are_counted_and_documents_are_kept_byte_for_byte() -> None:
    content = files.pdf(3)
    found = inspect("a.pdf", content)
    assert (found.pages, found.content) == (3, content)
    assert inspect("a.docx", files.word()).pages == 0
    assert inspect("a.png", files.picture("PNG")).pages == 1


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\0" + b"\0" * 60,
        b"\x7fELF" + b"\0" * 60,
        b"#!/bin/sh\nrm -rf /\n",
        EICAR,
        b"just words",
        gzip.compress(b"0" * 1000, mtime=0),
        files.package({"readme.txt": b"a plain archive"}),
        files.package({"[Content_Types].xml": b"<T/>", "ppt/presentation.xml": b"<p/>"}),
        files.picture("GIF"),
        files.picture("BMP"),
        files.picture("TIFF"),
        b"GIF89a" + files.pdf(),
        b"\n" + files.pdf(),
    ],
)
def test_what_is_none_of_the_accepted_kinds_is_refused(content: bytes) -> None:
    assert refused(content) == "file_type_refused"


def test_nothing_and_too_much_are_refused_before_anything_is_opened(settings: object) -> None:
    settings.FILES_MAX_BYTES = 1000  # type: ignore[attr-defined]
    assert refused(b"") == "file_empty"
    assert refused(b"%PDF-" + b"0" * 1000) == "file_too_large"


def test_a_document_that_is_also_a_page_or_an_archive_is_refused() -> None:
    page = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n" + files.pdf()
    assert refused(page) == "file_ambiguous"
    assert refused(files.pdf() + files.word()) == "file_ambiguous"
    assert refused(files.pdf() + b"<script>alert(1)</script>") == "file_ambiguous"
    hidden = files.package({"payload.html": SVG}, compress=zipfile.ZIP_STORED)
    comment = files.pdf()
    assert refused(comment[:9] + hidden + comment[9:]) in {"file_ambiguous", "file_damaged"}
    assert refused(files.word() + b"trailing") == "file_ambiguous"
    assert refused(files.word() + SVG) == "file_ambiguous"


def test_what_stands_behind_or_inside_a_picture_does_not_survive() -> None:
    secret = b"<script>alert(document.cookie)</script>"
    content = files.picture("JPEG", comment=secret) + secret + files.word()
    found = inspect("a.jpg", content)
    assert b"<script>" in content
    assert b"<script>" not in found.content
    assert b"PK\x03\x04" not in found.content
    assert found.received_sha256 != inspect("b.jpg", found.content).received_sha256


def test_pictures_lose_place_and_camera_and_keep_standing_upright() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Fabricante"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (23.0, 33.0, 1.0)
    content = files.picture("JPEG", size=(80, 40), exif=exif)
    assert b"Fabricante" in content
    for kind in ("JPEG", "PNG", "WEBP"):
        given = files.picture(kind, size=(80, 40), exif=exif)
        found = inspect("foto", given)
        with Image.open(io.BytesIO(found.content)) as image:
            assert image.size == (40, 80), kind
            assert not dict(image.getexif()), kind
        assert b"Fabricante" not in found.content


def test_a_small_file_of_endless_pixels_is_refused_without_unpacking_it() -> None:
    content = files.huge_png(50_000, 50_000)
    assert len(content) < 1000
    assert refused(content, "a.png") == "image_too_large"


def test_a_picture_that_lies_about_its_content_is_damaged() -> None:
    assert refused(files.huge_png(600, 600), "a.png") == "file_damaged"
    assert refused(files.picture("JPEG")[:200], "a.jpg") == "file_damaged"


def test_moving_pictures_are_refused() -> None:
    frames = [Image.new("RGB", (10, 10), (shade, 0, 0)) for shade in (10, 200)]
    out = io.BytesIO()
    frames[0].save(out, format="PNG", save_all=True, append_images=frames[1:])
    assert refused(out.getvalue(), "a.png") == "image_moves"


def test_a_bomb_is_refused_by_what_it_announces_and_by_what_it_really_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = files.word({"word/media/a.bin": b"\0" * (decoders.MOST_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    assert refused(bomb) == "file_unpacks_too_large"
    monkeypatch.setattr(decoders, "MOST_UNPACKED", 1000)
    lying = bytearray(files.word({"word/media/a.bin": b"\0" * 100_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = lying.rindex(mark)
        lying[place + offset : place + offset + 4] = (5).to_bytes(4, "little")
    assert refused(bytes(lying)) in {"file_unpacks_too_large", "file_damaged"}


def test_thousands_of_parts_are_refused() -> None:
    parts = {f"word/p{number}.xml": b"" for number in range(decoders.MOST_PARTS)}
    assert refused(files.word(parts)) == "file_unpacks_too_large"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\autoexec", "a\\..\\..\\b"]
)
def test_parts_that_would_leave_their_folder_are_refused(name: str) -> None:
    assert refused(files.word({name: b"x"})) == "file_ambiguous"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(files.word())
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("word/document.xml", b"<other/>")
    assert refused(out.getvalue()) == "file_ambiguous"


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "xl/macrosheets/sheet1.xml", "word/embeddings/oleObject1.bin"]
)
def test_macros_and_embedded_programs_are_refused(name: str) -> None:
    assert refused(files.word({name: b"x"})) == "file_active"


def _script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
    document.Root.OpenAction = action


def _hidden_script(document: pikepdf.Pdf) -> None:
    action = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name("/JavaScript")))
    document.pages[0].AA = pikepdf.Dictionary(O=action)


def _launch(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="cmd.exe")


def _attachment(document: pikepdf.Pdf) -> None:
    document.attachments["programa.exe"] = b"MZ"


@pytest.mark.parametrize("change", [_script, _hidden_script, _launch, _attachment])
def test_a_pdf_with_programs_or_files_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert refused(files.pdf(change=change)) == "file_active"


def test_a_program_in_a_compressed_stream_of_objects_is_found() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(files.pdf(change=_hidden_script))) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    assert refused(out.getvalue()) == "file_active"


def test_a_protected_pdf_and_a_broken_one_are_refused_each_with_its_reason() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(files.pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert refused(out.getvalue()) == "file_protected"
    assert refused(b"%PDF-1.7\nnothing\n%%EOF") == "file_damaged"


def test_a_decoder_that_dies_or_hangs_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def loop(_content: bytes) -> int:
        while True:
            pass

    def swell(_content: bytes) -> int:
        return len(b"x" * 4_000_000_000)

    monkeypatch.setattr("backoffice.files.inspection.CPU_SECONDS", 1)
    for bad in (loop, swell):
        monkeypatch.setattr(decoders, "check_pdf", bad)
        assert refused(files.pdf()) == "file_damaged"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("/absolute/nota.pdf", "nota.pdf"),
        ("C:\\temp\\nota.pdf", "nota.pdf"),
        ("nota\0.exe", "nota.pdf"),
        ("nota\u202efdp.exe", "notafdp.pdf"),
        ("a" * 300 + ".pdf", "a" * (LONGEST_NAME - 4) + ".pdf"),
        ("  . ", "arquivo.pdf"),
        ("", "arquivo.pdf"),
        ('con<>:"|?*.pdf', "con.pdf"),
        ("Certidão de nascimento.PDF", "Certidão de nascimento.pdf"),
        ("linha\r\nSet-Cookie: a=b.pdf", "linhaSet-Cookie a=b.pdf"),
    ],
)
def test_names_mean_no_path_and_no_trick(name: str, safe: str) -> None:
    assert safe_name(name, ".pdf") == safe


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_name(name, ".pdf")
    assert safe.endswith(".pdf")
    assert len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\<>:"|?*\0\r\n')
    assert safe_name(safe, ".pdf") == safe


@given(
    st.binary(max_size=300),
    st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"]),
)
def test_rubbish_behind_a_signature_is_refused_and_never_a_fault(rest: bytes, head: bytes) -> None:
    kind = FileKind(
        {
            b"%P": "application/pdf",
            b"\xff\xd8": "image/jpeg",
            b"PK": FileKind.DOCX.value,
        }.get(head[:2], "image/png")
    )
    assert b"refused" in decoders.look(kind, head + rest)


def test_every_reason_is_a_sentence() -> None:
    assert all(str(text).endswith(".") for text in WHY.values())
