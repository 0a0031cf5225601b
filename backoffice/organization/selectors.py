"""Named reads of the organization, as of a day."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection
from django.db.models import Q, QuerySet

from backoffice.br.business_days import WorkingCalendar
from backoffice.official.selectors import calendar_at, yearly_days
from backoffice.organization.models import (
    Branch,
    CalendarDay,
    CodedPart,
    CostCenter,
    DayKind,
    Placement,
    WorkCalendar,
    WorkWindow,
)
from backoffice.organization.rules import Holidays, SpecialDay, Window, WorkingTime

P = TypeVar("P", bound=CodedPart)

# Somebody who left is passed through: whoever reported to them belongs to the next manager above.
_TEAM = """
WITH RECURSIVE team(person_id) AS (
    SELECT %(manager)s::bigint
    UNION
    SELECT p.person_id FROM backoffice_placement p JOIN team ON p.manager_person_id = team.person_id
    WHERE p.company_id = %(company)s AND p.valid_from <= %(on)s
      AND (p.valid_to IS NULL OR p.valid_to >= %(on)s OR NOT EXISTS (
          SELECT FROM backoffice_placement later
          WHERE later.company_id = %(company)s AND later.person_id = p.person_id
            AND later.valid_from <= %(on)s AND (later.valid_to IS NULL OR later.valid_to > p.valid_to)))
)
SELECT DISTINCT p.person_id FROM team JOIN backoffice_placement p USING (person_id)
WHERE p.company_id = %(company)s AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to >= %(on)s)
"""

_ABOVE = """
WITH RECURSIVE chain(person_id, step) AS (
    SELECT %(person)s::bigint, 0
    UNION
    SELECT p.manager_person_id, chain.step + 1
    FROM chain JOIN LATERAL (
        SELECT manager_person_id FROM backoffice_placement
        WHERE company_id = %(company)s AND person_id = chain.person_id AND valid_from <= %(on)s
        ORDER BY valid_to DESC NULLS FIRST, valid_from DESC, id LIMIT 1
    ) p ON p.manager_person_id IS NOT NULL
    WHERE chain.step < 50
)
SELECT chain.person_id, EXISTS (
    SELECT FROM backoffice_placement p WHERE p.company_id = %(company)s AND p.person_id = chain.person_id
      AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to >= %(on)s))
FROM chain WHERE step > 0 ORDER BY step
"""

_SUBTREE = """
WITH RECURSIVE tree(id) AS (
    SELECT id FROM backoffice_department WHERE company_id = %(company)s AND id = %(department)s
    UNION
    SELECT d.id FROM backoffice_department d JOIN tree ON d.parent_id = tree.id
)
SELECT id FROM tree
"""


def in_use(parts: QuerySet[P], on: dt.date) -> QuerySet[P]:
    """The parts of a company that are not closed on a day."""
    return parts.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=on))


def placements_on(company_id: int, on: dt.date) -> QuerySet[Placement]:
    """The placements of a company that hold on a day."""
    return Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), company_id=company_id, valid_from__lte=on
    )


def placement_field(part: CodedPart) -> str:
    """The field of a placement that names such a part."""
    return "cost_center" if isinstance(part, CostCenter) else str(part._meta.model_name)


def people_after(part: CodedPart, last: dt.date) -> int:
    """How many employments have their place in a part after a day."""
    rows = Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=last),
        company_id=part.company_id,
        **{placement_field(part): part.pk},
    )
    return rows.values("employment_id").distinct().count()


def team_person_ids(company_id: int, manager_person_id: int, on: dt.date) -> frozenset[int]:
    """Everybody below a manager on a day, through all levels; never the manager.

    The people of a manager who left belong to the next one above, until they get another. A circle
    of managers ends the walk instead of looping.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TEAM, {"company": company_id, "manager": manager_person_id, "on": on})
        return frozenset(row[0] for row in cursor.fetchall()) - {manager_person_id}


@dataclass(frozen=True, slots=True)
class ManagerAbove:
    """One link of a chain of managers: who, and whether that person stands somewhere on the day."""

    person_id: int
    present: bool


def managers_above(company_id: int, person_id: int, on: dt.date) -> list[ManagerAbove]:
    """The chain of managers of a person on a day, from the next one up.

    It goes through people who left, by the manager they had last. Somebody with two places in the
    company follows the one that began last.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"company": company_id, "person": person_id, "on": on})
        return [ManagerAbove(*row) for row in cursor.fetchall()]


def acting_manager(
    company_id: int, person_id: int, on: dt.date, *, absent: Collection[int] = ()
) -> int | None:
    """Who decides for a person on a day: the next manager above who is here; None for nobody.

    Args:
        company_id: The company.
        person_id: For whom.
        on: The day.
        absent: Persons who are away on the day although they have a place (vacation, leave).
    """
    for manager in managers_above(company_id, person_id, on):
        if manager.present and manager.person_id not in absent:
            return manager.person_id
    return None


def subtree_ids(company_id: int, department_id: int) -> frozenset[int]:
    """A department and all below it, through all levels."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, {"company": company_id, "department": department_id})
        return frozenset(row[0] for row in cursor.fetchall())


def working_time(calendar_id: int) -> WorkingTime:
    """A calendar as the pure value that measures working time, in a fixed number of statements."""
    calendar = WorkCalendar.objects.get(pk=calendar_id)
    days = list(CalendarDay.objects.filter(calendar_id=calendar_id).order_by("day", "opens"))
    windows = WorkWindow.objects.filter(calendar_id=calendar_id).order_by(
        "weekday", "valid_from", "opens"
    )
    local = frozenset((each.day.month, each.day.day) for each in days if each.every_year)
    if calendar.holidays and calendar.municipality:
        local |= yearly_days(calendar.municipality, calendar.state)
    return WorkingTime(
        zone=calendar.time_zone,
        windows=tuple(
            Window(each.weekday, each.opens, each.closes, each.valid_from, each.valid_to)
            for each in windows
        ),
        holidays=Holidays(calendar.state, carnival=calendar.carnival, local=local)
        if calendar.holidays
        else None,
        special=_special(each for each in days if not each.every_year),
    )


def _special(days: Iterable[CalendarDay]) -> dict[dt.date, SpecialDay]:
    by_day: dict[dt.date, list[CalendarDay]] = {}
    for each in days:
        by_day.setdefault(each.day, []).append(each)
    found = {}
    for day, rows in by_day.items():
        instead = tuple((row.opens, row.closes) for row in rows if row.kind == DayKind.OPEN)
        within = tuple((row.opens, row.closes) for row in rows if row.kind == DayKind.HALF)
        found[day] = SpecialDay(within=within) if within and not instead else SpecialDay(instead)
    return found


def calendar_of(company_id: int, branch_id: int | None = None) -> WorkCalendar | None:
    """The calendar by which a branch works, else the company's standard one; None for neither."""
    if branch_id is not None:
        own = WorkCalendar.objects.filter(company_id=company_id, branches=branch_id).first()
        if own is not None:
            return own
    return WorkCalendar.objects.filter(company_id=company_id, standard=True).first()


def working_calendar(
    company_id: int, first: dt.date, last: dt.date, *, saturday: bool = False, banking: bool = True
) -> WorkingCalendar:
    """The business days of a company from one day to another: those of its first branch's place."""
    branch = (
        Branch.objects.filter(company_id=company_id, closed_on=None)
        .order_by("code", "pk")
        .only("state", "place")
        .first()
    )
    return calendar_at(
        state=branch.state if branch else "",
        municipality_code=branch.place_id if branch else None,
        first=first,
        last=last,
        saturday=saturday,
        banking=banking,
    )
