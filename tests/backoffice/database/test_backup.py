"""A backup restored into an empty database is the same: rows, sums, guards, chain of events."""

import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction
from psycopg import sql

from backoffice.audit.services import find_broken_block, seal_events
from backoffice.embedded.binaries import library_path, postgres_home
from hr.payroll.models import PayrollRun
from tests.factories import payroll, people
from tests.harness.addresses import with_database
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


@pytest.mark.clone
@pytest.mark.slow
def test_a_restored_backup_is_equal_and_as_well_guarded(
    own_clone: str, harness: Harness, tmp_path: Path
) -> None:
    company = people.make_company()
    for salary in ("1800.00", "5200.00", "9100.00"):
        people.hire(company, salary=salary)
    run = closed_run(company, payroll.MONTH)
    seal_events(at=people.AT)
    assert find_broken_block() is None
    source = harness.url("DATABASE_OWNER_URL")
    tool("pg_dump", "--format=custom", f"--file={tmp_path / 'dump'}", source)
    connections.close_all()
    target = f"{own_clone}_restored"
    with psycopg.connect(harness.urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(target)))
        try:
            url = with_database(source, target)
            tool(
                "pg_restore",
                "--exit-on-error",
                "--no-comments",
                f"--dbname={url}",
                tmp_path / "dump",
            )
            assert counts(url) == counts(source)
            before = harness.point_to(target)
            try:
                _prove(run)
            finally:
                harness.point_to(before)
        finally:
            owner.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target))
            )


def _prove(run: PayrollRun) -> None:
    """In the restored database: sums, chain, and a guard that still refuses."""
    again = PayrollRun.objects.get(pk=run.pk)
    assert (again.state, again.net, again.payslip_count) == ("closed", run.net, 3)
    assert find_broken_block() is None
    for attack in ("UPDATE hr_payslip SET net = 0", "TRUNCATE backoffice_event"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
