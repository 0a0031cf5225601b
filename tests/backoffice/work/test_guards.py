"""The database's own guards of work, attacked with plain SQL by the role `app`, and some by the owner."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from backoffice.commands import Context
from backoffice.organization.models import Company
from backoffice.work import registry
from backoffice.work.models import WorkEvent, WorkItem
from tests.backoffice.work import sample
from tests.backoffice.work.conftest import item_of, move, new_order, state_of


def attack(statement: str, *values: int | str) -> None:
    """One statement as role `app`, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


DENIED = pytest.raises(ProgrammingError, match="permission denied")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE backoffice_work_event SET reason = 'x' WHERE item_id = %s",
        "DELETE FROM backoffice_work_event WHERE item_id = %s",
        "UPDATE backoffice_work_item SET state = 'checked' WHERE id = %s",
        "UPDATE backoffice_work_item SET done_at = now() WHERE id = %s",
        "UPDATE backoffice_work_item SET backward_count = 0 WHERE id = %s",
        "DELETE FROM backoffice_work_item WHERE id = %s",
        "TRUNCATE backoffice_work_event -- %s",
        "TRUNCATE backoffice_work_item -- %s",
        "INSERT INTO backoffice_work_step VALUES ('sample.order', 'jump', 'draft', 'filed', false) -- %s",
        "UPDATE backoffice_work_state SET closed = false -- %s",
        "DELETE FROM backoffice_work_process -- %s",
        "INSERT INTO backoffice_work_event_default (item_id, seq) VALUES (%s, 2)",
        "INSERT INTO backoffice_work_event_202611 (item_id, seq) VALUES (%s, 2)",
        "ALTER TABLE work_sample_order DISABLE TRIGGER work_state_held -- %s",
        "DROP TRIGGER move_work ON backoffice_work_event -- %s",
    ],
)
def test_the_application_may_only_add_events(ctx: Context, statement: str) -> None:
    item = item_of(new_order(ctx))
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        attack(statement, item.pk)
    assert WorkEvent.objects.filter(item=item).count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE backoffice_work_event SET reason = 'x' WHERE item_id = %s",
        "DELETE FROM backoffice_work_event WHERE item_id = %s",
        "TRUNCATE backoffice_work_event -- %s",
    ],
)
def test_even_the_owner_cannot_rewrite_the_log_by_mistake(
    ctx: Context, owner: psycopg.Cursor[Any], statement: str
) -> None:
    item = item_of(new_order(ctx))
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        owner.execute(statement.replace("%s", str(item.pk)))
    assert WorkEvent.objects.filter(item=item).count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("state = 'filed'", "no declared step of sample.order leads from draft to filed"),
        ("state = 'checked'", "no declared step"),
        ("state = 'checked', phase = 'processing'", "no declared step"),
        ("phase = 'execution'", "no declared step"),
        ("last_seq = 7", "no declared step"),
        ("backward_count = 7", "no declared step"),
        ("state_since = state_since + interval '1 day'", "no declared step"),
        ("done_at = now()", "no declared step"),
        ("closed_at = now()", "no declared step"),
        ("document_id = 0", "stays with its document"),
        ("opened_at = opened_at - interval '1 day'", "stays with its document"),
        ("process = 'other'", "stays with its document"),
    ],
)
def test_an_item_cannot_be_moved_without_its_event_even_by_the_owner(
    ctx: Context, owner: psycopg.Cursor[Any], change: str, message: str
) -> None:
    order = new_order(ctx)
    with pytest.raises(psycopg.errors.RestrictViolation, match=message):
        owner.execute(f"UPDATE backoffice_work_item SET {change} WHERE id = {item_of(order).pk}")
    with pytest.raises(psycopg.errors.RestrictViolation, match="never deleted"):
        owner.execute(f"DELETE FROM backoffice_work_item WHERE id = {item_of(order).pk}")
    assert state_of(order) == ("draft", "draft")


def test_the_time_of_an_item_does_not_begin_before_it(
    ctx: Context, owner: psycopg.Cursor[Any]
) -> None:
    order = new_order(ctx)
    with pytest.raises(psycopg.errors.CheckViolation, match="work_item_time_runs_forward"):
        owner.execute(
            "UPDATE backoffice_work_item SET state = 'checked', phase = 'processing', last_seq = 2,"
            f" state_since = opened_at - interval '1 s' WHERE id = {item_of(order).pk}"
        )
    assert state_of(order) == ("draft", "draft")


