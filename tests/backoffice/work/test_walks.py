"""Random walks: whatever people try, the database and a few lines of Python agree."""

import datetime as dt
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.db.models import Count, Sum
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from backoffice.commands import Context
from backoffice.errors import BusinessError
from backoffice.work.models import Approval, WorkEvent, WorkItem
from backoffice.work.rules import OPEN, Step
from tests.backoffice.work import sample
from tests.backoffice.work.conftest import ask, cast, move, new_orders, voter
from tests.harness import tally

STEPS = int(os.environ.get("WALK_STEPS", "2000"))
PER_WALK = 50
PROCESS = sample.PROCESS

moments = st.timedeltas(dt.timedelta(minutes=-5), dt.timedelta(days=3))


@dataclass
class Asked:
    """What the model knows of one approval."""

    approval: Approval
    required: int
    state: str = "open"
    voters: set[int] = field(default_factory=set)


@dataclass
class Order:
    """What the model knows of one order."""

    pk: int
    opened_at: dt.datetime
    since: dt.datetime
    state: str = "draft"
    seq: int = 1
    backward: int = 0
    done_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    asked: list[Asked] = field(default_factory=list)

    def take(self, step: Step, at: dt.datetime) -> None:
        """The order after a step that was allowed."""
        self.since = max(at, self.since)
        self.state = step.target
        self.seq += 1
        self.backward += step.backward
        self.done_at = (self.done_at or self.since) if self.state in PROCESS.reached else None
        closed = PROCESS.state[self.state].closed
        self.closed_at = (self.closed_at or self.since) if closed else None

    def standing(self) -> Asked | None:
        return next((one for one in self.asked if one.state in {"open", "approved"}), None)


