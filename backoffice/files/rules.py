"""What a file may be called and what it claims to be: pure functions over names and first bytes."""

import re
import unicodedata
from enum import StrEnum

LONGEST_NAME = 120
SIGNATURES_IN = 1024
MARKUP = (b"<html", b"<script", b"<!doctype", b"<svg", b"<?xml", b"<iframe", b"<body")


class FileKind(StrEnum):
    """The kinds of file that people may bring in, by their media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"

    @property
    def suffix(self) -> str:
        """The ending of a file's name: ``.pdf``."""
        return _SUFFIXES[self]

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.value.startswith("image/")


_SUFFIXES = {
    FileKind.PDF: ".pdf",
    FileKind.JPEG: ".jpg",
    FileKind.PNG: ".png",
    FileKind.WEBP: ".webp",
    FileKind.DOCX: ".docx",
    FileKind.XLSX: ".xlsx",
    FileKind.ODT: ".odt",
    FileKind.ODS: ".ods",
}

ACCEPTED = ",".join(_SUFFIXES.values()) + ",.jpeg"
"""For the file chooser of browsers; what is accepted is decided by the content."""


def claimed(content: bytes) -> FileKind | None:
    """What the first bytes claim; DOCX stands for every package, which its parts tell apart.

    The signature must be the very first bytes: readers that look further also find what somebody
    hid behind another format.
    """
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(b"PK\x03\x04"):
        return FileKind.DOCX
    return None


def looks_like_markup(content: bytes) -> bool:
    """Whether the beginning holds tags that a browser could take for a page."""
    head = content[:SIGNATURES_IN].lower()
    return any(tag in head for tag in MARKUP)


def safe_name(name: str, suffix: str) -> str:
    """A file name that means no path and no trick on any system, with the ending of its real type.

    Folders, control characters, marks that turn the direction of writing, and characters that
    Windows refuses are taken out; the rest is cut to 120 characters.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem, _dot, ending = kept.rpartition(".")
    if not stem or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem = kept
    stem = re.sub(r"\s+", " ", stem).strip(" .")
    return (stem[: LONGEST_NAME - len(suffix)].rstrip(" .") or "arquivo") + suffix
