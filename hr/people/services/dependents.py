"""Register dependants and let them end."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.br import cpf as cpf_rules
from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from hr.people.models import Dependent, Employee
from hr.people.services.late_facts import flag_late_fact
from hr.people.services.records import locked_employee


@dataclass(frozen=True, kw_only=True, slots=True)
class DependentData:
    """Who depends on an employee, as what, and for what it counts."""

    cpf: str
    name: str
    birth_date: dt.date
    kinship: str
    valid_from: dt.date
    for_irrf: bool = False
    for_family_allowance: bool = False
    disabled: bool = False
    valid_to: dt.date | None = None


@command("hr.employee.add_dependent")
def add_dependent(ctx: Context, *, employee_id: int, data: DependentData) -> Dependent:
    """Register a dependant of an employee.

    Raises:
        InvalidInput: ``bad_cpf``, ``dependent_exists``, ``not_yet_born``.
    """
    employee = locked_employee(ctx, employee_id)
    number = cpf_rules.normalise(data.cpf)
    if not cpf_rules.is_valid(number):
        message = _("This CPF is not valid: its check digits do not agree.")
        raise InvalidInput("bad_cpf", message, fields={"cpf": message})
    if data.birth_date > ctx.at.date():
        message = _("The date of birth lies in the future.")
        raise InvalidInput("not_yet_born", message, fields={"birth_date": message})
    values = {name: getattr(data, name) for name in DependentData.__slots__} | {"cpf": number}
    try:
        with transaction.atomic():
            dependent = Dependent.objects.create(
                company_id=ctx.company, employee=employee, **values
            )
    except IntegrityError as error:
        message = _("This dependant is already registered for these days.")
        raise InvalidInput("dependent_exists", message, fields={"cpf": message}) from error
    event = ctx.record("hr.employee.dependent_added", target=employee, data={"id": dependent.pk})
    for contract in employee.contracts.all():
        flag_late_fact(ctx, contract, "dependent", since=data.valid_from, event_id=event)
    return dependent


@command("hr.employee.end_dependent")
def end_dependent(ctx: Context, *, employee_id: int, cpf: str, valid_to: dt.date) -> Employee:
    """Let a dependant count for the last time on a day.

    Raises:
        NotFound: The employee has no current dependant with this CPF.
    """
    employee = locked_employee(ctx, employee_id)
    dependent = employee.dependents.filter(
        cpf=cpf_rules.normalise(cpf), valid_to__isnull=True
    ).first()
    if dependent is None:
        raise NotFound("not_found", _("There is no such dependant."))
    if valid_to < dependent.valid_from:
        message = _("The end comes before the start.")
        raise InvalidInput("dates_out_of_order", message, fields={"valid_to": message})
    dependent.valid_to = valid_to
    dependent.save(update_fields=["valid_to"])
    event = ctx.record("hr.employee.dependent_ended", target=employee, data={"id": dependent.pk})
    for contract in employee.contracts.all():
        flag_late_fact(ctx, contract, "dependent", since=valid_to, event_id=event)
    return employee
