"""Payslips: who sees which, why each amount, what is printed, what the database still refuses."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from backoffice.audit.models import ReadLog
from backoffice.identity.rules import Scope
from backoffice.work.models import Approval
from hr.payroll import services
from hr.payroll.models import PayrollRun, Payslip, PayslipLine
from hr.payroll.rules.explain import EXPLAINED, NotExplained
from hr.payroll.selectors.payslips import explanation_of, stored_amount
from hr.payroll.selectors.runs import last_payslip, visible_payslips
from hr.people import services as people_services
from hr.people.selectors import visible_employees
from tests.factories import identity, payroll, people
from tests.hr.payroll.test_runs import closed_run

pytestmark = pytest.mark.django_db


def test_every_amount_is_explained_and_equals_what_is_stored() -> None:
    company = people.make_company()
    for salary in ("1621.00", "2902.85", "5000.01", "7350.00", "9000.00"):
        employee = people.hire(company, salary=salary)
        people_services.add_dependent(
            people.system(company),
            employee_id=employee.pk,
            data=people_services.DependentData(
                cpf=people.cpf(800_000_000 + employee.pk),
                name="Clara",
                birth_date=dt.date(2020, 1, 1),
                kinship="03",
                for_irrf=True,
                for_family_allowance=True,
                valid_from=dt.date(2024, 3, 1),
            ),
        )
    run = payroll.computed_run(company)
    explained = 0
    for slip in Payslip.objects.filter(run=run):
        for code in EXPLAINED:
            found = explanation_of(slip, code)
            assert found is not None
            assert found.result == stored_amount(slip, code)
            explained += 1
    assert explained == 5 * len(EXPLAINED)


def test_an_explanation_that_does_not_reach_the_stored_amount_is_never_shown() -> None:
    company = people.make_company()
    people.hire(company)
    slip = Payslip.objects.get(run=payroll.computed_run(company))
    slip.inputs = {**slip.inputs, "periods": [{"salary": "3000.01", "days": 30}]}
    with pytest.raises(NotExplained):
        explanation_of(slip, "salary")
    assert explanation_of(slip, "no_such_item") is None


def test_a_month_of_thirty_days_is_paid_for_a_broken_month_by_days_and_for_a_raise_in_parts() -> (
    None
):
    company = people.make_company()
    people.hire(company, salary="3000.00", admitted_on=dt.date(2026, 10, 17))
    raised = people.contract_of(people.hire(company, salary="3000.00"))
    title = raised.terms.get().job_title_id
    people_services.change_terms(
        people.system(company),
        contract_id=raised.pk,
        terms=people_services.TermsData(
            job_title_id=title, salary=Decimal("3300.00"), weekly_hours=Decimal(44)
        ),
        reason="raise",
        valid_from=dt.date(2026, 10, 16),
    )
    run = payroll.computed_run(company)
    lines = PayslipLine.objects.filter(payslip__run=run, pay_item__key="salary").order_by(
        "payslip_id", "sequence"
    )
    found = [(line.quantity, line.base, line.amount) for line in lines]
    assert found == [
        (Decimal(15), Decimal("3000.00"), Decimal("1500.00")),
        (Decimal(15), Decimal("3000.00"), Decimal("1500.00")),
        (Decimal(15), Decimal("3300.00"), Decimal("1650.00")),
    ]


def test_employees_see_their_own_closed_payslips_and_nobody_elses() -> None:
    company = people.make_company()
    mine, other = people.hire(company), people.hire(company)
    user = identity.make_user(company, "employee", scope=Scope.OWN, person=mine.party)
    access = identity.access(user, company)
    run = payroll.computed_run(company)
    assert not visible_payslips(access).exists()
    assert last_payslip(access) is None
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    from tests.hr.payroll.test_runs import approve

    approve(company, run)
    services.close_run(people.system(company), payroll_run_id=run.pk)
    slip = visible_payslips(access).get()
    assert slip.contract.employee == mine
    assert last_payslip(access) == slip
    browser = identity.browser(user, company)
    foreign = Payslip.objects.get(run=run, contract__employee=other)
    for name in ("hr:payslip-pdf", "hr.payslip.detail"):
        assert browser.get(reverse(name, args=[slip.pk])).status_code == 200
        assert browser.get(reverse(name, args=[foreign.pk])).status_code == 404
    assert browser.get(reverse("hr:payslip-why", args=[foreign.pk, "net"])).status_code == 404
    assert browser.post(f"/hr/payroll-runs/{run.pk}/do/print/").status_code in {403, 404}


def test_managers_see_their_team_without_pay() -> None:
    company = people.make_company()
    boss = people.hire(company)
    worker = people.hire(company, manager_person_id=boss.party_id)
    stranger = people.hire(company)
    user = identity.make_user(company, "manager", scope=Scope.TEAM, person=boss.party)
    identity.grant(company, user, "employee", scope=Scope.OWN)
    access = identity.access(user, company)
    seen = {row.pk: vars(row)["salary_now"] for row in visible_employees(access)}
    assert seen == {boss.pk: Decimal("3000.00"), worker.pk: None}
    assert stranger.pk not in seen


def test_the_pdf_says_what_the_payslip_says_and_its_reading_is_logged() -> None:
    company = people.make_company()
    employee = people.hire(company, name="João d'Ávila", salary="6000.00")
    run = closed_run(company)
    user = identity.make_user(company, "hr_analyst")
    slip = Payslip.objects.get(run=run)
    answer = identity.browser(user, company).get(reverse("hr:payslip-pdf", args=[slip.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = pypdf.PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    for expected in ("João d'Ávila", "6.000,00", "641,51", "4.973,39", "Outubro/2026"):
        assert expected in text
    row = ReadLog.objects.filter(kind="hr.payslip").get()
    assert (row.user_id, row.ids, row.company_id) == (user.pk, [slip.pk], company.pk)
    assert employee.party.name == "João d'Ávila"


def test_why_shows_formula_table_row_and_law() -> None:
    company = people.make_company()
    people.hire(company, salary="6000.00")
    slip = Payslip.objects.get(run=payroll.computed_run(company))
    browser = identity.browser(identity.make_user(company, "hr_analyst"), company)
    page = browser.get(reverse("hr:payslip-why", args=[slip.pk, "inss"])).content.decode()
    assert "641,51" in page
    assert "8.475,55" in page
    assert "MPS/MF" in page


def test_a_run_is_closed_only_when_its_sums_are_those_of_its_payslips() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    PayrollRun.objects.filter(pk=run.pk).update(
        net=Decimal("1.00"), earnings=Decimal("1.00"), deductions=Decimal("0.00")
    )
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    from tests.hr.payroll.test_runs import approve

    approve(company, run)
    with pytest.raises(IntegrityError, match="are not those of its payslips"):
        services.close_run(people.system(company), payroll_run_id=run.pk)


@pytest.mark.parametrize(
    "attack",
    [
        """INSERT INTO hr_payslip_line (company_id, payslip_id, pay_item_id, sequence, amount)
           SELECT company_id, id, (SELECT min(id) FROM hr_pay_item), 99, 1 FROM hr_payslip""",
        "UPDATE hr_payslip SET inputs = '{}'",
        "DELETE FROM hr_payslip_line",
        "UPDATE hr_payslip SET run_id = run_id + 1",
    ],
)
def test_results_change_only_while_their_run_is_computed(attack: str) -> None:
    company = people.make_company()
    people.hire(company)
    payroll.computed_run(company)
    refused = pytest.raises(IntegrityError, match=r"not being computed|stays with its run")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_the_number_of_statements_does_not_grow_with_the_people(
    django_assert_max_num_queries: object,
) -> None:
    counts = []
    for people_count in (2, 8):
        company = people.make_company()
        for _ in range(people_count):
            people.hire(company)
        run = payroll.open_run(company)
        services.compute_run(people.system(company), payroll_run_id=run.pk)
        with django_assert_max_num_queries(200) as captured:  # type: ignore[operator]
            payroll.work(run)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_was_approved_is_what_is_closed() -> None:
    company = people.make_company()
    people.hire(company)
    run = payroll.computed_run(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    approval = Approval.objects.get(document_id=run.pk, state="open")
    assert approval.content["net"] == str(run.net)
    assert approval.content["payslips"] == 1
