"""What a job pays at least, and the refusal of less, with the calculation."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput
from backoffice.law.selectors import minimum_wage_on
from backoffice.money import format_brl
from hr.people.models import JobTitle, Occupation, SalaryFloor
from hr.people.rules import least_salary
from hr.people.services.records import own_job_title


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsData:
    """Job, monthly salary (BRL) and hours a week."""

    job_title_id: int
    salary: Decimal
    weekly_hours: Decimal


def refuse_low_pay(company_id: int, terms: TermsData, *, on: dt.date) -> None:
    """Refuse a salary below the minimum wage or a floor of the company, in proportion to the hours.

    Raises:
        InvalidInput: ``below_floor``, with the calculation in the message.
    """
    wage = minimum_wage_on(on)
    floors = [(str(_("minimum wage (%(act)s)") % {"act": wage.act}), wage.monthly)]
    floors += [
        (floor.act, floor.amount)
        for floor in SalaryFloor.objects.filter(
            Q(job_title__isnull=True) | Q(job_title_id=terms.job_title_id),
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            company_id=company_id,
            valid_from__lte=on,
        )
    ]
    name, amount = max(floors, key=lambda floor: floor[1])
    least = least_salary(amount, terms.weekly_hours)
    if terms.salary < least:
        message = _(
            "The salary %(salary)s is below the floor: %(floor)s is %(amount)s for 44 hours a week;"
            " for %(hours)s hours it is %(amount)s × %(hours)s ÷ 44 = %(least)s."
        ) % {
            "salary": format_brl(terms.salary),
            "floor": name,
            "amount": format_brl(amount),
            "hours": f"{terms.weekly_hours.normalize():f}".replace(".", ","),
            "least": format_brl(least),
        }
        raise InvalidInput("below_floor", message, fields={"salary": message})


@command("hr.job_title.create")
def create_job_title(ctx: Context, *, name: str, occupation_code: str) -> JobTitle:
    """Add a job title, tied to an occupation of the CBO.

    Raises:
        InvalidInput: ``no_occupation``, ``job_title_exists``.
    """
    code = "".join(c for c in occupation_code if c.isdigit())
    occupation = Occupation.objects.filter(code=code).first()
    if occupation is None:
        message = _("There is no occupation with this code in the CBO list.")
        raise InvalidInput("no_occupation", message, fields={"occupation_code": message})
    if JobTitle.objects.filter(company_id=ctx.company, name=name).exists():
        message = _("There is already a job title with this name.")
        raise InvalidInput("job_title_exists", message, fields={"name": message})
    title = JobTitle.objects.create(company_id=ctx.company, name=name, occupation=occupation)
    ctx.record("hr.job_title.created", target=title)
    return title


@command("hr.salary_floor.create")
def create_salary_floor(
    ctx: Context, *, amount: Decimal, act: str, valid_from: dt.date, job_title_id: int | None = None
) -> SalaryFloor:
    """Set the least that a job, or any job, is paid for 44 hours a week (BRL a month)."""
    if amount <= 0:
        message = _("The amount must be greater than zero.")
        raise InvalidInput("not_positive", message, fields={"amount": message})
    floor = SalaryFloor.objects.create(
        company_id=ctx.company,
        job_title=None if job_title_id is None else own_job_title(ctx, job_title_id),
        amount=amount,
        act=act,
        valid_from=valid_from,
    )
    ctx.record("hr.salary_floor.created", target=floor)
    return floor
