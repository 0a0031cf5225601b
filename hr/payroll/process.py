"""How a payroll run moves through the five phases, and who approves it."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.money import format_brl, parse_amount
from backoffice.periods.rules import format_competence, parse_competence
from backoffice.work.rules import Clock, Phase, Process, State, Step

SHORT = "SHORT_DATE_FORMAT"
PROCESS = "hr.payroll_run"
APPROVE = "hr.payroll_run.approve"

PAYROLL_PROCESS = Process(
    key=PROCESS,
    label=_("Payroll"),
    model="hr.PayrollRun",
    states=(
        State(
            key="open",
            label=pgettext_lazy("payroll run", "Open"),
            phase=Phase.RECEPTION,
            clock=Clock.RUN,
            initial=True,
            colour="info",
        ),
        State(
            key="computing",
            label=pgettext_lazy("payroll run", "Computing"),
            phase=Phase.PROCESSING,
            clock=Clock.RUN,
            colour="progress",
        ),
        State(
            key="computed",
            label=pgettext_lazy("payroll run", "Computed"),
            phase=Phase.PROCESSING,
            clock=Clock.RUN,
            colour="info",
        ),
        State(
            key="submitted",
            label=pgettext_lazy("payroll run", "Waiting for approval"),
            phase=Phase.EXECUTION,
            clock=Clock.RUN,
            waits_on=_("approver"),
            colour="warning",
        ),
        State(
            key="approved",
            label=pgettext_lazy("payroll run", "Approved"),
            phase=Phase.EXECUTION,
            clock=Clock.RUN,
            colour="info",
        ),
        State(
            key="closed",
            label=pgettext_lazy("payroll run", "Closed"),
            phase=Phase.FOLLOW_UP,
            clock=Clock.STOP,
            waits_on=_("payment and receipts"),
            done=True,
            colour="success",
        ),
        State(
            key="reported",
            label=pgettext_lazy("payroll run", "Concluded"),
            phase=Phase.REPORTING,
            clock=Clock.STOP,
            closed=True,
            colour="success",
        ),
    ),
    steps=(
        Step(
            action="compute",
            label=_("Compute"),
            sources=frozenset({"open", "computed"}),
            target="computing",
            permission="hr.payroll_run.compute",
        ),
        Step(
            action="finish",
            label=_("Finish computing"),
            sources=frozenset({"computing"}),
            target="computed",
            permission="hr.payroll_run.compute",
        ),
        Step(
            action="interrupt",
            label=_("Stop computing"),
            sources=frozenset({"computing"}),
            target="open",
            permission="hr.payroll_run.compute",
            backward=True,
        ),
        Step(
            action="submit",
            label=_("Send for approval"),
            sources=frozenset({"computed"}),
            target="submitted",
            permission="hr.payroll_run.submit",
        ),
        Step(
            action="approve",
            label=_("Approve"),
            sources=frozenset({"submitted"}),
            target="approved",
            permission=APPROVE,
        ),
        Step(
            action="return",
            label=_("Return"),
            sources=frozenset({"submitted"}),
            target="computed",
            permission=APPROVE,
            backward=True,
            needs_reason=True,
        ),
        Step(
            action="close",
            label=_("Close"),
            sources=frozenset({"approved"}),
            target="closed",
            permission="hr.payroll_run.close",
        ),
        Step(
            action="conclude",
            label=_("Conclude"),
            sources=frozenset({"closed"}),
            target="reported",
            permission="hr.payroll_run.conclude",
        ),
    ),
)


def approval_summary(content: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  any JSON
    """The numbers that a voter must see."""
    return [
        (_("Competence"), format_competence(parse_competence(content["competence"]))),
        (_("Payslips"), str(content["payslips"])),
        (_("Earnings"), format_brl(parse_amount(content["earnings"]))),
        (_("Deductions"), format_brl(parse_amount(content["deductions"]))),
        (_("Net pay"), format_brl(parse_amount(content["net"]))),
        (_("FGTS of the month"), format_brl(parse_amount(content["fgts"]))),
        (_("Payment date"), date_format(dt.date.fromisoformat(content["payment_date"]), SHORT)),
    ]


def run_url(pk: int) -> str:
    """Address of a run's page."""
    return reverse("hr.payroll_run.detail", args=[pk])
