"""The payroll run."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from backoffice.money import format_brl
from backoffice.resources.records import (
    Board,
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Related,
    Resource,
    Table,
)
from backoffice.resources.shapes import filters_of
from hr.payroll import forms
from hr.payroll.api import PayrollRunSerializer
from hr.payroll.models import PayrollRun
from hr.payroll.process import PROCESS
from hr.payroll.selectors.runs import visible_runs
from hr.payroll.views import job_panel, readiness_panel


def _title(run: PayrollRun) -> str:
    return _("Payroll %(month)s") % {"month": f"{run.competence:%m/%Y}"}


def compute_summary(run: PayrollRun, access: Access) -> str:
    """What computing replaces."""
    if not run.payslip_count:
        return ""
    return ngettext(
        "%(count)d payslip that is already computed is replaced.",
        "%(count)d payslips that are already computed are replaced.",
        run.payslip_count,
    ) % {"count": run.payslip_count}


def why_not_submit(run: PayrollRun, access: Access) -> str | None:
    """Why a run cannot be sent for approval yet."""
    if run.error_count:
        return ngettext(
            "%(count)d payslip has an error.",
            "%(count)d payslips have errors.",
            run.error_count,
        ) % {"count": run.error_count}
    return None


def why_not_recompute(run: PayrollRun, access: Access) -> str | None:
    """Why there is nothing to compute again."""
    return None if run.error_count else _("No payslip has an error.")


def job_page(run: PayrollRun) -> str:
    """Where one watches the computation that was just started."""
    return reverse("jobs:detail", args=[run.job_id])


def close_summary(run: PayrollRun, access: Access) -> str:
    """What closing fixes for ever."""
    return _(
        "%(count)d payslips with a net pay of %(net)s become final, and the month %(month)s is"
        " closed. This cannot be undone."
    ) % {
        "count": run.payslip_count,
        "net": format_brl(run.net),
        "month": f"{run.competence:%m/%Y}",
    }


def why_not_conclude(run: PayrollRun, access: Access) -> str | None:
    """Why a closed run cannot be concluded yet."""
    if access.on >= run.payment_date:
        return None
    return _("The payroll is paid on %(day)s. It can be concluded from that day on.") % {
        "day": date_format(run.payment_date, "SHORT_DATE_FORMAT")
    }


def conclude_summary(run: PayrollRun, access: Access) -> str:
    """What is concluded."""
    return _("%(count)d payslips, net pay of %(net)s, paid on %(day)s.") % {
        "count": run.payslip_count,
        "net": format_brl(run.net),
        "day": date_format(run.payment_date, "SHORT_DATE_FORMAT"),
    }


def why_not_print(run: PayrollRun, access: Access) -> str | None:
    """Why there is nothing to print."""
    if run.payslip_count > run.error_count:
        return None
    return _("This payroll has no payslips yet.")


def print_summary(run: PayrollRun, access: Access) -> str:
    """What printing makes."""
    return ngettext(
        "%(count)d payslip is printed into one PDF, which you can save for %(days)d days.",
        "%(count)d payslips are printed into one PDF, which you can save for %(days)d days.",
        run.payslip_count - run.error_count,
    ) % {"count": run.payslip_count - run.error_count, "days": settings.JOB_RESULT_DAYS}


_SUMS = (
    Fact(key="number", label=gettext_lazy("Number")),
    Fact(key="payslip_count", label=gettext_lazy("Payslips"), kind=Kind.INTEGER),
    Fact(key="error_count", label=gettext_lazy("Errors"), kind=Kind.INTEGER),
    Fact(key="earnings", label=gettext_lazy("Earnings"), kind=Kind.MONEY, total=True),
    Fact(key="deductions", label=gettext_lazy("Deductions"), kind=Kind.MONEY, total=True),
    Fact(key="net", label=gettext_lazy("Net pay"), kind=Kind.MONEY),
    Fact(key="inss", label=gettext_lazy("INSS withheld"), kind=Kind.MONEY, total=True),
    Fact(key="irrf", label=gettext_lazy("IRRF withheld"), kind=Kind.MONEY, total=True),
    Fact(key="fgts", label=gettext_lazy("FGTS of the month"), kind=Kind.MONEY, total=True),
)

RUN = Resource(
    name="hr.payroll_run",
    lacks={
        "history": "It moves by the steps of its process, each an event; nothing of it is edited.",
    },
    model=PayrollRun,
    slug="payroll-runs",
    label=gettext_lazy("Payroll"),
    label_plural=gettext_lazy("Payrolls"),
    icon="cash",
    view_permission="hr.payroll_run.view",
    queryset=visible_runs,
    empty=gettext_lazy("Open a competence to compute, approve and close its payroll."),
    title=_title,
    state="state",
    process=PROCESS,
    table=Table(
        columns=(
            Column(
                key="competence",
                label=gettext_lazy("Competence"),
                kind=Kind.COMPETENCE,
            ),
            Column(key="kind", label=gettext_lazy("Kind"), kind=Kind.LINK, source="kind"),
            Column(key="number", label=gettext_lazy("Number")),
            Column(key="payment_date", label=gettext_lazy("Payment date"), kind=Kind.DATE),
            Column(
                key="payslip_count", label=gettext_lazy("Payslips"), kind=Kind.INTEGER, total=True
            ),
            Column(key="error_count", label=gettext_lazy("Errors"), kind=Kind.INTEGER, total=True),
            Column(key="net", label=gettext_lazy("Net pay"), kind=Kind.MONEY, total=True),
            Column(key="state", label=gettext_lazy("State"), kind=Kind.STATE),
        ),
        order="-competence",
        groups=("state", "kind", "competence"),
    ),
    filters=filters_of(PayrollRun, "state"),
    panels=(
        Panel(
            title=gettext_lazy("Readiness"),
            icon="checklist",
            template="hr/payroll/readiness.html",
            context=readiness_panel,
        ),
        Panel(
            title=gettext_lazy("Last computation"),
            icon="server",
            template="hr/payroll/job.html",
            context=job_panel,
        ),
        Facts(
            title=gettext_lazy("Sums"),
            icon="calculator",
            facts=(
                Fact(key="competence", label=gettext_lazy("Competence"), kind=Kind.COMPETENCE),
                Fact(key="payment_date", label=gettext_lazy("Payment date"), kind=Kind.DATE),
                *_SUMS,
            ),
        ),
    ),
    related=(Related(resource="hr.payslip", filter="run"),),
    serializer=PayrollRunSerializer,
    create=Command(
        name="hr.payroll_run.open",
        label=gettext_lazy("Open competence"),
        icon="folder",
        form=forms.OpenRunForm,
        initial=forms.open_initial,
        done=gettext_lazy("Competence opened."),
    ),
    commands=(
        Command(
            name="hr.payroll_run.close",
            label=gettext_lazy("Close"),
            icon="lock",
            states=frozenset({"approved"}),
            summary=close_summary,
            danger=True,
            done=gettext_lazy("Payroll closed."),
        ),
        Command(
            name="hr.payroll_run.conclude",
            label=gettext_lazy("Conclude"),
            icon="checks",
            form=forms.ConcludeForm,
            states=frozenset({"closed"}),
            available=why_not_conclude,
            summary=conclude_summary,
            done=gettext_lazy("Payroll concluded."),
        ),
        Command(
            name="hr.payroll_run.submit",
            label=gettext_lazy("Send for approval"),
            icon="send",
            states=frozenset({"computed"}),
            available=why_not_submit,
            done=gettext_lazy("Sent for approval."),
        ),
        Command(
            name="hr.payroll_run.recompute_failed",
            label=gettext_lazy("Compute errors again"),
            icon="refresh",
            states=frozenset({"computed"}),
            available=why_not_recompute,
            done=gettext_lazy("Computing again what failed."),
            leads_to=job_page,
        ),
        Command(
            name="hr.payroll_run.compute",
            label=gettext_lazy("Compute"),
            icon="calculator",
            states=frozenset({"open", "computed"}),
            summary=compute_summary,
            done=gettext_lazy("Computing started."),
            leads_to=job_page,
        ),
        Command(
            name="hr.payroll_run.print",
            label=gettext_lazy("All payslips in one PDF"),
            icon="printer",
            available=why_not_print,
            summary=print_summary,
            done=gettext_lazy("Printing started."),
            leads_to=Job.get_absolute_url,
        ),
    ),
    events={"printed": gettext_lazy("Payslips printed")},
    menu=Menu(order=60, key="f"),
    board=Board(
        moves={
            "computing": "compute",
            "submitted": "submit",
            "closed": "close",
            "reported": "conclude",
        },
        shows=("competence", "payment_date", "net"),
    ),
    calendar="payment_date",
)
