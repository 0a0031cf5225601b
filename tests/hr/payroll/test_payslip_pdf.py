import io
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops, ImageStat

from backoffice.money.rules import format_amount
from backoffice.pdf.font import load_font
from backoffice.pdf.rendering import render_html
from backoffice.pdf.text import ELLIPSIS, PlacedText
from hr.payroll.payslip_pdf import (
    PayslipDocument,
    PayslipEntry,
    payslip_pages,
    reference_context,
    stamp_payslip,
    stamp_payslips,
    verification_code,
)
from tests.backoffice.pdf.reading import (
    bookmarks,
    glyphs,
    page_texts,
    pdfium_text,
    picture,
    problems,
    squeezed,
)
from tests.hr.payroll.payslip_sample import entries, payslip

ROOT = Path(__file__).parents[3]
HALF_A_POINT = 0.5
REFERENCE_END, EARNINGS_END, DEDUCTIONS_END = 367.0, 451.0, 535.0
LETTERS = st.characters(codec="latin-1", categories=["Lu", "Ll", "Nd", "Po"])


def reference(document: PayslipDocument) -> bytes:
    return render_html("pdf/payslip.html", reference_context(document))


def placed_texts(document: PayslipDocument) -> list[PlacedText]:
    """The values on the first copy of the first page."""
    page = next(payslip_pages(document))
    return list(page.stamps[0][0].texts(page.values, page.rows))


def right_end(placed: PlacedText) -> float:
    """Where a text ends, in points from the left edge of the form."""
    return placed.start + load_font(bold=placed.bold).width(placed.text) * placed.size / 1000


def employee_copy(data: bytes) -> str:
    """The text of the first of the two copies, white space squeezed out."""
    text = squeezed(page_texts(data)[0])
    assert text.count("Viadoempregador") == 1
    return text.split("Viadoempregador")[0]


@pytest.mark.parametrize(
    "document",
    [
        payslip(),
        payslip(entries(14), final=False, notice="Parabéns pelo seu aniversário! " * 4),
        payslip(
            entries(50),
            employee_name="Maria Aparecida da Conceição e Silva " * 3,
            employer_address="Rua muito comprida, número 1.234, " * 4,
        ),
        payslip([]),
    ],
    ids=["usual", "full copy", "two pages", "empty"],
)
def test_the_stamp_is_what_the_layout_engine_draws_from_the_same_measures(
    document: PayslipDocument,
) -> None:
    stamped, laid_out = stamp_payslip(document), reference(document)
    pages = len(pypdf.PdfReader(io.BytesIO(laid_out)).pages)
    assert len(pypdf.PdfReader(io.BytesIO(stamped)).pages) == pages
    for page in range(pages):
        ours, theirs = glyphs(stamped, page), glyphs(laid_out, page)
        assert "".join(g.character for g in ours) == "".join(g.character for g in theirs)
        assert len(ours) > 300
        assert max(abs(a.x - b.x) for a, b in zip(ours, theirs, strict=True)) <= HALF_A_POINT
        assert max(abs(a.y - b.y) for a, b in zip(ours, theirs, strict=True)) <= HALF_A_POINT
        difference = ImageChops.difference(picture(stamped, page), picture(laid_out, page))
        assert ImageStat.Stat(difference).mean[0] < 1


def test_every_text_of_the_payslip_is_on_both_copies() -> None:
    document = payslip(notice="Feliz Natal")
    data = stamp_payslip(document)
    assert problems(data) == []
    for text in (page_texts(data)[0], pdfium_text(data)):
        for expected in (
            "Recibo de Pagamento de Salário",
            "Novembro/2026",
            "Folha mensal",
            "Comercial Ipê Ltda",
            "CNPJ 11.222.333/0001-81",
            "Filial Campinas: Rua General Osório, 1.212, Centro, Campinas/SP",
            "João D’Água São Tomé",
            "000042",
            "529.982.247-25",
            "Analista de departamento pessoal",
            "4131-05",
            "Recursos Humanos",
            "15/03/2021",
            "04/12/2026",
            "Crédito em conta: 341 Itaú Unibanco, agência 0123, conta 45678-9",
            "Descanso semanal remunerado sobre horas extras",
            "5.477,10",
            "1.146,45",
            "4.330,65",
            "4.784,66",
            "427,68",
            "Feliz Natal",
            verification_code(document),
        ):
            assert squeezed(text).count(squeezed(expected)) == 2, expected
        assert text.count("Via do empregado") == 2
        assert text.count("Via do empregador") == 1


def test_a_line_stands_as_code_description_reference_and_amount() -> None:
    text = page_texts(stamp_payslip(payslip()))[0]
    assert text.split("\n").count("112 Horas extras 50 % 12,50 h 413,35") == 2
    assert text.split("\n").count("502 IRRF 22,5 % 294,09") == 2
    assert text.split("\n").count("901 FGTS depositado (informativo) 8 %") == 2


