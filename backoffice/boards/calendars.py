"""A list as the calendar of a month: each record on its day."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, F, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backoffice.database.keyset import BadQuery
from backoffice.periods.rules import add_months, month_start
from backoffice.resources import display, listing, registry
from backoffice.resources.records import Column, Kind, Resource

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

ON_A_DAY = 4
MOST = 1_000
"""Records of one month that are read; a list with more is narrowed by its filters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record on its day: its heading, what stands beside that in the list, and its state."""

    pk: int
    title: str
    note: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the sheet: the records that are shown at once, and the others."""

    date: dt.date
    outside: bool
    today: bool
    entries: list[Entry]
    more: list[Entry]


def date_column(resource: Resource, access: "Access") -> Column | None:
    """The column whose dates are shown, where the person sees them of all rows."""
    if listing.sight(resource, resource.calendar, access) is not listing.Sight.ALL:
        return None
    return next((c for c in resource.table.columns if c.key == resource.calendar), None)


def month_of(request: HttpRequest, today: dt.date) -> dt.date:
    """The first day of the month that the address names, or of this one.

    Raises:
        BadQuery: No such month.
    """
    text = request.GET.get("month", "")
    if not text:
        return month_start(today)
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadQuery("bad_month", _("Write the month as in 2026-11.")) from error
    if not 1900 <= found.year <= 2200:
        raise BadQuery("bad_month", _("Write the month as in 2026-11."))
    return found


def calendar_context(
    request: HttpRequest, asked: listing.Listing, access: "Access"
) -> dict[str, Any]:
    """The sheet of a month, weeks from Sunday; the records in one statement."""
    first = month_of(request, access.on)
    weeks = calendar.Calendar(firstweekday=calendar.SUNDAY).monthdatescalendar(
        first.year, first.month
    )
    column = date_column(asked.resource, access)
    found = _entries(asked, column, weeks[0][0], weeks[-1][-1]) if column is not None else {}
    days = [
        [
            Day(
                date=day,
                outside=day.month != first.month,
                today=day == access.on,
                entries=found.get(day, [])[:ON_A_DAY],
                more=found.get(day, [])[ON_A_DAY:],
            )
            for day in week
        ]
        for week in weeks
    ]
    inside = [
        entry for day, all_of in found.items() if day.month == first.month for entry in all_of
    ]
    return {
        "weeks": days,
        "weekdays": [date_format(day.date, "D") for day in days[0]],
        "month": first,
        "count": len(inside),
        "lines": days,
        "shown": [entry.pk for all_of in found.values() for entry in all_of],
        "earlier_url": _month_url(request, add_months(first, -1)),
        "later_url": _month_url(request, add_months(first, 1)),
        "today_url": _month_url(request, None),
        "date_label": column.label if column is not None else "",
        "capped": sum(map(len, found.values())) >= MOST,
    }


def _entries(
    asked: listing.Listing, column: Column, begin: dt.date, end: dt.date
) -> dict[dt.date, list[Entry]]:
    resource = asked.resource
    link = next(each for each in asked.columns if each.kind is Kind.LINK)
    states = [each for each in resource.table.columns if each.kind is Kind.STATE]
    # A heading alone may not tell records apart: the kind of a payroll, the number of a contract.
    notes = [
        each
        for each in asked.columns
        if each.key not in {link.key, column.key, *resource.restricted} and each not in states
    ][:1]
    rows, (path, *paths) = listing.annotated(asked.rows, [column, link, *notes, *states])
    chosen = _on_days(rows, path, column.kind, begin, end)
    write = display.writer(resource.model, link)
    write_note = display.writer(resource.model, (notes or [link])[0])
    write_state = display.writer(resource.model, (states or [link])[0], resource.process)
    found: dict[dt.date, list[Entry]] = {}
    for day, pk, title, *rest in chosen.values_list("calendar_day", "pk", *paths)[:MOST]:
        entry = Entry(
            pk=pk,
            title=write(title),
            url=registry.url(resource, "detail", pk),
            note=write_note(rest[0]) if notes else "",
            state=write_state(rest[-1]) if states else "",
        )
        found.setdefault(day, []).append(entry)
    return found


def _on_days(
    rows: QuerySet[Any], path: str, kind: Kind, begin: dt.date, end: dt.date
) -> QuerySet[Any]:
    """Rows of these days with their day, in order; a moment counts on the day in our time zone."""
    day = TruncDate(path, output_field=DateField()) if kind is Kind.DATETIME else F(path)
    chosen: QuerySet[Any] = rows.annotate(calendar_day=day)
    return chosen.filter(calendar_day__range=(begin, end)).order_by("calendar_day", path, "pk")


def _month_url(request: HttpRequest, month: dt.date | None) -> str:
    query = request.GET.copy()
    query.pop("month", None)
    if month is not None:
        query["month"] = f"{month:%Y-%m}"
    return f"{request.path}?{query.urlencode()}"


registry.register_list_kind(
    registry.ListKind(
        name="calendar",
        label=_("Calendar"),
        icon="calendar",
        template="boards/calendar.html",
        offered=lambda resource: bool(resource.calendar),
        context=calendar_context,
    )
)
