"""The database's own guards of approvals, attacked with plain SQL by the role `app`, and some by the owner."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from backoffice.commands import Context
from backoffice.organization.models import Company
from backoffice.work.models import Approval, ApprovalVote
from tests.backoffice.work.conftest import asked, cast, voter

Users = Callable[[], int]

VOTE = """
    INSERT INTO backoffice_approval_vote
        (company_id, approval_id, voter_id, decision, content_hash, comment, own, at)
    SELECT {company_id}, a.id, {voter}, {decision}, {content_hash}, '', false, now()
    FROM backoffice_approval a WHERE a.id = {approval}
"""


def attack(*statements: str) -> None:
    """Statements as role `app`, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def vote(approval: Approval, voter_id: int, **over: str) -> str:
    given = {
        "company_id": "a.company_id",
        "voter": str(voter_id),
        "decision": "'approve'",
        "content_hash": "a.content_hash",
        "approval": str(approval.pk),
    }
    return VOTE.format(**{**given, **over})


def settle(approval: Approval, state: str) -> str:
    moment = "voided_at" if state == "void" else "decided_at"
    return f"UPDATE backoffice_approval SET state = '{state}', {moment} = now() WHERE id = {approval.pk}"


def untouched(approval: Approval) -> bool:
    return (
        Approval.objects.filter(pk=approval.pk, state="open").exists()
        and not ApprovalVote.objects.filter(approval=approval).exists()
    )


@pytest.mark.parametrize("asker", ["requested_by_id", "requested_for_id"])
def test_nobody_votes_on_their_own_request_by_sql(ctx: Context, user: Users, asker: str) -> None:
    approval = asked(ctx)
    own = Approval.objects.create(
        company_id=ctx.company,
        permission="sample.other",
        document_type="x",
        document_id=1,
        title="x",
        content={},
        content_hash=approval.content_hash,
        mode="any",
        required=1,
        requested_at=ctx.at,
        **{asker: user()},
    )
    with pytest.raises(IntegrityError, match="nobody approves their own request"):
        attack(vote(own, next(iter(own.asked_by))), settle(own, "approved"))
    assert untouched(own)


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"content_hash": f"'{'0' * 64}'"}, "the vote is on other content"),
        ({"decision": "'return'"}, "approval_return_says_why"),
        ({"company_id": "a.company_id - 1"}, "approval_vote_approval_id_same_company"),
        ({"voter": "-1"}, "violates foreign key"),
    ],
)
def test_a_vote_has_its_form(ctx: Context, user: Users, over: dict[str, str], message: str) -> None:
    approval = asked(ctx, mode="n", required=2)
    with pytest.raises(IntegrityError, match=message):
        attack(vote(approval, user(), **over))
    assert untouched(approval)


def test_only_who_was_named_votes(ctx: Context, user: Users) -> None:
    approval = asked(ctx, mode="n", required=1, approvers=[user()])
    with pytest.raises(IntegrityError, match="the voter was not named"):
        attack(vote(approval, user()), settle(approval, "approved"))
    assert untouched(approval)


def test_a_person_votes_once_by_sql(ctx: Context, user: Users) -> None:
    approval, judge = asked(ctx, mode="n", required=2), user()
    attack(vote(approval, judge))
    with pytest.raises(IntegrityError, match="approval_vote_once"):
        attack(vote(approval, judge), settle(approval, "approved"))
    assert ApprovalVote.objects.filter(approval=approval).count() == 1


def test_a_vote_that_settles_is_not_left_on_an_open_approval(ctx: Context, user: Users) -> None:
    approval = asked(ctx, mode="n", required=2)
    returning = vote(approval, user(), decision="'return'").replace("'', false", "'por quê', false")
    with pytest.raises(IntegrityError, match="settled and still open"):
        attack(returning)
    with pytest.raises(IntegrityError, match="settled and still open"):
        attack(vote(approval, user()), vote(approval, user()))
    assert untouched(approval)


@pytest.mark.parametrize("state", ["approved", "returned"])
def test_no_vote_comes_after_the_decision(ctx: Context, user: Users, state: str) -> None:
    approval = asked(ctx)
    cast(voter(ctx, user()), approval, "approve" if state == "approved" else "return", comment="x")
    with pytest.raises(IntegrityError, match=f"approval {approval.pk} is {state}"):
        attack(vote(approval, user()))
    with pytest.raises(IntegrityError, match="approval -1 is unknown"):
        attack(
            "INSERT INTO backoffice_approval_vote (company_id, approval_id, voter_id, decision, content_hash,"
            f" comment, own, at) VALUES ({ctx.company}, -1, {user()}, 'approve', '', '', false, now())"
        )
    assert ApprovalVote.objects.filter(approval=approval).count() == 1


