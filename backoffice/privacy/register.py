"""Requests of data subjects and legal holds as registered objects; the page of the report."""

from django.utils.translation import gettext_lazy as _

from backoffice.database.keyset import unaccented
from backoffice.jobs.models import Job
from backoffice.privacy import forms, process, selectors, services, tasks
from backoffice.privacy.api import HoldSerializer, RequestSerializer
from backoffice.privacy.figures import ANSWERED_IN_TIME
from backoffice.privacy.models import LegalHold, PersonRequest
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Resource,
    Table,
)
from backoffice.resources.shapes import filters_of
from backoffice.search import sources
from backoffice.web import guidance, home, menu
from backoffice.work.registry import register as register_process

__all__ = ["services", "tasks"]

register_process(process.REQUESTS)

PERSON = Column(
    key="person", label=_("Person"), source="person__name", sort=unaccented("person__name")
)
RECEIVED = Column(key="received_on", label=_("Received on"), kind=Kind.DATE)
DUE = Column(key="due_on", label=_("Due on"), kind=Kind.DATE)
HOLD_STATES = {
    "in_force": _("In force"),
    "coming": _("Not begun"),
    "ended": _("Past its last day"),
    "released": _("Released"),
}
HOLD_TONES = {"in_force": "warning", "coming": "info", "ended": "neutral", "released": "neutral"}
SINCE = Column(key="since", label=_("Since"), kind=Kind.DATE)
UNTIL = Column(key="until", label=_("Until"), kind=Kind.DATE)
HOLD_STATE = Column(
    key="state", label=_("State"), kind=Kind.STATE, choices=HOLD_STATES, tones=HOLD_TONES
)

REQUEST = Resource(
    name="backoffice.person_request",
    model=PersonRequest,
    slug="person-requests",
    label=_("Request of a data subject"),
    label_plural=_("Requests of data subjects"),
    icon="mail",
    view_permission=selectors.REQUESTS,
    queryset=selectors.visible_requests,
    person="person_id",
    empty=_("What people ask about their data (LGPD art. 18), answered within fifteen days."),
    title=lambda request: f"{request.person.display_name}: {request.get_kind_display()}",
    state="state",
    process=process.PROCESS,
    table=Table(
        columns=(
            Column(key="kind", label=_("Asks for"), kind=Kind.LINK),
            PERSON,
            RECEIVED,
            DUE,
            Column(key="state", label=_("State"), kind=Kind.STATE),
        ),
        order="-received_on",
        search=("person__name", "said"),
    ),
    filters=filters_of(PersonRequest, "state", "kind"),
    panels=(
        Facts(
            title=_("Request"),
            icon="mail",
            facts=(
                PERSON,
                RECEIVED,
                DUE,
                Fact(key="said", label=_("Request")),
                Fact(key="answered_on", label=_("Answered on"), kind=Kind.DATE),
                Fact(key="answer", label=_("Answer")),
            ),
        ),
    ),
    serializer=RequestSerializer,
    create=Command(
        name="backoffice.person_request.create",
        label=_("New request"),
        icon="plus",
        form=forms.RequestForm,
        payload=forms.person_payload,
        done=_("Request taken in."),
    ),
    commands=(
        Command(
            name="backoffice.person_request.answer",
            label=_("Answer"),
            icon="check",
            form=forms.AnswerForm,
            states=process.OPEN,
            done=_("Answered."),
        ),
        Command(
            name="backoffice.person_request.refuse",
            label=_("Refuse"),
            icon="circle-x",
            form=forms.AnswerForm,
            states=process.OPEN,
            done=_("Refused, with the reason."),
            danger=True,
        ),
        Command(
            name="backoffice.person_request.report",
            label=_("Everything about this person"),
            icon="file-text",
            form=forms.ReportFormatForm,
            done=_("The file is being made; it will be here to save."),
            leads_to=Job.get_absolute_url,
        ),
    ),
    events={"answered": _("Answered"), "refused": _("Refused")},
    menu=Menu(order=220, group="trail"),
)

HOLD = Resource(
    name="backoffice.legal_hold",
    model=LegalHold,
    slug="legal-holds",
    label=_("Legal hold"),
    label_plural=_("Legal holds"),
    icon="lock",
    view_permission=selectors.HOLDS,
    queryset=selectors.visible_holds,
    empty=_("What may not be removed, whatever its term: evidence in a lawsuit or an inspection."),
    state="state",
    table=Table(
        columns=(
            Column(key="reason", label=_("Reason"), kind=Kind.LINK),
            PERSON,
            SINCE,
            UNTIL,
            HOLD_STATE,
        ),
        order="-since",
        search=("reason", "person__name"),
    ),
    panels=(
        Facts(
            title=_("Legal hold"),
            icon="lock",
            facts=(
                PERSON,
                Fact(key="reason", label=_("Reason")),
                SINCE,
                UNTIL,
                Fact(key="placed_by", label=_("Placed by"), source="placed_by__name"),
                Fact(key="placed_at", label=_("Placed at"), kind=Kind.DATETIME),
                Fact(key="released_by", label=_("Released by"), source="released_by__name"),
                Fact(key="released_at", label=_("Released at"), kind=Kind.DATETIME),
                Fact(key="release_reason", label=_("Why it was released")),
            ),
        ),
    ),
    serializer=HoldSerializer,
    create=Command(
        name="backoffice.legal_hold.place",
        label=_("Place a hold"),
        icon="plus",
        form=forms.HoldForm,
        payload=forms.person_payload,
        done=_("The data are kept until the hold is released."),
    ),
    commands=(
        Command(
            name="backoffice.legal_hold.release",
            label=_("Release"),
            icon="circle-x",
            form=forms.ReleaseForm,
            states=frozenset({"in_force", "coming", "ended"}),
            summary=lambda _hold, _access: _(
                "Terms count again: what is past its term can be removed."
            ),
            done=_("The hold is released."),
            danger=True,
        ),
    ),
    events={"placed": _("Placed"), "released": _("Released")},
    menu=Menu(order=225, group="trail"),
)

registry.register(REQUEST, HOLD)
sources.exclude(
    "Found by the person; what was asked is not for the search.",
    "backoffice.person_request",
    "backoffice.legal_hold",
)
home.register(ANSWERED_IN_TIME)
guidance.register(
    guidance.Help(
        of="backoffice.person_request",
        purpose=_(
            "Keeps what data subjects ask and what they were told, with the day until which the law"
            " gives time (LGPD arts. 18 and 19)."
        ),
        steps=(
            _("Write down the request on the day it comes."),
            _(
                "Make the file with everything about the person, and check it for other people's data."
            ),
            _("Answer in words that are kept, or refuse with the reason."),
        ),
    ),
    guidance.Help(
        of="backoffice.legal_hold",
        purpose=_(
            "Keeps data of a person, or of the whole company, past their term while they are"
            " evidence in a lawsuit or an inspection (LGPD art. 16)."
        ),
        steps=(
            _("Place the hold with its reason."),
            _("Release it when the case is over: terms count again."),
        ),
    ),
)
menu.register(
    menu.Page(
        area="backoffice",
        label=_("Everything about a person"),
        icon="user-circle",
        url_name="privacy:report",
        permission=services.REPORT,
        order=230,
        group="trail",
    )
)
