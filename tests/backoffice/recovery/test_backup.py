"""A backup restored into an empty server is the same: rows, sums, guards, chain of events."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import override_settings

from backoffice.audit.models import Event, EventBlock
from backoffice.audit.services import NewEvent, append_events, seal_events
from backoffice.audit.verification import find_faults
from backoffice.embedded.servers import Servers, bundled
from backoffice.recovery.copies import back_up, restore, rows_of
from backoffice.recovery.manifest import DUMP, NAME, BadBackup
from backoffice.settings.connections import databases
from hr.payroll.models import PayrollRun
from tests.factories import payroll, people
from tests.factories.files import attachment
from tests.hr.payroll.test_runs import closed_run


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Servers]:
    """Another PostgreSQL than that of the tests, with nothing but the roles."""
    servers = bundled("test", checkout=tmp_path / "elsewhere")
    servers.postgres.start()
    yield servers
    servers.erase()


@contextmanager
def moved_to(servers: Servers) -> Iterator[None]:
    """Make all aliases use the other server's database."""
    before = {alias: dict(given) for alias, given in connections.settings.items()}
    connections.close_all()
    for alias, given in databases(servers.environment()).items():
        connections.settings[alias] |= given
    try:
        yield
    finally:
        connections.close_all()
        for alias, given in before.items():
            connections.settings[alias] |= given


@pytest.fixture
def closed(own_clone: str, folder: Path) -> PayrollRun:
    """A company with a closed month, a document, sealed events and one that is not sealed yet."""
    company = people.make_company()
    for salary in ("1800.00", "5200.00", "9100.00"):
        people.hire(company, salary=salary)
    run = closed_run(company, payroll.MONTH)
    attachment(company)
    seal_events(at=people.AT)
    assert list(find_faults(at=people.AT)) == []
    with transaction.atomic():
        append_events([happened()])  # is in the dump, in no block
    return run


@pytest.mark.clone
@pytest.mark.slow
def test_a_backup_restored_into_an_empty_server_is_equal_and_as_well_guarded(
    closed: PayrollRun, empty_server: Servers, folder: Path, tmp_path: Path
) -> None:
    call_command("backup", tmp_path / "backup")
    files = contents(folder)
    assert len(files) == 1
    shutil.rmtree(folder)
    with moved_to(empty_server):
        call_command("restore", tmp_path / "backup")
        assert contents(folder) == files
        _prove_guards(closed)
        _prove_sealing_goes_on()


@pytest.mark.clone
@pytest.mark.slow
def test_what_is_not_a_whole_backup_is_not_restored(
    closed: PayrollRun, empty_server: Servers, folder: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "backup"
    back_up(whole, at=people.AT)
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", whole)
    with pytest.raises(BadBackup, match="the database is not empty"):
        restore(whole, at=people.AT)
    with moved_to(empty_server):
        for name, (damage, said) in DAMAGES.items():
            broken = tmp_path / name
            shutil.copytree(whole, broken)
            damage(broken)
            with pytest.raises(BadBackup, match=said):
                restore(broken, at=people.AT)
            assert rows_of(connections["owner"]) == {}
        other = override_settings(AUDIT_SIGNING_KEY="of another installation")
        with other, pytest.raises(BadBackup, match="not signed"):
            restore(whole, at=people.AT)


def _change_dump(folder: Path) -> None:
    with (folder / DUMP).open("ab") as file:
        file.write(b"x")


def _lower_a_count(folder: Path) -> None:
    path = folder / NAME
    body = json.loads(path.read_text())
    body["rows"]["hr_payslip"] -= 1
    path.write_text(json.dumps(body))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda folder: (folder / NAME).unlink(), "no whole backup"),
    "rubbish": (lambda folder: (folder / NAME).write_text("{}"), "no whole backup"),
    "dump changed": (_change_dump, "database.dump is not what was backed up"),
    "count changed": (_lower_a_count, "not signed"),
    "files gone": (lambda folder: shutil.rmtree(folder / "files"), "is missing"),
}


@pytest.mark.clone
@pytest.mark.slow
def test_a_backup_without_a_file_that_the_database_tells_of_is_refused(
    closed: PayrollRun, folder: Path, tmp_path: Path
) -> None:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(b"another")
    with pytest.raises(BadBackup, match="is not what was kept"):
        back_up(tmp_path / "changed", at=people.AT)
    path.unlink()
    with pytest.raises(BadBackup, match="is missing in the storage"):
        back_up(tmp_path / "gone", at=people.AT)
    assert not (tmp_path / "gone" / NAME).exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _prove_guards(run: PayrollRun) -> None:
    """In the restored database: sums, chain, and guards that still refuse."""
    again = PayrollRun.objects.get(pk=run.pk)
    assert (again.state, again.net, again.payslip_count) == ("closed", run.net, 3)
    assert list(find_faults(at=people.AT)) == []
    for attack in ("UPDATE hr_payslip SET net = 0", "TRUNCATE backoffice_event"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


def _prove_sealing_goes_on() -> None:
    """What the dump left unsealed and what happens here get blocks, though numbers start low again."""
    with transaction.atomic():
        append_events([happened(), happened()])
    seal_events(at=people.AT)
    assert [(b.epoch, b.count) for b in EventBlock.objects.order_by("pk")][-2:] == [(1, 1), (2, 2)]
    assert sum(b.count for b in EventBlock.objects.all()) == Event.objects.count()
    assert list(find_faults(at=people.AT)) == []


def happened() -> NewEvent:
    return NewEvent(
        action="tests.happened", at=people.AT, company_id=1, actor_id=None, channel="system"
    )