@pytest.mark.parametrize("state", ["approved", "returned", "open", "nonsense"])
def test_an_approval_is_not_decided_without_the_votes(
    ctx: Context, user: Users, state: str
) -> None:
    approval = asked(ctx, mode="n", required=2)
    attack(vote(approval, user()))
    with pytest.raises(IntegrityError, match=f"does not go from open to {state} with 1 of 2 votes"):
        attack(settle(approval, state))
    assert Approval.objects.get(pk=approval.pk).state == "open"


@pytest.mark.parametrize("state", ["open", "returned", "withdrawn", "approved"])
def test_what_is_decided_stays_decided_or_becomes_void(
    ctx: Context, user: Users, state: str
) -> None:
    approval = asked(ctx)
    cast(voter(ctx, user()), approval)
    with pytest.raises(IntegrityError, match=f"does not go from approved to {state}"):
        attack(settle(approval, state))
    attack(settle(approval, "void"))
    with pytest.raises(IntegrityError, match="does not go from void"):
        attack(settle(approval, "approved"))


def test_a_state_comes_with_its_time(ctx: Context) -> None:
    approval = asked(ctx)
    with pytest.raises(IntegrityError, match="approval_state_has_its_time"):
        attack(f"UPDATE backoffice_approval SET state = 'void' WHERE id = {approval.pk}")
    assert untouched(approval)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE backoffice_approval SET content = '{{}}' WHERE id = {}",
        "UPDATE backoffice_approval SET content_hash = md5('x') WHERE id = {}",
        "UPDATE backoffice_approval SET required = 0 WHERE id = {}",
        "UPDATE backoffice_approval SET requested_by_id = NULL WHERE id = {}",
        "UPDATE backoffice_approval SET permission = 'x' WHERE id = {}",
        "DELETE FROM backoffice_approval WHERE id = {}",
        "UPDATE backoffice_approval_vote SET voter_id = 1 WHERE approval_id = {}",
        "DELETE FROM backoffice_approval_vote WHERE approval_id = {}",
        "TRUNCATE backoffice_approval_vote -- {}",
    ],
)
def test_what_was_asked_and_said_is_not_rewritten(
    ctx: Context, user: Users, owner: psycopg.Cursor[Any], change: str
) -> None:
    approval = asked(ctx)
    cast(voter(ctx, user()), approval)
    statement = change.format(approval.pk)
    with pytest.raises(ProgrammingError, match="permission denied"):
        attack(statement)
    with pytest.raises(
        psycopg.errors.RestrictViolation, match=r"never changes|never deleted|append-only"
    ):
        owner.execute(statement)
    assert Approval.objects.get(pk=approval.pk).content == approval.content


@pytest.mark.parametrize(
    ("over", "constraint"),
    [
        ({"state": "approved", "decided_at": "now"}, "an approval starts open"),
        ({"required": 0, "mode": "n"}, "approval_needs_votes"),
        ({"required": 2, "mode": "any"}, "approval_needs_votes"),
        ({"mode": "all"}, "approval_all_are_named"),
        ({"mode": "all", "approver_ids": [1, 2]}, "approval_all_are_named"),
        ({"content_hash": "x"}, "approval_hash_form"),
        ({}, "approval_one_standing"),
    ],
)
def test_a_request_has_its_form(ctx: Context, over: dict[str, Any], constraint: str) -> None:
    approval = asked(ctx)
    if "decided_at" in over:
        over = {**over, "decided_at": ctx.at}
    row = {
        field.attname: getattr(approval, field.attname)
        for field in Approval._meta.concrete_fields
        if not field.primary_key
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Approval.objects.create(**{**row, **over})
    assert Approval.objects.filter(document_id=approval.document_id).count() == 1


def test_only_the_setting_of_the_company_lets_people_approve_their_own(ctx: Context) -> None:
    approval = asked(ctx)
    Company.objects.filter(pk=ctx.company).update(allows_self_approval=True)
    attack(vote(approval, ctx.actor_id or 0), settle(approval, "approved"))
    assert ApprovalVote.objects.get(approval=approval).own  # although the statement said false
