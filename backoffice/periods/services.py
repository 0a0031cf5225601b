"""Steps that open, close and hold a month of a domain.

Periods stand below the commands, so these functions take plain values and check for themselves that
they run inside a transaction.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backoffice.errors import PeriodClosed
from backoffice.periods.models import PeriodLock
from backoffice.periods.rules import format_competence


def _lock(company_id: int, domain: str, month: dt.date) -> PeriodLock:
    """The row of the month, made when it is not there, locked against everybody else."""
    if not transaction.get_connection().in_atomic_block:
        msg = "a period is held inside a transaction"
        raise RuntimeError(msg)
    PeriodLock.objects.bulk_create(
        [PeriodLock(company_id=company_id, domain=domain, month=month)], ignore_conflicts=True
    )
    return PeriodLock.objects.select_for_update().get(
        company_id=company_id, domain=domain, month=month
    )


def require_open(company_id: int, domain: str, month: dt.date) -> PeriodLock:
    """Hold the month open until the transaction ends.

    Raises:
        PeriodClosed: The month is closed.
    """
    lock = _lock(company_id, domain, month)
    if lock.closed:
        raise PeriodClosed(
            "period_closed",
            _("The month %(month)s is closed.") % {"month": format_competence(month)},
        )
    return lock


def close_period(
    company_id: int, domain: str, month: dt.date, *, at: dt.datetime, user_id: int | None
) -> PeriodLock:
    """Close the month; it must be open.

    Raises:
        PeriodClosed: It is closed already.
    """
    lock = require_open(company_id, domain, month)
    lock.closed_at, lock.closed_by_id = at, user_id
    lock.save(update_fields=["closed_at", "closed_by_id"])
    return lock


def is_closed(company_id: int, domain: str, month: dt.date) -> bool:
    """Whether the month is closed, without holding it."""
    return PeriodLock.objects.filter(
        company_id=company_id, domain=domain, month=month, closed_at__isnull=False
    ).exists()
