"""Pure rules about people: the least that may be paid, and for how long a child counts."""

import datetime as dt
from decimal import Decimal

from backoffice.money import Rounding, to_cents

FULL_TIME_WEEK = Decimal(44)
ALLOWANCE_AGE = 14
TRIAL_DAYS = 90


def least_salary(full_time_amount: Decimal, weekly_hours: Decimal) -> Decimal:
    """The part of a full-time floor that corresponds to a shorter week.

    Args:
        full_time_amount: BRL a month for 44 hours a week.
        weekly_hours: Contracted hours a week.

    Returns:
        BRL a month, rounded half up to the cent.

    Law:
        CF art. 7, IV and V; TST OJ 358 SDI-1, I (pay in proportion to the hours is lawful).
    """
    return to_cents(full_time_amount * weekly_hours / FULL_TIME_WEEK, Rounding.HALF_UP)


def counts_for_allowance(birth_date: dt.date, *, disabled: bool, month: dt.date) -> bool:
    """Whether a child gives right to family allowance in a month.

    The quota ends with the month in which the child becomes 14; a child unable to work has no limit
    of age. Nobody counts before the month of birth.

    Args:
        birth_date: Date of birth of the child.
        disabled: Whether the child is unable to work.
        month: First day of the month.

    Law:
        Lei 8.213/1991, art. 66; Decreto 3.048/1999, arts. 83 and 88, II.
    """
    if birth_date.replace(day=1) > month:
        return False
    if disabled:
        return True
    return (month.year - birth_date.year) * 12 + month.month - birth_date.month <= (
        ALLOWANCE_AGE * 12
    )


def trial_limit(admitted_on: dt.date) -> dt.date:
    """The last day that a trial can have, both periods together.

    Law:
        CLT art. 445, sole paragraph: 90 days, the day of admission counted.
    """
    return admitted_on + dt.timedelta(days=TRIAL_DAYS - 1)
