"""Sixteen at once: what must happen once happens once, and an approval covers what is there."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
from django.db import OperationalError, transaction

from backoffice.commands import Context
from backoffice.errors import BusinessError, Stale, WrongState
from backoffice.work import approvals, services
from backoffice.work.models import Approval, WorkEvent
from tests.backoffice.work import sample
from tests.backoffice.work.conftest import (
    asked,
    cast,
    item_of,
    move,
    new_order,
    new_orders,
    state_of,
    voter,
)
from tests.harness.threads import ROUNDS, THREADS, Racers

Users = Callable[[], int]

pytestmark = pytest.mark.races


@pytest.fixture(scope="module")
def racers(work_database: None) -> Iterator[Racers]:
    with Racers() as racing:
        yield racing


def outcomes(results: Sequence[object]) -> Counter[str]:
    """How often each result came; anything but a refusal is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, BusinessError):
            raise result
    return Counter(r.code if isinstance(r, BusinessError) else "done" for r in results)


def test_of_sixteen_equal_steps_one_is_taken_and_no_number_is_lost(
    racers: Racers, ctx: Context
) -> None:
    for order in new_orders(ctx, ROUNDS):
        results = racers.race([partial(move, ctx, order, "check")] * THREADS)
        assert outcomes(results) == {"done": 1, "wrong_state": 15}
        assert state_of(order) == ("checked", "checked")
        seqs = WorkEvent.objects.filter(item=item_of(order)).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == [1, 2]


