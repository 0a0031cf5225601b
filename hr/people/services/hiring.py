"""Hire people and keep their civil data and payout accounts up to date."""

import datetime as dt
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.audit.models import Event
from backoffice.br import cpf as cpf_rules
from backoffice.br import pis as pis_rules
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, WrongState
from backoffice.numbering.registry import Series, register
from backoffice.numbering.services import next_plain_number
from backoffice.organization.services import Place, discard_places, place_person
from backoffice.parties.services import (
    PayoutData,
    PersonData,
    know_person,
    set_payout_account,
    take_back_payout_account,
)
from hr.people.models import ContractTerms, Employee, EmploymentContract
from hr.people.services.floors import TermsData, refuse_low_pay
from hr.people.services.late_facts import flag_late_fact
from hr.people.services.records import locked_employee, own_job_title

REGISTRATIONS = register(
    Series(
        name="hr.registration",
        label=_("Registration numbers"),
        pattern="{number:4}",
        gapless=False,
        yearly=False,
    )
)
CIVIL_FIELDS = (
    "sex",
    "marital_status",
    "mother_name",
    "identity_card",
    "pis",
    "postal_code",
    "street",
    "street_number",
    "address_extra",
    "district",
    "municipality",
    "state",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CivilData:
    """Civil data, documents and address; an empty text means not known."""

    sex: str = ""
    marital_status: str = ""
    mother_name: str = ""
    identity_card: str = ""
    pis: str = ""
    postal_code: str = ""
    street: str = ""
    street_number: str = ""
    address_extra: str = ""
    district: str = ""
    municipality: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HireData:
    """All that hiring needs: the person, the contract's number and start, its terms, and the place.

    Without a registration number the contract gets the next one that is free.
    ``known_since`` is for people who were here before their data: terms and place are known from
    that day on only, and nothing is claimed of the time before.
    """

    person: PersonData
    registration: str
    admitted_on: dt.date
    terms: TermsData
    place: Place
    civil: CivilData = field(default_factory=CivilData)
    payout: PayoutData = field(default_factory=PayoutData)
    known_since: dt.date | None = None

    @property
    def terms_from(self) -> dt.date:
        """First day of the terms that are known."""
        return max(self.admitted_on, self.known_since or self.admitted_on)


@command("hr.employee.hire")
def hire_employee(ctx: Context, *, data: HireData) -> Employee:
    """Hire a person under a contract from a day on.

    A person who worked here before keeps the file and gets a new contract.

    Raises:
        InvalidInput: ``bad_cpf``, ``bad_pis``, ``registration_in_use``, ``below_floor``, and the
            refusals of the place and of the payout account.
    """
    party = know_person(ctx, data=data.person)
    employee, _created = Employee.objects.get_or_create(company_id=ctx.company, party=party)
    _set_civil(employee, data.civil)
    contract = _sign_contract(ctx, employee, data)
    refuse_low_pay(ctx.company, data.terms, on=data.terms_from)
    terms = ContractTerms.objects.create(
        company_id=ctx.company,
        contract=contract,
        job_title=own_job_title(ctx, data.terms.job_title_id),
        salary=data.terms.salary,
        weekly_hours=data.terms.weekly_hours,
        valid_from=data.terms_from,
    )
    place_person(
        ctx,
        person_id=party.pk,
        employment_id=contract.pk,
        place=data.place,
        valid_from=data.terms_from,
    )
    told: dict[str, object] = {
        "contract": contract.pk,
        "admitted_on": data.admitted_on,
        "terms": terms.pk,
    }
    if data.payout.given:
        account = set_payout_account(ctx, party=party, data=data.payout, valid_from=data.terms_from)
        told["payout_account"] = account.pk
    event = ctx.record("hr.employee.hired", target=employee, data=told)
    flag_late_fact(ctx, contract, "hire", since=data.terms_from, event_id=event)
    return employee


@step
def withdraw_hire(ctx: Context, employee: Employee) -> None:
    """Take back a hire that was a mistake: contract, terms, place, account and file; the person stays.

    Raises:
        WrongState: ``several_contracts``: the person worked here before.
        ProtectedError: Somebody was paid or more was written down by now.
    """
    contracts = list(employee.contracts.select_for_update())
    if len(contracts) != 1:
        message = _("The person has several contracts; they are not taken back at once.")
        raise WrongState("several_contracts", message)
    contract = contracts[0]
    ctx.record("hr.employee.hire_withdrawn", target=employee, data={"contract": contract.pk})
    contract.late_facts.all().delete()
    contract.terms.all().delete()
    discard_places(ctx, employment_id=contract.pk)
    for account_id in _accounts_of_the_hire(employee, contract):
        take_back_payout_account(ctx, account_id=account_id)
    contract.delete()
    employee.delete()


def _accounts_of_the_hire(employee: Employee, contract: EmploymentContract) -> list[int]:
    """The account that the hire itself set, as its event tells; others are not its to take back."""
    told = Event.objects.filter(
        company_id=employee.company_id,
        action="hr.employee.hired",
        target_id=employee.pk,
        data__contract=contract.pk,
    ).values_list("data__payout_account", flat=True)
    return [pk for pk in told if pk is not None]


@command("hr.employee.update")
def update_employee(
    ctx: Context, *, employee_id: int, person: PersonData, civil: CivilData
) -> Employee:
    """Bring the civil data of an employee up to date; the CPF itself does not change.

    Raises:
        InvalidInput: ``cpf_changed`` when the CPF is another one; ``bad_pis``.
    """
    employee = locked_employee(ctx, employee_id)
    if cpf_rules.normalise(person.cpf) != employee.party.tax_id:
        message = _("A CPF does not change. Hire the other person instead.")
        raise InvalidInput("cpf_changed", message, fields={"cpf": message})
    know_person(ctx, data=person)
    _set_civil(employee, civil)
    ctx.record("hr.employee.updated", target=employee)
    return employee


@command("hr.employee.change_payout")
def change_payout(
    ctx: Context, *, employee_id: int, payout: PayoutData, valid_from: dt.date
) -> Employee:
    """Pay the employee to another bank account or Pix key from a day on."""
    employee = locked_employee(ctx, employee_id)
    account = set_payout_account(ctx, party=employee.party, data=payout, valid_from=valid_from)
    ctx.record(
        "hr.employee.payout_changed",
        target=employee,
        data={"account": account.pk, "valid_from": valid_from},
    )
    return employee


def _set_civil(employee: Employee, civil: CivilData) -> None:
    pis = pis_rules.normalise(civil.pis)
    if pis and not pis_rules.is_valid(pis):
        message = _("This PIS is not valid: its check digit does not agree.")
        raise InvalidInput("bad_pis", message, fields={"pis": message})
    civil = replace(civil, pis=pis)
    changed = [n for n in CIVIL_FIELDS if getattr(employee, n) != getattr(civil, n)]
    if changed:
        for name in changed:
            setattr(employee, name, getattr(civil, name))
        employee.version += 1
        employee.save(update_fields=[*changed, "version"])


def _next_registration(ctx: Context) -> str:
    """The next registration number that nobody has or had; a gap in them harms nobody."""
    while True:
        number = next_plain_number(ctx, series=REGISTRATIONS.name)
        taken = EmploymentContract.objects.filter(company_id=ctx.company, registration=number)
        if not taken.exists():
            return number


def _sign_contract(ctx: Context, employee: Employee, data: HireData) -> EmploymentContract:
    try:
        with transaction.atomic():
            return EmploymentContract.objects.create(
                company_id=ctx.company,
                employee=employee,
                registration=data.registration.strip() or _next_registration(ctx),
                admitted_on=data.admitted_on,
            )
    except IntegrityError as error:
        message = _("This registration number is already in use on these days.")
        raise InvalidInput(
            "registration_in_use", message, fields={"registration": message}
        ) from error