@pytest.mark.parametrize(
    ("lines", "pages", "copies"),
    [(0, 1, 2), (1, 1, 2), (14, 1, 2), (15, 1, 1), (47, 1, 1), (48, 2, 1), (60, 2, 1), (95, 3, 1)],
)
def test_two_copies_while_they_fit_then_one_over_as_many_pages_as_needed(
    lines: int, pages: int, copies: int
) -> None:
    document = payslip(entries(lines))
    texts = page_texts(stamp_payslip(document))
    assert len(texts) == pages
    assert all(text.count("Recibo de Pagamento de Salário") == copies for text in texts)
    assert "".join(texts).count("Salário-base") == copies * ((lines + 7) // 8)
    assert [f"Página {number} de {pages}" in text for number, text in enumerate(texts, 1)] == [
        True
    ] * pages
    assert ["continua" in text for text in texts] == [True] * (pages - 1) + [False]
    amounts = [text.count("4.784,66") for text in texts]
    assert amounts == [0] * (pages - 1) + [copies]


@pytest.mark.parametrize(
    "name",
    [
        "São João d'Água",
        "Ñandú Müller-Łukasiewicz",
        "Nguyễn Thị Ánh",
        "5 € de Ângela",
        "Ana & <b>Eva</b>",
        "<script>alert(1)</script>",
        "(Ana) \\ Tj ET Q {{ x }} {% y %}",
        "A" * 120,
        ("Maria Aparecida " * 8)[:120].strip(),
        ("DOS SANTOS " * 11)[:120].strip(),
    ],
)
def test_a_name_is_printed_whole_and_inert(name: str) -> None:
    data = stamp_payslip(payslip(employee_name=name))
    assert problems(data) == []
    assert squeezed(name) in employee_copy(data)
    assert squeezed(name) in squeezed(pdfium_text(data))
    assert ELLIPSIS not in employee_copy(data)
    assert not [mark for mark in (b"/JavaScript", b"/JS", b"/URI", b"/Launch") if mark in data]
    metadata = pypdf.PdfReader(io.BytesIO(data)).metadata
    assert metadata is not None
    assert metadata.title == f"Recibo de Pagamento de Salário, Novembro/2026, {name}"


@given(st.text(LETTERS, min_size=1, max_size=80), st.text(LETTERS, min_size=1, max_size=60))
def test_what_goes_in_can_be_copied_out(name: str, title: str) -> None:
    data = stamp_payslip(payslip(entries(1), employee_name=name, job_title=title))
    text = squeezed(pdfium_text(data))
    assert text.count(squeezed(name)) >= 2
    assert text.count(squeezed(title)) >= 2


def test_a_description_too_long_for_its_column_ends_in_an_ellipsis() -> None:
    line = PayslipEntry(code="1", description="Diferença de adicional " * 9, earning=Decimal(1))
    text = page_texts(stamp_payslip(payslip([line])))[0]
    assert text.count(ELLIPSIS) == 2


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("99999999.99", "99.999.999,99"),
        ("-99999999.99", "-99.999.999,99"),
        ("0.01", "0,01"),
        ("0.00", "0,00"),
        ("-0.01", "-0,01"),
        ("1000", "1.000,00"),
    ],
)
def test_amounts_are_printed_whole_at_the_right_of_their_column(amount: str, printed: str) -> None:
    line = PayslipEntry(code="1", description="Ajuste", earning=Decimal(amount))
    document = payslip([line], base_salary=Decimal(amount))
    data = stamp_payslip(document)
    places = 4 if line.earning else 5  # line, total, net pay, base; the deductions are 0,00
    assert page_texts(data)[0].split().count(printed) == 2 * places
    (placed,) = [
        text for text in placed_texts(document) if text.text == printed and text.top == 104
    ]
    assert placed.size == 8
    assert right_end(placed) == pytest.approx(EARNINGS_END)


def test_each_column_of_figures_ends_at_its_own_edge() -> None:
    document = payslip()
    ends: dict[str, set[float]] = {"reference": set(), "earning": set(), "deduction": set()}
    placed = {(round(text.top, 1), text.text): text for text in placed_texts(document)}
    for index, line in enumerate(document.lines):
        top = round(104 + index * 11.7, 1)
        ends["reference"].add(round(right_end(placed[top, line.reference]), 3))
        for kind in ("earning", "deduction"):
            if (amount := getattr(line, kind)) is not None:
                ends[kind].add(round(right_end(placed[top, format_amount(amount)]), 3))
    assert ends == {
        "reference": {REFERENCE_END},
        "earning": {EARNINGS_END},
        "deduction": {DEDUCTIONS_END},
    }
    for name, end in (("total_earnings", EARNINGS_END), ("total_deductions", DEDUCTIONS_END)):
        total = format_amount(getattr(document, name))
        (text,) = [text for text in placed_texts(document) if text.text == total]
        assert right_end(text) == pytest.approx(end)


