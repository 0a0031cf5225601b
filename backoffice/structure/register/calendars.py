"""Work calendars, as a registered object."""

from django.utils.translation import gettext_lazy as _

from backoffice.organization.models import CalendarDay, WorkCalendar, WorkWindow
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Panel,
    Resource,
    Table,
)
from backoffice.search import sources
from backoffice.structure import forms, selectors, views
from backoffice.structure.api import WorkCalendarDetailSerializer, WorkCalendarSerializer
from backoffice.structure.register.parts import CODE, NAME

WORK_CALENDAR = Resource(
    name="backoffice.work_calendar",
    model=WorkCalendar,
    slug="work-calendars",
    inline=("code", "name"),
    label=_("Work calendar"),
    label_plural=_("Work calendars"),
    icon="calendar",
    view_permission="backoffice.work_calendar.view",
    queryset=selectors.visible_calendars,
    empty=_("When the company and its branches work: hours, holidays, half days."),
    table=Table(
        columns=(
            CODE,
            NAME,
            Column(key="municipality", label=_("Municipality")),
            Column(key="state", label=_("State")),
            Column(key="time_zone", label=_("Time zone"), kind=Kind.CHOICE),
            Column(key="standard", label=_("Standard"), kind=Kind.BOOLEAN),
        ),
        order="code",
        search=("code", "name", "municipality"),
    ),
    panels=(
        Facts(
            title=_("Place and holidays"),
            icon="calendar",
            facts=(
                CODE,
                Fact(key="municipality", label=_("Municipality")),
                Fact(key="state", label=_("State")),
                Fact(key="time_zone", label=_("Time zone"), kind=Kind.CHOICE),
                Fact(key="holidays", label=_("Closed on holidays"), kind=Kind.BOOLEAN),
                Fact(
                    key="carnival",
                    label=_("Closed at Carnival and Corpus Christi"),
                    kind=Kind.BOOLEAN,
                ),
                Fact(key="standard", label=_("Standard"), kind=Kind.BOOLEAN),
            ),
        ),
        Panel(
            title=_("Usual week"),
            icon="clock",
            template="structure/week.html",
            context=views.week_panel,
        ),
        Lines(
            title=_("Hours with their validity"),
            icon="history",
            rows=selectors.hours_of,
            table=Table(
                columns=(
                    Column(key="weekday", label=_("Weekday"), kind=Kind.CHOICE),
                    Column(key="opens", label=_("Opens at"), source=selectors.clock("opens")),
                    Column(key="closes", label=_("Closes at"), source=selectors.clock("closes")),
                    Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
                    Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE),
                ),
                order="weekday",
            ),
        ),
        Panel(
            title=_("Holidays and special days"),
            icon="calendar-event",
            template="structure/days.html",
            context=views.days_panel,
        ),
    ),
    serializer=WorkCalendarSerializer,
    detail_serializer=WorkCalendarDetailSerializer,
    create=Command(
        name="backoffice.work_calendar.create",
        label=_("New work calendar"),
        icon="plus",
        form=forms.WorkCalendarForm,
        done=_("Work calendar created; now give it its hours."),
    ),
    update=Command(
        name="backoffice.work_calendar.change",
        label=_("Change"),
        icon="edit",
        form=forms.WorkCalendarForm,
        initial=selectors.present_values,
        done=_("Work calendar changed."),
    ),
    commands=(
        Command(
            name="backoffice.work_calendar.set_hours",
            label=_("Set hours"),
            icon="clock",
            form=forms.HoursForm,
            done=_("Hours set."),
        ),
        Command(
            name="backoffice.work_calendar.add_day",
            label=_("Add a special day"),
            icon="plus",
            form=forms.DayForm,
            done=_("Special day added."),
        ),
        Command(
            name="backoffice.work_calendar.remove_day",
            label=_("Remove a special day"),
            icon="trash",
            form=forms.RemoveDayForm,
            done=_("This day is as usual again."),
        ),
        Command(
            name="backoffice.work_calendar.make_standard",
            label=_("Make it the standard"),
            icon="check",
            available=selectors.why_standard,
            done=_("It now holds for every branch without a calendar of its own."),
        ),
    ),
    events={
        "hours_set": _("Hours set"),
        "day_added": _("Special day added"),
        "day_removed": _("Special day removed"),
        "made_standard": _("Made the standard"),
    },
    menu=Menu(order=90, group="company"),
)

registry.register(WORK_CALENDAR)
registry.internal(
    "Hours and special days of a work calendar, shown on it.", WorkWindow, CalendarDay
)
sources.declare("backoffice.work_calendar", keyed="scope")
