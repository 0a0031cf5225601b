"""The payslip on paper: "Recibo de Pagamento de Salário" (CLT, art. 464), stamped.

It is a legal print of a Brazilian payroll and therefore in Portuguese in every language of the
interface. ``templates/pdf/payslip.html`` draws the same measures through WeasyPrint, and a test
holds the two together.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from backoffice.br import cnpj, cpf
from backoffice.money.rules import ZERO, format_amount
from backoffice.money.words import amount_in_words
from backoffice.pdf import A4, Book, Output, Placement, Stamp, compile_layout
from backoffice.pdf import verification_code as code_of
from backoffice.pdf.qr import bars
from backoffice.pdf.verification import code_for
from hr.payroll.payslip_layout import (
    COPY_ROWS,
    COPY_TOPS,
    CUT,
    MARGIN,
    PAGE_ROWS,
    PAGE_TOP,
    payslip_layout,
)

LETTER = "P"
TITLE = "Recibo de Pagamento de Salário"
LANGUAGE = "pt-BR"
CONTINUED = dict.fromkeys(("total_earnings", "total_deductions", "net_pay"), "continua")
PREVIEW = "PRÉVIA, SEM VALOR DE RECIBO"
MONTHS = (
    *("Janeiro", "Fevereiro", "Março", "Abril", "Maio", "Junho"),
    *("Julho", "Agosto", "Setembro", "Outubro", "Novembro", "Dezembro"),
)


@dataclass(frozen=True, kw_only=True)
class PayslipEntry:
    """One printed line. An informative line has neither earning nor deduction."""

    code: str
    description: str
    reference: str = ""
    earning: Decimal | None = None
    deduction: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class PayslipDocument:
    """Everything that one payslip says. Amounts are reais in whole cents.

    ``cpf`` and ``employer_cnpj`` are the bare characters; they are printed whole and punctuated,
    because a receipt must name its parties. ``kind`` is the run's name ("Folha mensal"), ``bank``
    the whole line about the account, ``notice`` any message to the employee. ``final`` is False
    for a payroll that is not closed: the print then says that it is a preview. A final one with a
    ``key`` can be checked by whoever holds it, at ``site`` if that is known: by QR code or by typing.

    Raises:
        ValueError: The totals are not the sums of the lines.
    """

    employer_name: str
    employer_cnpj: str
    employer_address: str
    kind: str
    competence: date
    employee_name: str
    registration: str
    cpf: str
    job_title: str
    cbo: str
    department: str
    admitted_on: date
    paid_on: date
    bank: str
    lines: tuple[PayslipEntry, ...]
    total_earnings: Decimal
    total_deductions: Decimal
    net_pay: Decimal
    base_salary: Decimal
    inss_base: Decimal
    fgts_base: Decimal
    fgts_amount: Decimal
    irrf_base: Decimal
    irrf_bracket: str
    notice: str = ""
    final: bool = True
    key: int = 0
    site: str = ""

    def __post_init__(self) -> None:
        earnings = sum((line.earning or ZERO for line in self.lines), ZERO)
        deductions = sum((line.deduction or ZERO for line in self.lines), ZERO)
        if (self.total_earnings, self.total_deductions) != (earnings, deductions):
            raise ValueError(f"totals of payslip {self.registration} are not those of its lines")
        if self.net_pay != earnings - deductions:
            raise ValueError(f"net pay of payslip {self.registration} is not what its lines leave")

    @property
    def month(self) -> str:
        """The competence as it is printed: ``Novembro/2026``."""
        return f"{MONTHS[self.competence.month - 1]}/{self.competence.year}"


class PayslipPage(NamedTuple):
    """What goes on one page: the stamps with their corners, the same values on each."""

    stamps: tuple[tuple[Stamp, float, float], ...]
    values: Mapping[str, str]
    rows: Sequence[Sequence[str]]
    code: str = ""

    def placements(self) -> list[Placement]:
        """The page's drawings; the values are drawn once, since all copies have the same boxes."""
        content = self.stamps[0][0].content(self.values, self.rows, self.code)
        copies = [Placement(stamp, content, left, top) for stamp, left, top in self.stamps]
        cut = Placement(_cut(), b"", 0.0, A4[1] / 2)
        return copies if len(copies) == 1 else [*copies, cut]


def stamp_payslip(document: PayslipDocument) -> bytes:
    """One payslip as a PDF of its own. Equal documents give equal bytes."""
    out = BytesIO()
    title = f"{TITLE}, {document.month}, {document.employee_name}"
    with Book(out, title=title, language=LANGUAGE) as book:
        for page in payslip_pages(document):
            book.add_page(A4, page.placements())
    return out.getvalue()


def stamp_payslips(documents: Iterable[PayslipDocument], out: Output) -> int:
    """All payslips of a run as one PDF, written to ``out`` as they come; returns how many.

    Only the offsets of what is written stay in memory, some 50 bytes a payslip. Each payslip
    begins on a page of its own and is listed in the reader's contents panel.
    """
    count = 0
    with Book(out, title=TITLE, language=LANGUAGE) as book:
        for document in documents:
            count += 1
            bookmark = f"{document.registration} {document.employee_name}"
            for page in payslip_pages(document):
                book.add_page(A4, page.placements(), bookmark)
                bookmark = ""
    return count


def verification_code(document: PayslipDocument) -> str:
    """The code that the receipt shows: a fingerprint of every text on it."""
    return _fingerprint(_values(document), _closing(document), _rows(document))


