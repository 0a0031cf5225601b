"""Approvals: ask, vote, withdraw, void; here and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from backoffice.commands import CHECKED_INSIDE, Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongState
from backoffice.organization.models import Company
from backoffice.work.models import Approval, ApprovalState, ApprovalVote, Decision
from backoffice.work.registry import APPROVALS, ApprovalKind, model_of
from backoffice.work.rules import Mode, content_hash, votes_needed

STANDING = (ApprovalState.OPEN, ApprovalState.APPROVED)


@step
def request_approval(
    ctx: Context,
    *,
    document: Model,
    permission: str,
    content: Any,  # noqa: ANN401  any JSON value
    mode: Mode | str = Mode.ANY,
    required: int = 1,
    approvers: Sequence[int] = (),
    title: str = "",
) -> Approval:
    """Ask that exactly this content of a document be approved.

    Locks the document, so that nothing of it changes between the content and the request. An approval
    that was given earlier for the same thing becomes void.

    Args:
        ctx: Of the command; its actor (and whom they act for) cannot vote.
        document: A record of the context's company.
        permission: What a voter needs; names a registered kind of approval.
        content: JSON value with everything that is approved; amounts as text.
        mode: `any` one, `n` of those who may, or `all` who are named.
        required: Votes needed in the mode `n`.
        approvers: Users who alone may vote; empty means everybody with the permission.
        title: What people read in their inbox; the document's own name when empty.

    Raises:
        InvalidInput: `approvers_missing`: mode, number and names do not fit together.
        WrongState: `approval_waiting`: it is already asked.
    """
    kind = APPROVALS[permission]
    try:
        needed = votes_needed(Mode(mode), required, approvers)
    except ValueError as error:
        message = _("These approvers cannot give the approvals that are needed.")
        raise InvalidInput("approvers_missing", message) from error
    _lock_document(ctx, kind, document.pk)
    standing = _standing(ctx, permission, document).first()
    if standing is not None and standing.state == ApprovalState.OPEN:
        raise WrongState("approval_waiting", _("This is already waiting for approval."))
    if standing is not None:
        _end(ctx, standing, ApprovalState.VOID, "asked again")
    approval = Approval.objects.create(
        company_id=ctx.company,
        permission=permission,
        document_type=document._meta.label_lower,
        document_id=document.pk,
        title=title or str(document),
        content=content,
        content_hash=content_hash(content),
        mode=Mode(mode).value,
        required=needed,
        approver_ids=sorted(set(approvers)),
        requested_by_id=ctx.actor_id,
        requested_for_id=ctx.on_behalf_of_id,
        requested_at=ctx.at,
    )
    _record(ctx, "requested", approval)
    return approval


@command("backoffice.approval.vote", permission=CHECKED_INSIDE)
def vote(
    ctx: Context, *, approval_id: int, decision: str, content_hash: str, comment: str = ""
) -> ApprovalVote:
    """Approve or return what somebody asks; the approval itself names the permission that is needed.

    The vote that reaches the needed number approves, the first return returns; then the subject's
    `on_decision` runs in the same transaction, and its refusal takes the vote back.

    Args:
        ctx: Of a person who acts for themselves, or as the stand-in of another by delegation.
        approval_id: The approval, of the context's company.
        decision: `approve` or `return`.
        content_hash: Hash of the content that the person looked at.
        comment: What must change; needed for a return.

    Raises:
        NotFound: No such approval in this company.
        NotAllowed: Without the permission, not named, looking through another's eyes, or the request
            of oneself or of whom one stands in for.
        WrongState: The approval is settled, or the person has voted.
        Stale: The content is not what the person looked at, or the document changed since it was asked.
        InvalidInput: Unknown decision, or a return that does not say why.
    """
    approval = _find(ctx, approval_id)
    kind = APPROVALS[approval.permission]
    voters = _voters(ctx, approval)
    choice = _decision(decision, comment)
    _lock_document(ctx, kind, approval.document_id)
    approval = Approval.objects.select_for_update(no_key=True, of=("self",)).get(pk=approval.pk)
    _refuse_state(approval, voters)
    if content_hash != approval.content_hash or not is_current(approval):
        raise Stale("content_changed", _("The content changed since you looked at it."))
    cast = ApprovalVote.objects.create(
        company_id=approval.company_id,
        approval=approval,
        voter_id=ctx.actor_id or 0,
        on_behalf_of_id=ctx.on_behalf_of_id,
        decision=choice,
        content_hash=content_hash,
        comment=comment.strip(),
        own=not voters.isdisjoint(approval.asked_by),
        at=ctx.at,
    )
    _record(ctx, "voted", approval, decision=choice.value)
    state = _outcome(approval, choice)
    if state is not None:
        _end(ctx, approval, state, comment.strip())
        kind.on_decision(ctx, approval)
    return cast


@step
def withdraw_approval(ctx: Context, *, document: Model, permission: str) -> Approval:
    """Take back a request that nobody has settled yet.

    Raises:
        WrongState: `approval_not_waiting`.
    """
    _lock_document(ctx, APPROVALS[permission], document.pk)
    approval = (
        _standing(ctx, permission, document)
        .filter(state=ApprovalState.OPEN)
        .select_for_update(no_key=True)
        .first()
    )
    if approval is None:
        raise WrongState("approval_not_waiting", _("This is not waiting for approval."))
    return _end(ctx, approval, ApprovalState.WITHDRAWN, ctx.reason)


@step
def void_approvals(ctx: Context, *, document: Model, reason: str = "") -> int:
    """Take away every approval, asked or given, of a document that changes; returns how many.

    Commands that change what was approved call this. Where the subject has put the database's guards on
    its tables, they do the same for whoever forgets.
    """
    standing = list(
        Approval.objects.filter(
            company_id=ctx.company,
            document_type=document._meta.label_lower,
            document_id=document.pk,
            state__in=STANDING,
        )
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    for approval in standing:
        _end(ctx, approval, ApprovalState.VOID, reason or ctx.reason)
    return len(standing)


@step
def require_approval(ctx: Context, *, document: Model, permission: str) -> Approval:
    """The approval that covers the document as it is now, locked until the transaction ends.

    Raises:
        WrongState: `not_approved`: there is none.
        Stale: `content_changed`: the document is not any more what was approved.
    """
    approval = (
        _standing(ctx, permission, document)
        .filter(state=ApprovalState.APPROVED)
        .select_for_update(no_key=True)
        .first()
    )
    if approval is None:
        raise WrongState("not_approved", _("This has not been approved."))
    if not is_current(approval):
        raise Stale("content_changed", _("This changed after it was approved."))
    return approval


def is_current(approval: Approval) -> bool:
    """Whether the document still gives the content that was asked about (True when nobody can tell)."""
    current = APPROVALS[approval.permission].current
    return current is None or content_hash(current(approval.document_id)) == approval.content_hash


def _find(ctx: Context, approval_id: int) -> Approval:
    found = Approval.objects.filter(company_id=ctx.company, pk=approval_id).first()
    if found is None or found.permission not in APPROVALS:
        raise NotFound("not_found", _("There is no such record."))
    return found


def _voters(ctx: Context, approval: Approval) -> frozenset[int]:
    """Whose vote this is: the person's, and that of whom they stand in for."""
    ctx.require(approval.permission)
    if ctx.actor_id is None or ctx.impersonating:
        raise NotAllowed(
            "acting_for_another", _("A vote is a person's own; nobody votes for another.")
        )
    chosen = ctx.on_behalf_of_id or ctx.actor_id
    voters = frozenset({ctx.actor_id, chosen})
    if approval.approver_ids and chosen not in approval.approver_ids:
        raise NotAllowed("not_an_approver", _("You were not asked for this approval."))
    if (
        not voters.isdisjoint(approval.asked_by)
        and not Company.objects.get(pk=approval.company_id).allows_self_approval
    ):
        raise NotAllowed("own_request", _("You asked for this; another person decides."))
    return voters


