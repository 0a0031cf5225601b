"""The logs as registered objects: searched by auditors, read over REST, changed by nobody."""

from django.utils.translation import gettext_lazy as _

from backoffice.audit.models import Event, EventBlock, EventEpoch, ReadLog
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Resource,
    Table,
)
from backoffice.search import sources
from backoffice.trail import selectors
from backoffice.trail.api import EventSerializer, ReadingSerializer
from backoffice.trail.filters import EventFilter, ReadingFilter

NUMBER = Column(key="id", label=_("Number"), kind=Kind.INTEGER)
AT = Column(key="at", label=_("When"), kind=Kind.DATETIME)
CHANNEL = Column(key="channel", label=_("Through"), kind=Kind.CHOICE, choices=selectors.CHANNELS)
ACTION = Column(
    key="action", label=_("What happened"), kind=Kind.LINK, choices=selectors.ActionLabels()
)
TYPE = Column(
    key="target_type", label=_("Kind of record"), kind=Kind.CHOICE, choices=selectors.TypeLabels()
)
KEY = Column(key="target_id", label=_("Key of the record"))
ACTOR = Column(key="actor", label=_("Who"))
READER = Column(key="reader", label=_("Who"))
KIND = Column(key="kind", label=_("What was read"), kind=Kind.LINK, choices=selectors.Labels())

EVENT = Resource(
    name="backoffice.event",
    lacks={
        "attachments": "A line of the log is sealed; nothing is added to it.",
        "history": "A line of the log never changes: the database refuses it.",
    },
    model=Event,
    slug="events",
    label=_("Event"),
    label_plural=_("Events"),
    icon="history",
    view_permission="backoffice.event.view",
    queryset=selectors.visible_events,
    empty=_("Everything that happens here is written down: who, what, when, to which record."),
    title=lambda event: selectors.ActionLabels().get(event.action, event.action),
    table=Table(
        columns=(NUMBER, AT, ACTION, ACTOR, TYPE, KEY, CHANNEL), order="-id", search=("action",)
    ),
    filters=EventFilter,
    panels=(
        Facts(
            title=_("Event"),
            icon="history",
            facts=(
                Fact(key="at", label=_("When"), kind=Kind.DATETIME),
                ACTOR,
                CHANNEL,
                Fact(key="action", label=_("Name of the action")),
                Fact(key="reason", label=_("Reason")),
                Fact(key="request_id", label=_("Request")),
            ),
        ),
        Panel(
            title=_("Record"),
            icon="file-text",
            template="trail/record.html",
            context=selectors.record_of,
        ),
    ),
    serializer=EventSerializer,
    menu=Menu(order=200, group="trail"),
)

READING = Resource(
    name="backoffice.reading",
    lacks={
        "attachments": "A line of the log is sealed; nothing is added to it.",
        "history": "A line of the log never changes: the database refuses it.",
    },
    model=ReadLog,
    slug="readings",
    label=_("Reading"),
    label_plural=_("Readings of restricted data"),
    icon="zoom-question",
    view_permission="backoffice.reading.view",
    queryset=selectors.visible_readings,
    empty=_("Whoever sees pay or documents of other people is written down here."),
    title=lambda reading: selectors.Labels().get(reading.kind, reading.kind),
    table=Table(columns=(NUMBER, AT, KIND, READER, CHANNEL), order="-id"),
    filters=ReadingFilter,
    panels=(
        Facts(
            title=_("Reading"),
            icon="zoom-question",
            facts=(
                Fact(key="at", label=_("When"), kind=Kind.DATETIME),
                READER,
                CHANNEL,
                Fact(key="request_id", label=_("Request")),
            ),
        ),
        Panel(
            title=_("Records that were shown"),
            icon="list",
            template="trail/records_read.html",
            context=selectors.records_read,
        ),
    ),
    serializer=ReadingSerializer,
    menu=Menu(order=210, group="trail"),
)

registry.register(EVENT, READING)
registry.internal("Seals of the log, shown in the Django admin.", EventBlock, EventEpoch)
sources.exclude("Logs have lists of their own.", "backoffice.event", "backoffice.reading")
