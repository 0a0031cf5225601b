"""The real payroll run, with worker, broker and database broken in the middle of it."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db.models import Count

from demo.generate import generate
from hr.payroll import services
from hr.payroll.models import PayrollRun, Payslip, PayslipLine
from hr.payroll.services import runs
from tests.factories import people
from tests.faults.harness import Site, assert_done_exactly_once

pytestmark = [pytest.mark.faults, pytest.mark.slow]

EMPLOYEES = 1200
CHUNK = 60


@pytest.fixture
def run(site: Site, monkeypatch: pytest.MonkeyPatch) -> PayrollRun:
    """An open run of many small chunks, so that a fault finds some done, one at work, some waiting."""
    monkeypatch.setattr(runs, "CHUNK", CHUNK)
    company = generate(EMPLOYEES, seed=11)
    return services.open_run(people.system(company), competence=dt.date(2026, 10, 1))


def compute(run: PayrollRun) -> int:
    """Start the computation; its job."""
    context = people.system(run.company)
    services.compute_run(context, payroll_run_id=run.pk)
    run.refresh_from_db()
    assert run.job_id is not None
    return run.job_id


def assert_right(run: PayrollRun, job_id: int) -> dict[str, object]:
    """Nothing lost, nothing doubled, sums equal; the sums, to compare one computation with another."""
    assert_done_exactly_once(job_id)
    run.refresh_from_db()
    assert (run.state, run.payslip_count, run.error_count) == ("computed", EMPLOYEES, 0)
    twice = (
        Payslip.objects.filter(run=run).values("contract").annotate(n=Count("pk")).filter(n__gt=1)
    )
    assert not twice.exists()
    lines = PayslipLine.objects.filter(payslip__run=run)
    assert lines.values("payslip").distinct().count() == EMPLOYEES
    return {
        "net": run.net,
        "inss": run.inss,
        "irrf": run.irrf,
        "fgts": run.fgts,
        "lines": lines.count(),
    }


def kill_worker(site: Site) -> None:
    """``kill -9``, and another worker starts."""
    site.kill_workers()
    site.start_workers()


def stop_database(site: Site) -> None:
    """An immediate stop, and crash recovery."""
    site.stop_postgres_at_once()
    site.start_postgres()


FAULTS: dict[str, Callable[[Site], None]] = {
    "worker killed": kill_worker,
    "broker emptied": Site.flush_redis,
    "database stopped": stop_database,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_payroll_broken_in_the_middle_is_the_payroll_that_was_never_broken(
    site: Site, run: PayrollRun, cycles: Iterator[int], fault: str
) -> None:
    site.start_scheduler()
    site.start_workers()
    job_id = compute(run)
    site.wait_until_ended(job_id)
    undisturbed = assert_right(run, job_id)
    for _ in cycles:
        job_id = compute(run)
        site.wait_until_at_work(job_id, chunks_done=2)
        FAULTS[fault](site)
        site.wait_until_ended(job_id)
        assert assert_right(run, job_id) == undisturbed
