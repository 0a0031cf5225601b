"""What runs inside the sandbox: open PDF, pictures and office packages, check and clean them, draw them.

Nothing here touches the database, settings or files; libraries are imported by the process that is
about to fork, or here.
"""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from backoffice.files.rules import FileKind

MOST_PIXELS = 50_000_000
MOST_PAGES = 3_000
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
READ_AT_ONCE = 1 << 20
JPEG_QUALITY = 92
FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP"}

ACTIVE_NAMES = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA"}
    | {"/SubmitForm", "/ImportData", "/GoToE", "/Sound", "/Movie"}
)
PACKAGES = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
}


class Refused(Exception):
    """The content is not kept; the only argument is the code that says why."""


def _refuse_if(wrong: bool, code: str) -> None:  # noqa: FBT001  reads as a sentence
    if wrong:
        raise Refused(code)


def look(kind: FileKind, content: bytes) -> bytes:
    """One line of JSON (type and pages, or the refusal), then the cleaned content if it differs."""
    kept = b""
    try:
        if kind.is_image:
            kept, pages = clean_image(kind, content), 1
        elif kind is FileKind.PDF:
            pages = check_pdf(content)
        else:
            kind, pages = check_package(content), 0
    except Refused as refusal:
        return json.dumps({"refused": refusal.args[0]}).encode()
    return json.dumps({"type": kind.value, "pages": pages}).encode() + b"\n" + kept


# --- pictures -------------------------------------------------------------------------------------


def clean_image(kind: FileKind, content: bytes) -> bytes:
    """The picture drawn again: no place, no camera, no comment, nothing behind its end.

    Raises:
        Refused: ``image_too_large``, ``image_moves``, ``file_damaged``.
    """
    from PIL import Image, ImageFile, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the limit below is ours, and it refuses
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint allows them in its whole process
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[kind]]) as found:
            _refuse_if(found.width * found.height > MOST_PIXELS, "image_too_large")
            _refuse_if(getattr(found, "n_frames", 1) > 1, "image_moves")
            found.load()
            image = ImageOps.exif_transpose(found)
    except Refused:
        raise
    except MemoryError:
        raise Refused("image_too_large") from None
    except Exception:
        raise Refused("file_damaged") from None
    known = {"icc_profile", "transparency"}
    image.info = {name: value for name, value in image.info.items() if name in known}
    out = BytesIO()
    profile = image.info.get("icc_profile")
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if kind is not FileKind.PNG:
        options["quality"] = JPEG_QUALITY
    image.save(out, format=FORMATS[kind], exif=b"", **options)
    return out.getvalue()


# --- PDF ------------------------------------------------------------------------------------------


def check_pdf(content: bytes) -> int:
    """How many pages a PDF has.

    Raises:
        Refused: It is also something else, protected, damaged, or carries programs or files.
    """
    import pikepdf

    if not content.rstrip(b"\r\n\t \0").endswith(b"%%EOF") or zipfile.is_zipfile(BytesIO(content)):
        raise Refused("file_ambiguous")
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            _refuse_if(pdf.is_encrypted, "file_protected")
            _refuse_if(any(_is_active(each) for each in pdf.objects), "file_active")
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Refused("file_protected") from None
    except pikepdf.PdfError:
        raise Refused("file_damaged") from None
    if not 1 <= pages <= MOST_PAGES:
        raise Refused("file_damaged")
    return pages


def _is_active(found: Any) -> bool:  # noqa: ANN401  any object of a PDF
    """Whether an object, or what stands directly inside it, starts programs or carries files."""
    import pikepdf

    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            for name, value in each.items():
                if name in ACTIVE_NAMES:
                    return True
                waiting.append(value)
            kind = each.get("/S")
            if isinstance(kind, pikepdf.Name) and str(kind) in ACTIVE_NAMES:
                return True
        elif isinstance(each, pikepdf.Array):
            waiting.extend(part for part in each if not getattr(part, "is_indirect", False))
        waiting = [part for part in waiting if not getattr(part, "is_indirect", False)]
    return False


def draw_page(kind: FileKind, content: bytes, number: int, width: int) -> bytes:
    """One page of a PDF, or a picture, as JPEG of at most this width; for previews."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    if kind.is_image:
        with Image.open(BytesIO(content), formats=[FORMATS[kind]]) as found:
            found.draft("RGB", (width, width))
            image = found.convert("RGB")
    else:
        import pypdfium2

        with pypdfium2.PdfDocument(content) as document:
            page = document[number - 1]
            scale = min(width / max(page.get_width(), 1), 2 * width / max(page.get_height(), 1))
            image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    image.thumbnail((width, 2 * width))
    out = BytesIO()
    image.save(out, format="JPEG", quality=80)
    return out.getvalue()


# --- office packages --------------------------------------------------------------------------------


def check_package(content: bytes) -> FileKind:
    """Which office document a ZIP package is; every part is unpacked once, with a limit.

    Raises:
        Refused: It is no such document, unpacks too large, or carries macros.
    """
    if content[-22:-18] != b"PK\x05\x06":
        raise Refused("file_ambiguous")  # something follows the directory, or there is none
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _refuse_if(len(parts) > MOST_PARTS, "file_unpacks_too_large")
            announced = sum(part.file_size for part in parts)
            _refuse_if(announced > MOST_UNPACKED, "file_unpacks_too_large")
            _refuse_if(any(part.flag_bits & 1 for part in parts), "file_protected")
            names = [part.filename for part in parts]
            _refuse_if(len(set(names)) != len(names), "file_ambiguous")
            _refuse_if(any(_leaves(name) for name in names), "file_ambiguous")
            _unpack(package, parts)
            kind = _package_kind(package, names)
    except Refused:
        raise
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, KeyError):
        raise Refused("file_damaged") from None
    if any(mark in f"/{name.lower()}" for name in names for mark in _marks(kind)):
        raise Refused("file_active")
    return kind


def _leaves(name: str) -> bool:
    """Whether a part would be written outside the folder that it is unpacked to."""
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _unpack(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Read every part to its end; the sizes in the directory may lie."""
    total = 0
    for part in parts:
        for size in _sizes(package, part):
            total += size
            if total > MOST_UNPACKED:
                raise Refused("file_unpacks_too_large")


def _sizes(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    with package.open(part) as stream:
        while data := stream.read(READ_AT_ONCE):
            yield len(data)


def _package_kind(package: zipfile.ZipFile, names: list[str]) -> FileKind:
    if "[Content_Types].xml" in names:
        for part, kind in PACKAGES.items():
            if part in names:
                return kind
    if names and names[0] == "mimetype":
        declared = package.read("mimetype").decode("ascii", "replace").strip()
        if declared in {FileKind.ODT, FileKind.ODS}:
            return FileKind(declared)
    raise Refused("file_type_refused")


def _marks(kind: FileKind) -> tuple[str, ...]:
    """Parts of names that tell of macros, in the kind of package that has them."""
    if kind in {FileKind.ODT, FileKind.ODS}:
        return ("/basic/", "/scripts/")
    return ("vbaproject.bin", "/macrosheets/", "/activex/", "/embeddings/")
