"""What two people can do to one payroll at the same moment."""

import datetime as dt

import pytest

from backoffice.audit.models import Event
from hr.payroll import services
from hr.payroll.models import PayrollRun, Payslip
from tests.factories import payroll, people
from tests.harness.threads import race
from tests.hr.payroll.test_runs import approve


def outcomes(results: list[object]) -> list[str]:
    """Sorted: ok, or the code of the refusal."""
    return sorted(
        getattr(r, "code", "ok" if not isinstance(r, Exception) else repr(r)) for r in results
    )


@pytest.mark.clone
def test_a_competence_opened_sixteen_times_is_opened_once() -> None:
    company = people.make_company()
    results = race([lambda: payroll.open_run(company) for _ in range(16)])
    assert outcomes(results) == ["already_open"] * 15 + ["ok"]
    assert PayrollRun.objects.count() == 1
    assert Event.objects.filter(action="hr.payroll_run.opened").count() == 1


@pytest.mark.clone
def test_a_run_computed_by_sixteen_people_at_once_has_one_job() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.open_run(company)
    results = race(
        [
            lambda: services.compute_run(people.system(company), payroll_run_id=run.pk)
            for _ in range(16)
        ]
    )
    assert outcomes(results).count("ok") == 1
    assert set(outcomes(results)) == {"ok", "wrong_state"}
    payroll.work(run)
    assert Payslip.objects.filter(run=run).count() == 1


@pytest.mark.clone
def test_closing_sixteen_times_closes_once() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    approve(company, run)
    results = race(
        [
            lambda: services.close_run(people.system(company), payroll_run_id=run.pk)
            for _ in range(16)
        ]
    )
    assert outcomes(results) == ["ok"] + ["wrong_state"] * 15
    assert Event.objects.filter(action="hr.payroll_run.close").count() == 1


@pytest.mark.clone
def test_a_late_hire_and_a_closing_month_never_pass_each_other() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    approve(company, run)
    race(
        [
            lambda: services.close_run(people.system(company), payroll_run_id=run.pk),
            lambda: people.hire(company, admitted_on=dt.date(2026, 10, 5)),
        ]
    )
    run.refresh_from_db()
    assert run.state == "closed"
    assert Payslip.objects.filter(run=run).count() == 1


@pytest.mark.clone
def test_two_voters_at_once_decide_once() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    voters = [people.Everything() for _ in range(8)]
    race([lambda voter=voter: approve(company, run, voter=voter) for voter in voters])
    run.refresh_from_db()
    assert run.state == "approved"
    assert Event.objects.filter(action="hr.payroll_run.approve").count() == 1
