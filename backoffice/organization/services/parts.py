"""Commands on the parts of a company: branches, departments, cost centres."""

from typing import TypeVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from backoffice.br import state_registration as state_registration_rules
from backoffice.commands import Context, command, step
from backoffice.commands.rows import own, save
from backoffice.errors import InvalidInput
from backoffice.organization.models import (
    Branch,
    Coded,
    CostCenter,
    Department,
    WorkCalendar,
)
from backoffice.organization.selectors import subtree_ids
from backoffice.organization.services.companies import locate, valid_cnpj

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", bound=Coded)


@command("backoffice.branch.create")
def create_branch(
    ctx: Context,
    *,
    code: str,
    name: str,
    cnpj: str,
    municipality: str,
    state: str,
    address: str = "",
    state_registration: str = "",
    work_calendar_id: int | None = None,
) -> Branch:
    """Open a branch of the company of the context.

    Raises:
        InvalidInput: The CNPJ or the state registration is wrong or in use, or the state has no
            such municipality.
    """
    if work_calendar_id is not None:
        own(ctx, WorkCalendar, work_calendar_id)
    branch = Branch(
        company_id=ctx.company,
        code=code,
        name=name,
        cnpj=valid_cnpj(cnpj),
        address=address,
        work_calendar_id=work_calendar_id,
    )
    locate(branch, municipality, state)
    branch.state_registration = _registration(state_registration, branch.state)
    return save(ctx, branch, "created")


@command("backoffice.department.create")
def create_department(
    ctx: Context, *, code: str, name: str, parent_id: int | None = None
) -> Department:
    """Add a department, at the top or below another one of the same company.

    Raises:
        InvalidInput: The code is in use, or the one above is closed.
    """
    lock_tree(ctx)
    if parent_id is not None:
        _open_parent(ctx, parent_id)
    made = Department(company_id=ctx.company, code=code, name=name, parent_id=parent_id)
    return save(ctx, made, "created")


@command("backoffice.cost_center.create")
def create_cost_center(ctx: Context, *, code: str, name: str) -> CostCenter:
    """Add a cost centre."""
    return save(ctx, CostCenter(company_id=ctx.company, code=code, name=name), "created")


@command("backoffice.branch.change")
def change_branch(
    ctx: Context,
    *,
    branch_id: int,
    code: str,
    name: str,
    cnpj: str,
    municipality: str,
    state: str,
    address: str,
    work_calendar_id: int | None,
    state_registration: str = "",
) -> Branch:
    """Change a branch of the company of the context.

    Raises:
        InvalidInput: As for a new branch.
    """
    branch = own(ctx, Branch, branch_id)
    if work_calendar_id is not None:
        own(ctx, WorkCalendar, work_calendar_id)
    branch.code = code
    branch.name = name
    branch.cnpj = valid_cnpj(cnpj)
    locate(branch, municipality, state)
    branch.state_registration = _registration(state_registration, branch.state)
    branch.address = address
    branch.work_calendar_id = work_calendar_id
    return save(ctx, branch, "changed")


@command("backoffice.department.change")
def change_department(
    ctx: Context, *, department_id: int, code: str, name: str, parent_id: int | None
) -> Department:
    """Change a department, or put it below another one.

    Raises:
        InvalidInput: The code is in use, the one above is closed, or the department would stand
            below itself.
    """
    lock_tree(ctx)
    department = own(ctx, Department, department_id)
    if parent_id is not None and parent_id != department.parent_id:
        if parent_id in subtree_ids(ctx.company, department_id):
            message = _("A department cannot stand below itself.")
            raise InvalidInput("department_circle", message, fields={"parent": message})
        _open_parent(ctx, parent_id)
    department.code = code
    department.name = name
    department.parent_id = parent_id
    return save(ctx, department, "changed")


@command("backoffice.cost_center.change")
def change_cost_center(ctx: Context, *, cost_center_id: int, code: str, name: str) -> CostCenter:
    """Change a cost centre."""
    center = own(ctx, CostCenter, cost_center_id)
    center.code = code
    center.name = name
    return save(ctx, center, "changed")


def _registration(typed: str, state: str) -> str:
    return state_registration_rules.validate(typed, state) if typed.strip() else ""


@step
def lock_tree(ctx: Context) -> None:
    """Let changes of the company's departments come one after the other.

    Taken before any row, because the triggers of the tree take the same lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"departments:{ctx.company}"]
        )


def _open_parent(ctx: Context, parent_id: int) -> None:
    if own(ctx, Department, parent_id).closed_on is not None:
        message = _("The department above is closed.")
        raise InvalidInput("parent_closed", message, fields={"parent": message})


@step
def discard_part(ctx: Context, part: Coded) -> None:
    """Take back a part that was made by mistake.

    Raises:
        ProtectedError: Something refers to it already.
    """
    ctx.record("backoffice.part.discarded", target=part, data={"code": part.code})
    part.delete()
