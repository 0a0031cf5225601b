"""Moving work: what a step needs, what it writes, and that no statement grows with the set."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backoffice.audit.models import Event
from backoffice.commands import Channel, Context, OutsideTransaction
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.organization.models import Company
from backoffice.work import services
from backoffice.work.models import WorkEvent, WorkItem
from tests.backoffice.work import sample
from tests.backoffice.work.conftest import Person, item_of, move, new_order, new_orders, state_of

HOUR = dt.timedelta(hours=1)


def later(ctx: Context, hours: float) -> Context:
    return replace(ctx, at=ctx.at + hours * HOUR)


def test_a_document_starts_in_the_initial_state_with_one_event(ctx: Context) -> None:
    order = new_order(ctx, "Mesas")
    item = item_of(order)
    assert (item.title, item.state, item.phase, item.last_seq) == ("Mesas", "draft", "reception", 1)
    assert (item.company_id, item.requester_id) == (ctx.company, ctx.actor_id)
    assert (item.opened_at, item.state_since, item.done_at, item.closed_at) == (
        ctx.at,
        ctx.at,
        None,
        None,
    )
    event = WorkEvent.objects.get(item=item)
    assert (event.seq, event.action, event.from_state, event.to_state) == (1, "open", "", "draft")
    assert (event.from_phase, event.to_phase) == ("", "reception")
    assert event.wall_seconds == Decimal(0)


def test_a_step_moves_the_document_and_its_item_and_leaves_an_event(ctx: Context) -> None:
    order = new_order(ctx)
    [made] = move(later(ctx, 1.5), order, "check")
    assert state_of(order) == ("checked", "checked")
    item = item_of(order)
    assert (item.phase, item.last_seq, item.backward_count) == ("processing", 2, 0)
    assert item.state_since == ctx.at + 1.5 * HOUR
    assert made == services.Move(order, item.pk, 2, "draft", "checked", made.event_id)
    event = WorkEvent.objects.get(item=item, seq=2)
    assert (event.from_state, event.to_state) == ("draft", "checked")
    assert (event.from_phase, event.to_phase) == ("reception", "processing")
    assert event.wall_seconds == Decimal(5400)
    assert event.business_seconds is None
    assert (event.actor_type, event.actor_id, event.event_id) == (
        "user",
        ctx.actor_id,
        made.event_id,
    )
    audit = Event.objects.get(pk=made.event_id)
    assert audit.action == "sample.order.check"
    assert (audit.target_type, audit.target_id) == ("work_sample.order", order)
    assert audit.data == {"from": "draft", "to": "checked"}


def test_a_step_from_a_state_to_itself_counts_as_a_move(ctx: Context) -> None:
    order = new_order(ctx)
    move(ctx, order, "check")
    move(later(ctx, 2), order, "recheck")
    assert item_of(order).last_seq == 3
    assert item_of(order).state_since == ctx.at + 2 * HOUR


def test_a_second_try_of_the_same_step_is_a_conflict_and_leaves_nothing(ctx: Context) -> None:
    order = new_order(ctx)
    move(ctx, order, "check")
    before = Event.objects.count()
    with pytest.raises(WrongState) as refusal:
        move(ctx, order, "check")
    assert (refusal.value.code, refusal.value.status) == ("wrong_state", 409)
    assert "Cadeiras: Checked" in str(refusal.value)
    assert state_of(order) == ("checked", "checked")
    assert (item_of(order).last_seq, Event.objects.count()) == (2, before)


def test_one_document_in_a_wrong_state_refuses_the_set_and_is_named(ctx: Context) -> None:
    orders = [new_order(ctx, f"Pedido {n}") for n in range(3)]
    move(ctx, orders[1], "check")
    with pytest.raises(WrongState) as refusal:
        move(ctx, orders, "check")
    assert "Pedido 1: Checked" in str(refusal.value)
    assert "Pedido 0" not in str(refusal.value)
    assert [state_of(order)[0] for order in orders] == ["draft", "checked", "draft"]


def test_a_refusal_names_five_documents_and_counts_the_others(ctx: Context) -> None:
    orders = new_orders(ctx, 8)
    with pytest.raises(WrongState) as refusal:
        move(ctx, orders, "send")
    assert str(refusal.value).count("Cadeiras: Draft") == 5
    assert "3" in str(refusal.value)


def test_a_step_needs_its_permission(ctx: Context) -> None:
    order = new_order(ctx)
    weak = replace(ctx, actor=Person(ctx.actor_id or 0, frozenset({"sample.order.submit"})))
    with pytest.raises(NotAllowed) as refusal:
        move(weak, order, "check")
    assert refusal.value.code == "permission_denied"
    assert state_of(order) == ("draft", "draft")


def test_a_step_that_needs_a_reason_is_refused_without_one(ctx: Context) -> None:
    order = new_order(ctx)
    with pytest.raises(InvalidInput) as refusal:
        move(ctx, order, "cancel", "  ")
    assert (refusal.value.code, list(refusal.value.fields)) == ("reason_needed", ["reason"])
    move(ctx, order, "cancel", " duplicado ")
    assert WorkEvent.objects.get(item=item_of(order), seq=2).reason == "duplicado"


def test_the_reason_of_the_command_is_the_reason_of_the_step(ctx: Context) -> None:
    order = new_order(ctx)
    move(replace(ctx, reason="pedido do cliente"), order, "cancel")
    assert WorkEvent.objects.get(item=item_of(order), seq=2).reason == "pedido do cliente"


def test_a_document_of_another_company_does_not_exist(
    ctx: Context, user: Callable[[], int]
) -> None:
    order = new_order(ctx)
    other = Company.objects.create(
        cnpj="99999999000191", legal_name="Outra Ltda", trade_name="Outra"
    )
    with pytest.raises(NotFound):
        move(replace(ctx, company_id=other.pk), order, "check")
    with pytest.raises(NotFound):
        move(ctx, [order, 999_999_999], "check")
    assert state_of(order) == ("draft", "draft")


def test_a_step_belongs_inside_a_transaction(ctx: Context) -> None:
    order = new_order(ctx)
    with pytest.raises(OutsideTransaction):
        services.transition(ctx, "sample.order", [order], "check")
    with pytest.raises(OutsideTransaction):
        services.open_items(ctx, "sample.order", [])


def test_an_empty_set_moves_nothing(ctx: Context) -> None:
    before = Event.objects.count()
    assert move(ctx, [], "check") == []
    with transaction.atomic():
        assert services.open_items(ctx, "sample.order", []) == []
    assert Event.objects.count() == before


def test_repeated_keys_count_once(ctx: Context) -> None:
    order = new_order(ctx)
    assert len(move(ctx, [order, order], "check")) == 1


def statements(ctx: Context, count: int) -> tuple[int, int]:
    """How many statements open and move a set of so many orders."""
    with transaction.atomic():
        orders = sample.Order.objects.bulk_create(
            sample.Order(company_id=ctx.company, title="x") for _ in range(count)
        )
        with CaptureQueriesContext(connection) as opening:
            services.open_items(ctx, "sample.order", [(order, order.title) for order in orders])
        with CaptureQueriesContext(connection) as moving:
            services.transition(ctx, "sample.order", [order.pk for order in orders], "check")
    return len(opening), len(moving)


def test_three_statements_open_and_three_move_whatever_the_number(ctx: Context) -> None:
    assert statements(ctx, 1) == (3, 3)
    assert statements(ctx, 3_000) == (3, 3)
    assert WorkItem.objects.filter(company_id=ctx.company, state="checked").count() == 3_001
    assert sample.Order.objects.filter(company_id=ctx.company, state="checked").count() == 3_001


def test_done_closed_and_steps_back_are_kept_on_the_item(ctx: Context) -> None:
    order = new_order(ctx)
    for hours, action in enumerate(("check", "submit", "approve", "send", "file"), start=1):
        move(later(ctx, hours), order, action)
    item = item_of(order)
    assert (item.done_at, item.closed_at) == (ctx.at + 4 * HOUR, ctx.at + 5 * HOUR)
    move(later(ctx, 6), order, "reopen", "valor errado")
    item = item_of(order)
    assert (item.done_at, item.closed_at, item.backward_count) == (None, None, 1)
    assert (item.state, item.phase) == ("checked", "processing")


def test_giving_up_closes_without_reaching_the_purpose(ctx: Context) -> None:
    order = new_order(ctx)
    move(later(ctx, 1), order, "cancel", "desistência")
    assert (item_of(order).done_at, item_of(order).closed_at) == (None, ctx.at + HOUR)


def test_the_clock_of_an_item_never_runs_backward(ctx: Context) -> None:
    order = new_order(ctx)
    move(later(ctx, 2), order, "check")
    move(later(ctx, 1), order, "submit")  # began earlier, got its lock later
    event = WorkEvent.objects.get(item=item_of(order), seq=3)
    assert (event.wall_seconds, event.at) == (Decimal(0), ctx.at + 2 * HOUR)


def test_the_times_of_all_moves_add_up_to_the_life_of_the_item(ctx: Context) -> None:
    order = new_order(ctx)
    at = ctx.at
    for n, action in enumerate(("check", "recheck", "submit", "approve", "send", "file"), start=1):
        at += dt.timedelta(hours=n, seconds=0.1 * n, microseconds=n)
        move(replace(ctx, at=at), order, action)
    spent = sum(
        WorkEvent.objects.filter(item=item_of(order)).values_list("wall_seconds", flat=True)
    )
    assert spent == Decimal((at - ctx.at) // dt.timedelta(microseconds=1)) / 1_000_000


@pytest.mark.parametrize(
    ("channel", "actor_type"),
    [
        (Channel.WEB, "user"),
        (Channel.ADMIN, "user"),
        (Channel.SHELL, "user"),
        (Channel.API, "api"),
        (Channel.JOB, "job"),
    ],
)
def test_the_event_tells_through_which_door_a_person_moved(
    ctx: Context, channel: Channel, actor_type: str
) -> None:
    order = new_order(ctx)
    move(replace(ctx, channel=channel, on_behalf_of_id=4711), order, "check")
    event = WorkEvent.objects.get(item=item_of(order), seq=2)
    assert (event.actor_type, event.actor_id) == (actor_type, ctx.actor_id)
    assert event.on_behalf_of_id == 4711


def test_the_system_may_take_every_step(ctx: Context) -> None:
    order = new_order(ctx)
    move(replace(ctx, channel=Channel.SYSTEM, actor=None), order, "check")
    event = WorkEvent.objects.get(item=item_of(order), seq=2)
    assert (event.actor_type, event.actor_id) == ("system", None)


def test_a_document_has_one_item(ctx: Context) -> None:
    order = sample.Order.objects.get(pk=new_order(ctx))
    with pytest.raises(IntegrityError, match="work_item_one_per_document"), transaction.atomic():
        services.open_item(ctx, "sample.order", order, "again")


def test_open_item_gives_the_item_as_it_is_stored(ctx: Context, user: Callable[[], int]) -> None:
    assignee = user()
    with transaction.atomic():
        order = sample.Order.objects.create(company_id=ctx.company, title="x")
        item = services.open_item(
            ctx, "sample.order", order, "Título", requester_id=assignee, assignee_id=assignee
        )
    stored = item_of(order.pk)
    fields = [field.attname for field in WorkItem._meta.concrete_fields]
    assert [getattr(item, name) for name in fields] == [getattr(stored, name) for name in fields]
    assert (stored.requester_id, stored.assignee_id) == (assignee, assignee)
