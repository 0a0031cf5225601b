"""Inputs of the people commands, the same for pages and the API."""

from hr.people.forms.arguments import (
    dependent_payload,
    employee_initial,
    end_dependent_payload,
    hire_payload,
    payout_payload,
    place_initial,
    terms_initial,
    terms_payload,
    transfer_payload,
    update_payload,
)
from hr.people.forms.inputs import (
    DependentForm,
    EmployeeForm,
    EndDependentForm,
    EndForm,
    HireForm,
    JobTitleForm,
    PayoutForm,
    SalaryFloorForm,
    TermsForm,
    TransferForm,
)

__all__ = [
    "DependentForm",
    "EmployeeForm",
    "EndDependentForm",
    "EndForm",
    "HireForm",
    "JobTitleForm",
    "PayoutForm",
    "SalaryFloorForm",
    "TermsForm",
    "TransferForm",
    "dependent_payload",
    "employee_initial",
    "end_dependent_payload",
    "hire_payload",
    "payout_payload",
    "place_initial",
    "terms_initial",
    "terms_payload",
    "transfer_payload",
    "update_payload",
]
