"""Commands and steps that build and change the organization."""

from backoffice.organization.services.companies import (
    CompanyData,
    HeadOffice,
    add_company,
    change_company,
)
from backoffice.organization.services.parts import (
    change_branch,
    change_cost_center,
    change_department,
    create_branch,
    create_cost_center,
    create_department,
)
from backoffice.organization.services.placements import Place, place_person

__all__ = [
    "CompanyData",
    "HeadOffice",
    "Place",
    "add_company",
    "change_branch",
    "change_company",
    "change_cost_center",
    "change_department",
    "create_branch",
    "create_cost_center",
    "create_department",
    "place_person",
]