def test_sixteen_steps_that_may_repeat_follow_one_another(racers: Racers, ctx: Context) -> None:
    for order in new_orders(ctx, ROUNDS // 5):
        move(ctx, order, "check")
        results = racers.race([partial(move, ctx, order, "recheck")] * THREADS)
        assert outcomes(results) == {"done": THREADS}
        seqs = WorkEvent.objects.filter(item=item_of(order)).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(range(1, THREADS + 3))


def test_overlapping_sets_in_any_order_never_deadlock(racers: Racers, ctx: Context) -> None:
    dice = random.Random(7)
    for _ in range(ROUNDS // 5):
        orders = new_orders(ctx, 12)
        sets = [dice.sample(orders, 6) for _ in range(THREADS)]
        results = racers.race([partial(move, ctx, chosen, "check") for chosen in sets])
        outcomes(results)  # refused or done; a deadlock would be raised
        moved = {
            order
            for chosen, result in zip(sets, results, strict=True)
            if isinstance(result, list)
            for order in chosen
        }
        assert {order for order in orders if state_of(order)[0] == "checked"} == moved


def test_a_command_that_holds_its_document_and_a_plain_step_do_not_deadlock(
    racers: Racers, ctx: Context
) -> None:
    def holding(order: int) -> None:
        with transaction.atomic():
            sample.Order.objects.select_for_update().get(pk=order)
            services.transition(ctx, "sample.order", [order], "recheck")

    for order in new_orders(ctx, ROUNDS // 5):
        move(ctx, order, "check")
        actions: list[Callable[[], object]] = [
            partial(holding, order),
            partial(move, ctx, order, "recheck"),
        ]
        results = racers.race([actions[n % 2] for n in range(THREADS)])
        assert outcomes(results) == {"done": THREADS}


def test_of_sixteen_voters_as_many_are_heard_as_are_needed(
    racers: Racers, ctx: Context, user: Users
) -> None:
    judges = [voter(ctx, user()) for _ in range(THREADS)]
    for number in range(ROUNDS):
        needed = 1 + number % 3
        approval = asked(ctx, mode="n", required=needed)
        results = racers.race([partial(cast, judge, approval) for judge in judges])
        assert outcomes(results) == {"done": needed, "approval_settled": THREADS - needed}
        approval.refresh_from_db()
        assert (approval.state, approval.votes.count()) == ("approved", needed)
        assert state_of(approval.document_id) == ("approved", "approved")


def test_one_voter_in_sixteen_windows_votes_once(racers: Racers, ctx: Context, user: Users) -> None:
    judge = voter(ctx, user())
    for _ in range(ROUNDS):
        approval = asked(ctx, mode="n", required=2)
        results = racers.race([partial(cast, judge, approval)] * THREADS)
        assert outcomes(results) == {"done": 1, "already_voted": THREADS - 1}
        assert approval.votes.count() == 1


def test_nobody_is_heard_after_a_return(racers: Racers, ctx: Context, user: Users) -> None:
    judges = [voter(ctx, user()) for _ in range(THREADS)]
    for number in range(ROUNDS):
        approval = asked(ctx, mode="n", required=3)
        actions = [partial(cast, judge, approval) for judge in judges]
        for returning in range(1 + number % 4):
            actions[returning] = partial(cast, judges[returning], approval, "return", comment="x")
        racers.race(actions)
        approval.refresh_from_db()
        said = list(approval.votes.order_by("pk").values_list("decision", flat=True))
        if approval.state == "returned":
            assert said.count("return") == 1
            assert said[-1] == "return"
            assert len(said) <= 3
            assert state_of(approval.document_id) == ("checked", "checked")
        else:
            assert (approval.state, said) == ("approved", ["approve"] * 3)
            assert state_of(approval.document_id) == ("approved", "approved")


def edit(order: int, amount: int) -> None:
    """A change as a command does it: the document is locked first."""
    with transaction.atomic():
        sample.Order.objects.select_for_update().get(pk=order)
        sample.Line.objects.filter(order_id=order).update(amount=amount)


def edit_rudely(order: int, amount: int) -> None:
    """A change by somebody who locks nothing and tells nobody."""
    with transaction.atomic():
        sample.Line.objects.filter(order_id=order).update(amount=amount)


def request(ctx: Context, order: int) -> Approval:
    with transaction.atomic():
        document = sample.Order.objects.select_for_update().get(pk=order)
        return approvals.request_approval(
            ctx, document=document, permission=sample.APPROVE, content=sample.content_of(order)
        )


def covers(approval: Approval) -> bool:
    """Whether the order is what the approval says."""
    return bool(approval.content == sample.content_of(approval.document_id))


@pytest.mark.parametrize("change", [edit, edit_rudely])
def test_an_approval_never_covers_content_that_changed(
    racers: Racers, ctx: Context, user: Users, change: Callable[[int, int], None]
) -> None:
    judges = [voter(ctx, user()) for _ in range(5)]
    ends: Counter[str] = Counter()
    for _ in range(ROUNDS):
        approval = asked(ctx)
        order = approval.document_id
        actions: list[Callable[[], object]] = [
            *[partial(cast, judge, approval) for judge in judges],
            *[partial(change, order, 100 + n) for n in range(5)],
            *[partial(request, ctx, order) for _ in range(3)],
            *[partial(change, order, 200 + n) for n in range(3)],
        ]
        random.Random(order).shuffle(actions)
        results = racers.race(actions)
        faults = [
            r
            for r in results
            if isinstance(r, Exception) and not isinstance(r, (WrongState, Stale))
        ]
        assert [fault for fault in faults if not isinstance(fault, OperationalError)] == []
        assert change is edit_rudely or faults == []  # who locks first never deadlocks
        for standing in Approval.objects.filter(document_id=order, state__in=["open", "approved"]):
            assert covers(standing)
        ends[Approval.objects.get(pk=approval.pk).state] += 1
    assert ends.total() == ROUNDS


def test_of_sixteen_requests_one_is_asked(racers: Racers, ctx: Context) -> None:
    for order in new_orders(ctx, ROUNDS):
        results = racers.race([partial(request, ctx, order)] * THREADS)
        assert outcomes(results) == {"done": 1, "approval_waiting": THREADS - 1}
        assert Approval.objects.filter(document_id=order).count() == 1


def test_new_orders_are_opened_side_by_side(racers: Racers, ctx: Context) -> None:
    results = racers.race([partial(new_order, ctx)] * THREADS)
    assert outcomes(results) == {"done": THREADS}