EVENT = """
    INSERT INTO backoffice_work_event
        (company_id, item_id, seq, process, action, from_state, to_state, from_phase, to_phase, backward,
         wall_seconds, business_seconds, actor_type, event_id, at)
    SELECT {company_id}, i.id, {seq}, {process}, {action}, {from_state}, {to_state}, {from_phase},
           {to_phase}, {backward}, {wall_seconds}, {business_seconds}, {actor_type}, 1, {at}
    FROM backoffice_work_item i WHERE i.id = %s
"""
GOOD = {
    "company_id": "i.company_id",
    "seq": "i.last_seq + 1",
    "process": "i.process",
    "action": "'check'",
    "from_state": "i.state",
    "to_state": "'checked'",
    "from_phase": "i.phase",
    "to_phase": "'processing'",
    "backward": "false",
    "wall_seconds": "60",
    "business_seconds": "30",
    "actor_type": "'user'",
    "at": "i.state_since + interval '60 s'",
}


OPENING = {
    "action": "'open'",
    "from_state": "''",
    "to_state": "'draft'",
    "from_phase": "''",
    "to_phase": "'reception'",
    "wall_seconds": "0",
    "business_seconds": "0",
    "at": "i.state_since",
}


def test_an_event_that_continues_its_item_moves_item_and_document(ctx: Context) -> None:
    order = new_order(ctx)
    attack(EVENT.format(**GOOD), item_of(order).pk)
    assert state_of(order) == ("checked", "checked")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("company_id", "i.company_id + 1"),
        ("seq", "i.last_seq"),
        ("seq", "i.last_seq + 2"),
        ("process", "'other'"),
        ("action", "'send'"),
        ("from_state", "'approved'"),
        ("to_state", "'filed'"),
        ("to_state", "'nowhere'"),
        ("from_phase", "'execution'"),
        ("to_phase", "'execution'"),
        ("backward", "true"),
        ("wall_seconds", "59"),
        ("wall_seconds", "60.000001"),
        ("at", "i.state_since - interval '60 s'"),
        ("at", "i.state_since + interval '61 s'"),
    ],
)
def test_an_event_that_does_not_continue_its_item_is_refused(
    ctx: Context, column: str, value: str
) -> None:
    order = new_order(ctx)
    with pytest.raises(IntegrityError, match=r"do not continue their items by a declared step"):
        attack(EVENT.format(**{**GOOD, column: value}), item_of(order).pk)
    assert state_of(order) == ("draft", "draft")
    assert WorkEvent.objects.filter(item=item_of(order)).count() == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("business_seconds", "61"), ("business_seconds", "-1"), ("actor_type", "'robot'")],
)
def test_an_event_has_its_form(ctx: Context, column: str, value: str) -> None:
    order = new_order(ctx)
    with pytest.raises(IntegrityError, match="violates check constraint"):
        attack(EVENT.format(**{**GOOD, column: value}), item_of(order).pk)
    assert state_of(order) == ("draft", "draft")


def test_two_events_with_one_number_are_refused_even_at_different_times(ctx: Context) -> None:
    order = new_order(ctx)
    item = item_of(order).pk
    later = {"wall_seconds": "120", "at": "i.state_since + interval '120 s'"}
    first = EVENT.format(**GOOD).replace("%s", str(item))
    second = EVENT.format(**{**GOOD, **later}).replace("%s", str(item))
    with pytest.raises(IntegrityError, match="do not continue their items"):
        attack(f"{first} UNION ALL {second[second.index('SELECT') :]}")
    attack(first)
    with pytest.raises(IntegrityError, match="do not continue their items"):
        attack(second.replace("i.last_seq + 1", "2"))
    assert WorkEvent.objects.filter(item=item_of(order)).count() == 2


@pytest.mark.parametrize("state", ["checked", "filed", "nowhere", ""])
def test_the_state_of_a_document_is_not_written_by_hand(ctx: Context, state: str) -> None:
    order = new_order(ctx)
    with pytest.raises(
        IntegrityError, match="the state of a document is the state of its work item"
    ):
        attack("UPDATE work_sample_order SET state = %s WHERE id = %s", state, order)
    assert state_of(order) == ("draft", "draft")


def test_a_stale_copy_of_a_document_cannot_turn_its_state_back(ctx: Context) -> None:
    order = sample.Order.objects.get(pk=new_order(ctx))
    move(ctx, order.pk, "check")
    with pytest.raises(IntegrityError, match="the state of a document"):
        order.save()
    assert state_of(order.pk) == ("checked", "checked")


def test_a_document_stays_in_its_company_and_is_not_deleted(ctx: Context) -> None:
    order = new_order(ctx)
    other = Company.objects.create(cnpj="88888888000191", legal_name="Outra", trade_name="Outra")
    with pytest.raises(IntegrityError, match="the state of a document"):
        attack("UPDATE work_sample_order SET company_id = %s WHERE id = %s", other.pk, order)
    with pytest.raises(IntegrityError, match="the state of a document"):
        attack("DELETE FROM work_sample_order WHERE id = %s", order)
    assert sample.Order.objects.get(pk=order).company_id == ctx.company


