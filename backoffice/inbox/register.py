"""Approvals as registered objects, and their inbox in the menu."""

from django.utils.translation import gettext_lazy as _

from backoffice.inbox import selectors
from backoffice.inbox.api import ApprovalSerializer
from backoffice.inbox.forms import VoteForm
from backoffice.resources import registry
from backoffice.resources.records import (
    Area,
    Board,
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Panel,
    Resource,
    Table,
)
from backoffice.search import sources
from backoffice.web import menu
from backoffice.work.models import Approval, ApprovalState, ApprovalVote, WorkEvent, WorkItem
from backoffice.work.selectors import visible_approvals

TONES = {
    ApprovalState.OPEN: "warning",
    ApprovalState.APPROVED: "success",
    ApprovalState.RETURNED: "danger",
    ApprovalState.WITHDRAWN: "neutral",
    ApprovalState.VOID: "neutral",
}
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, tones=TONES)
REQUESTED_BY = Column(key="requested_by", label=_("Requested by"), source="requested_by__name")
REQUESTED_AT = Column(key="requested_at", label=_("Requested"), kind=Kind.DATETIME)

registry.register_area(Area(code="work", label=_("My work"), icon="inbox", order=0))
registry.register(
    Resource(
        name="backoffice.approval",
        lacks={
            "attachments": "The document that is approved carries them.",
            "history": "A request is asked, voted on and decided, each an event; its content never changes.",
        },
        model=Approval,
        slug="approvals",
        label=_("Approval"),
        label_plural=_("Approvals"),
        icon="checks",
        view_permission="backoffice.approval.view",
        queryset=visible_approvals,
        empty=_("What somebody asked to be approved, by you or on your behalf."),
        state="state",
        board=Board(
            moves={"approved": "vote", "returned": "vote"}, shows=("requested_by", "requested_at")
        ),
        calendar="requested_at",
        events={
            "requested": _("Approval requested"),
            "voted": _("Voted"),
            "approved": _("Approved"),
            "returned": _("Returned"),
            "withdrawn": _("Withdrawn"),
            "void": _("Void: what was to be approved changed"),
        },
        table=Table(
            columns=(
                Column(key="title", label=_("Title"), kind=Kind.LINK),
                STATE,
                REQUESTED_BY,
                REQUESTED_AT,
                Column(key="decided_at", label=_("Decided"), kind=Kind.DATETIME),
            ),
            order="-requested_at",
            search=("title",),
        ),
        panels=(
            Panel(
                title=_("What is to be approved"),
                template="work/content.html",
                context=selectors.content_of,
                icon="list-details",
            ),
            Facts(
                title=_("Request"),
                facts=(
                    REQUESTED_BY,
                    REQUESTED_AT,
                    Fact(key="mode", label=_("Who decides"), kind=Kind.CHOICE),
                    Fact(key="required", label=_("Approvals needed"), kind=Kind.INTEGER),
                    Fact(key="decided_at", label=_("Decided"), kind=Kind.DATETIME),
                    Fact(key="voided_at", label=_("Void since"), kind=Kind.DATETIME),
                ),
            ),
            Lines(
                title=_("Votes"),
                rows=selectors.votes_of,
                table=Table(
                    columns=(
                        Column(key="voter", label=_("Voter"), source="voter__name"),
                        Column(key="decision", label=_("Decision"), kind=Kind.CHOICE),
                        Column(key="comment", label=_("Comment")),
                        Column(key="own", label=_("Own request"), kind=Kind.BOOLEAN),
                        Column(key="at", label=_("When"), kind=Kind.DATETIME),
                    ),
                    order="at",
                ),
            ),
        ),
        serializer=ApprovalSerializer,
        commands=(
            Command(
                name="backoffice.approval.vote",
                label=_("Vote"),
                icon="checks",
                form=VoteForm,
                states=frozenset({ApprovalState.OPEN.value}),
                available=selectors.why_not_vote,
                summary=selectors.vote_summary,
                done=_("Your vote counts."),
            ),
        ),
    )
)
registry.internal("Votes on an approval, shown on its page.", ApprovalVote)
registry.internal("The way of a document, shown on the document's own page.", WorkItem, WorkEvent)
menu.register(
    menu.Page(
        area="work",
        label=_("Approvals"),
        icon="checks",
        url_name="backoffice.approvals",
        permission="backoffice.approval.view",
        order=10,
        key="a",
        counter=selectors.count_waiting,
    )
)
sources.exclude(
    "What waits stands in the inbox, and goes when it is settled.", "backoffice.approval"
)
