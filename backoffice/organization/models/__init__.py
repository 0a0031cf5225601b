"""Companies, their parts and calendars, and where in them a person stood at any day."""

from backoffice.organization.models.calendars import (
    CalendarDay,
    DayKind,
    WorkCalendar,
    WorkWindow,
)
from backoffice.organization.models.parts import (
    Branch,
    Coded,
    CodedPart,
    Company,
    CompanyOwned,
    CostCenter,
    DateRange,
    Department,
    Placement,
    TaxRegime,
    TimeZone,
)

__all__ = [
    "Branch",
    "CalendarDay",
    "Coded",
    "CodedPart",
    "Company",
    "CompanyOwned",
    "CostCenter",
    "DateRange",
    "DayKind",
    "Department",
    "Placement",
    "TaxRegime",
    "TimeZone",
    "WorkCalendar",
    "WorkWindow",
]
