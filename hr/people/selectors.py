"""Named reads of people, each within what the person who asks may see."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from backoffice.br import cpf
from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope, reached
from backoffice.official.models import Bank
from backoffice.organization.models import Placement
from backoffice.parties.models import PayoutAccount
from hr.people.models import (
    ContractTerms,
    Dependent,
    Employee,
    EmploymentContract,
    JobTitle,
    LateFact,
    SalaryFloor,
)


def _valid_on(on: dt.date | Any) -> Q:  # noqa: ANN401  also an expression
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def visible_employees(access: Access) -> QuerySet[Employee]:
    """Employees of the company within reach, with what their latest contract says as of the day.

    Annotations: ``contract_now`` (key), ``registration``, ``admitted_on``, ``ended_on``, ``situation``
    (active, expected, left), ``job_title_now``, ``department_now``, ``branch_now``, ``manager_now``
    and ``salary_now``, which is empty where the person may not see pay.
    """
    found = in_scope(
        # the company of the listing leads PostgreSQL to the index by name
        Employee.objects.select_related("party").filter(listing__company_id=access.company_id),
        access,
        "hr.employee.view",
        person="party_id",
    ).annotate(
        contract_now=F("listing__contract_id"),
        registration=F("listing__contract__registration"),
        admitted_on=F("listing__contract__admitted_on"),
        ended_on=F("listing__contract__ended_on"),
    )
    day = Greatest(Value(access.on), OuterRef("listing__contract__admitted_on"))
    terms = ContractTerms.objects.filter(
        contract_id=OuterRef("listing__contract_id"), valid_from__lte=day
    ).order_by("-valid_from")
    places = Placement.objects.filter(
        employment_id=OuterRef("listing__contract_id"), valid_from__lte=day
    ).order_by("-valid_from")
    return found.annotate(
        situation=Case(
            When(ended_on__lt=access.on, then=Value("left")),
            When(admitted_on__gt=access.on, then=Value("expected")),
            default=Value("active"),
            output_field=CharField(),
        ),
        job_title_now=Subquery(terms.values("job_title__name")[:1]),
        weekly_hours_now=Subquery(terms.values("weekly_hours")[:1]),
        salary_now=_where_pay_is_visible(access, Subquery(terms.values("salary")[:1])),
        department_now=Subquery(places.values("department__name")[:1]),
        department_id_now=Subquery(places.values("department_id")[:1]),
        branch_now=Subquery(places.values("branch__name")[:1]),
        branch_id_now=Subquery(places.values("branch_id")[:1]),
        manager_now=Subquery(places.values("manager_person_id")[:1]),
    )


def _where_pay_is_visible(access: Access, amount: Subquery) -> Subquery | Case | Value:
    """The amount in the rows whose pay the person may see; empty in the others."""
    among = reached(access, "hr.employee.view_pay", person="party_id")
    if isinstance(among, Q):
        return Case(When(among, then=amount), default=None)
    return amount if among else Value(None, ContractTerms._meta.get_field("salary"))


def visible_contracts(access: Access) -> QuerySet[EmploymentContract]:
    """Contracts of the company within reach, with employee and state as of the day."""
    return in_scope(
        EmploymentContract.objects.select_related("employee__party"),
        access,
        "hr.contract.view",
        person="employee__party_id",
    ).annotate(
        situation=Case(
            When(ended_on__lt=access.on, then=Value("left")),
            When(admitted_on__gt=access.on, then=Value("expected")),
            default=Value("active"),
            output_field=CharField(),
        )
    )


def trials(company_id: int, on: dt.date) -> QuerySet[EmploymentContract]:
    """Contracts on trial: not yet ended, and decided about in the week after at the latest.

    A trial that nobody ended has made the contract permanent (CLT art. 451).
    """
    last = Greatest("trial_until", "trial_extended_until")
    return EmploymentContract.objects.annotate(trial_ends=last).filter(
        company_id=company_id,
        ended_on__isnull=True,
        trial_ends__gte=on - dt.timedelta(days=7),
    )


def visible_trials(access: Access) -> QuerySet[EmploymentContract]:
    """The contracts that this person sees, with ``trial_ends``."""
    return visible_contracts(access).annotate(
        trial_ends=Greatest("trial_until", "trial_extended_until")
    )


def why_no_trial(contract: EmploymentContract, access: Access) -> str | None:
    """Why no trial can be agreed on now, or None."""
    if contract.ended_on is not None:
        return _("The contract has ended already.")
    if contract.trial_extended_until is not None:
        return _("The trial was extended already; its first period stays.")
    return None


def why_no_extension(contract: EmploymentContract, access: Access) -> str | None:
    """Why the trial cannot be extended now, or None."""
    if contract.trial_until is None:
        return _("This contract has no trial.")
    if contract.trial_extended_until is not None:
        return _("A trial is extended once; a second time makes it permanent.")
    if access.on > contract.trial_until or contract.ended_on is not None:
        return _("The trial is over; the contract is permanent.")
    return None


def visible_job_titles(access: Access) -> QuerySet[JobTitle]:
    """Job titles of the company."""
    return JobTitle.objects.filter(company_id=access.company_id).select_related("occupation")


def visible_floors(access: Access) -> QuerySet[SalaryFloor]:
    """Salary floors of the company."""
    return SalaryFloor.objects.filter(company_id=access.company_id).select_related("job_title")


def contracts_of(employee: Employee, access: Access) -> QuerySet[EmploymentContract]:
    """Contracts of an employee, newest first."""
    return EmploymentContract.objects.filter(employee=employee).order_by("-admitted_on")


def terms_of(contract: EmploymentContract, access: Access) -> QuerySet[ContractTerms]:
    """All terms of a contract, newest first; nothing for who may not see pay."""
    return terms_of_employee(contract.employee, access).filter(contract=contract)


def terms_of_employee(employee: Employee, access: Access) -> QuerySet[ContractTerms]:
    """All terms of an employee's contracts, newest first; nothing for who may not see pay."""
    rows = ContractTerms.objects.filter(contract__employee=employee)
    return (
        in_scope(rows, access, "hr.employee.view_pay", person="contract__employee__party_id")
        .select_related("job_title", "contract")
        .order_by("-valid_from")
    )


