"""Commands on the parts of a company: branches, departments, cost centres."""

from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from backoffice.organization.models import (
    Branch,
    CodedPart,
    Company,
    CostCenter,
    Department,
)
from backoffice.organization.services.companies import valid_cnpj

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", bound=CodedPart)


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
) -> Branch:
    """Open a branch of the company of the context."""
    branch = Branch(
        company_id=ctx.company,
        code=code,
        name=name,
        cnpj=valid_cnpj(cnpj),
        municipality=municipality,
        state=state.upper(),
        address=address,
    )
    return _save_part(ctx, branch)


@command("backoffice.department.create")
def create_department(
    ctx: Context, *, code: str, name: str, parent_id: int | None = None
) -> Department:
    """Add a department, at the top or below another one of the same company."""
    if parent_id is not None:
        _own(ctx, Department, parent_id)
    return _save_part(
        ctx, Department(company_id=ctx.company, code=code, name=name, parent_id=parent_id)
    )


@command("backoffice.cost_center.create")
def create_cost_center(ctx: Context, *, code: str, name: str) -> CostCenter:
    """Add a cost centre."""
    return _save_part(ctx, CostCenter(company_id=ctx.company, code=code, name=name))


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
    active: bool,
) -> Branch:
    """Change a branch of the company of the context."""
    branch = _own(ctx, Branch, branch_id)
    branch.code = code
    branch.name = name
    branch.cnpj = valid_cnpj(cnpj)
    branch.municipality = municipality
    branch.state = state.upper()
    branch.address = address
    branch.active = active
    return _save_part(ctx, branch, "changed")


@command("backoffice.department.change")
def change_department(
    ctx: Context, *, department_id: int, code: str, name: str, parent_id: int | None, active: bool
) -> Department:
    """Change a department, or put it below another one.

    Raises:
        InvalidInput: It would stand below itself.
    """
    # One change of the tree at a time, so that two of them cannot close a circle.
    Company.objects.select_for_update().get(pk=ctx.company)
    department = _own(ctx, Department, department_id)
    above = parent_id
    while above is not None:
        if above == department_id:
            message = _("A department cannot stand below itself.")
            raise InvalidInput("department_circle", message, fields={"parent": message})
        above = _own(ctx, Department, above).parent_id
    department.code = code
    department.name = name
    department.parent_id = parent_id
    department.active = active
    return _save_part(ctx, department, "changed")


@command("backoffice.cost_center.change")
def change_cost_center(
    ctx: Context, *, cost_center_id: int, code: str, name: str, active: bool
) -> CostCenter:
    """Change a cost centre."""
    center = _own(ctx, CostCenter, cost_center_id)
    center.code = code
    center.name = name
    center.active = active
    return _save_part(ctx, center, "changed")


def _own(ctx: Context, model: type[M], pk: int) -> M:
    """The record of the context's company, locked."""
    rows = model._default_manager.select_for_update(of=("self",))
    found = rows.filter(company_id=ctx.company, pk=pk).first()
    if found is None:
        raise NotFound("not_found", _("There is no such record."))
    return found


def _save_part(ctx: Context, part: P, done: str = "created") -> P:
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as error:
        raise _refusal(part, error) from error
    ctx.record(f"backoffice.{part._meta.model_name}.{done}", target=part)
    return part


def _refusal(part: CodedPart, error: IntegrityError) -> Exception:
    """What the constraint that refused a row says to people; the error itself if it says nothing."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in part._meta.constraints:
        if constraint.name == name and isinstance(constraint, models.UniqueConstraint):
            message = constraint.violation_error_message or str(error)
            return InvalidInput("already_in_use", message, fields={constraint.fields[-1]: message})
    return error
