"""Named reads of runs and payslips, within what the person who asks may see."""

from typing import Any

from django.db import connection
from django.db.models import F, Max, Q, QuerySet

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from hr.payroll.models import FINAL, PayItem, PayrollRun, Payslip, PayslipLine


def visible_runs(access: Access) -> QuerySet[PayrollRun]:
    """Payroll runs of the company; a run is nobody's own, so only the whole company reaches it."""
    return in_scope(PayrollRun.objects.all(), access, "hr.payroll_run.view")


def visible_payslips(access: Access) -> QuerySet[Payslip]:
    """Payslips within reach, with the names that lists show.

    Who prepares the payroll (the permission to see runs, for the whole company) sees every one;
    everybody else sees only closed ones, because before that nothing is promised.
    """
    rows = in_scope(
        Payslip.objects.select_related("run", "contract__employee__party"),
        access,
        "hr.payslip.view",
        person="contract__employee__party_id",
    ).annotate(
        name=F("contract__employee__party__name"),
        registration=F("contract__registration"),
        competence=F("run__competence"),
        payment_date=F("run__payment_date"),
        run_state=F("run__state"),
    )
    reach = access.reach("hr.payroll_run.view")
    if reach is not None and reach.company:
        return rows
    return rows.filter(run__state__in=FINAL)


def visible_pay_items(access: Access) -> QuerySet[PayItem]:
    """Standard pay items and those of the company."""
    if not access.can("hr.payroll_run.view"):
        return PayItem.objects.none()
    return PayItem.objects.filter(Q(company_id=access.company_id) | Q(company__isnull=True))


def lines_of(payslip: Payslip, access: Access) -> QuerySet[PayslipLine]:
    """Lines of a payslip in their order."""
    return (
        PayslipLine.objects.filter(payslip=payslip).select_related("pay_item").order_by("sequence")
    )


def last_payslip(access: Access) -> Payslip | None:
    """The newest closed payslip of the person who asks."""
    if access.person_id is None:
        return None
    return (
        visible_payslips(access)
        .filter(
            contract__employee__party_id=access.person_id,
            run__state__in=FINAL,
            state="ok",
        )
        .order_by("-run__competence")
        .first()
    )


def approval_content(run_id: int) -> dict[str, Any]:
    """What an approver approves: the sums of the run, and a digest over every line of it.

    The digest changes when any line changes, even when the sums stay.
    """
    run = PayrollRun.objects.get(pk=run_id)
    return {
        "competence": f"{run.competence:%Y-%m}",
        "payment_date": run.payment_date.isoformat(),
        "payslips": run.payslip_count,
        "earnings": str(run.earnings),
        "deductions": str(run.deductions),
        "net": str(run.net),
        "inss": str(run.inss),
        "irrf": str(run.irrf),
        "fgts": str(run.fgts),
        "digest": _digest(run_id),
    }


def _digest(run_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT encode(sha256(convert_to(coalesce(string_agg(
                       concat_ws('|', p.contract_id, p.net, l.sequence, l.pay_item_id, l.amount), E'\\n'
                       ORDER BY p.contract_id, l.sequence), ''), 'UTF8')), 'hex')
            FROM hr_payslip p LEFT JOIN hr_payslip_line l ON l.payslip_id = p.id
            WHERE p.run_id = %s
            """,
            [run_id],
        )
        digest: str = cursor.fetchone()[0]
    return digest


def last_competence(company_id: int) -> Any:  # noqa: ANN401  a date or None
    """The newest competence that the company opened."""
    return PayrollRun.objects.filter(company_id=company_id).aggregate(last=Max("competence"))[
        "last"
    ]