def _decision(decision: str, comment: str) -> Decision:
    if decision not in Decision.values:
        message = _("Approve or return.")
        raise InvalidInput("unknown_decision", message, fields={"decision": message})
    if decision == Decision.RETURN and not comment.strip():
        message = _("Say what must change.")
        raise InvalidInput("comment_needed", message, fields={"comment": message})
    return Decision(decision)


def _refuse_state(approval: Approval, voters: frozenset[int]) -> None:
    if approval.state != ApprovalState.OPEN:
        message = _("This is no longer waiting for approval: %(state)s.")
        raise WrongState("approval_settled", message % {"state": approval.get_state_display()})
    votes = ApprovalVote.objects.filter(approval=approval)
    if votes.filter(Q(voter_id__in=voters) | Q(on_behalf_of_id__in=voters)).exists():
        raise WrongState("already_voted", _("You have already voted."))


def _outcome(approval: Approval, choice: Decision) -> ApprovalState | None:
    if choice is Decision.RETURN:
        return ApprovalState.RETURNED
    votes = ApprovalVote.objects.filter(approval=approval, decision=Decision.APPROVE).count()
    return ApprovalState.APPROVED if votes >= approval.required else None


def _standing(ctx: Context, permission: str, document: Model) -> QuerySet[Approval]:
    return Approval.objects.filter(
        company_id=ctx.company,
        permission=permission,
        document_type=document._meta.label_lower,
        document_id=document.pk,
        state__in=STANDING,
    )


def _lock_document(ctx: Context, kind: ApprovalKind, document_id: int) -> None:
    """Lock the document before its approval, as commands that change it do.

    FOR UPDATE waits for every transaction that writes rows which refer to the document: what it reads
    afterwards is whole.
    """
    rows = model_of(kind.model)._default_manager.filter(company_id=ctx.company, pk=document_id)
    if not rows.select_for_update(of=("self",)).values_list("pk").first():
        raise NotFound("not_found", _("There is no such record."))


def _end(ctx: Context, approval: Approval, state: ApprovalState, reason: str) -> Approval:
    approval.state = state
    if state is ApprovalState.VOID:
        approval.voided_at = ctx.at
    else:
        approval.decided_at = ctx.at
    approval.save(update_fields=["state", "decided_at", "voided_at"])
    _record(ctx, state.value, approval, why=reason)
    return approval


def _record(ctx: Context, what: str, approval: Approval, **data: str) -> None:
    ctx.record(
        f"backoffice.approval.{what}",
        target=approval,
        data={
            "asks_for": approval.permission,
            "document_type": approval.document_type,
            "document_id": approval.document_id,
            "content_hash": approval.content_hash,
            **data,
        },
    )
