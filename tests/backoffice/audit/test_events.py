"""The log of events is append-only, sealed in blocks, and tells when somebody rewrote it."""

import datetime as dt

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from backoffice.audit.models import Event, EventBlock, ReadLog
from backoffice.audit.services import (
    NewEvent,
    NewReading,
    append_events,
    record_reading,
    seal_events,
)
from backoffice.audit.verification import find_faults
from tests.factories import people
from tests.harness.threads import race


def faults() -> list[tuple[str, int | None]]:
    return [(fault.code, fault.block) for fault in find_faults(at=people.AT)]


def event(number: int = 1, at: dt.datetime = people.AT) -> NewEvent:
    return NewEvent(
        action="tests.happened",
        at=at,
        company_id=1,
        actor_id=None,
        channel="system",
        data={"number": number},
    )


@pytest.mark.django_db
def test_events_are_appended_in_one_statement_and_order(
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        ids = append_events([event(n) for n in range(50)])
    assert ids == sorted(ids)
    assert [e.data["number"] for e in Event.objects.order_by("id")] == list(range(50))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE backoffice_event SET action = 'x'",
        "DELETE FROM backoffice_event",
        "TRUNCATE backoffice_event",
        "ALTER TABLE backoffice_event DISABLE TRIGGER ALL",
        "DELETE FROM backoffice_event_202611",
        "INSERT INTO backoffice_event_202611 (at, action, channel) VALUES ('2026-11-20', 'x', 'web')",
        "UPDATE backoffice_event_block SET hash = ''",
        "DELETE FROM backoffice_read_log",
    ],
)
def test_app_can_only_append(attack: str) -> None:
    append_events([event()])
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner|append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert Event.objects.get().action == "tests.happened"


