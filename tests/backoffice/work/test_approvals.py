"""Asking and voting: who may, on what, and what follows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from backoffice.audit.models import Event
from backoffice.commands import Channel, Context, OutsideTransaction
from backoffice.errors import BusinessError, InvalidInput, NotAllowed, NotFound, Stale, WrongState
from backoffice.organization.models import Company
from backoffice.work import approvals, registry
from backoffice.work.models import Approval, ApprovalVote, WorkEvent
from backoffice.work.rules import content_hash
from tests.backoffice.work import sample
from tests.backoffice.work.conftest import (
    ask,
    asked,
    cast,
    item_of,
    move,
    new_order,
    state_of,
    voter,
)

Users = Callable[[], int]


def state(approval: Approval) -> str:
    return Approval.objects.values_list("state", flat=True).get(pk=approval.pk)


def refused(
    kind: type[BusinessError], code: str, ctx: Context, approval: Approval, *args: str, **over: str
) -> None:
    """The vote is refused and leaves nothing."""
    before = (state(approval), approval.votes.count(), Event.objects.count())
    with pytest.raises(kind) as refusal:
        cast(ctx, approval, *args, **over)
    assert refusal.value.code == code
    assert (state(approval), approval.votes.count(), Event.objects.count()) == before


def test_a_request_keeps_what_is_asked_and_by_whom(ctx: Context, user: Users) -> None:
    absent = user()
    approval = asked(replace(ctx, on_behalf_of_id=absent))
    approval.refresh_from_db()
    assert approval.content == {"title": "Cadeiras", "amounts": ["10.00"]}
    assert approval.content_hash == content_hash(approval.content)
    assert (approval.requested_by_id, approval.requested_for_id) == (ctx.actor_id, absent)
    assert (approval.state, approval.mode, approval.required) == ("open", "any", 1)
    assert (approval.title, approval.document_type) == ("Cadeiras", "work_sample.order")
    event = Event.objects.get(action="backoffice.approval.requested", target_id=approval.pk)
    assert event.data["content_hash"] == approval.content_hash


def test_the_vote_that_reaches_the_number_approves_and_the_subject_follows(
    ctx: Context, user: Users
) -> None:
    approval = asked(ctx)
    judge = replace(voter(ctx, user()), at=ctx.at + dt.timedelta(hours=2))
    cast_vote = cast(judge, approval, comment=" de acordo ")
    approval.refresh_from_db()
    assert (approval.state, approval.decided_at, approval.voided_at) == ("approved", judge.at, None)
    assert (cast_vote.voter_id, cast_vote.comment, cast_vote.own) == (
        judge.actor_id,
        "de acordo",
        False,
    )
    assert state_of(approval.document_id) == ("approved", "approved")
    move_made = WorkEvent.objects.get(item=item_of(approval.document_id), to_state="approved")
    assert (move_made.actor_id, move_made.wall_seconds) == (judge.actor_id, Decimal(7200))
    actions = Event.objects.filter(
        target_type="backoffice.approval", target_id=approval.pk
    ).order_by("pk")
    assert [event.action.rpartition(".")[2] for event in actions] == [
        "requested",
        "voted",
        "approved",
    ]


def test_a_return_says_why_and_takes_the_document_back(ctx: Context, user: Users) -> None:
    approval = asked(ctx, mode="n", required=3)
    cast(voter(ctx, user()), approval)
    judge = voter(ctx, user())
    refused(InvalidInput, "comment_needed", judge, approval, "return", comment=" ")
    cast(judge, approval, "return", comment="falta o frete")
    assert state(approval) == "returned"
    assert state_of(approval.document_id) == ("checked", "checked")
    back = WorkEvent.objects.get(item=item_of(approval.document_id), action="return")
    assert (back.reason, back.backward) == ("falta o frete", True)


def test_several_approvals_are_all_needed(ctx: Context, user: Users) -> None:
    approval = asked(ctx, mode="n", required=2)
    cast(voter(ctx, user()), approval)
    assert (state(approval), state_of(approval.document_id)[0]) == ("open", "submitted")
    cast(voter(ctx, user()), approval)
    assert (state(approval), state_of(approval.document_id)[0]) == ("approved", "approved")


def test_everybody_named_has_to_approve_and_nobody_else_may(ctx: Context, user: Users) -> None:
    first, second, stranger = user(), user(), user()
    approval = asked(ctx, mode="all", approvers=[first, second, first])
    assert (approval.required, approval.approver_ids) == (2, sorted([first, second]))
    refused(NotAllowed, "not_an_approver", voter(ctx, stranger), approval)
    cast(voter(ctx, second), approval)
    assert state(approval) == "open"
    cast(voter(ctx, first), approval)
    assert state(approval) == "approved"


@pytest.mark.parametrize("how", [{"mode": "all"}, {"mode": "n", "required": 0}])
def test_approvals_that_nobody_can_give_are_not_asked(ctx: Context, how: dict[str, object]) -> None:
    order = new_order(ctx)
    move(ctx, order, "check")
    with pytest.raises(InvalidInput) as refusal:
        ask(ctx, order, **how)
    assert refusal.value.code == "approvers_missing"
    assert state_of(order) == ("checked", "checked")


def test_nobody_votes_on_their_own_request(ctx: Context, user: Users) -> None:
    absent = user()
    approval = asked(replace(ctx, on_behalf_of_id=absent))
    refused(NotAllowed, "own_request", ctx, approval)
    refused(NotAllowed, "own_request", ctx, approval, "return", comment="x")
    refused(NotAllowed, "own_request", voter(ctx, absent), approval)


def test_nobody_votes_through_the_eyes_of_another_person(ctx: Context, user: Users) -> None:
    approval = asked(ctx)
    judge, other = user(), user()
    refused(
        NotAllowed,
        "acting_for_another",
        replace(voter(ctx, judge), on_behalf_of_id=other, impersonating=True),
        approval,
    )


def test_a_stand_in_votes_on_behalf_of_who_is_absent(ctx: Context, user: Users) -> None:
    approval, judge, absent = asked(ctx), user(), user()
    cast(replace(voter(ctx, judge), on_behalf_of_id=absent), approval)
    vote = approval.votes.get()
    assert (vote.voter_id, vote.on_behalf_of_id, vote.own) == (judge, absent, False)
    assert state(approval) == "approved"
    event = Event.objects.get(action="backoffice.approval.voted", target_id=approval.pk)
    assert (event.actor_id, event.on_behalf_of_id) == (judge, absent)


def test_nobody_approves_their_own_request_through_a_stand_in(ctx: Context, user: Users) -> None:
    approval = asked(ctx)
    assert approval.requested_by_id is not None
    for_who_asked = replace(voter(ctx, user()), on_behalf_of_id=approval.requested_by_id)
    refused(NotAllowed, "own_request", for_who_asked, approval)
    by_who_asked = replace(voter(ctx, approval.requested_by_id), on_behalf_of_id=user())
    refused(NotAllowed, "own_request", by_who_asked, approval)


def test_a_person_and_their_stand_in_have_one_vote_together(ctx: Context, user: Users) -> None:
    approval, judge, absent = asked(ctx, mode="n", required=2), user(), user()
    cast(replace(voter(ctx, judge), on_behalf_of_id=absent), approval)
    refused(WrongState, "already_voted", voter(ctx, absent), approval)
    refused(WrongState, "already_voted", voter(ctx, judge), approval)
    another = replace(voter(ctx, user()), on_behalf_of_id=absent)
    refused(WrongState, "already_voted", another, approval)
    assert approval.votes.count() == 1


def test_a_named_approver_may_be_stood_in_for_and_a_stand_in_is_not_named_by_that(
    ctx: Context, user: Users
) -> None:
    absent, other, judge = user(), user(), user()
    approval = asked(ctx, mode="all", required=1, approvers=[absent])
    wrong = replace(voter(ctx, judge), on_behalf_of_id=other)
    refused(NotAllowed, "not_an_approver", wrong, approval)
    cast(replace(voter(ctx, judge), on_behalf_of_id=absent), approval)
    assert state(approval) == "approved"


def test_the_system_does_not_vote(ctx: Context) -> None:
    approval = asked(ctx)
    system = replace(ctx, actor=None, channel=Channel.SYSTEM)
    refused(NotAllowed, "acting_for_another", system, approval)


def test_a_voter_needs_the_permission_that_the_approval_names(ctx: Context, user: Users) -> None:
    approval = asked(ctx)
    judge = user()
    refused(
        NotAllowed, "permission_denied", voter(ctx, judge, "backoffice.approval.vote"), approval
    )
    cast(voter(ctx, judge, sample.APPROVE), approval)
    assert state(approval) == "approved"


def test_an_approval_of_another_company_does_not_exist(ctx: Context, user: Users) -> None:
    approval = asked(ctx)
    other = Company.objects.create(cnpj="66666666000191", legal_name="Outra", trade_name="Outra")
    refused(NotFound, "not_found", replace(voter(ctx, user()), company_id=other.pk), approval)


def test_a_company_too_small_for_two_says_so_and_the_vote_shows_it(ctx: Context) -> None:
    approval = asked(ctx)
    Company.objects.filter(pk=ctx.company).update(allows_self_approval=True)
    assert cast(ctx, approval).own
    assert ApprovalVote.objects.get(approval=approval).own
    assert state(approval) == "approved"


def test_a_person_votes_once(ctx: Context, user: Users) -> None:
    approval = asked(ctx, mode="n", required=2)
    judge = voter(ctx, user())
    cast(judge, approval)
    refused(WrongState, "already_voted", judge, approval)
    refused(WrongState, "already_voted", judge, approval, "return", comment="x")


@pytest.mark.parametrize("decision", ["approve", "return"])
def test_nobody_votes_on_what_is_settled(ctx: Context, user: Users, decision: str) -> None:
    approval = asked(ctx)
    cast(voter(ctx, user()), approval, decision, comment="x")
    refused(WrongState, "approval_settled", voter(ctx, user()), approval)


def test_an_unknown_decision_is_refused(ctx: Context, user: Users) -> None:
    refused(InvalidInput, "unknown_decision", voter(ctx, user()), asked(ctx), "maybe")


def test_a_vote_on_what_was_shown_before_is_stale(ctx: Context, user: Users) -> None:
    refused(Stale, "content_changed", voter(ctx, user()), asked(ctx), content_hash="0" * 64)


def test_a_document_that_changed_since_it_was_asked_is_not_approved(
    ctx: Context, user: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = asked(ctx)
    changed = replace(sample.KIND, current=lambda _: {"title": "Cadeiras", "amounts": ["99.00"]})
    monkeypatch.setitem(registry.APPROVALS, sample.APPROVE, changed)
    refused(Stale, "content_changed", voter(ctx, user()), approval)
    unknown = replace(sample.KIND, current=None)
    monkeypatch.setitem(registry.APPROVALS, sample.APPROVE, unknown)
    cast(voter(ctx, user()), approval)
    assert state(approval) == "approved"


def test_a_refusal_of_the_subject_takes_the_vote_back(
    ctx: Context, user: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = asked(ctx)

    def refuse(_ctx: Context, _approval: Approval) -> None:
        raise WrongState("month_closed", "The month is closed.")

    monkeypatch.setitem(
        registry.APPROVALS, sample.APPROVE, replace(sample.KIND, on_decision=refuse)
    )
    refused(WrongState, "month_closed", voter(ctx, user()), approval)


def test_the_same_thing_is_asked_once_at_a_time(ctx: Context) -> None:
    approval = asked(ctx)
    with pytest.raises(WrongState) as refusal, transaction.atomic():
        approvals.request_approval(
            ctx,
            document=sample.Order.objects.get(pk=approval.document_id),
            permission=sample.APPROVE,
            content={},
        )
    assert refusal.value.code == "approval_waiting"
    assert Approval.objects.filter(document_id=approval.document_id).count() == 1


def test_nothing_is_asked_about_a_document_of_another_company(ctx: Context) -> None:
    order = sample.Order.objects.get(pk=new_order(ctx))
    other = Company.objects.create(cnpj="44444444000191", legal_name="Outra", trade_name="Outra")
    with pytest.raises(NotFound), transaction.atomic():
        approvals.request_approval(
            replace(ctx, company_id=other.pk),
            document=order,
            permission=sample.APPROVE,
            content={},
        )
    assert not Approval.objects.filter(document_id=order.pk).exists()


def test_asking_again_after_an_approval_makes_that_one_void(ctx: Context, user: Users) -> None:
    first = asked(ctx)
    cast(voter(ctx, user()), first)
    move(ctx, first.document_id, "return", "mudou o preço")
    second = ask(ctx, first.document_id)
    assert (state(first), state(second)) == ("void", "open")


def test_a_request_is_withdrawn_while_it_waits_and_only_then(ctx: Context, user: Users) -> None:
    approval = asked(ctx)
    order = sample.Order.objects.get(pk=approval.document_id)
    with transaction.atomic():
        approvals.withdraw_approval(ctx, document=order, permission=sample.APPROVE)
    assert state(approval) == "withdrawn"
    refused(WrongState, "approval_settled", voter(ctx, user()), approval)
    with pytest.raises(WrongState) as refusal, transaction.atomic():
        approvals.withdraw_approval(ctx, document=order, permission=sample.APPROVE)
    assert refusal.value.code == "approval_not_waiting"


def test_steps_of_approvals_belong_inside_a_transaction(ctx: Context) -> None:
    order = sample.Order.objects.get(pk=new_order(ctx))
    with pytest.raises(OutsideTransaction):
        approvals.void_approvals(ctx, document=order)


@pytest.mark.parametrize("approved", [False, True])
def test_a_change_of_the_document_makes_its_approvals_void(
    ctx: Context, user: Users, approved: bool
) -> None:
    approval = asked(ctx)
    if approved:
        cast(voter(ctx, user()), approval)
    order = sample.Order.objects.get(pk=approval.document_id)
    with transaction.atomic():
        assert approvals.void_approvals(ctx, document=order, reason="mudou") == 1
        assert approvals.void_approvals(ctx, document=order, reason="mudou") == 0
    assert state(approval) == "void"
    event = Event.objects.get(action="backoffice.approval.void", target_id=approval.pk)
    assert event.data["why"] == "mudou"


def required(ctx: Context, approval: Approval) -> Approval:
    order = sample.Order.objects.get(pk=approval.document_id)
    with transaction.atomic():
        return approvals.require_approval(ctx, document=order, permission=sample.APPROVE)


def test_what_follows_an_approval_asks_for_it_again(
    ctx: Context, user: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = asked(ctx)
    with pytest.raises(WrongState) as refusal:
        required(ctx, approval)
    assert refusal.value.code == "not_approved"
    cast(voter(ctx, user()), approval)
    assert required(ctx, approval).pk == approval.pk
    changed = replace(sample.KIND, current=lambda _: {"title": "other"})
    monkeypatch.setitem(registry.APPROVALS, sample.APPROVE, changed)
    with pytest.raises(Stale) as stale:
        required(ctx, approval)
    assert stale.value.code == "content_changed"


CHANGES = [
    "INSERT INTO work_sample_line (order_id, amount) VALUES ({order}, 1)",
    "UPDATE work_sample_line SET amount = amount + 1 WHERE order_id = {order}",
    "UPDATE work_sample_line SET order_id = {other} WHERE order_id = {order}",
    "UPDATE work_sample_line SET order_id = {order} WHERE order_id = {other}",
    "DELETE FROM work_sample_line WHERE order_id = {order}",
    "UPDATE work_sample_order SET title = 'Mesas' WHERE id = {order}",
]


@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_whoever_changes_the_content_by_hand_makes_its_approval_void(
    ctx: Context, user: Users, change: str, approved: bool
) -> None:
    approval, bystander, other = asked(ctx), asked(ctx), new_order(ctx)
    if approved:
        cast(voter(ctx, user()), approval)
    with transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(change.format(order=approval.document_id, other=other))
    approval.refresh_from_db()
    assert approval.state == "void"
    assert approval.voided_at is not None
    assert state(bystander) == "open"
    if not approved:
        refused(WrongState, "approval_settled", voter(ctx, user()), approval)


def test_what_is_no_content_leaves_the_approval_alone(ctx: Context, user: Users) -> None:
    approval = asked(ctx)
    with transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute("UPDATE work_sample_order SET title = title")
        cursor.execute("DELETE FROM work_sample_line WHERE order_id = -1")
    cast(voter(ctx, user()), approval)
    assert state(approval) == "approved"
