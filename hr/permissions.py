"""What can be permitted in the area of people, and what each standard role may do of it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from backoffice.identity.catalogue import Permission

PERMISSIONS = (
    Permission("hr.employee.view", _("See employees")),
    Permission("hr.employee.view_pay", _("See salaries")),
    Permission("hr.employee.view_documents", _("See documents, addresses and bank accounts")),
    Permission("hr.employee.hire", _("Hire")),
    Permission("hr.employee.update", _("Change civil data")),
    Permission("hr.employee.change_payout", _("Change where an employee is paid")),
    Permission("hr.employee.add_dependent", _("Add dependants")),
    Permission("hr.employee.end_dependent", _("End dependants")),
    Permission("hr.contract.view", _("See employment contracts")),
    Permission("hr.contract.change_terms", _("Change job, salary or hours")),
    Permission("hr.contract.transfer", _("Transfer employees")),
    Permission("hr.contract.agree_trial", _("Agree on trials")),
    Permission("hr.contract.extend_trial", _("Extend trials")),
    Permission("hr.contract.end", _("End contracts")),
    Permission("hr.job_title.view", _("See job titles")),
    Permission("hr.job_title.create", _("Create job titles")),
    Permission("hr.salary_floor.view", _("See salary floors")),
    Permission("hr.salary_floor.create", _("Create salary floors")),
    Permission("hr.payroll_run.view", _("See payrolls")),
    Permission("hr.payroll_run.open", _("Open a competence")),
    Permission("hr.payroll_run.compute", _("Compute the payroll")),
    Permission("hr.payroll_run.submit", _("Send the payroll for approval")),
    Permission("hr.payroll_run.approve", _("Approve the payroll")),
    Permission("hr.payroll_run.close", _("Close the payroll"), guarded=True),
    Permission("hr.payroll_run.conclude", _("Conclude the payroll")),
    Permission("hr.payroll_run.print", _("Print all payslips of a payroll")),
    Permission("hr.payslip.view", _("See payslips")),
)

_OWN = ("hr.employee.view", "hr.employee.view_pay", "hr.employee.view_documents", "hr.payslip.view")
_READ = (
    *_OWN,
    "hr.contract.view",
    "hr.job_title.view",
    "hr.salary_floor.view",
    "hr.payroll_run.view",
)
_ANALYST = (
    *_READ,
    "hr.employee.hire",
    "hr.employee.update",
    "hr.employee.change_payout",
    "hr.employee.add_dependent",
    "hr.employee.end_dependent",
    "hr.contract.change_terms",
    "hr.contract.transfer",
    "hr.contract.agree_trial",
    "hr.contract.extend_trial",
    "hr.contract.end",
    "hr.job_title.create",
    "hr.salary_floor.create",
    "hr.payroll_run.open",
    "hr.payroll_run.compute",
    "hr.payroll_run.submit",
    "hr.payroll_run.conclude",
    "hr.payroll_run.print",
)

ROLES: Mapping[str, tuple[str, ...]] = {
    "hr_analyst": _ANALYST,
    "hr_manager": (*_ANALYST, "hr.payroll_run.approve", "hr.payroll_run.close"),
    "finance": ("hr.payroll_run.view",),
    "manager": ("hr.employee.view",),
    "employee": _OWN,
}
