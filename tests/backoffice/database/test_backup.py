"""A backup restored into an empty server is the same: rows, sums, guards, chain of events."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from backoffice.audit.models import Event, EventBlock
from backoffice.audit.services import NewEvent, append_events, seal_events
from backoffice.audit.verification import find_faults
from backoffice.database.grants import EXTENSIONS
from backoffice.embedded.binaries import library_path, postgres_home
from backoffice.embedded.servers import Servers, bundled
from backoffice.settings.connections import databases
from hr.payroll.models import PayrollRun
from tests.factories import payroll, people
from tests.harness.database import Harness
from tests.hr.payroll.test_runs import closed_run

COUNTS = """
    SELECT relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', relname),
           false, true, '')))[1]::text::bigint
    FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


def tool(name: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's own programs."""
    home = postgres_home()
    subprocess.run(
        [home / "bin" / name, *arguments], env=library_path(home), check=True, capture_output=True
    )


def counts(url: str) -> list[tuple[str, int]]:
    """Rows of every table."""
    with psycopg.connect(url) as db:
        return db.execute(COUNTS).fetchall()


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


@pytest.mark.clone
@pytest.mark.slow
def test_a_backup_restored_into_an_empty_server_is_equal_and_as_well_guarded(
    harness: Harness, empty_server: Servers, tmp_path: Path
) -> None:
    company = people.make_company()
    for salary in ("1800.00", "5200.00", "9100.00"):
        people.hire(company, salary=salary)
    run = closed_run(company, payroll.MONTH)
    seal_events(at=people.AT)
    assert list(find_faults(at=people.AT)) == []
    with transaction.atomic():
        append_events([happened()])  # is in the dump, in no block
    source, target = harness.url("DATABASE_OWNER_URL"), empty_server.postgres.url("owner")
    tool("pg_dump", "--format=custom", f"--file={tmp_path / 'dump'}", source)
    _restore(tmp_path / "dump", empty_server)
    assert counts(target) == counts(source)
    with moved_to(empty_server):
        _prove_guards(run)
        _prove_sealing_goes_on()


def _restore(dump: Path, servers: Servers) -> None:
    """As the install guide says: extensions are there, the owner restores, `migrate` gives the rights."""
    target = servers.postgres.url("owner")
    with psycopg.connect(target, autocommit=True) as owner:
        for name in EXTENSIONS:
            owner.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    tool("pg_restore", "--exit-on-error", "--no-comments", f"--dbname={target}", dump)


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
