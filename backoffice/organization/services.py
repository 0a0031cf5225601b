"""Commands and steps that build and change the organization."""

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.br import cnpj as cnpj_rules
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound
from backoffice.organization.models import (
    Branch,
    CodedPart,
    Company,
    CostCenter,
    Department,
    Placement,
)
from backoffice.organization.selectors import team_person_ids

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", bound=CodedPart)


@command("backoffice.company.create")
def create_company(
    ctx: Context, *, cnpj: str, legal_name: str, trade_name: str, tax_regime: str
) -> Company:
    """Start the back office of a company.

    Raises:
        InvalidInput: The CNPJ is wrong or already in use.
    """
    number = _cnpj(cnpj)
    if Company.objects.filter(cnpj=number).exists():
        message = _("There is already a company with this CNPJ.")
        raise InvalidInput("cnpj_in_use", message, fields={"cnpj": message})
    company = Company.objects.create(
        cnpj=number, legal_name=legal_name, trade_name=trade_name, tax_regime=tax_regime
    )
    ctx.record("backoffice.company.created", target=company)
    return company


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
        cnpj=_cnpj(cnpj),
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


@command("backoffice.company.change")
def change_company(
    ctx: Context,
    *,
    company_id: int,
    legal_name: str,
    trade_name: str,
    tax_regime: str,
    allows_self_approval: bool,
) -> Company:
    """Change what a company is called, how it is taxed, and whether one may approve one's own.

    The CNPJ stays: another CNPJ is another company.
    """
    if company_id != ctx.company:
        raise NotFound("not_found", _("There is no such record."))
    company = Company.objects.select_for_update().get(pk=company_id)
    company.legal_name = legal_name
    company.trade_name = trade_name
    company.tax_regime = tax_regime
    company.allows_self_approval = allows_self_approval
    company.save()
    ctx.record("backoffice.company.changed", target=company)
    return company


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
    branch.cnpj = _cnpj(cnpj)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a person stands: the parts of the company and the manager's person."""

    branch_id: int
    department_id: int
    cost_center_id: int | None = None
    manager_person_id: int | None = None


@step
def place_person(
    ctx: Context, *, person_id: int, employment_id: int, place: Place, valid_from: dt.date
) -> Placement:
    """Put an employment in its place from a day on; what held before ends the day before.

    A placement that was to begin later is kept: the new one ends where it begins.

    Raises:
        InvalidInput: The manager is the person, or stands below the person on that day.
    """
    if place.manager_person_id is not None:
        _refuse_circle(ctx.company, person_id, place.manager_person_id, valid_from)
    of_employment = Placement.objects.select_for_update().filter(
        company_id=ctx.company, employment_id=employment_id
    )
    upcoming = of_employment.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    of_employment.filter(valid_from=valid_from).delete()
    before = of_employment.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    if before is not None and (before.valid_to is None or before.valid_to >= valid_from):
        before.valid_to = valid_from - dt.timedelta(days=1)
        before.save(update_fields=["valid_to"])
    return Placement.objects.create(
        company_id=ctx.company,
        person_id=person_id,
        employment_id=employment_id,
        branch_id=place.branch_id,
        department_id=place.department_id,
        cost_center_id=place.cost_center_id,
        manager_person_id=place.manager_person_id,
        valid_from=valid_from,
        valid_to=upcoming.valid_from - dt.timedelta(days=1) if upcoming else None,
    )


def _refuse_circle(company_id: int, person_id: int, manager_id: int, on: dt.date) -> None:
    if manager_id == person_id or manager_id in team_person_ids(company_id, person_id, on):
        message = _("The manager stands below this person, or is this person.")
        raise InvalidInput("manager_circle", message, fields={"manager_person_id": message})


def _cnpj(value: str) -> str:
    number = cnpj_rules.normalise(value)
    if not cnpj_rules.is_valid(number):
        message = _("This CNPJ is not valid: its check digits do not agree.")
        raise InvalidInput("bad_cnpj", message, fields={"cnpj": message})
    return number


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
