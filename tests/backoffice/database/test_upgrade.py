"""A database that an earlier release made and filled is brought forward: nothing lost, all proofs hold."""

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from backoffice.audit.verification import find_faults
from backoffice.embedded.places import CHECKOUT
from hr.payroll.models import Payslip, PayslipState, RunState
from hr.payroll.selectors.payslips import explanation_of
from hr.people.listing import EmployeeListing
from hr.people.models import Employee
from tests.factories import people
from tests.harness.addresses import with_database
from tests.harness.database import Harness

RELEASED = "2350965d8273ff48d23ecf94e8562875140c9209"
"""The last commit of the release before; moved forward with each release."""

DECLARED = {
    *("django_migrations", "django_content_type", "auth_permission", "hr_occupation"),
    *("backoffice_role", "backoffice_legal_table", "backoffice_work_state", "backoffice_work_step"),
    "backoffice_work_process",
}
"""What comes with the product itself and may grow with it, as may the history of rows."""


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the earlier release; skips where the history is not at hand."""
    found = subprocess.run(
        ["git", "archive", RELEASED], cwd=CHECKOUT, capture_output=True, check=False
    )
    if found.returncode != 0:
        pytest.skip(f"the earlier release {RELEASED[:7]} is not in this clone's history")
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def manage(folder: Path, environment: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=folder,
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "backoffice.settings.test"},
        check=True,
        capture_output=True,
    )


def counts(url: str) -> dict[str, int]:
    """Rows of every table."""
    query = """
        SELECT relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I',
               relname), false, true, '')))[1]::text::bigint
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    """
    with psycopg.connect(url) as db:
        return dict(db.execute(query).fetchall())


@pytest.mark.clone
@pytest.mark.slow
def test_the_company_of_an_earlier_release_comes_forward_whole(
    earlier: Path, harness: Harness, clone_environment: dict[str, str], own_clone: str
) -> None:
    name = f"{own_clone}_earlier"
    addresses = {
        key: with_database(value, name) if key.startswith("DATABASE") else value
        for key, value in clone_environment.items()
    }
    owner = addresses["DATABASE_OWNER_URL"]
    with psycopg.connect(clone_environment["DATABASE_OWNER_URL"], autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            manage(earlier, addresses, "migrate", "--verbosity=0", "--skip-checks")
            manage(earlier, addresses, "create_demo")
            before = counts(owner)
            manage(CHECKOUT, addresses, "migrate", "--verbosity=0")
            _nothing_lost(before, counts(owner))
            here = harness.point_to(name)
            try:
                _proofs_hold()
            finally:
                harness.point_to(here)
        finally:
            db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _nothing_lost(before: dict[str, int], after: dict[str, int]) -> None:
    assert before["hr_payslip"] > 500
    may_grow = {table for table in before if table in DECLARED or table.endswith("event")}
    kept = {table: count for table, count in before.items() if table not in may_grow}
    assert {table: after.get(table) for table in kept} == kept
    assert [table for table in may_grow if after[table] < before[table]] == []


def _proofs_hold() -> None:
    """In the database as it came forward: chain, lists, and each amount of the last closed month."""
    assert list(find_faults(at=people.AT)) == []
    assert EmployeeListing.objects.filter(contract=None).count() == 0
    assert EmployeeListing.objects.count() == Employee.objects.count() > 40
    closed = Payslip.objects.filter(run__state=RunState.CLOSED, state=PayslipState.OK)
    month = closed.latest("run__competence").run.competence
    proved = 0
    for slip in closed.filter(run__competence=month):
        for code in ("net", "earnings", "inss_base"):
            assert explanation_of(slip, code) is not None  # raises when a cent differs
            proved += 1
    assert proved >= 3 * 38
