"""Facts that arrive after a month was closed: kept, flagged, and never altering what was closed."""

import datetime as dt

from backoffice.commands import Context, step
from backoffice.periods.models import PeriodLock
from backoffice.periods.rules import month_start
from hr.people.models import EmploymentContract, LateFact

DOMAIN = "payroll"


@step
def flag_late_fact(
    ctx: Context, contract: EmploymentContract, kind: str, *, since: dt.date, event_id: int
) -> LateFact | None:
    """Flag a fact that reaches back into closed months of the payroll.

    Args:
        ctx: Who brings the fact.
        contract: The contract it concerns.
        kind: What changed: hire, terms, transfer, end, dependent.
        since: First day from which the fact holds.
        event_id: The audit event of the change.

    Returns:
        The flag with the first and last closed month affected; None when no closed month is.
    """
    closed = list(
        PeriodLock.objects.filter(
            company_id=ctx.company,
            domain=DOMAIN,
            closed_at__isnull=False,
            month__gte=month_start(max(since, contract.admitted_on)),
        )
        .order_by("month")
        .values_list("month", flat=True)
    )
    if not closed:
        return None
    return LateFact.objects.create(
        company_id=ctx.company,
        contract=contract,
        kind=kind,
        first_month=closed[0],
        last_month=closed[-1],
        recorded_at=ctx.at,
        event_id=event_id,
    )
