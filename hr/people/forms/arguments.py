"""From cleaned forms to the arguments of commands, and from records to first values of forms."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from backoffice.identity.rules import Access
from backoffice.resources.records import Row
from hr.people.forms.inputs import CivilFields, DependentForm, PayoutFields
from hr.people.models import Employee, EmploymentContract, TermsReason
from hr.people.rules import trial_limit
from hr.people.selectors import as_of
from hr.people.services import (
    CivilData,
    DependentData,
    HireData,
    PayoutData,
    PersonData,
    Place,
    TermsData,
)


def _pick(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: data.get(name) or "" for name in names}


def _person(data: Mapping[str, Any]) -> PersonData:
    texts = _pick(data, ("cpf", "name", "social_name", "email", "phone"))
    return PersonData(**texts, birth_date=data["birth_date"])


def _civil(data: Mapping[str, Any]) -> CivilData:
    return CivilData(**_pick(data, (*CivilFields.CIVIL, *CivilFields.ADDRESS)))


def _terms(data: Mapping[str, Any]) -> TermsData:
    return TermsData(
        job_title_id=data["job_title"].pk,
        salary=data["salary"],
        weekly_hours=data["weekly_hours"],
    )


def _place(data: Mapping[str, Any]) -> Place:
    manager, center = data.get("manager"), data.get("cost_center")
    return Place(
        branch_id=data["branch"].pk,
        department_id=data["department"].pk,
        cost_center_id=None if center is None else center.pk,
        manager_person_id=None if manager is None else manager.party_id,
    )


def hire_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``hire_employee``."""
    return {
        "data": HireData(
            person=_person(data),
            registration=data["registration"],
            admitted_on=data["admitted_on"],
            terms=_terms(data),
            place=_place(data),
            civil=_civil(data),
            payout=PayoutData(**_pick(data, PayoutFields.PAYOUT)),
            known_since=data["known_since"],
        )
    }


def update_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``update_employee``."""
    return {"employee_id": record.pk, "person": _person(data), "civil": _civil(data)}


def payout_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``change_payout``."""
    return {
        "employee_id": record.pk,
        "payout": PayoutData(**_pick(data, PayoutFields.PAYOUT)),
        "valid_from": data["valid_from"],
    }


def terms_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``change_terms``."""
    return {
        "contract_id": record.pk,
        "terms": _terms(data),
        "reason": data["reason"],
        "valid_from": data["valid_from"],
    }


def transfer_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``transfer``."""
    return {"contract_id": record.pk, "place": _place(data), "valid_from": data["valid_from"]}


def dependent_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``add_dependent``."""
    names = DependentForm.base_fields
    return {
        "employee_id": record.pk,
        "data": DependentData(**{name: data[name] for name in names}),
    }


def end_dependent_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``end_dependent``."""
    return {
        "employee_id": record.pk,
        "cpf": data["dependent"].cpf,
        "valid_to": data["valid_to"],
    }


def employee_initial(access: Access, record: Employee | None) -> dict[str, Any]:
    """What is known of the employee, for the form."""
    if record is None:
        return {}
    party = record.party
    known = {n: getattr(record, n) for n in (*CivilFields.CIVIL, *CivilFields.ADDRESS)}
    person = {
        n: getattr(party, n) for n in (*CivilFields.PERSON, *CivilFields.CONTACT) if n != "cpf"
    }
    return known | person | {"cpf": party.tax_id}


def terms_initial(access: Access, record: EmploymentContract | None) -> dict[str, Any]:
    """The terms that hold today, to change what changes."""
    now = _now(access, record)
    terms = now["terms"]
    if terms is None:
        return {}
    return {
        "job_title": terms.job_title_id,
        "salary": terms.salary,
        "weekly_hours": terms.weekly_hours,
        "reason": TermsReason.RAISE,
    }


def place_initial(access: Access, record: EmploymentContract | None) -> dict[str, Any]:
    """The place that holds today."""
    place = _now(access, record)["place"]
    if place is None:
        return {}
    manager = Employee.objects.filter(
        company_id=access.company_id, party_id=place.manager_person_id
    ).first()
    return {
        "branch": place.branch_id,
        "department": place.department_id,
        "cost_center": place.cost_center_id,
        "manager": None if manager is None else manager.pk,
    }


def _now(access: Access, record: EmploymentContract | None) -> dict[str, Any]:
    if record is None:
        return {"contract": None, "terms": None, "place": None}
    day: dt.date = max(access.on, record.admitted_on)
    return as_of(record.employee, access, day)


def usual_trial(access: Access, contract: EmploymentContract | None) -> dict[str, Any]:
    """The trial as it is, or the usual 45 days."""
    if contract is None:
        return {}
    usual = contract.admitted_on + dt.timedelta(days=44)
    return {"trial_until": contract.trial_until or usual}


def longest_extension(access: Access, contract: EmploymentContract | None) -> dict[str, Any]:
    """The second period as long as the law lets it be: 90 days in all."""
    if contract is None:
        return {}
    return {"trial_extended_until": trial_limit(contract.admitted_on)}
