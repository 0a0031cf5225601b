"""Work items, the log of their moves, and approvals."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import CompanyOwned
from backoffice.work import rules

PHASES: tuple[tuple[str, object], ...] = (
    (rules.Phase.RECEPTION, _("Reception")),
    (rules.Phase.PROCESSING, _("Processing")),
    (rules.Phase.EXECUTION, _("Execution")),
    (rules.Phase.FOLLOW_UP, _("Follow-up")),
    (rules.Phase.REPORTING, _("Reporting")),
)


class ActorType(models.TextChoices):
    """Who moved the work: a person, a background job of ours, another system, or the product itself."""

    USER = "user", _("Person")
    JOB = "job", _("Job")
    API = "api", _("Other system")
    SYSTEM = "system", _("System")


class ApprovalMode(models.TextChoices):
    """How many approvals settle a request."""

    ANY = rules.Mode.ANY.value, _("One approval")
    N = rules.Mode.N.value, _("Several approvals")
    ALL = rules.Mode.ALL.value, _("Everybody named")


class ApprovalState(models.TextChoices):
    """Where a request for approval stands."""

    OPEN = "open", _("Waiting")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Void")


class Decision(models.TextChoices):
    """What a voter says."""

    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return")


class WorkItem(CompanyOwned):
    """One row is one document on its way through its process.

    State, phase and counts are the sum of its events: only the database writes them, when an event is
    inserted (`migrations/sql/work.sql`), and it writes the document's state with them.
    """

    process = models.CharField(_("process"), max_length=80)
    document_id = models.BigIntegerField(_("document"))
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=40)
    phase = models.CharField(_("phase"), max_length=12, choices=PHASES)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("requester"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    opened_at = models.DateTimeField(_("opened"))
    state_since = models.DateTimeField(_("in this state since"))
    due_at = models.DateTimeField(_("deadline"), null=True)
    done_at = models.DateTimeField(_("purpose reached"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    backward_count = models.IntegerField(_("steps back"), default=0)
    last_seq = models.IntegerField(default=0)

    class Meta:
        db_table = "backoffice_work_item"
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "document_id"],
                name="work_item_one_per_document",
                violation_error_message=_("This document is already on its way."),
            ),
            models.CheckConstraint(
                condition=Q(state_since__gte=F("opened_at")), name="work_item_time_runs_forward"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["company", "process"],
                condition=Q(closed_at__isnull=True),
                name="work_item_open",
            ),
            models.Index(fields=["company", "process", "done_at"], name="work_item_done"),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class WorkEvent(models.Model):
    """One row is one move of one work item; append-only, partitioned by month.

    `wall_seconds` is the time spent in the state that was left. `business_seconds` stays empty until there
    are working calendars to count them by. `event_id` names the audit event of the same move.
    """

    id = models.BigIntegerField(primary_key=True)
    company_id = models.BigIntegerField()
    item = models.ForeignKey(
        WorkItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    seq = models.IntegerField()
    process = models.CharField(max_length=80)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    from_phase = models.CharField(max_length=12)
    to_phase = models.CharField(max_length=12, choices=PHASES)
    backward = models.BooleanField()
    wall_seconds = models.DecimalField(max_digits=18, decimal_places=6)
    business_seconds = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    actor_type = models.CharField(max_length=6, choices=ActorType)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    event_id = models.BigIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_work_event"
        managed = False
        verbose_name = _("move")
        verbose_name_plural = _("moves")

    @override
    def __str__(self) -> str:
        return f"{self.item_id}.{self.seq} {self.action}"


class Approval(CompanyOwned):
    """One row is one request that people approve exactly this content of a document.

    The content never changes; when the document changes, the approval becomes void. `permission` names
    what is asked and what a voter must hold; with `approver_ids` only these people may vote.
    """

    permission = models.CharField(_("asks for"), max_length=120)
    document_type = models.CharField(_("kind of document"), max_length=80)
    document_id = models.BigIntegerField(_("document"))
    title = models.CharField(_("title"), max_length=200)
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    mode = models.CharField(_("who decides"), max_length=3, choices=ApprovalMode)
    required = models.PositiveSmallIntegerField(_("approvals needed"))
    approver_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("requested for"),
    )
    requested_at = models.DateTimeField(_("requested"))
    state = models.CharField(
        _("state"), max_length=9, choices=ApprovalState, default=ApprovalState.OPEN
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    voided_at = models.DateTimeField(_("void since"), null=True)

    class Meta:
        db_table = "backoffice_approval"
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "document_type", "document_id", "permission"],
                condition=Q(state__in=[ApprovalState.OPEN, ApprovalState.APPROVED]),
                name="approval_one_standing",
                violation_error_message=_("An approval is already requested or given."),
            ),
            models.CheckConstraint(
                condition=Q(required__gte=1) & (~Q(mode=ApprovalMode.ANY) | Q(required=1)),
                name="approval_needs_votes",
                violation_error_message=_("An approval needs at least one vote."),
            ),
            models.CheckConstraint(
                condition=~Q(mode=ApprovalMode.ALL) | Q(approver_ids__len=F("required")),
                name="approval_all_are_named",
                violation_error_message=_("Everybody who must approve is named."),
            ),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.OPEN, decided_at=None, voided_at=None)
                | Q(
                    state__in=[
                        ApprovalState.APPROVED,
                        ApprovalState.RETURNED,
                        ApprovalState.WITHDRAWN,
                    ],
                    decided_at__isnull=False,
                    voided_at=None,
                )
                | Q(state=ApprovalState.VOID, voided_at__isnull=False),
                name="approval_state_has_its_time",
                violation_error_message=_("A settled approval has the time of its decision."),
            ),
            models.CheckConstraint(
                condition=Q(content_hash__regex="^[0-9a-f]{64}$"), name="approval_hash_form"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["company", "permission"],
                condition=Q(state=ApprovalState.OPEN),
                name="approval_waiting",
            ),
            models.Index(fields=["document_type", "document_id"], name="approval_document"),
        ]

    @override
    def __str__(self) -> str:
        return self.title

    @property
    def asked_by(self) -> frozenset[int]:
        """The users whose own request it is: who asked, and for whom."""
        asked = (self.requested_by_id, self.requested_for_id)
        return frozenset(pk for pk in asked if pk is not None)


class ApprovalVote(CompanyOwned):
    """One row is what one person said to one request; never changed.

    `own` marks the vote of a person on their own request, which only a company's setting allows; that
    is also the vote of a stand-in for whoever asked. `on_behalf_of` is whom a stand-in voted for.
    """

    approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, related_name="votes", verbose_name=_("approval")
    )
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("voter"),
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    decision = models.CharField(_("decision"), max_length=7, choices=Decision)
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    comment = models.TextField(_("comment"), blank=True)
    own = models.BooleanField(_("on one's own request"), default=False)
    at = models.DateTimeField(_("when"))

    class Meta:
        db_table = "backoffice_approval_vote"
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["approval", "voter"],
                name="approval_vote_once",
                violation_error_message=_("You have already voted."),
            ),
            models.UniqueConstraint(
                fields=["approval", "on_behalf_of"],
                name="approval_vote_once_for",
                violation_error_message=_("Somebody has already voted for this person."),
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.RETURN) | Q(comment__regex=r"\S"),
                name="approval_return_says_why",
                violation_error_message=_("Say what must change."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.approval_id} {self.decision}"
