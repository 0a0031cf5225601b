"""Records that several commands look up and hold, always inside the company of the context."""

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context
from backoffice.errors import InvalidInput, NotFound
from hr.people.models import Employee, EmploymentContract, JobTitle


def locked_employee(ctx: Context, pk: int) -> Employee:
    """The employee of the company, locked until the transaction ends.

    Raises:
        NotFound: There is none in this company.
    """
    employee = (
        Employee.objects.select_for_update(of=("self",))
        .select_related("party")
        .filter(company_id=ctx.company, pk=pk)
        .first()
    )
    if employee is None:
        raise NotFound("not_found", _("There is no such employee."))
    return employee


def locked_contract(ctx: Context, pk: int) -> EmploymentContract:
    """The contract of the company, locked until the transaction ends.

    Raises:
        NotFound: There is none in this company.
    """
    contract = (
        EmploymentContract.objects.select_for_update(of=("self",))
        .select_related("employee__party")
        .filter(company_id=ctx.company, pk=pk)
        .first()
    )
    if contract is None:
        raise NotFound("not_found", _("There is no such contract."))
    return contract


def own_job_title(ctx: Context, pk: int) -> JobTitle:
    """The job title of the company.

    Raises:
        InvalidInput: There is none in this company.
    """
    title = JobTitle.objects.filter(company_id=ctx.company, pk=pk).first()
    if title is None:
        message = _("There is no such job title.")
        raise InvalidInput("no_job_title", message, fields={"job_title": message})
    return title