def test_no_document_is_committed_without_its_item(ctx: Context) -> None:
    before = sample.Order.objects.count()
    with pytest.raises(IntegrityError, match="the state of a document"), transaction.atomic():
        sample.Order.objects.create(company_id=ctx.company, title="x")
    assert sample.Order.objects.count() == before


def test_a_document_that_is_given_up_before_its_item_was_opened_leaves_nothing(
    ctx: Context,
) -> None:
    with transaction.atomic():
        sample.Order.objects.create(company_id=ctx.company, title="x").delete()
    assert not sample.Order.objects.filter(company_id=ctx.company).exists()


def insert_item(ctx: Context, *, event: bool = False, **over: str) -> None:
    """An item written by hand, for a document that is made just before, and its first event if asked."""
    row = {
        "company_id": str(ctx.company),
        "process": "'sample.order'",
        "document_id": "(SELECT max(id) FROM work_sample_order)",
        "title": "'x'",
        "state": "'draft'",
        "phase": "'reception'",
        "opened_at": "now()",
        "state_since": "now()",
        "backward_count": "0",
        "last_seq": "0",
        **over,
    }
    columns, values = ", ".join(row), ", ".join(row.values())
    with transaction.atomic(), connection.cursor() as cursor:
        if "document_id" not in over:
            sample.Order.objects.create(company_id=ctx.company, title="x")
        cursor.execute(
            f"INSERT INTO backoffice_work_item ({columns}) VALUES ({values}) RETURNING id"
        )
        if event:
            cursor.execute(EVENT.format(**{**GOOD, **OPENING}), cursor.fetchone())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "'checked'"),
        ("state", "'nowhere'"),
        ("phase", "'execution'"),
        ("process", "'other'"),
        ("last_seq", "1"),
        ("backward_count", "1"),
        ("done_at", "now()"),
        ("closed_at", "now()"),
        ("state_since", "now() + interval '1 s'"),
    ],
)
def test_an_item_starts_at_the_start(ctx: Context, column: str, value: str) -> None:
    with pytest.raises(IntegrityError, match=r"an item of \w+(\.\w+)? does not start as"):
        insert_item(ctx, event=False, **{column: value})
    assert not sample.Order.objects.filter(company_id=ctx.company).exists()


def test_an_item_needs_its_document_and_its_first_event(ctx: Context) -> None:
    with pytest.raises(
        IntegrityError, match=r"the work item of sample\.order 0 has no first event"
    ):
        insert_item(ctx, document_id="0")
    with pytest.raises(IntegrityError, match=r"of sample\.order has no document"):
        insert_item(ctx, event=True, document_id="0")
    with pytest.raises(IntegrityError, match="has no first event"):
        insert_item(ctx)
    assert not WorkItem.objects.filter(company_id=ctx.company).exists()


def test_an_item_belongs_to_the_company_of_its_document(ctx: Context) -> None:
    other = Company.objects.create(cnpj="77777777000191", legal_name="Outra", trade_name="Outra")
    with pytest.raises(IntegrityError, match=r"of sample\.order has no document"):
        insert_item(ctx, event=True, company_id=str(other.pk))
    assert not WorkItem.objects.filter(company_id=other.pk).exists()


@pytest.fixture
def declared(work_database: None) -> Iterator[None]:
    """The declarations as they were, afterwards."""
    yield
    registry.save_declarations(connections["owner"], [sample.PROCESS])


def test_declarations_are_written_by_the_owner_alone(work_database: None) -> None:
    with DENIED, transaction.atomic():
        registry.save_declarations(connection, [sample.PROCESS])


def test_declarations_can_be_saved_twice_and_changed(ctx: Context, declared: None) -> None:
    shorter = replace(
        sample.PROCESS, steps=tuple(s for s in sample.PROCESS.steps if s.action != "recheck")
    )
    registry.save_declarations(connections["owner"], [shorter])
    registry.save_declarations(connections["owner"], [shorter])
    order = new_order(ctx)
    move(ctx, order, "check")
    with pytest.raises(IntegrityError, match="do not continue their items by a declared step"):
        move(ctx, order, "recheck")
    assert state_of(order) == ("checked", "checked")


def test_a_state_in_which_documents_stand_is_not_taken_away(ctx: Context, declared: None) -> None:
    new_order(ctx)
    declaration = registry.declaration(sample.PROCESS)
    declaration["states"] = [s for s in declaration["states"] if s["key"] != "draft"]
    declaration["steps"] = [s for s in declaration["steps"] if s["target"] != "draft"]
    with (
        pytest.raises(IntegrityError, match="documents still stand in the state draft"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(
            "SELECT backoffice_declare_processes(%s::jsonb)", [json.dumps([declaration])]
        )


def test_the_log_has_a_partition_for_each_month(ctx: Context) -> None:
    item = item_of(new_order(ctx))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM backoffice_work_event WHERE item_id = %s",
            [item.pk],
        )
        assert cursor.fetchall() == [("backoffice_work_event_202611",)]
