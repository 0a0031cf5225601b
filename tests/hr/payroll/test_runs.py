"""A run from opening to closing: results, refusals, and what the database refuses by itself."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.errors import InvalidInput, PeriodClosed, WrongState
from backoffice.organization.models import Company
from backoffice.parties.services import PayoutData
from backoffice.work import approvals
from backoffice.work.models import Approval
from hr.payroll import services
from hr.payroll.models import PayrollRun, Payslip, PayslipLine
from hr.people import services as people_services
from tests.factories import payroll, people

pytestmark = pytest.mark.django_db


def approve(company: Company, run: PayrollRun, *, voter: people.Everything | None = None) -> None:
    approval = Approval.objects.get(document_id=run.pk, state="open")
    approvals.vote(
        people.acting(company, voter or people.Everything()),
        approval_id=approval.pk,
        decision="approve",
        content_hash=approval.content_hash,
    )


def closed_run(company: Company, month: dt.date = payroll.MONTH) -> PayrollRun:
    run = payroll.computed_run(company, month)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    approve(company, run)
    services.close_run(people.system(company), payroll_run_id=run.pk)
    run.refresh_from_db()
    return run


def test_a_computed_payslip_has_the_lines_of_the_rule_and_equal_totals() -> None:
    company = people.make_company()
    people.hire(company, salary="6000.00")
    run = payroll.computed_run(company)
    slip = Payslip.objects.get(run=run)
    lines = [
        (line.pay_item.key, line.quantity, line.base, line.rate, line.amount)
        for line in slip.lines.select_related("pay_item").order_by("sequence")
    ]
    assert lines == [
        ("salary", Decimal(30), Decimal("6000.00"), None, Decimal("6000.00")),
        ("inss", None, Decimal("6000.00"), Decimal("0.14"), Decimal("641.51")),
        ("irrf", None, Decimal("5358.49"), Decimal("0.275"), Decimal("385.10")),
        ("fgts", None, Decimal("6000.00"), Decimal("0.08"), Decimal("480.00")),
    ]
    assert (slip.earnings, slip.deductions, slip.net, slip.fgts) == (
        Decimal("6000.00"),
        Decimal("1026.61"),
        Decimal("4973.39"),
        Decimal("480.00"),
    )
    assert (run.state, run.payslip_count, run.error_count, run.net) == ("computed", 1, 0, slip.net)


def test_one_failing_contract_is_an_error_row_fixed_and_recomputed_alone() -> None:
    company = people.make_company()
    good = people.hire(company)
    bad = people.hire(company, payout=PayoutData())
    run = payroll.computed_run(company)
    assert (run.payslip_count, run.error_count) == (2, 1)
    failed = Payslip.objects.get(run=run, state="error")
    assert failed.contract.employee_id == bad.pk
    assert failed.error_code == "no_payout"
    untouched = Payslip.objects.get(run=run, contract__employee=good)
    with pytest.raises(WrongState) as refusal:
        services.submit_run(people.system(company), payroll_run_id=run.pk)
    assert refusal.value.code == "has_errors"
    people_services.change_payout(
        people.system(company),
        employee_id=bad.pk,
        payout=PayoutData(pix_key="x@example.com"),
        valid_from=dt.date(2024, 3, 1),
    )
    services.recompute_failed(people.system(company), payroll_run_id=run.pk)
    payroll.work(run)
    assert (run.state, run.payslip_count, run.error_count) == ("computed", 2, 0)
    assert Payslip.objects.get(run=run, contract__employee=good).pk == untouched.pk
    with pytest.raises(WrongState) as refusal:
        services.recompute_failed(people.system(company), payroll_run_id=run.pk)
    assert refusal.value.code == "nothing_failed"


def test_a_competence_opens_once() -> None:
    company = people.make_company()
    run = payroll.open_run(company)
    assert run.payment_date == dt.date(2026, 11, 6)
    with pytest.raises(InvalidInput) as refusal:
        payroll.open_run(company)
    assert refusal.value.code == "already_open"
    with pytest.raises(InvalidInput) as refusal:
        payroll.open_run(company, dt.date(2027, 1, 1))
    assert refusal.value.code == "too_early"
    assert PayrollRun.objects.filter(company=company).count() == 1


def test_computing_twice_at_once_is_refused() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.open_run(company)
    services.compute_run(people.system(company), payroll_run_id=run.pk)
    with pytest.raises(WrongState):
        services.compute_run(people.system(company), payroll_run_id=run.pk)
    payroll.work(run)
    assert Payslip.objects.filter(run=run).count() == 1


def test_closing_fixes_payslips_and_month_for_ever() -> None:
    company = people.make_company()
    employee = people.hire(company)
    run = closed_run(company)
    slip = Payslip.objects.get(run=run)
    for change in (
        "UPDATE hr_payslip SET net = net + 1, earnings = earnings + 1 WHERE id = %(id)s",
        "DELETE FROM hr_payslip_line WHERE payslip_id = %(id)s",
        "UPDATE hr_payslip_line SET amount = 1 WHERE payslip_id = %(id)s",
        "UPDATE hr_payroll_run SET net = net + 1, earnings = earnings + 1 WHERE id = %(run)s",
        "DELETE FROM hr_payroll_run WHERE id = %(run)s",
    ):
        with (
            pytest.raises(IntegrityError, match="closed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change, {"id": slip.pk, "run": run.pk})
    with pytest.raises(WrongState):
        services.compute_run(people.system(company), payroll_run_id=run.pk)
    contract = people.contract_of(employee)
    terms = people_services.TermsData(
        job_title_id=contract.terms.get().job_title_id,
        salary=Decimal("3500.00"),
        weekly_hours=Decimal(44),
    )
    people_services.change_terms(
        people.system(company),
        contract_id=contract.pk,
        terms=terms,
        reason="raise",
        valid_from=dt.date(2026, 10, 1),
    )
    fact = contract.late_facts.get()
    assert (fact.first_month, fact.last_month) == (payroll.MONTH, payroll.MONTH)
    slip.refresh_from_db()
    assert slip.earnings == Decimal("3000.00")


def test_a_closed_month_cannot_be_opened_again() -> None:
    company = people.make_company()
    people.hire(company)
    closed_run(company)
    with pytest.raises((PeriodClosed, InvalidInput)):
        payroll.open_run(company)


def test_nobody_approves_the_own_request() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    asker = people.Everything()
    services.submit_run(people.acting(company, asker), payroll_run_id=run.pk)
    with pytest.raises(Exception, match=r"outra pessoa|another person"):
        approve(company, run, voter=asker)
    run.refresh_from_db()
    assert run.state == "submitted"


def test_the_stored_lines_sum_to_the_stored_totals() -> None:
    company = people.make_company()
    for salary in ("1621.00", "2902.85", "5000.01", "7350.01", "12345.67"):
        people.hire(company, salary=salary)
    run = payroll.computed_run(company)
    for slip in Payslip.objects.filter(run=run):
        rows = PayslipLine.objects.filter(payslip=slip).select_related("pay_item")
        earned = sum(r.amount for r in rows if r.pay_item.kind == "earning")
        taken = sum(r.amount for r in rows if r.pay_item.kind == "deduction")
        assert (earned, taken) == (slip.earnings, slip.deductions)
