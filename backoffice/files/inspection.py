"""Look into a file that somebody brings, before anything is kept: its type is what it contains.

Decoders run in a forked process with limits on memory and time (``sandbox``): what makes them loop,
swell or crash costs that process only.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.errors import InvalidInput
from backoffice.files import decoders
from backoffice.files.rules import FileKind, claimed, looks_like_markup, safe_name
from backoffice.files.sandbox import MEBIBYTE, WorkFailed, run_limited

MEMORY = 768 * MEBIBYTE
CPU_SECONDS = 20
WALL_SECONDS = 40.0

WHY: dict[str, str | Promise] = {
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(most)s MB."),
    "file_type_refused": _(
        "Files of this type are not kept here. Send PDF, JPEG, PNG, WebP, Word, Excel or OpenDocument."
    ),
    "file_ambiguous": _("The file is two things at once. Save it again as a plain document."),
    "file_damaged": _("The file is damaged and cannot be opened."),
    "file_protected": _("The file is protected by a password. Send it without one."),
    "file_active": _(
        "The file contains programs or other files. Print it to a plain PDF, or save it without macros."
    ),
    "file_unpacks_too_large": _("The file would unpack to something far too large."),
    "image_too_large": _("The picture has more than %(pixels)s million pixels."),
    "image_moves": _("Moving pictures are not kept here."),
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was looked into; only ``inspect`` makes one.

    Attributes:
        name: Safe, with the ending of the real type.
        content_type: What it is, whatever it was called.
        content: What is kept: as received, but pictures without what the camera wrote beside them.
        received_sha256: Hash of what was received, in hexadecimal digits.
        pages: Pages of a PDF; 1 for a picture; 0 where nothing can be shown.
    """

    name: str
    content_type: str
    content: bytes = field(repr=False)
    received_sha256: str
    pages: int


def inspect(name: str, content: bytes) -> CheckedFile:
    """Look into a file and give back what may be kept of it.

    Raises:
        InvalidInput: ``file_...`` or ``image_...``, beside the field ``file``.
    """
    kind = _claim(content)
    found, kept = _decode(kind, content)
    real = FileKind(str(found["type"]))
    return CheckedFile(
        name=safe_name(name, real.suffix),
        content_type=real.value,
        content=kept or content,
        received_sha256=hashlib.sha256(content).hexdigest(),
        pages=int(found["pages"]),
    )


def refusal(code: str) -> InvalidInput:
    """Why a file is not kept."""
    text = WHY[code]
    if "%(" in str(text):
        text %= {
            "most": settings.FILES_MAX_BYTES // MEBIBYTE,
            "pixels": decoders.MOST_PIXELS // 1_000_000,
        }
    return InvalidInput(code, text, fields={"file": text})


def _claim(content: bytes) -> FileKind:
    if not content:
        raise refusal("file_empty")
    if len(content) > settings.FILES_MAX_BYTES:
        raise refusal("file_too_large")
    kind = claimed(content)
    if kind is None:
        raise refusal("file_type_refused")
    if looks_like_markup(content) and not kind.is_image:
        raise refusal("file_ambiguous")
    return kind


def _decode(kind: FileKind, content: bytes) -> tuple[dict[str, str | int], bytes]:
    """What the decoder found, and the cleaned content where it differs."""
    work: Callable[[], bytes] = lambda: decoders.look(kind, content)  # noqa: E731  for the fork
    try:
        answer = run_limited(
            work, memory=MEMORY, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS
        )
    except WorkFailed as failure:
        raise refusal("file_damaged") from failure
    head, _newline, kept = answer.partition(b"\n")
    found: dict[str, str | int] = json.loads(head)
    if "refused" in found:
        raise refusal(str(found["refused"]))
    return found, kept
