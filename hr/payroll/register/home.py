"""What the payroll shows on the home page."""

from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.identity.rules import Access
from backoffice.money import format_brl
from backoffice.periods.rules import format_competence
from backoffice.web.home import Figure, Kpi, Section
from hr.payroll.models import FINAL, PayrollRun
from hr.payroll.selectors.runs import visible_runs
from hr.payroll.views import my_payslip, open_payroll

MONTHS = 13
MEMO = "hr.payroll.home"


def _last_runs(request: HttpRequest) -> list[PayrollRun]:
    """The closed months, newest first; read once for all figures."""
    access: Access = request.access  # type: ignore[attr-defined]
    if MEMO not in access.memo:
        closed = visible_runs(access).filter(state__in=FINAL).order_by("-competence")
        access.memo[MEMO] = list(closed[:MONTHS])
    found: list[PayrollRun] = access.memo[MEMO]
    return found


def change_words(change: Decimal, *, money: bool) -> str:
    """A change against the month before, with its sign; in words when there is none."""
    if not change:
        return gettext("no change")
    shown = format_brl(change) if money else str(int(change))
    return f"+{shown}" if change > 0 else shown


def _sum(name: str) -> "Kpi":
    labels = {
        "net": _("Net pay of the last closed month"),
        "fgts": _("FGTS of the last closed month"),
        "payslip_count": _("People paid in the last closed month"),
    }

    def figure(request: HttpRequest) -> Figure | None:
        runs = _last_runs(request)
        if not runs:
            return None
        value = getattr(runs[0], name)
        delta, hint = "", format_competence(runs[0].competence)
        if len(runs) > 1:
            change = Decimal(value) - Decimal(getattr(runs[1], name))
            delta = change_words(change, money=name != "payslip_count")
            months = {"month": hint, "before": format_competence(runs[1].competence)}
            hint = gettext("%(month)s, compared with %(before)s") % months
        return Figure(
            value=format_brl(value) if name != "payslip_count" else value,
            url=reverse("hr.payroll_run.detail", args=[runs[0].pk]),
            delta=delta,
            hint=hint,
            trend=tuple(Decimal(getattr(run, name)) for run in reversed(runs)),
        )

    order = list(labels).index(name) + 10
    return Kpi(
        name=f"hr.{name}",
        label=labels[name],
        order=order,
        permission="hr.payroll_run.view",
        figure=figure,
    )


SECTIONS = (
    Section(
        name="hr.open_payroll",
        title=_("Payroll of the month"),
        icon="cash",
        order=20,
        template="hr/payroll/home_run.html",
        context=open_payroll,
        permission="hr.payroll_run.compute",
    ),
    Section(
        name="hr.my_payslip",
        title=_("My payslips"),
        icon="receipt",
        order=40,
        template="hr/payroll/home_payslip.html",
        context=my_payslip,
        permission="hr.payslip.view",
    ),
)
KPIS = (_sum("net"), _sum("fgts"), _sum("payslip_count"))
