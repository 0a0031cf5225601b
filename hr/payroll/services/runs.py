"""Open a competence, compute it, have it approved, close it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.br.business_days import WorkingCalendar
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.jobs.services import create_job
from backoffice.numbering.registry import Series, register
from backoffice.numbering.services import number_at_the_end
from backoffice.organization.selectors import working_calendar
from backoffice.periods.rules import add_months, format_competence, month_start
from backoffice.periods.services import close_period, require_open
from backoffice.work.approvals import request_approval, require_approval
from backoffice.work.models import Approval, ApprovalState
from backoffice.work.services import open_item, transition
from hr.payroll.models import (
    PayrollRun,
    Payslip,
    PayslipState,
    ReceiptProof,
    RunKind,
    RunState,
)
from hr.payroll.process import APPROVE, PROCESS
from hr.payroll.selectors.facts import contracts_of_month, settings_on
from hr.payroll.selectors.law import tables_of_run
from hr.payroll.selectors.readiness import board_of
from hr.payroll.selectors.runs import approval_content

DOMAIN = "payroll"
JOB = "hr.payroll.compute"
CHUNK = 1000
NUMBERS = register(
    Series(name="hr.payroll_run", label=gettext_lazy("Payrolls"), pattern="FP-{year}/{number:3}")
)


@command("hr.payroll_run.open")
def open_run(
    ctx: Context, *, competence: dt.date, payment_date: dt.date | None = None
) -> PayrollRun:
    """Open the monthly payroll of a competence.

    Args:
        ctx: Who opens it.
        competence: First day of the month worked.
        payment_date: Day of payment; by default the business day of the next month that the
            company's settings name.

    Raises:
        InvalidInput: ``too_early``, ``payment_before_month``, ``already_open``.
        PeriodClosed: The month is closed.
    """
    month = month_start(competence)
    if month > add_months(month_start(ctx.at.date()), 1):
        message = _("A competence opens at most one month ahead.")
        raise InvalidInput("too_early", message, fields={"competence": message})
    paid_on = payment_date or default_payment_date(ctx.company, month)
    if paid_on < month:
        message = _("The payment date comes before the competence.")
        raise InvalidInput("payment_before_month", message, fields={"payment_date": message})
    require_open(ctx.company, DOMAIN, month)
    if PayrollRun.objects.filter(
        company_id=ctx.company, competence=month, kind=RunKind.MONTHLY
    ).exists():
        message = _("This competence is already open.")
        raise InvalidInput("already_open", message, fields={"competence": message})
    run = PayrollRun.objects.create(company_id=ctx.company, competence=month, payment_date=paid_on)
    title = _("Payroll %(month)s") % {"month": format_competence(month)}
    open_item(ctx, PROCESS, run, title, due_at=_end_of(paid_on))
    ctx.record("hr.payroll_run.opened", target=run, data={"competence": month})
    number_at_the_end(ctx, record=run, series=NUMBERS.name, year=month.year)
    return run


def _end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in the active time zone: until then the payroll is to be closed."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def default_payment_date(company_id: int, month: dt.date) -> dt.date:
    """The day on which the company pays a month.

    The limit counts national holidays only and the money leaves before a holiday of the place, so
    that it is in time wherever somebody works.

    Law:
        CLT art. 459, § 1: by the fifth business day of the following month.
    """
    number = settings_on(company_id, month).payment_business_day
    limit = WorkingCalendar(saturday=True).nth_of_month(add_months(month, 1), number)
    return working_calendar(company_id, month, limit).on_or_before(limit)


@command("hr.payroll_run.compute")
def compute_run(ctx: Context, *, payroll_run_id: int) -> PayrollRun:
    """Compute all payslips of a run as a job; earlier results of the run are replaced.

    A contract with a problem becomes an error row and stops nobody else.

    Raises:
        TablesMissing: A legal table of the month is not verified.
        InvalidInput: ``no_contracts``.
        WrongState: The run is being computed, was sent for approval, or is closed.
    """
    run = _locked_run(ctx, payroll_run_id)
    contracts = contracts_of_month(ctx.company, run.competence)
    if not contracts:
        raise InvalidInput("no_contracts", _("Nobody has an employment contract in this month."))
    _start(ctx, run, contracts)
    _remove_strangers(run, contracts)
    return run


@command("hr.payroll_run.recompute_failed", permission="hr.payroll_run.compute")
def recompute_failed(ctx: Context, *, payroll_run_id: int) -> PayrollRun:
    """Compute again only the payslips that failed, and contracts that are new in the month.

    Raises:
        WrongState: ``nothing_failed``, or the run is not in a state to be computed.
    """
    run = _locked_run(ctx, payroll_run_id)
    good = set(
        Payslip.objects.filter(run=run, state=PayslipState.OK).values_list("contract_id", flat=True)
    )
    contracts = [pk for pk in contracts_of_month(ctx.company, run.competence) if pk not in good]
    if not contracts:
        raise WrongState("nothing_failed", _("No payslip of this run has an error."))
    _start(ctx, run, contracts)
    return run


@command("hr.payslip.recompute", permission="hr.payroll_run.compute")
def recompute_payslip(ctx: Context, *, payslip_id: int) -> PayrollRun:
    """Compute one payslip of a run again, alone."""
    slip = Payslip.objects.filter(company_id=ctx.company, pk=payslip_id).first()
    if slip is None:
        raise NotFound("not_found", _("There is no such payslip."))
    run = _locked_run(ctx, slip.run_id)
    _start(ctx, run, [slip.contract_id])
    return run


@command("hr.payroll_run.submit")
def submit_run(ctx: Context, *, payroll_run_id: int) -> PayrollRun:
    """Send a computed run for approval by another person.

    Raises:
        WrongState: ``has_errors``, ``not_ready``, ``out_of_date``, or it is not computed.
    """
    run = _locked_run(ctx, payroll_run_id)
    if run.state != RunState.COMPUTED:
        raise WrongState("wrong_state", _("Only a computed payroll can be sent for approval."))
    if run.error_count:
        raise WrongState("has_errors", _("Mend the payslips with errors first."))
    board = board_of(run)
    if board.blocking:
        raise WrongState("not_ready", _("The readiness board still shows blocking problems."))
    if board.contracts != run.payslip_count:
        message = _("Contracts changed since the run was computed. Compute it again.")
        raise WrongState("out_of_date", message)
    transition(ctx, PROCESS, [run.pk], "submit")
    request_approval(
        ctx,
        document=run,
        permission=APPROVE,
        content=approval_content(run.pk),
        title=_("Payroll %(month)s") % {"month": format_competence(run.competence)},
    )
    return run


@step
def on_decision(ctx: Context, approval: Approval) -> None:
    """Move the run as its approval was decided."""
    action = "approve" if approval.state == ApprovalState.APPROVED else "return"
    transition(ctx, PROCESS, [approval.document_id], action, _last_comment(approval))


def _last_comment(approval: Approval) -> str:
    vote = approval.votes.order_by("-pk").first()
    return "" if vote is None else vote.comment


@command("hr.payroll_run.close")
def close_run(ctx: Context, *, payroll_run_id: int) -> PayrollRun:
    """Close an approved run: its payslips and the month can no longer change.

    Raises:
        WrongState: It is not approved.
        Stale: It is not any more what was approved.
        PeriodClosed: The month is closed.
    """
    run = _locked_run(ctx, payroll_run_id)
    if run.state != RunState.APPROVED:
        message = _("Only an approved payroll can be closed.")
        raise WrongState("wrong_state", message)
    require_approval(ctx, document=run, permission=APPROVE)
    transition(ctx, PROCESS, [run.pk], "close")
    close_period(ctx.company, DOMAIN, run.competence, at=ctx.at, user_id=ctx.actor_id)
    return run


@command("hr.payroll_run.conclude")
def conclude_run(ctx: Context, *, payroll_run_id: int, proof: str, note: str = "") -> PayrollRun:
    """Conclude a closed run, once everybody was paid and that can be proved.

    Args:
        ctx: Who concludes it.
        payroll_run_id: The run.
        proof: How the payment is proved, a ``ReceiptProof``.
        note: Where the proof is kept, or what was special.

    Raises:
        WrongState: It is not closed, or ``not_paid_yet``: its payment date has not come.
        InvalidInput: ``unknown_proof``.

    Law:
        CLT art. 464: wages are paid against a signed receipt, or against proof of the deposit.
    """
    run = _locked_run(ctx, payroll_run_id)
    if run.state != RunState.CLOSED:
        raise WrongState("wrong_state", _("Only a closed payroll can be concluded."))
    if timezone.localdate(ctx.at) < run.payment_date:
        message = _("The payroll is paid on %(day)s. It can be concluded from that day on.")
        raise WrongState(
            "not_paid_yet", message % {"day": date_format(run.payment_date, "SHORT_DATE_FORMAT")}
        )
    if proof not in ReceiptProof:
        message = _("Say how the payment is proved.")
        raise InvalidInput("unknown_proof", message, fields={"proof": message})
    said = [str(ReceiptProof(proof).label), note.strip()]
    transition(ctx, PROCESS, [run.pk], "conclude", ". ".join(filter(None, said)))
    return run


def _locked_run(ctx: Context, pk: int) -> PayrollRun:
    run = (
        PayrollRun.objects.select_for_update(no_key=True)
        .filter(company_id=ctx.company, pk=pk)
        .first()
    )
    if run is None:
        raise NotFound("not_found", _("There is no such payroll run."))
    return run


def _start(ctx: Context, run: PayrollRun, contracts: Sequence[int]) -> None:
    """Move the run to computing and put the work into a job, in chunks of about a second."""
    versions = tables_of_run(run.competence, run.payment_date).ids()
    transition(ctx, PROCESS, [run.pk], "compute")
    settings = settings_on(run.company_id, run.competence)
    params: dict[str, Any] = {
        "run": run.pk,
        "tables": versions,
        "waive_small_tax": settings.irrf_minimum,
    }
    job = create_job(
        ctx,
        kind=JOB,
        title=_("Compute payroll %(month)s") % {"month": format_competence(run.competence)},
        params=params,
        chunks=[
            {"contracts": list(contracts[start : start + CHUNK])}
            for start in range(0, len(contracts), CHUNK)
        ],
        total=len(contracts),
        target=run,
    )
    PayrollRun.objects.filter(pk=run.pk).update(job_id=job.pk)
    run.job_id = job.pk


def _remove_strangers(run: PayrollRun, contracts: Sequence[int]) -> None:
    """Take away results of contracts that are no longer part of the month."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM hr_payslip_line l USING hr_payslip p
            WHERE p.id = l.payslip_id AND p.run_id = %(run)s AND p.contract_id <> ALL(%(ids)s)
            """,
            {"run": run.pk, "ids": list(contracts)},
        )
        cursor.execute(
            "DELETE FROM hr_payslip WHERE run_id = %(run)s AND contract_id <> ALL(%(ids)s)",
            {"run": run.pk, "ids": list(contracts)},
        )
