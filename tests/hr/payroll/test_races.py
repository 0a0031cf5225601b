"""What sixteen people can do to one payroll at the same moment, again and again."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from backoffice.audit.models import Event
from backoffice.errors import BusinessError
from backoffice.organization.models import Company
from hr.payroll import services
from hr.payroll.models import PayrollRun, Payslip
from tests.factories import payroll, people
from tests.harness.threads import ROUNDS, THREADS, Racers
from tests.hr.payroll.test_runs import approve

pytestmark = [pytest.mark.clone, pytest.mark.races]

SLOW_ROUNDS = ROUNDS // 5
"""Each of these rounds computes a payroll first."""


@pytest.fixture
def racers(own_clone: str) -> Iterator[Racers]:
    with Racers() as racing:
        yield racing


def outcomes(results: Sequence[object]) -> Counter[str]:
    """How often each result came; anything but a refusal is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, BusinessError):
            raise result
    return Counter(r.code if isinstance(r, BusinessError) else "done" for r in results)


def company_with_one() -> Company:
    company = people.make_company()
    people.hire(company)
    return company


def submitted() -> PayrollRun:
    """The computed month of a new company, waiting for its approval."""
    company = company_with_one()
    run = payroll.computed_run(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    return run


def events(run: PayrollRun, action: str) -> int:
    return Event.objects.filter(
        company_id=run.company_id, action=f"hr.payroll_run.{action}"
    ).count()


def test_a_competence_opened_sixteen_times_is_opened_once(racers: Racers) -> None:
    for _ in range(ROUNDS):
        company = people.make_company()
        results = racers.race([partial(payroll.open_run, company)] * THREADS)
        assert outcomes(results) == {"done": 1, "already_open": THREADS - 1}
        run = PayrollRun.objects.get(company=company)
        assert events(run, "opened") == 1


def test_a_run_computed_by_sixteen_people_at_once_has_one_job(racers: Racers) -> None:
    for _ in range(SLOW_ROUNDS):
        company = company_with_one()
        run = payroll.open_run(company)
        compute = partial(services.compute_run, people.system(company), payroll_run_id=run.pk)
        results = racers.race([compute] * THREADS)
        assert outcomes(results) == {"done": 1, "wrong_state": THREADS - 1}
        payroll.work(run)
        assert Payslip.objects.filter(run=run).count() == 1


def test_closing_sixteen_times_closes_once(racers: Racers) -> None:
    for _ in range(SLOW_ROUNDS):
        run = submitted()
        approve(run.company, run)
        close = partial(services.close_run, people.system(run.company), payroll_run_id=run.pk)
        results = racers.race([close] * THREADS)
        assert outcomes(results) == {"done": 1, "wrong_state": THREADS - 1}
        assert events(run, "close") == 1


def test_late_hires_and_a_closing_month_never_pass_each_other(own_clone: str) -> None:
    with Racers(4) as racers:
        for _ in range(SLOW_ROUNDS):
            run = submitted()
            approve(run.company, run)
            hire = partial(people.hire, run.company, admitted_on=dt.date(2026, 10, 5))
            close = partial(services.close_run, people.system(run.company), payroll_run_id=run.pk)
            assert outcomes(racers.race([close, hire, hire, hire])) == {"done": 4}
            run.refresh_from_db()
            assert run.state == "closed"
            assert Payslip.objects.filter(run=run).count() == 1


def test_of_sixteen_voters_one_decides(racers: Racers) -> None:
    for _ in range(SLOW_ROUNDS):
        run = submitted()
        voters = [people.Everything() for _ in range(THREADS)]
        racers.race([partial(approve, run.company, run, voter=voter) for voter in voters])
        run.refresh_from_db()
        assert run.state == "approved"
        assert events(run, "approve") == 1
