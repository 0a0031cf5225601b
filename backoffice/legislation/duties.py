"""When the duties of the company fall due, who does them, and what there is to do."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from backoffice.br.business_days import WorkingCalendar
from backoffice.identity.rules import Access
from backoffice.law.models import CHOICE_TITLES
from backoffice.law.rules import DUTY_PREFIX, TableVersion
from backoffice.law.rules.duties import Duty, due_date
from backoffice.law.selectors import duties_now
from backoffice.legislation.registry import WORK, DutyWork
from backoffice.organization.selectors import working_calendar
from backoffice.periods.rules import add_months, month_start, months_between

LONGEST_DELAY = 4  # months between the month of a duty and its due day, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDuty:
    """A duty of one month, with the day on which it is due.

    Attributes:
        code: Its code after ``duty.``.
        month: The month worked, or of payment, as the duty counts.
        due: The last day on which it is done in time.
        rule: The rule that says so.
        version: The row of the rule: act, source, certainty.
        verified: Whether somebody verified the rule; without that it is only a reminder.
        work: What there is to do, for who may see it.
    """

    code: str
    month: dt.date
    due: dt.date
    rule: Duty
    version: TableVersion
    verified: bool
    work: DutyWork | None

    @property
    def responsible(self) -> str:
        """Who usually does it, in the active language."""
        return str(CHOICE_TITLES[self.rule.responsible])

    def days_left(self, today: dt.date) -> int:
        """Days from today to the due day; negative when it has passed."""
        return (self.due - today).days


def coming_duties(access: Access, first: dt.date, last: dt.date) -> list[DueDuty]:
    """The duties of the company that fall due from one day to another, earliest first.

    A number of statements that does not grow with the time that is asked for.
    """
    earliest = add_months(month_start(first), -LONGEST_DELAY)
    calendar = working_calendar(access.company_id, earliest, add_months(month_start(last), 2))
    months = list(months_between(earliest, month_start(last)))
    versions = duties_now()
    found = []
    for kind in sorted({version.kind for version in versions}):
        rules = [version for version in versions if version.kind == kind]
        code = kind.removeprefix(DUTY_PREFIX)
        due = list(_due(rules, months, calendar, first, last))
        work = WORK[code](access, [month for month, *_rest in due]) if due and code in WORK else {}
        found += [
            DueDuty(
                code=code,
                month=month,
                due=day,
                rule=rule,
                version=version,
                verified=bool(version.verified_by),
                work=work.get(month),
            )
            for month, day, rule, version in due
        ]
    return sorted(found, key=lambda each: (each.due, each.rule.name, each.month))


def _due(
    versions: Iterable[TableVersion],
    months: Iterable[dt.date],
    calendar: WorkingCalendar,
    first: dt.date,
    last: dt.date,
) -> Iterable[tuple[dt.date, dt.date, Duty, TableVersion]]:
    """Month, due day, rule and its version for each month whose due day lies in the time."""
    versions = list(versions)
    for month in months:
        version = next((each for each in versions if each.holds_on(month)), None)
        if version is None:
            continue
        rule = Duty.read(version.payload)
        if not rule.has_month(month):
            continue
        day = due_date(rule, month, calendar)
        if first <= day <= last:
            yield month, day, rule, version
