"""All models of the area, for Django; code imports them from their own subjects."""

from hr.payroll.models import PayItem, PayrollRun, PayrollSettings, Payslip, PayslipLine
from hr.people.listing import EmployeeListing
from hr.people.models import (
    ContractTerms,
    Dependent,
    Employee,
    EmploymentContract,
    JobTitle,
    LateFact,
    Occupation,
    SalaryFloor,
)

__all__ = [
    "ContractTerms",
    "Dependent",
    "Employee",
    "EmployeeListing",
    "EmploymentContract",
    "JobTitle",
    "LateFact",
    "Occupation",
    "PayItem",
    "PayrollRun",
    "PayrollSettings",
    "Payslip",
    "PayslipLine",
    "SalaryFloor",
]
