"""The objects of the payroll, its process, and what can be approved of it."""

from django.utils.translation import gettext_lazy as _

from backoffice.home.guided import register as register_tasks
from backoffice.legislation.registry import EFFECTS, register_work
from backoffice.resources import registry
from backoffice.search import sources
from backoffice.web.guidance import register as register_help
from backoffice.web.home import register as register_on_home
from backoffice.work.registry import ApprovalKind, register, register_approval
from hr.payroll.models import PayrollSettings, PayslipLine
from hr.payroll.process import APPROVE, PAYROLL_PROCESS, approval_summary, run_url
from hr.payroll.register import personal
from hr.payroll.register.guidance import HELP
from hr.payroll.register.home import KPIS, SECTIONS
from hr.payroll.register.items import PAY_ITEM
from hr.payroll.register.payslips import PAYSLIP
from hr.payroll.register.runs import RUN
from hr.payroll.register.training import TASKS
from hr.payroll.selectors.duties import AMOUNTS, work_of
from hr.payroll.selectors.preview import effects_on_payrolls
from hr.payroll.selectors.runs import approval_content
from hr.payroll.services import on_decision

__all__ = ["personal"]  # imported for what it declares

register(PAYROLL_PROCESS)
register_approval(
    ApprovalKind(
        permission=APPROVE,
        label=_("Approve the payroll"),
        model="hr.PayrollRun",
        on_decision=on_decision,
        summary=approval_summary,
        url=run_url,
        current=approval_content,
    )
)
registry.register(RUN, PAYSLIP, PAY_ITEM)
registry.internal("Lines of a payslip, shown on its page.", PayslipLine)
registry.internal("How a company computes its payroll, kept in the Django admin.", PayrollSettings)
register_on_home(*SECTIONS, *KPIS)
register_help(*HELP)
register_tasks(*TASKS)
EFFECTS.provide(effects_on_payrolls)
for duty in AMOUNTS:
    register_work(duty, work_of(duty))
sources.declare(
    "hr.payroll_run", keyed="scope", title=("kind", "competence"), hint=("number",), document=True
)
sources.declare("hr.pay_item", keyed="company")
sources.exclude("One for each person and month: found through the person or the run.", "hr.payslip")
