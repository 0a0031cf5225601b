"""Answers that carry files which people brought: never a page, never with a right of our own.

Each is an attachment of exactly its type, in a sandbox without origin: nothing in it can run, ask
for something else, or be framed by another site.
"""

from typing import IO
from urllib.parse import quote

from django.db.models import Model
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from backoffice.files import decoders, storage
from backoffice.files.inspection import CPU_SECONDS, MEMORY, WALL_SECONDS
from backoffice.files.models import StoredFile
from backoffice.files.registry import OWNERS
from backoffice.files.rules import FileKind
from backoffice.files.sandbox import run_limited
from backoffice.files.selectors import documents_panel
from backoffice.identity.rules import Access

POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'"
WIDTHS = (240, 1200)


def documents_html(model: type[Model], pk: int, access: Access) -> SafeString:
    """The documents that a record carries, for its page; empty for who may not see them."""
    kind = OWNERS.get(model._meta.label_lower)
    context = documents_panel(kind, pk, access) if kind else None
    return render_to_string("attachments/panel.html", context) if context else SafeString("")


def as_attachment(file: StoredFile, name: str) -> HttpResponseBase:
    """The file itself, to be saved.

    Raises:
        FileNotFoundError: Its bytes are gone.
    """
    stream: IO[bytes] = storage.read(file.company_id, file.key)
    answer = FileResponse(stream, content_type=file.content_type)
    answer["Content-Length"] = str(file.size)
    _isolate(answer, f"attachment; filename*=UTF-8''{quote(name)}")
    return answer


def as_preview(file: StoredFile, page: int, width: int) -> HttpResponse:
    """A page of the file as a picture, drawn in a process with limits.

    Raises:
        FileNotFoundError: Its bytes are gone.
        WorkFailed: It cannot be drawn.
    """
    with storage.read(file.company_id, file.key) as stream:
        content = stream.read()
    kind = FileKind(file.content_type)
    drawn = run_limited(
        lambda: decoders.draw_page(kind, content, page, width),
        memory=MEMORY,
        cpu_seconds=CPU_SECONDS,
        wall_seconds=WALL_SECONDS,
    )
    answer = HttpResponse(drawn, content_type="image/jpeg")
    _isolate(answer, "inline")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _isolate(answer: HttpResponseBase, disposition: str) -> None:
    answer["Content-Disposition"] = disposition
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