def places_of_employee(employee: Employee, access: Access) -> QuerySet[Placement]:
    """All placements of an employee's contracts, newest first."""
    contracts = EmploymentContract.objects.filter(employee=employee)
    return (
        Placement.objects.filter(
            company_id=access.company_id, employment_id__in=contracts.values("pk")
        )
        .select_related("branch", "department", "cost_center")
        .order_by("-valid_from")
    )


def dependents_of(employee: Employee, access: Access) -> QuerySet[Dependent]:
    """Dependants of an employee; nothing for who may not see documents."""
    rows = Dependent.objects.filter(employee=employee)
    return in_scope(
        rows, access, "hr.employee.view_documents", person="employee__party_id"
    ).order_by("birth_date")


def payout_accounts_of(employee: Employee, access: Access) -> QuerySet[PayoutAccount]:
    """Where an employee is and was paid; nothing for who may not see documents."""
    bank = Bank.objects.filter(code=OuterRef("bank_code")).values("label")
    rows = PayoutAccount.objects.filter(party_id=employee.party_id).annotate(
        bank=Coalesce(Subquery(bank, output_field=CharField()), "bank_code")
    )
    return in_scope(rows, access, "hr.employee.view_documents", person="party_id").order_by(
        "-valid_from"
    )


def late_facts_of(contract: EmploymentContract, access: Access) -> QuerySet[LateFact]:
    """Facts of a contract that came after months were closed, newest first."""
    return LateFact.objects.filter(contract=contract).order_by("-recorded_at")


def as_of(employee: Employee, access: Access, on: dt.date) -> dict[str, Any]:
    """What held for an employee on a day: contract, terms (if pay may be seen) and place."""
    contract = (
        EmploymentContract.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=on), employee=employee, admitted_on__lte=on
        )
        .order_by("-admitted_on")
        .first()
    )
    if contract is None:
        return {"contract": None, "terms": None, "place": None}
    return {
        "contract": contract,
        "terms": terms_of(contract, access).filter(_valid_on(on)).first(),
        "place": Placement.objects.filter(_valid_on(on), employment_id=contract.pk)
        .select_related("branch", "department", "cost_center")
        .first(),
    }


def manager_names(places: QuerySet[Placement]) -> dict[int, str]:
    """Names of the managers of placements, by person."""
    rows = Employee.objects.filter(
        party_id__in=places.exclude(manager_person_id=None).values("manager_person_id")
    ).values_list(F("party_id"), "party__name")
    return dict(rows)


def person_of(company_id: int, pk: int) -> int | None:
    """The party behind an employee."""
    rows = Employee.objects.filter(company_id=company_id, pk=pk)
    return rows.values_list("party_id", flat=True).first()


def letter_values(company_id: int, pk: int, on: dt.date) -> dict[str, Any]:
    """What letters can say of an employee on a day: that of the contract that was latest then.

    Who may read which of it is the concern of the letters.
    """
    employee = Employee.objects.select_related("party").get(company_id=company_id, pk=pk)
    contract = (
        EmploymentContract.objects.filter(employee=employee, admitted_on__lte=on)
        .order_by("-admitted_on")
        .first()
    )
    party = employee.party
    street = ", ".join(filter(None, (employee.street, employee.street_number)))
    place = " - ".join(filter(None, (employee.municipality, employee.state)))
    values: dict[str, Any] = {
        "employee.name": party.name,
        "employee.social_name": party.social_name,
        "employee.cpf": cpf.format(party.tax_id),
        "employee.pis": employee.pis,
        "employee.identity_card": employee.identity_card,
        "employee.birth_date": party.birth_date,
        "employee.address": ", ".join(filter(None, (street, employee.district, place))),
    }
    return values if contract is None else {**values, **_contract_values(contract, on)}


def _contract_values(contract: EmploymentContract, on: dt.date) -> dict[str, Any]:
    terms = list(
        ContractTerms.objects.filter(contract=contract, valid_from__lte=on)
        .select_related("job_title")
        .order_by("-valid_from")
    )
    now = terms[0]
    earlier = [each for each in terms if each.salary != now.salary]
    since = [each for each in terms if not earlier or each.valid_from > earlier[0].valid_from]
    place = (
        Placement.objects.filter(employment_id=contract.pk, valid_from__lte=on)
        .select_related("department", "branch")
        .order_by("-valid_from")
        .first()
    )
    ended = contract.ended_on if contract.ended_on and contract.ended_on <= on else None
    return {
        "employee.registration": contract.registration,
        "employee.admitted_on": contract.admitted_on,
        "employee.ended_on": ended,
        "employee.job_title": now.job_title.name,
        "employee.cbo": now.job_title.occupation_id,
        "employee.weekly_hours": f"{now.weekly_hours.normalize():f}".replace(".", ","),
        "employee.department": place.department.name if place else "",
        "employee.branch": place.branch.name if place else "",
        "employee.salary": now.salary,
        "employee.salary_since": since[-1].valid_from,
        "employee.previous_salary": earlier[0].salary if earlier else None,
    }
