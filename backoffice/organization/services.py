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
    found = model._default_manager.filter(company_id=ctx.company, pk=pk).first()
    if found is None:
        raise NotFound("not_found", _("There is no such record."))
    return found


def _save_part(ctx: Context, part: P) -> P:
    try:
        with transaction.atomic():
            part.save(force_insert=True)
    except IntegrityError as error:
        message = _("This code is already in use.")
        raise InvalidInput("code_in_use", message, fields={"code": message}) from error
    ctx.record(f"backoffice.{part._meta.model_name}.created", target=part)
    return part
