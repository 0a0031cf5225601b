"""What waits for whom, the timeline of a document, and how long work takes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from backoffice.commands import Channel, Context
from backoffice.identity.models import User
from backoffice.identity.rules import Access, Scope
from backoffice.organization.models import Company
from backoffice.work import selectors
from backoffice.work.models import WorkItem
from tests.backoffice.work import sample
from tests.backoffice.work.conftest import asked, cast, move, new_order, voter

Users = Callable[[], int]
HOUR = dt.timedelta(hours=1)


def at(ctx: Context, hours: float) -> Context:
    return replace(ctx, at=ctx.at + hours * HOUR)


def access(ctx: Context, user_id: int, *permissions: str) -> Access:
    return Access(
        user_id=user_id,
        company_id=ctx.company,
        person_id=None,
        on=ctx.at.date(),
        grants=dict.fromkeys(permissions, Scope.COMPANY),
    )


def test_open_requests_wait_for_who_may_vote_oldest_first(ctx: Context, user: Users) -> None:
    judge = user()
    newer = asked(at(ctx, 1))
    older = asked(ctx)
    settled = asked(ctx)
    cast(voter(ctx, user()), settled)
    assert selectors.waiting_for(access(ctx, judge, sample.APPROVE)) == [older, newer]
    assert selectors.waiting_for(access(ctx, judge, "other")) == []
    other = Company.objects.create(cnpj="55555555000191", legal_name="Outra", trade_name="Outra")
    elsewhere = replace(access(ctx, judge, sample.APPROVE), company_id=other.pk)
    assert selectors.waiting_for(elsewhere) == []


def test_what_one_has_voted_on_does_not_wait_any_more(ctx: Context, user: Users) -> None:
    judge = user()
    approval = asked(ctx, mode="n", required=2)
    cast(voter(ctx, judge), approval)
    assert selectors.waiting_for(access(ctx, judge, sample.APPROVE)) == []
    assert selectors.waiting_for(access(ctx, user(), sample.APPROVE)) == [approval]
    [vote] = selectors.settled_by(access(ctx, judge, sample.APPROVE))
    assert (vote.approval, vote.decision) == (approval, "approve")


def test_ones_own_requests_wait_only_where_the_company_allows_it(ctx: Context, user: Users) -> None:
    absent = user()
    mine = asked(replace(ctx, on_behalf_of_id=absent))
    for own in (ctx.actor_id or 0, absent):
        assert selectors.waiting_for(access(ctx, own, sample.APPROVE)) == []
    Company.objects.filter(pk=ctx.company).update(allows_self_approval=True)
    assert selectors.waiting_for(access(ctx, absent, sample.APPROVE)) == [mine]


def test_a_request_to_named_people_waits_for_them_alone(ctx: Context, user: Users) -> None:
    named, other = user(), user()
    approval = asked(ctx, mode="all", approvers=[named])
    assert selectors.waiting_for(access(ctx, named, sample.APPROVE)) == [approval]
    assert selectors.waiting_for(access(ctx, other, sample.APPROVE)) == []
    assert selectors.waiting_for(access(ctx, named)) == []


def test_people_see_the_requests_that_concern_them(ctx: Context, user: Users) -> None:
    asker, named, judge, stranger = ctx.actor_id or 0, user(), user(), user()
    approval = asked(ctx, mode="n", required=1, approvers=[named])
    seen = {
        person: selectors.visible_approvals(access(ctx, person, *permissions)).count()
        for person, permissions in (
            (asker, ()),
            (named, ()),
            (judge, (sample.APPROVE,)),
            (stranger, ("other",)),
        )
    }
    assert seen == {asker: 1, named: 1, judge: 1, stranger: 0}
    auditor = access(ctx, stranger, "backoffice.approval.view_all")
    assert selectors.visible_approvals(auditor).get() == approval
    cast(voter(ctx, named), approval)
    assert selectors.visible_approvals(access(ctx, named)).get() == approval


def test_the_timeline_tells_who_did_what_when_and_after_how_long(ctx: Context, user: Users) -> None:
    judge = user()
    with translation.override("en"):
        order = new_order(ctx)
        move(at(ctx, 2), order, "check")
        move(
            replace(ctx, at=ctx.at + 3 * HOUR, actor=None, channel=Channel.SYSTEM),
            order,
            "cancel",
            "duplicado",
        )
        with CaptureQueriesContext(connection) as queries:
            newest, middle, oldest = selectors.timeline("sample.order", order)
        assert len(queries) == 3
        assert (newest.title, newest.actor, newest.spent) == ("Cancel", "The system", HOUR)
        assert newest.text == "Checked → Cancelled, after 1\xa0hour\nduplicado"
        name = User.objects.get(pk=ctx.actor_id or 0).name
        assert (middle.title, middle.actor, middle.at) == ("Check", name, ctx.at + 2 * HOUR)
        assert (oldest.title, oldest.text, oldest.spent) == ("Opened", "Draft", None)
        approval = asked(ctx)
        cast(at(voter(ctx, judge), 1), approval, "return", comment="falta o frete")
        moved, vote, *_rest = selectors.timeline("sample.order", approval.document_id)
        assert (moved.title, moved.icon) == ("Return", "arrow-back-up")
        assert (vote.title, vote.text, vote.tone) == ("Voted: Return", "falta o frete", "warning")


def test_a_record_without_a_process_has_no_timeline(ctx: Context, user: Users) -> None:
    person = access(ctx, user())
    order = sample.Order.objects.get(pk=new_order(ctx))
    shown = selectors.way_of(order, person)
    assert shown is not None
    assert len(shown["entries"]) == 1
    assert selectors.way_of(Company.objects.get(pk=ctx.company), person) is None


def finish(ctx: Context, hours: tuple[float, ...], rework: bool = False) -> int:
    """An order that takes so many hours to each next step: check, submit, approve, send."""
    order, clock = new_order(ctx), 0.0
    actions = ["check", "submit", "approve", "send"]
    for wait, action in zip(hours, actions, strict=True):
        if rework and action == "approve":
            clock += 1
            move(at(ctx, clock), order, "return", "x")
            clock += 1
            move(at(ctx, clock), order, "submit")
        clock += wait
        move(at(ctx, clock), order, action)
    return order


def test_times_by_phase_average_over_documents_and_count_rework_where_it_is_done(
    ctx: Context,
) -> None:
    finish(ctx, (1, 2, 3, 4))
    finish(ctx, (3, 2, 5, 6))
    finish(ctx, (2, 2, 4, 5), rework=True)
    new_order(ctx)  # not done, does not count
    with CaptureQueriesContext(connection) as queries:
        times = selectors.phase_times(ctx.company, "sample.order", ctx.at, at(ctx, 24).at)
    assert len(queries) == 1
    assert (times.items, times.average, times.median) == (
        3,
        (10 + 16 + 15) * HOUR / 3,
        15 * HOUR,
    )
    assert times.backward_rate == Decimal(1) / 3
    assert [(each.phase, each.items, each.average, each.median) for each in times.phases] == [
        ("reception", 3, 2 * HOUR, 2 * HOUR),
        ("processing", 3, (2 + 2 + 3) * HOUR / 3, 2 * HOUR),
        ("execution", 3, (7 + 11 + 10) * HOUR / 3, 10 * HOUR),
    ]


def test_what_follows_the_purpose_is_not_part_of_the_time_to_it(ctx: Context) -> None:
    order = finish(ctx, (1, 1, 1, 1))
    move(at(ctx, 100), order, "file")
    times = selectors.phase_times(ctx.company, "sample.order", ctx.at, at(ctx, 24).at)
    assert (times.items, times.average) == (1, 4 * HOUR)
    assert "follow_up" not in {each.phase for each in times.phases}


@pytest.mark.parametrize(("hours", "items"), [(10, 0), (10.001, 1)])
def test_the_time_asked_for_is_half_open(ctx: Context, hours: float, items: int) -> None:
    finish(ctx, (1, 2, 3, 4))
    times = selectors.phase_times(ctx.company, "sample.order", ctx.at, at(ctx, hours).at)
    assert times.items == items
    assert (times.average is None, times.backward_rate is None) == (items == 0, items == 0)


def test_a_document_knows_its_item(ctx: Context) -> None:
    order = new_order(ctx)
    assert selectors.item_of("sample.order", order) == WorkItem.objects.get(document_id=order)
    assert selectors.item_of("sample.order", -1) is None