def test_the_employee_signs_for_the_net_pay_in_words() -> None:
    said = "importância líquida de quatro mil trezentos e trinta reais e sessenta e cinco centavos,"
    text = " ".join(page_texts(stamp_payslip(payslip()))[0].split())
    assert text.count(said) == 2


def test_the_longest_words_fit_their_lines() -> None:
    pay = Decimal("777777777777.77")
    lines = [PayslipEntry(code="1", description="Ajuste", earning=pay)]
    text = " ".join(page_texts(stamp_payslip(payslip(lines)))[0].split())
    assert text.count("setenta e sete centavos, discriminada neste recibo.") == 2


@pytest.mark.parametrize("net", ["0.00", "-1.00"])
def test_nobody_signs_for_an_amount_that_is_not_paid(net: str) -> None:
    lines = [PayslipEntry(code="1", description="Ajuste", earning=Decimal(net))]
    text = " ".join(page_texts(stamp_payslip(payslip(lines)))[0].split())
    assert text.count("importância líquida discriminada neste recibo.") == 2


def test_deductions_above_earnings_leave_a_negative_net_pay() -> None:
    lines = [
        PayslipEntry(code="1", description="Saldo", earning=Decimal("100.00")),
        PayslipEntry(code="2", description="Adiantamento", deduction=Decimal("1334.56")),
    ]
    assert page_texts(stamp_payslip(payslip(lines)))[0].count("-1.234,56") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"total_earnings": Decimal("5477.11")},
        {"total_deductions": Decimal("1146.44")},
        {"net_pay": Decimal("4330.66")},
    ],
)
def test_a_receipt_whose_sums_are_wrong_cannot_be_made(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="payslip 000042"):
        payslip(**change)


def test_an_amount_with_fractions_of_a_cent_is_not_printed() -> None:
    with pytest.raises(ValueError, match="decimals"):
        stamp_payslip(payslip(base_salary=Decimal("1.005")))


def test_a_preview_says_so_on_both_copies_and_a_receipt_does_not() -> None:
    assert page_texts(stamp_payslip(payslip(final=False)))[0].count("SEM VALOR DE RECIBO") == 2
    assert "SEM VALOR" not in page_texts(stamp_payslip(payslip()))[0]


def test_equal_documents_give_equal_bytes_in_any_process() -> None:
    program = (
        "import sys; from hr.payroll.payslip_pdf import stamp_payslip;"
        "from tests.hr.payroll.payslip_sample import payslip;"
        "sys.stdout.buffer.write(stamp_payslip(payslip()))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True
    ).stdout
    assert stamp_payslip(payslip()) == stamp_payslip(payslip()) == other


@pytest.mark.parametrize(
    "change",
    [
        {"employee_name": "João D’Água São Tomé "},
        {"fgts_amount": Decimal("427.69")},
        {"final": False},
        {"bank": ""},
        {"lines": entries(7)},
    ],
)
def test_any_change_changes_the_verification_code(change: dict[str, Any]) -> None:
    assert verification_code(replace(payslip(), **change)) != verification_code(payslip())


def test_a_run_is_one_document_with_a_bookmark_for_each_payslip() -> None:
    names = [f"Pessoa {number}" for number in range(120)]
    documents = [
        payslip(entries(50 if number == 1 else 8), employee_name=name, registration=f"{number:04}")
        for number, name in enumerate(names)
    ]
    out = io.BytesIO()
    assert stamp_payslips(iter(documents), out) == 120
    reader = pypdf.PdfReader(out)
    assert len(reader.pages) == 121
    titles = [f"{number:04} {name}" for number, name in enumerate(names)]
    starts = [0, 1, *range(3, 121)]
    assert bookmarks(out.getvalue()) == list(zip(titles, starts, strict=True))
    assert names[119] in reader.pages[120].extract_text()
    assert problems(out.getvalue()) == []


def test_a_payslip_in_a_run_is_drawn_as_alone() -> None:
    document = payslip()
    out = io.BytesIO()
    stamp_payslips([payslip(entries(20)), document], out)
    assert glyphs(out.getvalue(), 1) == glyphs(stamp_payslip(document))


def test_an_empty_run_is_an_empty_document() -> None:
    out = io.BytesIO()
    assert stamp_payslips([], out) == 0
    assert len(pypdf.PdfReader(out).pages) == 0


def test_stamping_loads_no_layout_engine() -> None:
    program = (
        "import sys; from hr.payroll.payslip_pdf import stamp_payslip;"
        "from tests.hr.payroll.payslip_sample import payslip; stamp_payslip(payslip());"
        "print([name for name in ('weasyprint', 'fontTools', 'PIL') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert answer.stdout == "[]\n"
