"""Named reads of the organization for people: theirs is the company of the request."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.numbering.models import NumberFormat
from backoffice.numbering.selectors import series_labels
from backoffice.organization.models import (
    Branch,
    Coded,
    CodedPart,
    Company,
    CostCenter,
    Department,
    WorkCalendar,
    WorkWindow,
)
from backoffice.organization.selectors import people_after, placements_on
from backoffice.resources.records import Text


def visible_companies(access: Access) -> QuerySet[Company]:
    """The company of the request; nothing without the right to see it."""
    allowed = access.company_id if access.can("backoffice.company.view") else 0
    return Company.objects.filter(pk=allowed)


def visible_branches(access: Access) -> QuerySet[Branch]:
    """Branches of the company."""
    return in_scope(Branch.objects.all(), access, "backoffice.branch.view")


def visible_departments(access: Access) -> QuerySet[Department]:
    """Departments of the company."""
    return in_scope(Department.objects.all(), access, "backoffice.department.view")


def visible_cost_centers(access: Access) -> QuerySet[CostCenter]:
    """Cost centres of the company."""
    return in_scope(CostCenter.objects.all(), access, "backoffice.cost_center.view")


def sub_departments(department: Department, access: Access) -> QuerySet[Department]:
    """Departments right below one."""
    return visible_departments(access).filter(parent=department).order_by("code")


def present_values(access: Access, record: Company | Coded | None) -> Mapping[str, Any]:
    """The values of a record's own fields, to begin a change with; none for a new one."""
    del access  # the signature of a form's first values
    if record is None:
        return {}
    return {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}


def visible_calendars(access: Access) -> QuerySet[WorkCalendar]:
    """Work calendars of the company."""
    return in_scope(WorkCalendar.objects.all(), access, "backoffice.work_calendar.view")


def hours_of(calendar: WorkCalendar, _access: Access) -> QuerySet[WorkWindow]:
    """The hours of a calendar that hold now or later, by weekday."""
    return calendar.windows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=_access.on)).order_by(
        "weekday", "valid_from", "opens"
    )


def why_closed(part: CodedPart, _access: Access) -> Text | None:
    """Why something cannot be closed: it is."""
    return None if part.closed_on is None else _("It is closed already.")


def why_open(part: CodedPart, _access: Access) -> Text | None:
    """Why something cannot be opened again: it is open."""
    return _("It is open.") if part.closed_on is None else None


def why_standard(calendar: WorkCalendar, _access: Access) -> Text | None:
    """Why a calendar cannot become the standard: it is."""
    return _("This is the standard calendar already.") if calendar.standard else None


@dataclass(slots=True)
class Node:
    """A department of the tree, with the people in it and in all below it on the day."""

    department: Department
    people: int = 0
    people_below: int = 0
    children: list["Node"] = field(default_factory=list)


def department_tree(access: Access, *, closed: bool = False) -> list[Node]:
    """The departments that this person may see as a tree, siblings by code, in two statements.

    ``closed`` adds those that are not in use any more.
    """
    rows = visible_departments(access).order_by("code", "pk")
    if not closed:
        rows = rows.filter(Q(closed_on=None) | Q(closed_on__gte=access.on))
    counts = dict(
        placements_on(access.company_id, access.on)
        .order_by()
        .values_list("department_id")
        .annotate(Count("employment_id", distinct=True))
    )
    nodes = {row.pk: Node(row, people=counts.get(row.pk, 0)) for row in rows}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.department.parent_id or 0)
        (above.children if above else roots).append(node)
    for root in roots:
        _sum_up(root)
    return roots


def _sum_up(node: Node) -> int:
    node.people_below = node.people + sum(_sum_up(child) for child in node.children)
    return node.people_below


def merge_summary(part: Department | CostCenter, access: Access) -> Text:
    """What merging will do, with the number of people."""
    people = people_after(part, access.on - dt.timedelta(days=1))
    return ngettext(
        "One person belongs to %(part)s today; from the chosen day on to the other one.",
        "%(count)d people belong to %(part)s today; from the chosen day on to the other one.",
        people,
    ) % {"count": people, "part": part}


def clock(field: str) -> Func:
    """A column of minutes after midnight as ``08:30``, up to ``24:00``."""
    return Func(
        F(field),
        template="to_char(make_interval(mins => %(expressions)s), 'HH24:MI')",
        output_field=CharField(),
    )


def visible_formats(access: Access) -> QuerySet[NumberFormat]:
    """How the company writes its numbers, with the words for each series."""
    words = [When(series=name, then=Value(label)) for name, label in series_labels().items()]
    rows = in_scope(NumberFormat.objects.all(), access, "backoffice.number_format.view")
    return rows.annotate(series_label=Case(*words, default=F("series"), output_field=CharField()))


def format_values(_access: Access, record: NumberFormat | None) -> Mapping[str, Any]:
    """The values with which a change of a format begins."""
    return {"pattern": record.pattern} if record else {"pattern": "{year}/{number:4}"}
