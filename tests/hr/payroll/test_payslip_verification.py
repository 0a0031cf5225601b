"""Whoever holds a printed payslip can check it, and learns nothing else."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client, override_settings

from backoffice.money import format_brl
from backoffice.pdf.verification import initials
from hr.payroll.models import PayrollRun, Payslip
from hr.payroll.payslip_pdf import stamp_payslip
from hr.payroll.selectors.payslips import document_of, printed
from tests.factories import payroll, people
from tests.hr.payroll.payslip_sample import payslip
from tests.hr.payroll.test_runs import closed_run

SITE = "https://rh.comercialipe.example"


def scanned(pdf: bytes) -> list[str]:
    """What a phone reads on the first page."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(image)]


def code_on(slip: Payslip) -> str:
    """The code that the paper of a payslip shows."""
    with override_settings(SITE_URL=SITE):
        document = document_of(printed(Payslip.objects.filter(pk=slip.pk)).get())
        codes = scanned(stamp_payslip(document))
    assert len(codes) == 2  # both copies
    assert codes[0] == codes[1]
    address, _slash, code = codes[0].rpartition("/")
    assert address == f"{SITE}/verify".upper()
    return code


@pytest.fixture
def slip(db: None) -> Payslip:
    company = people.make_company()
    people.hire(company, salary="6000.00", name="João D’Água São Tomé")
    return Payslip.objects.get(run=closed_run(company, payroll.MONTH))


def test_the_code_on_the_paper_opens_the_public_page_with_what_was_issued(slip: Payslip) -> None:
    code = code_on(slip)
    answer = Client().get(f"/VERIFY/{code}", follow=True)
    page = answer.content.decode()
    assert "foi emitido aqui" in page
    assert "João D. S. T." in page
    assert format_brl(slip.net) in page
    for private in ("D’Água", "Tomé", slip.snapshot["cpf"], "6.000,00"):
        assert private not in page


def test_a_typed_code_works_and_a_mistyped_one_says_nothing_of_why(slip: Payslip) -> None:
    code = code_on(slip)
    assert "foi emitido aqui" in Client().get("/verify/", {"code": code.lower()}).content.decode()
    other = f"{code[:-1]}{'0' if code[-1] != '0' else '1'}"
    wrong = Client().get("/verify/", {"code": other})
    unknown = Client().get("/verify/", {"code": code.replace("P", "PZZZ", 1)})
    assert wrong.status_code == unknown.status_code == 200
    assert "Nenhum documento" in wrong.content.decode()
    assert bare(wrong, other) == bare(unknown, code.replace("P", "PZZZ", 1))


def bare(answer: Any, typed: str) -> str:
    """A page without what was typed and the token of its forms."""
    page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return page.replace(typed, "")


def test_a_payslip_that_is_not_closed_has_no_code_that_works(db: None) -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    slip = Payslip.objects.get(run=run)
    with override_settings(SITE_URL=SITE):
        document = document_of(printed(Payslip.objects.filter(pk=slip.pk)).get())
    assert scanned(stamp_payslip(document)) == []
    forged = payslip(key=slip.pk, site=SITE)
    code = scanned(stamp_payslip(forged))[0].rpartition("/")[2]
    assert "Nenhum documento" in Client().get(f"/verify/{code}/").content.decode()
    assert PayrollRun.objects.get(pk=run.pk).state == "computed"


def test_a_changed_amount_has_another_code(slip: Payslip) -> None:
    code = code_on(slip)
    honest = document_of(printed(Payslip.objects.filter(pk=slip.pk)).get())
    richer = replace(honest, base_salary=honest.base_salary + Decimal("0.01"), site=SITE)
    assert scanned(stamp_payslip(richer))[0].rpartition("/")[2] != code


def test_without_an_address_of_the_site_the_code_is_printed_without_a_qr_code() -> None:
    assert scanned(stamp_payslip(payslip(key=5))) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ana", "Ana"), ("Maria da Conceição 7", "Maria d. C. 7."), ("  A  b ", "A b.")],
)
def test_names_are_shown_by_initials(name: str, shown: str) -> None:
    assert initials(name) == shown