@pytest.mark.clone
def test_even_the_owner_is_stopped_by_the_triggers(owner_cursor: psycopg.Cursor) -> None:
    with transaction.atomic():
        append_events([event()])
    for attack in ("UPDATE backoffice_event SET action = 'x'", "TRUNCATE backoffice_event"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner_cursor.execute(attack)
        owner_cursor.connection.rollback()


@pytest.mark.clone
def test_a_block_seals_what_is_finished_and_chains_to_the_one_before() -> None:
    with transaction.atomic():
        append_events([event(1), event(2)])
    first = seal_events(at=people.AT)
    with transaction.atomic():
        append_events([event(3)])
    second = seal_events(at=people.AT)
    assert first is not None
    assert second is not None
    assert (first.count, second.count) == (2, 1)
    assert second.previous_hash == first.hash
    assert second.first_xid == first.next_xid
    assert seal_events(at=people.AT) is None
    assert faults() == []


@pytest.mark.clone
def test_what_is_still_running_is_sealed_later_and_never_lost(clone_url: str) -> None:
    with psycopg.connect(clone_url) as slow:
        slow.execute(
            "INSERT INTO backoffice_event (at, action, channel) VALUES (now(), 'tests.slow', 'system')"
        )
        with transaction.atomic():
            append_events([event()])
        seal_events(at=people.AT)
        assert sum(b.count for b in EventBlock.objects.all()) == 0
        slow.commit()
    seal_events(at=people.AT)
    assert sum(b.count for b in EventBlock.objects.all()) == Event.objects.count() == 2
    assert faults() == []


@pytest.mark.clone
@pytest.mark.parametrize(
    "rewrite",
    [
        "UPDATE backoffice_event SET data = '{\"number\": 2}'",
        "DELETE FROM backoffice_event",
        "UPDATE backoffice_event SET actor_id = 5",
    ],
)
def test_an_owner_who_switches_the_triggers_off_is_found_out(
    owner_cursor: psycopg.Cursor, rewrite: str
) -> None:
    with transaction.atomic():
        append_events([event()])
    block = seal_events(at=people.AT)
    assert block is not None
    assert faults() == []
    owner_cursor.execute("ALTER TABLE backoffice_event DISABLE TRIGGER USER")
    owner_cursor.execute("ALTER TABLE backoffice_event_block DISABLE TRIGGER USER")
    owner_cursor.execute(rewrite)
    owner_cursor.connection.commit()
    assert faults() == [("altered", block.pk)]


@pytest.mark.clone
def test_a_block_made_up_without_the_key_is_found_out(owner_cursor: psycopg.Cursor) -> None:
    with transaction.atomic():
        append_events([event()])
    seal_events(at=people.AT)
    owner_cursor.execute("ALTER TABLE backoffice_event DISABLE TRIGGER USER")
    owner_cursor.execute("ALTER TABLE backoffice_event_block DISABLE TRIGGER USER")
    owner_cursor.execute("UPDATE backoffice_event_block SET signature = repeat('0', 64)")
    owner_cursor.connection.commit()
    assert [code for code, _block in faults()] == ["forged"]


@pytest.mark.clone
def test_each_server_that_the_log_lived_on_is_an_epoch_with_blocks_of_its_own(
    owner_cursor: psycopg.Cursor,
) -> None:
    with transaction.atomic():
        append_events([event(1)])
    seal_events(at=people.AT)
    with transaction.atomic():
        append_events([event(2)])
    # as after a restore: what is there came from a server with other, higher numbers
    owner_cursor.execute("UPDATE backoffice_event_epoch SET system_identifier = 1")
    owner_cursor.connection.commit()
    race([append_in_a_transaction for _ in range(16)])
    seal_events(at=people.AT)
    blocks = [(b.epoch, b.count) for b in EventBlock.objects.order_by("pk")]
    assert blocks == [(1, 1), (1, 1), (2, 16)]
    assert faults() == []
    owner_cursor.execute("ALTER TABLE backoffice_event DISABLE TRIGGER USER")
    owner_cursor.execute(
        "UPDATE backoffice_event SET epoch = 1 WHERE id = (SELECT max(id) FROM backoffice_event)"
    )
    owner_cursor.connection.commit()
    first, _second, other = EventBlock.objects.order_by("pk")
    assert ("altered", other.pk) in faults()
    assert ("altered", first.pk) not in faults()


def append_in_a_transaction() -> None:
    with transaction.atomic():
        append_events([event()])


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["xid", "epoch", "recorded_at"])
def test_the_database_says_when_and_in_which_transaction_not_the_program(column: str) -> None:
    values = {"xid": "'5'", "epoch": "1", "recorded_at": "now()"}
    statement = (
        f"INSERT INTO backoffice_event (at, action, channel, {column})"
        f" VALUES (now(), 'x', 'web', {values[column]})"
    )
    refused = pytest.raises(DatabaseError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_moment_of_an_event_is_kept_to_the_microsecond() -> None:
    at = people.AT.replace(microsecond=123_456)
    append_events([event(at=at)])
    assert Event.objects.get().at == at


@pytest.mark.clone
def test_two_sealers_at_once_make_one_block() -> None:
    with transaction.atomic():
        append_events([event()])
    race([lambda: seal_events(at=people.AT) for _ in range(8)])
    assert sum(b.count for b in EventBlock.objects.all()) == 1
    assert faults() == []


@pytest.mark.django_db
def test_months_without_a_partition_still_take_events_and_app_can_make_partitions() -> None:
    far = dt.datetime(2031, 5, 1, tzinfo=dt.UTC)
    append_events([event(at=far)])
    assert Event.objects.get().at == far
    with connection.cursor() as cursor:
        cursor.execute("SELECT backoffice_ensure_partitions('backoffice_event', '2040-01-15')")
        assert cursor.fetchone() == (4,)
        with pytest.raises(DatabaseError, match="no such log"), transaction.atomic():
            cursor.execute("SELECT backoffice_ensure_partitions('pg_class', '2040-01-15')")


@pytest.mark.django_db
def test_a_reading_is_one_row_for_the_request() -> None:
    record_reading(
        NewReading(
            at=people.AT, kind="hr.payslip", ids=[3, 4], company_id=1, user_id=2, channel="web"
        )
    )
    row = ReadLog.objects.get()
    assert (row.kind, row.ids, row.user_id, row.company_id) == ("hr.payslip", [3, 4], 2, 1)
