"""Letters on paper: laid out by a worker once, kept as a file, checked by whoever holds one."""

import json
from io import BytesIO

import segno
from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.br import cnpj
from backoffice.commands import Context
from backoffice.errors import NotFound
from backoffice.files.services import keep_own
from backoffice.jobs.registry import ChunkResult, ChunkWork
from backoffice.letters.models import Letter
from backoffice.letters.writing import as_html
from backoffice.pdf.hashing import verification_code
from backoffice.pdf.rendering import PageFrame, render_html
from backoffice.pdf.verification import Issued, code_for, initials

KIND = "L"
PDF = "application/pdf"


def print_letter_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Lay a letter out and keep the PDF with it; harmless twice."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related("company")
    letter = rows.filter(company_id=ctx.company, pk=work.params["letter"]).first()
    if letter is None:
        raise NotFound("not_found", _("There is no such record."))
    if letter.file_id is None:
        pdf = pdf_of(letter)
        letter.file = keep_own(ctx, BytesIO(pdf), content_type=PDF)
        letter.save(update_fields=["file"])
    return ChunkResult(1)


def pdf_of(letter: Letter) -> bytes:
    """The letter as a PDF; the same letter gives the same bytes."""
    frame = PageFrame(
        company_name=letter.company.legal_name,
        cnpj=cnpj.format(letter.company.cnpj),
        title=f"{letter.heading} {letter.number}",
        generated_at=letter.issued_at,
    )
    site = settings.SITE_URL
    code = code_of(letter)
    address = f"{site}/verify/{code}".upper() if site else ""
    context = {
        "letter": letter,
        "content": mark_safe(as_html(letter.text)),  # noqa: S308  cleaned by nh3
        "code": code,
        "where": site.partition("//")[2],
        "qr": segno.make(address, error="l", micro=False).svg_data_uri() if address else "",
    }
    return render_html("pdf/letter.html", context, frame=frame)


def code_of(letter: Letter) -> str:
    """The code that is printed: key and fingerprint of number, heading and text."""
    said = json.dumps([letter.number, letter.heading, letter.text], ensure_ascii=False)
    return code_for(KIND, letter.pk, verification_code(said.encode()))


def issued_letter(key: int) -> Issued | None:
    """A letter as a stranger who holds the paper may see it; a void one says so."""
    letter = Letter.objects.select_related("company").filter(pk=key).exclude(number="").first()
    if letter is None:
        return None
    facts = [
        (gettext_lazy("Company"), letter.company.legal_name),
        (gettext_lazy("Number"), letter.number),
        (gettext_lazy("About"), initials(letter.subject_name)),
        (gettext_lazy("Date"), f"{letter.issued_on:%d/%m/%Y}"),
    ]
    if letter.voided_at is not None:
        facts.append(
            (
                gettext_lazy("State"),
                _("Void since %(day)s") % {"day": f"{letter.voided_at:%d/%m/%Y}"},
            )
        )
    fingerprint = code_of(letter).partition("-")[2]
    return Issued(fingerprint=fingerprint, title=letter.heading, facts=tuple(facts))
