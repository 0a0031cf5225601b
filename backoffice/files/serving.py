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
from django.urls import reverse
from django.utils.safestring import SafeString

from backoffice.files import decoders, storage
from backoffice.files.inspection import CPU_SECONDS, MEMORY, WALL_SECONDS
from backoffice.files.models import StoredFile
from backoffice.files.registry import OWNERS
from backoffice.files.rules import FileKind
from backoffice.files.sandbox import run_limited
from backoffice.files.selectors import MANAGE, VIEW, attachments_of, documents_panel
from backoffice.identity.rules import Access

POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'"
WIDTHS = (240, 1200)
PAGES_BESIDE = 5


def documents_html(model: type[Model], pk: int, access: Access) -> SafeString:
    """The documents that a record carries, for its page; empty for who may not see them."""
    kind = OWNERS.get(model._meta.label_lower)
    context = documents_panel(kind, pk, access) if kind else None
    return render_to_string("attachments/panel.html", context) if context else SafeString("")


def beside_html(model: type[Model], pk: int, access: Access) -> SafeString:
    """The pages of a record's documents, to be read beside its form; empty when there are none."""
    kind = OWNERS.get(model._meta.label_lower)
    shown = attachments_of(kind.model, pk, access) if kind and access.can(VIEW) else ()
    documents = [
        (each, range(1, min(each.file.pages, PAGES_BESIDE) + 1))
        for each in shown
        if each.file.pages
    ]
    if not documents:
        return SafeString("")
    return render_to_string("attachments/beside.html", {"documents": documents})


def drop_url(model: type[Model], pk: int, access: Access) -> str:
    """Where files that are dropped or pasted on a record go; empty for who may not add any."""
    kind = OWNERS.get(model._meta.label_lower)
    if kind is None or not (access.can(MANAGE) and access.can(kind.change)):
        return ""
    return reverse("files:drop", args=[kind.name, pk])


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
