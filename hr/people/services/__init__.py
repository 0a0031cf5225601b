"""Commands of people, by what they are about."""

from backoffice.organization.services import Place
from backoffice.parties.services import PayoutData, PersonData
from hr.people.services.contracts import change_terms, end_contract, transfer
from hr.people.services.dependents import DependentData, add_dependent, end_dependent
from hr.people.services.floors import TermsData, create_job_title, create_salary_floor
from hr.people.services.hiring import (
    CivilData,
    HireData,
    change_payout,
    hire_employee,
    update_employee,
    withdraw_hire,
)
from hr.people.services.late_facts import flag_late_fact
from hr.people.services.occupations import import_occupations
from hr.people.services.trials import agree_trial, extend_trial

__all__ = [
    "CivilData",
    "DependentData",
    "HireData",
    "PayoutData",
    "PersonData",
    "Place",
    "TermsData",
    "add_dependent",
    "agree_trial",
    "change_payout",
    "change_terms",
    "create_job_title",
    "create_salary_floor",
    "end_contract",
    "end_dependent",
    "extend_trial",
    "flag_late_fact",
    "hire_employee",
    "import_occupations",
    "transfer",
    "update_employee",
    "withdraw_hire",
]
