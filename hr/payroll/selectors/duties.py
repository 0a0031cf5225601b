"""What there is to do for the duties that come with the payroll: the run of the month, the amount."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.identity.rules import Access
from backoffice.legislation.registry import DutyWork
from backoffice.periods.rules import format_competence, month_start
from hr.payroll.models import FINAL, PayrollRun
from hr.payroll.selectors.runs import visible_runs

AMOUNTS = {"salary": "net", "fgts": "fgts", "inss": "inss", "irrf": "irrf", "esocial": ""}
"""Code of the duty to the sum of the run that is owed; empty for a duty without an amount."""


def work_of(duty: str) -> Callable[[Access, Iterable[dt.date]], Mapping[dt.date, DutyWork]]:
    """What there is to do for one duty, by month.

    IRRF is owed by the month of payment, the others by the month worked. What the employer owes to
    the INSS beside what was withheld is not known here yet.
    """
    field = AMOUNTS[duty]

    def work(access: Access, months: Iterable[dt.date]) -> Mapping[dt.date, DutyWork]:
        wanted = set(months)
        runs = visible_runs(access).order_by("competence", "pk")
        if duty == "irrf":
            found = [(month_start(run.payment_date), run) for run in runs]
        else:
            found = [(run.competence, run) for run in runs.filter(competence__in=wanted)]
        grouped: dict[dt.date, list[PayrollRun]] = {}
        for month, run in found:
            if month in wanted:
                grouped.setdefault(month, []).append(run)
        return {month: _work(each, field) for month, each in grouped.items()}

    return work


def _work(runs: list[PayrollRun], field: str) -> DutyWork:
    last = runs[-1]
    computed = field and all(run.payslip_count for run in runs)
    return DutyWork(
        label=_("Payroll %(month)s") % {"month": format_competence(last.competence)},
        url=reverse("hr.payroll_run.detail", args=[last.pk]),
        amount=sum((getattr(run, field) for run in runs), Decimal(0)) if computed else None,
        done=all(run.state in FINAL for run in runs),
    )
