"""Commands and steps that build and change the organization."""

from backoffice.organization.services.calendars import (
    add_day,
    change_work_calendar,
    create_work_calendar,
    make_standard,
    remove_day,
    set_hours,
)
from backoffice.organization.services.closing import (
    close_branch,
    close_cost_center,
    close_department,
    merge_cost_center,
    merge_department,
    reopen_branch,
    reopen_cost_center,
    reopen_department,
)
from backoffice.organization.services.companies import (
    CompanyData,
    HeadOffice,
    add_company,
    change_company,
    keep_opening,
)
from backoffice.organization.services.parts import (
    change_branch,
    change_cost_center,
    change_department,
    create_branch,
    create_cost_center,
    create_department,
    discard_part,
)
from backoffice.organization.services.placements import (
    Place,
    discard_places,
    end_places,
    place_person,
)

__all__ = [
    "CompanyData",
    "HeadOffice",
    "Place",
    "add_company",
    "add_day",
    "change_branch",
    "change_company",
    "change_cost_center",
    "change_department",
    "change_work_calendar",
    "close_branch",
    "close_cost_center",
    "close_department",
    "create_branch",
    "create_cost_center",
    "create_department",
    "create_work_calendar",
    "discard_part",
    "discard_places",
    "end_places",
    "keep_opening",
    "make_standard",
    "merge_cost_center",
    "merge_department",
    "place_person",
    "remove_day",
    "reopen_branch",
    "reopen_cost_center",
    "reopen_department",
    "set_hours",
]
