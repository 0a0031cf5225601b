"""What the payroll shows that generic pages cannot: readiness, "Why?", PDF."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from hr.payroll.explanations import TITLES, show
from hr.payroll.models import FINAL, PayrollRun, Payslip, PayslipState, RunState
from hr.payroll.payslip_pdf import stamp_payslip
from hr.payroll.process import PAYROLL_PROCESS
from hr.payroll.selectors.payslips import (
    document_of,
    explanation_of,
    printed,
)
from hr.payroll.selectors.readiness import board_of
from hr.payroll.selectors.reading import access_from, log_reading
from hr.payroll.selectors.runs import last_payslip, lines_of, visible_payslips, visible_runs

_BEFORE_APPROVAL = {RunState.OPEN, RunState.COMPUTING, RunState.COMPUTED}


def readiness_panel(run: PayrollRun, access: Access) -> dict[str, Any] | None:
    """The readiness board while the run can still be mended; nobody needs it afterwards."""
    if run.state not in _BEFORE_APPROVAL or not access.can("hr.payroll_run.compute"):
        return None
    return {"board": board_of(run)}


def job_panel(run: PayrollRun, access: Access) -> dict[str, Any] | None:
    """The job of the last computation, with the payslips that failed in it."""
    if run.job_id is None:
        return None
    job = Job.objects.filter(pk=run.job_id, company_id=access.company_id).first()
    if job is None or run.state not in _BEFORE_APPROVAL:
        return None
    failed = (
        Payslip.objects.filter(run=run, state=PayslipState.ERROR)
        .select_related("contract__employee__party")
        .order_by("pk")[:50]
    )
    return {"job": job, "failed": failed}


def payslip_panel(payslip: Payslip, access: Access) -> dict[str, Any]:
    """Lines and totals of a payslip."""
    return {"payslip": payslip, "lines": lines_of(payslip, access)}


def my_payslip(request: HttpRequest) -> dict[str, Any] | None:
    """Section of the home page: the newest payslip of the person who looks."""
    slip = last_payslip(access_from(request))
    return None if slip is None else {"payslip": slip}


def open_payroll(request: HttpRequest) -> dict[str, Any] | None:
    """Section of the home page: the payroll that is not closed yet, with what stands in its way."""
    access = access_from(request)
    run = visible_runs(access).exclude(state__in=FINAL).order_by("competence").first()
    if run is None:
        return None
    board = board_of(run) if run.state in _BEFORE_APPROVAL else None
    return {"run": run, "state": PAYROLL_PROCESS.state[run.state], "board": board}


class PayslipWhy(View):
    """Why an amount of a payslip is what it is: formula, inputs, table rows, law."""

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """Recompute the amount from what the payslip stored, and show the steps."""
        payslip = get_object_or_404(visible_payslips(access_from(request)), pk=pk)
        explanation = explanation_of(payslip, code)
        if explanation is None:
            raise Http404
        log_reading(request, "hr.payslip", [payslip.pk])
        return render(
            request,
            "hr/payroll/why.html",
            {"payslip": payslip, "title": TITLES[code], "why": show(explanation)},
        )


class PayslipPdf(View):
    """One payslip as PDF, stamped while the person waits."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the PDF; a payslip with an error has none."""
        slips = visible_payslips(access_from(request)).filter(state=PayslipState.OK)
        payslip = get_object_or_404(printed(slips), pk=pk)
        log_reading(request, "hr.payslip", [payslip.pk])
        name = f"holerite-{payslip.run.competence:%Y-%m}-{payslip.snapshot['registration']}.pdf"
        answer = HttpResponse(stamp_payslip(document_of(payslip)), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        return answer
