"""Commands on work calendars."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.br.business_days import national_holidays
from backoffice.commands import Context, command
from backoffice.commands.rows import own, refusal_of, save
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.organization.models import CalendarDay, DayKind, TimeZone, WorkCalendar, WorkWindow
from backoffice.organization.rules import DAY_MINUTES, Span

CHANGE = "backoffice.work_calendar.change"


@command("backoffice.work_calendar.create")
def create_work_calendar(
    ctx: Context,
    *,
    code: str,
    name: str,
    time_zone: str = TimeZone.SAO_PAULO,
    state: str = "",
    municipality: str = "",
    holidays: bool = True,
    carnival: bool = True,
) -> WorkCalendar:
    """Make a calendar without hours; the first one of a company is its standard.

    Raises:
        InvalidInput: The code is in use, or there is no such state or time zone.
    """
    first = not WorkCalendar.objects.filter(company_id=ctx.company, standard=True).exists()
    calendar = WorkCalendar(
        company_id=ctx.company,
        code=code,
        name=name,
        time_zone=_zone(time_zone),
        state=_state(ctx, state),
        municipality=municipality,
        holidays=holidays,
        carnival=carnival,
        standard=first,
    )
    return save(ctx, calendar, "created")


@command(CHANGE)
def change_work_calendar(
    ctx: Context,
    *,
    work_calendar_id: int,
    code: str,
    name: str,
    time_zone: str,
    state: str,
    municipality: str,
    holidays: bool,
    carnival: bool,
) -> WorkCalendar:
    """Change the place and the holidays of a calendar; its hours have commands of their own."""
    calendar = own(ctx, WorkCalendar, work_calendar_id)
    calendar.code = code
    calendar.name = name
    calendar.time_zone = _zone(time_zone)
    calendar.state = _state(ctx, state)
    calendar.municipality = municipality
    calendar.holidays = holidays
    calendar.carnival = carnival
    return save(ctx, calendar, "changed")


@command("backoffice.work_calendar.make_standard", permission=CHANGE)
def make_standard(ctx: Context, *, work_calendar_id: int) -> WorkCalendar:
    """Let a calendar hold for every branch that has none of its own.

    Raises:
        WrongState: It is the standard already.
    """
    rows = WorkCalendar.objects.select_for_update().filter(company_id=ctx.company).order_by("pk")
    found = {each.pk: each for each in rows}
    if work_calendar_id not in found:
        raise NotFound("not_found", _("There is no such record."))
    calendar = found[work_calendar_id]
    if calendar.standard:
        raise WrongState("already_standard", _("This is the standard calendar already."))
    WorkCalendar.objects.filter(company_id=ctx.company, standard=True).update(standard=False)
    calendar.standard = True
    return save(ctx, calendar, "made_standard")


@command("backoffice.work_calendar.set_hours", permission=CHANGE)
def set_hours(
    ctx: Context,
    *,
    work_calendar_id: int,
    weekdays: Sequence[int],
    spans: Sequence[Span],
    valid_from: dt.date,
) -> WorkCalendar:
    """Give weekdays their hours from a day on; what held before ends the day before.

    Args:
        ctx: Circumstances.
        work_calendar_id: The calendar.
        weekdays: 0 for Monday to 6 for Sunday.
        spans: Minutes after midnight, in any order; none for a day without work.
        valid_from: First day. Hours that were to begin later are given up.

    Raises:
        InvalidInput: No weekday, or hours that are no hours or overlap.
    """
    calendar = own(ctx, WorkCalendar, work_calendar_id)
    days = sorted({day for day in weekdays if 0 <= day <= 6})
    if not days:
        message = _("Choose at least one weekday.")
        raise InvalidInput("no_weekday", message, fields={"weekdays": message})
    wanted = _spans(spans, "spans")
    old = WorkWindow.objects.select_for_update().filter(calendar=calendar, weekday__in=days)
    old.filter(valid_from__gte=valid_from).delete()
    old.filter(valid_to=None).update(valid_to=valid_from - dt.timedelta(days=1))
    old.filter(valid_to__gte=valid_from).update(valid_to=valid_from - dt.timedelta(days=1))
    WorkWindow.objects.bulk_create(
        WorkWindow(
            company_id=ctx.company,
            calendar=calendar,
            weekday=day,
            opens=opens,
            closes=closes,
            valid_from=valid_from,
        )
        for day in days
        for opens, closes in wanted
    )
    ctx.record(
        "backoffice.work_calendar.hours_set",
        target=calendar,
        data={"weekdays": days, "spans": wanted, "valid_from": valid_from},
    )
    return calendar


@command("backoffice.work_calendar.add_day", permission=CHANGE)
def add_day(
    ctx: Context,
    *,
    work_calendar_id: int,
    day: dt.date,
    name: str,
    kind: str = DayKind.CLOSED,
    spans: Sequence[Span] = (),
    every_year: bool = False,
) -> WorkCalendar:
    """Say that a day differs: closed, open only inside some hours, or open at hours of its own.

    Raises:
        InvalidInput: Hours for a closed day or none for another, or the day differs already.
    """
    calendar = own(ctx, WorkCalendar, work_calendar_id)
    if (kind == DayKind.CLOSED) == bool(spans):
        message = _("A closed day has no hours, every other one has some.")
        raise InvalidInput("hours_iff_open", message, fields={"spans": message})
    if every_year and kind != DayKind.CLOSED:
        message = _("Only a holiday comes every year.")
        raise InvalidInput("yearly_is_closed", message, fields={"every_year": message})
    rows = [
        CalendarDay(
            company_id=ctx.company,
            calendar=calendar,
            day=day,
            name=name,
            kind=kind,
            every_year=every_year,
            opens=opens,
            closes=closes,
        )
        for opens, closes in _spans(spans, "spans") or [(0, DAY_MINUTES)]
    ]
    try:
        with transaction.atomic():
            CalendarDay.objects.bulk_create(rows)
    except IntegrityError as error:
        raise refusal_of(rows[0], error) from error
    ctx.record(
        "backoffice.work_calendar.day_added",
        target=calendar,
        data={"day": day, "kind": kind, "name": name, "spans": list(spans)},
    )
    return calendar


@command("backoffice.work_calendar.remove_day", permission=CHANGE)
def remove_day(ctx: Context, *, work_calendar_id: int, day: dt.date) -> WorkCalendar:
    """Let a day that lies ahead be as usual again; the days that passed stay as they were.

    Raises:
        NotFound: The day does not differ.
        WrongState: The day has passed, and what was measured with it counts.
    """
    calendar = own(ctx, WorkCalendar, work_calendar_id)
    rows = CalendarDay.objects.filter(calendar=calendar, day=day)
    if not rows.exists():
        raise NotFound("no_such_day", _("This day does not differ from the usual ones."))
    if day < timezone.localdate(ctx.at):
        raise WrongState("day_passed", _("This day has passed; it stays as it was."))
    rows.delete()
    ctx.record("backoffice.work_calendar.day_removed", target=calendar, data={"day": day})
    return calendar


def _spans(spans: Sequence[Span], field: str) -> list[Span]:
    found = sorted((int(opens), int(closes)) for opens, closes in spans)
    if any(not 0 <= opens < closes <= DAY_MINUTES for opens, closes in found):
        message = _("The closing time comes after the opening, up to 24:00.")
        raise InvalidInput("bad_hours", message, fields={field: message})
    if any(one[1] > other[0] for one, other in pairwise(found)):
        message = _("These hours overlap.")
        raise InvalidInput("hours_overlap", message, fields={field: message})
    return found


def _zone(value: str) -> str:
    if value not in TimeZone.values:
        message = _("There is no such time zone in Brazil.")
        raise InvalidInput("bad_time_zone", message, fields={"time_zone": message})
    return value


def _state(ctx: Context, value: str) -> str:
    state = value.strip().upper()
    try:
        national_holidays(ctx.at.year, state)
    except ValueError as error:
        message = _("There is no such state.")
        raise InvalidInput("bad_state", message, fields={"state": message}) from error
    return state