class Walk(RuleBasedStateMachine):
    """Orders of one company, moved, asked about, voted on and edited at random."""

    base: Context
    make_user: Callable[[], int]

    def __init__(self) -> None:
        super().__init__()
        self.ctx = self.base
        self.orders: list[Order] = []
        self.voters = [self.make_user() for _ in range(3)]
        self.open_orders(count=2, later=dt.timedelta())

    def now(self, later: dt.timedelta) -> Context:
        """Time goes on, and sometimes a command that began earlier comes later."""
        tally.add()
        moment = replace(self.ctx, at=self.ctx.at + later)
        self.ctx = max(self.ctx, moment, key=lambda ctx: ctx.at)
        return moment

    def attempt(self, expected: str, action: Callable[[], object]) -> None:
        """Do it; what is refused is refused with the code that the model expects."""
        outcome = "done"
        try:
            action()
        except BusinessError as refusal:
            outcome = refusal.code
        assert outcome == expected

    @rule(count=st.integers(1, 3), later=moments)
    def open_orders(self, count: int, later: dt.timedelta) -> None:
        ctx = self.now(later)
        self.orders += [Order(pk, ctx.at, ctx.at) for pk in new_orders(ctx, count)]

    @rule(data=st.data(), later=moments)
    def take_any_step(self, data: st.DataObject, later: dt.timedelta) -> None:
        ctx = self.now(later)
        chosen = data.draw(st.lists(st.sampled_from(self.orders), min_size=1, max_size=3))
        step = PROCESS.step[data.draw(st.sampled_from(sorted(PROCESS.step)))]
        allowed = all(order.state in step.sources for order in chosen)
        pks = [order.pk for order in chosen]
        self.attempt(
            "done" if allowed else "wrong_state", lambda: move(ctx, pks, step.action, "por isso")
        )
        if allowed:
            for pk in set(pks):
                next(order for order in chosen if order.pk == pk).take(step, ctx.at)

    @rule(data=st.data(), later=moments)
    def take_an_allowed_step(self, data: st.DataObject, later: dt.timedelta) -> None:
        ctx = self.now(later)
        order = data.draw(st.sampled_from(self.orders))
        steps = PROCESS.steps_from(order.state)
        step = data.draw(st.sampled_from(steps))
        move(ctx, order.pk, step.action, "por isso")
        order.take(step, ctx.at)

    @rule(data=st.data(), later=moments, required=st.integers(1, 2))
    def submit_and_ask(self, data: st.DataObject, later: dt.timedelta, required: int) -> None:
        ctx = self.now(later)
        order = data.draw(st.sampled_from(self.orders))
        standing = order.standing()
        expected = "done"
        if order.state != "checked":
            expected = "wrong_state"
        elif standing is not None and standing.state == "open":
            expected = "approval_waiting"

        def action() -> None:
            approval = ask(ctx, order.pk, mode="n", required=required)
            order.take(PROCESS.step["submit"], ctx.at)
            if standing is not None:
                standing.state = "void"
            order.asked.append(Asked(approval, required))

        self.attempt(expected, action)

    @precondition(lambda self: any(order.asked for order in self.orders))
    @rule(data=st.data(), later=moments, who=st.integers(0, 3), approve=st.booleans())
    def vote(self, data: st.DataObject, later: dt.timedelta, who: int, approve: bool) -> None:
        asked = [(order, one) for order in self.orders for one in order.asked]
        order, one = data.draw(st.sampled_from(asked))
        ctx = self.now(later)
        judge = ctx if who == 3 else voter(ctx, self.voters[who])
        voters = one.voters | {judge.actor_id or 0}
        settles = not approve or len(voters) == one.required
        expected = "done"
        if who == 3:
            expected = "own_request"
        elif one.state != "open":
            expected = "approval_settled"
        elif judge.actor_id in one.voters:
            expected = "already_voted"
        elif (
            settles and order.state not in PROCESS.step["approve" if approve else "return"].sources
        ):
            expected = "wrong_state"  # the subject's refusal takes the vote back
        decision = "approve" if approve else "return"
        self.attempt(expected, lambda: cast(judge, one.approval, decision, comment="por isso"))
        if expected == "done":
            one.voters = voters
            if settles:
                one.state = "approved" if approve else "returned"
                order.take(PROCESS.step[decision], judge.at)

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        tally.add()
        order = data.draw(st.sampled_from(self.orders))
        with transaction.atomic():
            sample.Line.objects.create(order_id=order.pk, amount=Decimal("1.00"))
        if standing := order.standing():
            standing.state = "void"

    @invariant()
    def the_database_agrees(self) -> None:
        pks = [order.pk for order in self.orders]
        items = WorkItem.objects.filter(process="sample.order", document_id__in=pks)
        stored = {
            item.document_id: (
                item.state,
                PROCESS.state[item.state].phase == item.phase,
                item.opened_at,
                item.state_since,
                item.last_seq,
                item.backward_count,
                item.done_at,
                item.closed_at,
            )
            for item in items
        }
        known = {
            o.pk: (o.state, True, o.opened_at, o.since, o.seq, o.backward, o.done_at, o.closed_at)
            for o in self.orders
        }
        assert stored == known
        documents = sample.Order.objects.filter(pk__in=pks).values_list("pk", "state")
        assert dict(documents) == {order.pk: order.state for order in self.orders}

    @invariant()
    def approvals_agree(self) -> None:
        asked = {one.approval.pk: one for order in self.orders for one in order.asked}
        found = Approval.objects.filter(pk__in=asked).annotate(said=Count("votes"))
        assert {a.pk: (a.state, a.said) for a in found} == {
            pk: (one.state, len(one.voters)) for pk, one in asked.items()
        }

    @override
    def teardown(self) -> None:
        """No time is lost, and the log tells the whole way of each item."""
        for order in self.orders:
            events = WorkEvent.objects.filter(
                item__process="sample.order", item__document_id=order.pk
            ).order_by("seq")
            spent = events.aggregate(spent=Sum("wall_seconds"))["spent"]
            assert spent == Decimal(
                (order.since - order.opened_at) // dt.timedelta(microseconds=1)
            ) / (1_000_000)
            assert [event.seq for event in events] == list(range(1, order.seq + 1))
            assert events[0].action == OPEN
            for before, after in itertools.pairwise(events):
                assert (after.from_state, after.from_phase) == (before.to_state, before.to_phase)
                assert after.at >= before.at


@pytest.mark.walk
def test_random_walks_agree_with_the_declaration(ctx: Context, user: Callable[[], int]) -> None:
    walk = type("WalkHere", (Walk,), {"base": ctx, "make_user": staticmethod(user)})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=STEPS // PER_WALK,
            stateful_step_count=PER_WALK,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
