"""Schedules, as registered objects, and the page of the operation."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.models import Schedule, ScheduleRun
from backoffice.operation import forms, selectors, views
from backoffice.operation.api import ScheduleSerializer
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
from backoffice.web import menu

RHYTHM = Column(key="rhythm", label=_("Rhythm"), source="rhythm_label", sortable=False)
NEXT = Column(key="next_at", label=_("Next run"), kind=Kind.DATETIME)
SITUATION = Column(
    key="situation",
    label=_("Situation"),
    kind=Kind.STATE,
    choices={"active": _("In force"), "paused": _("Paused"), "failing": _("Failing")},
    tones={"active": "success", "paused": "neutral", "failing": "danger"},
)

SCHEDULE = Resource(
    name="backoffice.schedule",
    lacks={
        "history": "What people change is an event; the rest moves with the clock, every few seconds.",
    },
    model=Schedule,
    slug="schedules",
    label=_("Schedule"),
    label_plural=_("Schedules"),
    icon="clock",
    view_permission="backoffice.schedule.view",
    queryset=selectors.visible_schedules,
    empty=_("What is done again and again by itself, and when."),
    title=lambda schedule: schedule.duty_label,
    state="situation",
    table=Table(
        columns=(
            Column(key="duty", label=_("Routine"), kind=Kind.LINK, source="duty_label"),
            Column(key="company", label=_("Company"), source="company__trade_name"),
            RHYTHM,
            NEXT,
            SITUATION,
        ),
        order="duty",
    ),
    panels=(
        Facts(
            title=_("Rhythm"),
            icon="clock",
            facts=(
                RHYTHM,
                Fact(key="shift", label=_("On a day off"), kind=Kind.CHOICE),
                Fact(key="time_zone", label=_("Time zone"), kind=Kind.CHOICE),
                Fact(key="state", label=_("State")),
                Fact(key="paused_at", label=_("Paused at"), kind=Kind.DATETIME),
            ),
        ),
        Panel(
            title=_("Next runs"),
            icon="calendar",
            template="operation/next_runs.html",
            context=views.next_panel,
        ),
        Lines(
            title=_("Runs"),
            icon="history",
            rows=selectors.runs_of,
            table=Table(
                columns=(
                    Column(key="due_at", label=_("Due at"), kind=Kind.DATETIME),
                    Column(
                        key="state",
                        label=_("State"),
                        kind=Kind.STATE,
                        tones={"pending": "info", "done": "success", "failed": "danger"},
                    ),
                    Column(key="attempts", label=_("Attempts"), kind=Kind.INTEGER),
                    Column(key="ended_at", label=_("Ended at"), kind=Kind.DATETIME),
                    Column(key="result", label=_("Result")),
                ),
                order="-due_at",
            ),
        ),
    ),
    serializer=ScheduleSerializer,
    create=Command(
        name="backoffice.schedule.create",
        label=_("New schedule"),
        icon="plus",
        form=forms.ScheduleForm,
        initial=selectors.present_values,
        payload=forms.rhythm_arguments,
        done=_("Schedule created."),
    ),
    update=Command(
        name="backoffice.schedule.change",
        label=_("Change"),
        icon="edit",
        form=forms.RhythmForm,
        initial=selectors.present_values,
        available=selectors.why_of_installation,
        payload=forms.rhythm_arguments,
        done=_("Schedule changed."),
    ),
    commands=(
        Command(
            name="backoffice.schedule.run_now",
            label=_("Run now"),
            icon="player-play",
            done=_("The run will begin at once."),
        ),
        Command(
            name="backoffice.schedule.pause",
            label=_("Pause"),
            icon="player-pause",
            bulk=True,
            available=selectors.why_not_pause,
            done=_("Paused."),
        ),
        Command(
            name="backoffice.schedule.resume",
            label=_("Resume"),
            icon="refresh",
            bulk=True,
            available=selectors.why_not_resume,
            done=_("Resumed; the next run is counted from now on."),
        ),
    ),
    events={
        "paused": _("Paused"),
        "resumed": _("Resumed"),
        "run_asked": _("Run asked for"),
    },
    menu=Menu(order=45, group="system"),
    calendar="next_at",
)

registry.register(SCHEDULE)
registry.internal("Shown on its schedule.", ScheduleRun)
menu.register(
    menu.Page(
        area="backoffice",
        group="system",
        label=_("Operation"),
        icon="server",
        url_name="backoffice.operation",
        permission="backoffice.job.manage",
        order=42,
    )
)
sources.declare("backoffice.schedule", keyed="scope", hint=())
