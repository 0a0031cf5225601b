"""Files of every kind, made on the spot, and documents of employees."""

import io
import struct
import zipfile
import zlib
from itertools import count
from typing import Any

import pikepdf
from PIL import Image

from backoffice.files import services
from backoffice.files.inspection import CheckedFile, inspect
from backoffice.files.models import Attachment
from backoffice.organization.models import Company
from tests.factories import people
from tests.factories.objects import body_for, factory_for

_numbers = count(1)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """A picture, each call another one."""
    shade = next(_numbers) % 256
    out = io.BytesIO()
    Image.new("RGB", size, (shade, 120, 255 - shade)).save(out, format=kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, change: Any = None) -> bytes:
    """A PDF; ``change`` gets the pikepdf document before it is saved."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page(page_size=(200, 300))
        document.docinfo["/Title"] = f"Documento {next(_numbers)}"
        if change is not None:
            change(document)
        document.save(out)
    return out.getvalue()


def package(parts: dict[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def word(extra: dict[str, bytes] | None = None) -> bytes:
    """A Word document as far as anybody looks into it."""
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
    return package(parts | (extra or {}))


def huge_png(width: int, height: int) -> bytes:
    """A PNG that announces far more pixels than its few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def checked(content: bytes = b"", name: str = "documento.pdf") -> CheckedFile:
    """A file that was looked into."""
    return inspect(name, content or pdf())


def attach(company: Company, owner_id: int, **over: Any) -> Attachment:
    """A document of an employee."""
    given: dict[str, Any] = {
        "owner": "hr.employee",
        "category": "identity",
        "file": checked(),
    } | over
    return services.add_attachment(people.system(company), owner_id=owner_id, **given)


@factory_for("backoffice.attachment")
def attachment(company: Company, **over: Any) -> Attachment:
    return attach(company, people.hire(company).pk, title=f"Documento {next(_numbers)}")


@body_for("backoffice.attachment.change")
def about(company: Company, record: Any) -> dict[str, Any]:
    return {"title": f"Documento {next(_numbers)}"}


@body_for("backoffice.attachment.remove")
def why(company: Company, record: Any) -> dict[str, Any]:
    return {"why": f"Duplicado {next(_numbers)}"}
