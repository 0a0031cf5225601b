"""Pages and panels of the organization that are neither facts nor plain rows."""

import datetime as dt
from calendar import isleap
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backoffice.br.business_days import carnival_and_corpus_christi, national_holidays
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.numbering.models import NumberFormat
from backoffice.numbering.registry import SERIES
from backoffice.numbering.rules import Parts, write_number
from backoffice.numbering.selectors import counts_of
from backoffice.organization.models import DayKind, WorkCalendar
from backoffice.organization.models.calendars import WEEKDAYS
from backoffice.organization.rules import Span, WorkingTime, write_spans
from backoffice.organization.selectors import working_time
from backoffice.structure import selectors


@require_safe
def department_tree(request: Request) -> HttpResponse:
    """All departments as a tree, with the people in each and below it."""
    context_of(request).require("backoffice.department.view")
    closed = request.GET.get("closed") == "1"
    nodes = selectors.department_tree(request.access, closed=closed)
    context = {"nodes": nodes, "closed": closed, "may_open": True}
    return render(request, "structure/department_tree.html", context)


@dataclass(frozen=True, slots=True)
class WeekdayRow:
    """A weekday of a calendar: its hours and how many they are."""

    name: str
    hours: str
    minutes: int

    @property
    def length(self) -> str:
        """As ``9:00``."""
        return f"{self.minutes // 60}:{self.minutes % 60:02d}" if self.minutes else ""


def week_panel(record: WorkCalendar, access: Access) -> dict[str, Any]:
    """The usual week from today on, holidays aside."""
    calendar = working_time(record.pk)
    rows = []
    for shift in range(7):
        day = access.on + dt.timedelta(days=shift)
        usual = _usual(calendar, day)
        minutes = sum(closes - opens for opens, closes in usual)
        name = str(dict(WEEKDAYS)[day.weekday()])
        rows.append((day.weekday(), WeekdayRow(name, write_spans(usual), minutes)))
    week = [row for _weekday, row in sorted(rows, key=lambda each: each[0])]
    total = WeekdayRow(_("Week"), "", sum(row.minutes for row in week))
    return {"week": week, "total": total, "branches": record.branches.order_by("code")}


def _usual(calendar: WorkingTime, day: dt.date) -> tuple[Span, ...]:
    plain = WorkingTime(calendar.zone, calendar.windows, holidays=None)
    return plain.spans_on(day)


@dataclass(frozen=True, slots=True)
class SpecialRow:
    """A day of the year that differs, and how."""

    day: dt.date
    name: str
    hours: str


def days_panel(record: WorkCalendar, access: Access) -> dict[str, Any]:
    """The holidays and special days of this year and those to come, by date."""
    first = dt.date(access.on.year, 1, 1)
    last = dt.date(access.on.year + 1, 12, 31)
    calendar = working_time(record.pk)
    names = _holidays(record, range(first.year, last.year + 1)) if record.holidays else {}
    for each in record.days.order_by("day"):
        if each.every_year:
            for year in (first.year, last.year):
                if (each.day.month, each.day.day) != (2, 29) or isleap(year):
                    names.setdefault(each.day.replace(year=year), each.name)
        elif first <= each.day <= last:
            names[each.day] = each.name
    rows = [
        SpecialRow(day, name, write_spans(calendar.spans_on(day)))
        for day, name in sorted(names.items())
        if day >= access.on
    ]
    return {"days": rows, "kinds": DayKind}


def _holidays(record: WorkCalendar, years: range) -> dict[dt.date, str]:
    found: dict[dt.date, str] = {}
    for year in years:
        if record.carnival:
            found |= dict.fromkeys(
                carnival_and_corpus_christi(year), _("Carnival or Corpus Christi")
            )
        found |= national_holidays(year, record.state)
    return found


def counts_panel(record: NumberFormat, access: Access) -> dict[str, Any]:
    """The counters of a series, the next number of each, and the proof that no number is missing."""
    spec = SERIES.get(record.series)
    branches = dict(selectors.visible_branches(access).values_list("pk", "code"))
    rows = []
    for count in counts_of(record.company_id):
        if count.series == record.series:
            parts = Parts(count.last + 1, count.year, branches.get(count.branch_id, ""))
            code = branches.get(count.branch_id, "")
            rows.append((count, code, write_number(record.pattern, parts)))
    return {"rows": rows, "gapless": spec is not None and spec.gapless}
