"""All models of the kernel, for Django; code imports them from their own folders."""

from backoffice.audit.models import Event, EventBlock, ReadLog
from backoffice.commands.models import IdempotencyKey
from backoffice.organization.models import Branch, Company, CostCenter, Department, Placement
from backoffice.parties.models import Party, PayoutAccount
from backoffice.periods.models import PeriodLock

__all__ = [
    "Branch",
    "Company",
    "CostCenter",
    "Department",
    "Event",
    "EventBlock",
    "IdempotencyKey",
    "Party",
    "PayoutAccount",
    "PeriodLock",
    "Placement",
    "ReadLog",
]