def payslip_pages(document: PayslipDocument) -> Iterator[PayslipPage]:
    """The pages of one payslip: both copies on one page if the lines fit, else one copy in full."""
    values, closing, rows = _values(document), _closing(document), _rows(document)
    code = _code(document, _fingerprint(values, closing, rows))
    where = document.site.partition("//")[2]
    values["verification"] = f"Código {code}" + (f", confira em {where}/verify" if where else "")
    address = f"{document.site}/verify/{code}".upper() if where and document.final else ""
    both = len(rows) <= COPY_ROWS
    stamps, room = (_copies(), COPY_ROWS) if both else (_only_copy(), PAGE_ROWS)
    starts = range(0, max(len(rows), 1), room)
    for number, start in enumerate(starts, start=1):
        last = number == len(starts)
        end = closing if last else {**dict.fromkeys(closing, ""), **CONTINUED}
        # Said once more in words, and therefore no part of the fingerprint.
        end = {**end, "declaration": _declaration(document.net_pay) if last else ""}
        page = {"page": f"Página {number} de {len(starts)}"}
        yield PayslipPage(stamps, {**values, **end, **page}, rows[start : start + room], address)


def reference_context(document: PayslipDocument) -> dict[str, Any]:
    """What ``templates/pdf/payslip.html`` needs to draw the same measures through WeasyPrint."""
    cut = {"left": 0.0, "top": A4[1] / 2, "layout": CUT, "texts": (), "bars": ()}
    sheets = []
    for page in payslip_pages(document):
        sheet = [
            {
                "left": left,
                "top": top,
                "layout": stamp.layout,
                "texts": [*stamp.labels, *stamp.texts(page.values, page.rows)],
                "bars": list(bars(page.code, stamp.layout.code))
                if page.code and stamp.layout.code
                else [],
            }
            for stamp, left, top in page.stamps
        ]
        sheets.append(sheet if len(sheet) == 1 else [*sheet, cut])
    return {"title": TITLE, "sheets": sheets}


def _fingerprint(*texts: object) -> str:
    return code_of(json.dumps([TITLE, *texts], ensure_ascii=False, sort_keys=True).encode())


def _code(document: PayslipDocument, fingerprint: str) -> str:
    """The code that is printed: with the key of an issued payslip, else the bare fingerprint."""
    issued = document.final and document.key
    return code_for(LETTER, document.key, fingerprint) if issued else fingerprint


def _values(document: PayslipDocument) -> dict[str, str]:
    """The texts that every page shows."""
    return {
        "employer_name": document.employer_name,
        "employer_cnpj": f"CNPJ {cnpj.format(document.employer_cnpj)}",
        "employer_address": document.employer_address,
        "kind": document.kind,
        "competence": document.month,
        "registration": document.registration,
        "employee_name": document.employee_name,
        "cpf": cpf.format(document.cpf),
        "admitted_on": f"{document.admitted_on:%d/%m/%Y}",
        "job_title": document.job_title,
        "cbo": _punctuated(document.cbo, "####-##"),
        "department": document.department,
        "paid_on": f"{document.paid_on:%d/%m/%Y}",
        "preview": "" if document.final else PREVIEW,
    }


def _closing(document: PayslipDocument) -> dict[str, str]:
    """The texts that only the last page shows."""
    return {
        "total_earnings": format_amount(document.total_earnings),
        "total_deductions": format_amount(document.total_deductions),
        "net_pay": format_amount(document.net_pay),
        "bank": document.bank,
        "notice": document.notice,
        "base_salary": format_amount(document.base_salary),
        "inss_base": format_amount(document.inss_base),
        "fgts_base": format_amount(document.fgts_base),
        "fgts_amount": format_amount(document.fgts_amount),
        "irrf_base": format_amount(document.irrf_base),
        "irrf_bracket": document.irrf_bracket,
    }


def _declaration(net: Decimal) -> str:
    # The figure stands above; nobody receives an amount below zero.
    words = f" de {amount_in_words(net)}," if net > 0 else ""
    return f"Declaro ter recebido a importância líquida{words} discriminada neste recibo."


def _rows(document: PayslipDocument) -> list[tuple[str, ...]]:
    return [
        (
            line.code,
            line.description,
            line.reference,
            _amount(line.earning),
            _amount(line.deduction),
        )
        for line in document.lines
    ]


def _amount(value: Decimal | None) -> str:
    return "" if value is None else format_amount(value)


def _punctuated(characters: str, pattern: str) -> str:
    """``characters`` set into ``pattern``; as they stand if their number is another."""
    if len(characters) != pattern.count("#"):
        return characters
    following = iter(characters)
    return "".join(next(following) if mark == "#" else mark for mark in pattern)


@cache
def _copies() -> tuple[tuple[Stamp, float, float], ...]:
    employee, employer = (
        compile_layout(payslip_layout(rows=COPY_ROWS, copy=copy))
        for copy in ("Via do empregado", "Via do empregador")
    )
    return (employee, MARGIN, COPY_TOPS[0]), (employer, MARGIN, COPY_TOPS[1])


@cache
def _only_copy() -> tuple[tuple[Stamp, float, float], ...]:
    stamp = compile_layout(payslip_layout(rows=PAGE_ROWS, copy="Via única"))
    return ((stamp, MARGIN, PAGE_TOP),)


@cache
def _cut() -> Stamp:
    return compile_layout(CUT)
