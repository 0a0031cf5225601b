"""The payslip."""

from django.utils.translation import gettext_lazy as _

from backoffice.database.keyset import unaccented
from backoffice.identity.rules import Access
from backoffice.pdf.verification import register_kind
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Resource,
    Table,
    Text,
)
from hr.payroll.api import PayslipDetailSerializer, PayslipSerializer
from hr.payroll.filters import PayslipFilter
from hr.payroll.models import Payslip, RunState
from hr.payroll.payslip_pdf import LETTER
from hr.payroll.selectors.payslips import issued_payslip
from hr.payroll.selectors.runs import visible_payslips
from hr.payroll.views import payslip_panel


def why_not_recompute(slip: Payslip, access: Access) -> Text | None:
    """Why a payslip cannot be computed again, if it cannot."""
    if slip.run.state == RunState.COMPUTED:
        return None
    return _("Only while its payroll is computed and not yet sent for approval.")


PAYSLIP = Resource(
    name="hr.payslip",
    lacks={
        "history": "It is computed, never edited; each computation is an event of its run.",
    },
    model=Payslip,
    slug="payslips",
    label=_("Payslip"),
    label_plural=_("Payslips"),
    icon="receipt",
    view_permission="hr.payslip.view",
    queryset=visible_payslips,
    person="contract__employee__party_id",
    empty=_("Payslips appear here when a payroll is closed."),
    title=lambda slip: f"{slip.contract.employee.party.display_name} · {slip.run.competence:%m/%Y}",
    table=Table(
        columns=(
            Column(key="competence", label=_("Competence"), kind=Kind.COMPETENCE),
            Column(key="name", label=_("Name"), kind=Kind.LINK, sort=unaccented("name")),
            Column(key="registration", label=_("Registration")),
            Column(key="earnings", label=_("Earnings"), kind=Kind.MONEY, total=True),
            Column(key="deductions", label=_("Deductions"), kind=Kind.MONEY, total=True),
            Column(key="net", label=_("Net pay"), kind=Kind.MONEY, total=True),
            Column(
                key="state",
                label=_("State"),
                kind=Kind.STATE,
                tones={"ok": "success", "error": "danger"},
            ),
        ),
        order="-competence",
        groups=("competence", "state", "name"),
        search=("contract__employee__party__name", "contract__registration"),
    ),
    filters=PayslipFilter,
    panels=(
        Panel(
            title=_("Payslip"),
            icon="receipt",
            template="hr/payroll/payslip.html",
            context=payslip_panel,
        ),
        Facts(
            title=_("Bases"),
            icon="math-function",
            facts=(
                Fact(key="base_inss", label=_("INSS base"), kind=Kind.MONEY, total=True),
                Fact(key="base_irrf", label=_("IRRF base"), kind=Kind.MONEY, total=True),
                Fact(key="base_fgts", label=_("FGTS base"), kind=Kind.MONEY, total=True),
                Fact(key="fgts", label=_("FGTS of the month"), kind=Kind.MONEY, total=True),
                Fact(key="payment_date", label=_("Payment date"), kind=Kind.DATE),
            ),
        ),
    ),
    serializer=PayslipSerializer,
    detail_serializer=PayslipDetailSerializer,
    commands=(
        Command(
            name="hr.payslip.recompute",
            label=_("Compute again"),
            icon="refresh",
            bulk=True,
            available=why_not_recompute,
            done=_("Computing again."),
        ),
    ),
    menu=Menu(order=70, key="p"),
)

register_kind(LETTER, issued_payslip)
