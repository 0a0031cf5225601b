"""Pages laid out by WeasyPrint, for workers: reports, letters, and the reference of the stamps.

WeasyPrint costs seconds to load and a tenth of a second a page. The web process stamps instead
(``backoffice.pdf.stamp``) and never comes here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

import structlog
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from backoffice.files.sandbox import MEBIBYTE, run_limited
from backoffice.pdf.hashing import content_hash

MEMORY = 512 * MEBIBYTE
CPU_SECONDS = 60
WALL_SECONDS = 120.0
ACCESSIBLE = "pdf/ua-1"
"""ISO 14289-1: tags in reading order, title and language, so that a screen reader can read it."""
PAGE_NUMBER = mark_safe('<span class="page-number"></span>')
PAGE_COUNT = mark_safe('<span class="page-count"></span>')

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class PageFrame:
    """Whose document it is and what it is: head and foot of every page of ``pdf/frame.html``.

    ``cnpj`` is punctuated; ``generated_at`` is aware and printed in the current time zone.
    """

    company_name: str
    cnpj: str
    title: str
    generated_at: datetime
    language: str = "pt-br"


def render_html(
    template: str,
    context: Mapping[str, Any],
    *,
    frame: PageFrame | None = None,
    request_id: str = "",
) -> bytes:
    """Render a template of ``templates/pdf`` to a PDF; workers only.

    The template runs here, the layout in a forked process with limits. Equal HTML gives equal
    bytes. A template that extends ``pdf/frame.html`` needs ``frame``. Whatever the HTML asks for
    apart from ``data:`` and ``asset:`` is left out and logged with ``request_id``.

    Raises:
        WorkFailed: The layout failed, or took too much memory or time.
    """
    language = frame.language if frame else translation.get_language()
    with translation.override(language):
        names = {"frame": frame, "page_number": PAGE_NUMBER, "page_count": PAGE_COUNT}
        html = render_to_string(template, {**names, "language": language, **context})
    import_module("weasyprint")  # once, before the forks, which could not keep it
    answer = run_limited(
        lambda: lay_out(html),
        memory=MEMORY,
        cpu_seconds=CPU_SECONDS,
        wall_seconds=WALL_SECONDS,
    )
    head, _newline, pdf = answer.partition(b"\n")
    if refused := json.loads(head):
        logger.warning("pdf_resource_refused", urls=refused, template=template, request=request_id)
    return pdf


def lay_out(html: str) -> bytes:
    """The PDF of ``html`` behind one line of JSON: the list of URLs it was not allowed to load."""
    from weasyprint import HTML

    from backoffice.pdf.fetching import DocumentFetcher

    fetcher = DocumentFetcher()
    identifier = content_hash(html.encode())[:32].encode()
    document = HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(
        pdf_identifier=identifier, pdf_tags=True, pdf_variant=ACCESSIBLE
    )
    return json.dumps(fetcher.refused).encode() + b"\n" + pdf
