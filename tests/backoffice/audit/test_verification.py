"""Whoever changes, adds or removes something in the log is found out, also with the owner's rights."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from backoffice.audit.models import EventBlock
from backoffice.audit.services import append_events, seal_events
from backoffice.audit.verification import OVERDUE, export_heads, find_faults, read_heads
from backoffice.jobs import services
from tests.backoffice.audit.test_events import event
from tests.factories import people
from tests.harness.threads import race

UNGUARDED = (
    "ALTER TABLE backoffice_event DISABLE TRIGGER USER",
    "ALTER TABLE backoffice_event_block DISABLE TRIGGER USER",
)
LATE_EVENT = (
    "INSERT INTO backoffice_event (at, action, channel, xid)"
    " SELECT at, 'late', 'web', xid FROM backoffice_event WHERE id = 3"
)
MIDDLE = "(SELECT id FROM backoffice_event_block ORDER BY id OFFSET 1 LIMIT 1)"


@pytest.fixture
def sealed(own_clone: str, tmp_path: Path) -> Path:
    """Three blocks of two events each; where their heads were exported."""
    for number in range(3):
        with transaction.atomic():
            append_events([event(number), event(number + 10)])
        seal_events(at=people.AT)
    path = tmp_path / "outside" / "heads.jsonl"
    assert export_heads(path) == 3
    return path


def attack(cursor: psycopg.Cursor, *statements: str) -> None:
    for statement in (*UNGUARDED, *statements):
        cursor.execute(statement)
    cursor.connection.commit()


def faults(path: Path) -> set[tuple[str, int | None]]:
    found = find_faults(at=people.AT, heads=read_heads(path))
    first = EventBlock.objects.order_by("pk").values_list("pk", flat=True)[0]
    return {(fault.code, fault.block and fault.block - first + 1) for fault in found}


@pytest.mark.clone
def test_an_untouched_log_has_no_faults(sealed: Path) -> None:
    assert faults(sealed) == set()


@pytest.mark.clone
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE backoffice_event SET data = '{}' WHERE id = 3", {("altered", 2)}),
        ("UPDATE backoffice_event SET at = at - interval '1 hour' WHERE id = 6", {("altered", 3)}),
        ("DELETE FROM backoffice_event WHERE id = 1", {("altered", 1)}),
        (
            LATE_EVENT,
            {("altered", 2)},
        ),
        (
            f"DELETE FROM backoffice_event_block WHERE id = {MIDDLE}",
            {("unlinked", 3), ("removed", 2)},
        ),
        (
            "DELETE FROM backoffice_event_block WHERE id = (SELECT max(id) FROM backoffice_event_block)",
            {("removed", 3)},
        ),
        (
            f"UPDATE backoffice_event_block SET signature = repeat('é', 64) WHERE id = {MIDDLE}",
            {("forged", 2), ("replaced", 2)},
        ),
    ],
)
def test_what_was_done_to_the_log_is_told_with_its_block(
    sealed: Path, owner_cursor: psycopg.Cursor, statement: str, found: set[tuple[str, int | None]]
) -> None:
    attack(owner_cursor, statement)
    assert faults(sealed) == found


@pytest.mark.clone
def test_a_dropped_month_is_found(sealed: Path, owner_cursor: psycopg.Cursor) -> None:
    attack(owner_cursor, "DROP TABLE backoffice_event_202611")
    assert faults(sealed) == {("altered", 1), ("altered", 2), ("altered", 3)}


@pytest.mark.clone
def test_blocks_sealed_again_with_another_key_are_found(
    sealed: Path, owner_cursor: psycopg.Cursor
) -> None:
    attack(
        owner_cursor,
        "UPDATE backoffice_event SET actor_id = 99",
        "DELETE FROM backoffice_event_block",
    )
    with override_settings(AUDIT_SIGNING_KEY="stolen, but the wrong one"):
        seal_events(at=people.AT)
    forged = EventBlock.objects.get()
    found = {(fault.code, fault.block) for fault in find_faults(at=people.AT)}
    assert found == {("forged", forged.pk)}


@pytest.mark.clone
def test_a_forged_line_among_the_exported_heads_is_told_from_a_removed_block(sealed: Path) -> None:
    line = json.loads(sealed.read_text().splitlines()[-1])
    with sealed.open("a") as file:
        file.write(json.dumps(line | {"block": line["block"] + 1, "signature": "0" * 64}) + "\n")
    assert faults(sealed) == {("forged_head", 4)}


@pytest.mark.clone
def test_heads_are_exported_once_by_however_many_workers(sealed: Path) -> None:
    with transaction.atomic():
        append_events([event()])
    seal_events(at=people.AT)
    assert sorted(map(int, race([lambda: export_heads(sealed) for _ in range(8)]))) == [0] * 7 + [1]  # type: ignore[arg-type]
    assert [head.block for head in read_heads(sealed)] == list(
        EventBlock.objects.order_by("pk").values_list("pk", flat=True)
    )


@pytest.mark.clone
def test_what_is_not_sealed_in_time_is_a_fault(sealed: Path) -> None:
    with transaction.atomic():
        append_events([event()])
    now = timezone.now()
    assert list(find_faults(at=now)) == []
    late = [fault.code for fault in find_faults(at=now + OVERDUE + dt.timedelta(minutes=1))]
    assert late == ["overdue"]


@pytest.mark.clone
def test_the_command_says_where_to_look_and_fails(
    sealed: Path, owner_cursor: psycopg.Cursor
) -> None:
    out = StringIO()
    call_command("verify_audit", heads=sealed, stdout=out)
    assert "6 events, 3 blocks, 3 exported heads" in out.getvalue()
    attack(owner_cursor, "UPDATE backoffice_event SET reason = 'x' WHERE id = 4")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit", heads=sealed, json=True, stdout=out)
    assert stopped.value.code == 1
    told = json.loads(out.getvalue())
    assert [fault["code"] for fault in told["faults"]] == ["altered"]
    text = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", stdout=text, no_color=True)
    assert f"altered block {told['faults'][0]['block']} (" in text.getvalue()
    assert "no exported heads" in text.getvalue()


@pytest.mark.clone
def test_a_broken_or_missing_file_of_heads_is_refused_not_ignored(
    sealed: Path, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_audit", heads=tmp_path / "none.jsonl")
    sealed.write_text("rubbish\n")
    with pytest.raises(CommandError, match="line 1 is not the head of a block"):
        call_command("verify_audit", heads=sealed)


@pytest.mark.clone
def test_the_scheduled_sealing_keeps_the_heads_outside(own_clone: str, tmp_path: Path) -> None:
    with transaction.atomic():
        append_events([event()])
    with override_settings(AUDIT_HEADS_FILE=tmp_path / "heads.jsonl"):
        services.run_due(at=timezone.now())
        assert len(read_heads(tmp_path / "heads.jsonl")) == 1
        services.run_due(at=timezone.now())
    assert len(read_heads(tmp_path / "heads.jsonl")) == 1
