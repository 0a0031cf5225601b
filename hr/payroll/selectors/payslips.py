"""One payslip in full: why each amount is what it is, and what is printed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from backoffice.money.rules import format_brl
from backoffice.pdf.verification import Issued, initials
from hr.payroll.models import FINAL, PayItemKind, PayrollRun, Payslip, PayslipLine, PayslipState
from hr.payroll.payslip_pdf import TITLE, PayslipDocument, PayslipEntry, verification_code
from hr.payroll.rules.explain import EXPLAINED, NotExplained, explain
from hr.payroll.rules.explanation import Explanation
from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.selectors.law import stored_tables

_TOTALS = {
    "earnings": "earnings",
    "deductions": "deductions",
    "net": "net",
    "inss_base": "base_inss",
    "irrf_base": "base_irrf",
    "fgts_base": "base_fgts",
}


def explanation_of(payslip: Payslip, code: str) -> Explanation | None:
    """How an amount of a payslip was reached, recomputed from what the payslip stored.

    Args:
        payslip: A payslip that was computed.
        code: Key of a pay item, or a total.

    Returns:
        The explanation; None when the payslip has no such amount.

    Raises:
        NotExplained: The recomputed amount is not the stored one.
    """
    if payslip.state != PayslipState.OK or code not in EXPLAINED:
        return None
    inputs = MonthlyInputs.from_json(payslip.inputs)
    found = explain(inputs, stored_tables(payslip.tables), code, payslip.rule)
    stored = stored_amount(payslip, code)
    if found.result != stored:
        msg = f"payslip {payslip.pk}, {code}: stored {stored}, recomputed {found.result}"
        raise NotExplained(msg)
    return found


def stored_amount(payslip: Payslip, code: str) -> Decimal:
    """The amount of a pay item or total as the payslip stores it, in BRL."""
    if code in _TOTALS:
        amount: Decimal = getattr(payslip, _TOTALS[code])
        return amount
    lines = PayslipLine.objects.filter(payslip=payslip, pay_item__key=code)
    total: Decimal | None = lines.aggregate(total=Sum("amount"))["total"]
    return total if total is not None else Decimal("0.00")


def printed(slips: QuerySet[Payslip]) -> QuerySet[Payslip]:
    """Payslips with all that printing needs, in three statements whatever their number."""
    lines = PayslipLine.objects.select_related("pay_item").order_by("sequence")
    return slips.select_related("run").prefetch_related(
        Prefetch("lines", queryset=lines, to_attr="printed_lines")
    )


def documents_of_run(run: PayrollRun) -> Iterator[PayslipDocument]:
    """The printed payslips of a run in the order of names, read in batches."""
    slips = Payslip.objects.filter(run=run, state=PayslipState.OK).order_by(
        "contract__employee__party__name", "pk"
    )
    for slip in printed(slips).iterator(chunk_size=500):
        yield document_of(slip)


def document_of(slip: Payslip) -> PayslipDocument:
    """What is printed of a payslip: its lines, and the parties as they were when it was computed."""
    known: dict[str, Any] = slip.snapshot
    lines: Iterable[PayslipLine] = slip.printed_lines  # type: ignore[attr-defined]
    shown = tuple(_entry(line) for line in lines)
    return PayslipDocument(
        employer_name=known["employer"],
        employer_cnpj=known.get("cnpj") or known["employer_cnpj"],
        employer_address=known.get("address", ""),
        kind="Folha mensal",
        competence=slip.run.competence,
        employee_name=known["name"],
        registration=known["registration"],
        cpf=known["cpf"],
        job_title=known["job_title"],
        cbo=known["cbo"],
        department=known.get("department", ""),
        admitted_on=dt.date.fromisoformat(known["admitted_on"]),
        paid_on=slip.run.payment_date,
        bank=known["payout"],
        lines=shown,
        total_earnings=slip.earnings,
        total_deductions=slip.deductions,
        net_pay=slip.net,
        base_salary=Decimal(known["salary"]),
        inss_base=slip.base_inss,
        fgts_base=slip.base_fgts,
        fgts_amount=slip.fgts,
        irrf_base=slip.base_irrf,
        irrf_bracket=_bracket(lines),
        final=slip.run.state in FINAL,
        key=slip.pk,
        site=settings.SITE_URL,
    )


def issued_payslip(key: int) -> Issued | None:
    """A closed payslip as a stranger who holds the paper may see it, for the page that checks papers."""
    slips = Payslip.objects.filter(pk=key, state=PayslipState.OK, run__state__in=FINAL)
    slip = printed(slips).first()
    if slip is None:
        return None
    document = document_of(slip)
    return Issued(
        fingerprint=verification_code(document),
        title=TITLE,
        facts=(
            (_("Employer"), document.employer_name),
            (_("Employee"), initials(document.employee_name)),
            (_("Competence"), document.month),
            (_("Net pay"), format_brl(document.net_pay)),
        ),
    )


def _entry(line: PayslipLine) -> PayslipEntry:
    kind = line.pay_item.kind
    return PayslipEntry(
        code=line.pay_item.code,
        description=line.pay_item.name,
        reference=_reference(line),
        earning=line.amount if kind == PayItemKind.EARNING else None,
        deduction=line.amount if kind == PayItemKind.DEDUCTION else None,
    )


def _reference(line: PayslipLine) -> str:
    if line.quantity is not None:
        return f"{line.quantity.normalize():f}".replace(".", ",")
    if line.rate is not None:
        return f"{(line.rate * 100).normalize():f}%".replace(".", ",")
    return ""


def _bracket(lines: Iterable[PayslipLine]) -> str:
    return next((_reference(line) for line in lines if line.pay_item.key == "irrf"), "isento")
