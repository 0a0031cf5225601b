"""What keeps a contract from being paid right is found, named, and leads to its fix."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from backoffice.parties.services import PayoutData
from hr.payroll.rules.readiness import (
    Code,
    ContractFacts,
    DependentFacts,
    Floor,
    Terms,
    inputs_of,
    month_span,
    parts_of_month,
    problems_of,
)
from hr.payroll.selectors.readiness import board_of
from hr.people.rules import counts_for_allowance, least_salary
from tests.factories import payroll, people

MONTH = dt.date(2026, 10, 1)
PAID = dt.date(2026, 11, 6)


def terms(start: dt.date, end: dt.date | None = None, salary: str = "3000.00") -> Terms:
    return Terms(start, end, Decimal(salary), Decimal(44), 1, "Vendedor", "521110")


FACTS = ContractFacts(
    contract_id=1,
    employee_id=1,
    name="Ana",
    cpf="00000000191",
    registration="1",
    category="101",
    admitted_on=dt.date(2024, 1, 1),
    ended_on=None,
    terms=(terms(dt.date(2024, 1, 1)),),
    dependents=(),
    place={"branch": "Matriz", "department": "Loja"},
    payout="Pix",
    late_facts=0,
)
WAGE = Floor("salário mínimo", Decimal("1621.00"))


def codes(facts: ContractFacts, *floors: Floor) -> list[Code]:
    return [p.code for p in problems_of(facts, MONTH, floors or (WAGE,))]


def test_a_complete_contract_has_no_problem() -> None:
    assert codes(FACTS) == []


def test_each_lacking_fact_is_a_problem_of_its_own() -> None:
    assert codes(replace(FACTS, place=None)) == [Code.NO_PLACE]
    assert codes(replace(FACTS, payout="")) == [Code.NO_PAYOUT]
    assert codes(replace(FACTS, terms=())) == [Code.NO_TERMS]
    assert codes(replace(FACTS, late_facts=2)) == [Code.LATE_FACT]


def test_only_a_late_fact_does_not_block() -> None:
    blocking = {
        p.code: p.blocking for p in problems_of(replace(FACTS, terms=(), late_facts=1), MONTH, ())
    }
    assert blocking == {Code.NO_TERMS: True, Code.LATE_FACT: False}


def test_a_gap_in_the_terms_is_found_at_the_start_in_the_middle_and_at_the_end() -> None:
    for found in (
        (terms(dt.date(2026, 10, 2)),),
        (terms(dt.date(2024, 1, 1), dt.date(2026, 10, 9)), terms(dt.date(2026, 10, 11))),
        (terms(dt.date(2024, 1, 1), dt.date(2026, 10, 30)),),
    ):
        assert parts_of_month(replace(FACTS, terms=found), MONTH) is None


def test_terms_outside_the_month_are_left_out() -> None:
    found = (
        terms(dt.date(2024, 1, 1), dt.date(2026, 9, 30)),
        terms(dt.date(2026, 10, 1)),
        terms(dt.date(2026, 11, 1)),
    )
    parts = parts_of_month(replace(FACTS, terms=found), MONTH)
    assert parts == [(found[1], dt.date(2026, 10, 1), dt.date(2026, 10, 31))]


def test_the_highest_floor_that_applies_counts_in_proportion_to_the_hours() -> None:
    half = replace(FACTS.terms[0], salary=Decimal("1000.00"), weekly_hours=Decimal(22))
    facts = replace(FACTS, terms=(half,))
    other_job = Floor("piso", Decimal("9000.00"), job_title_id=2)
    assert codes(facts, WAGE, other_job) == []
    own_job = Floor("piso", Decimal("2000.02"), job_title_id=1)
    (problem,) = problems_of(facts, MONTH, (WAGE, own_job))
    assert (problem.code, problem.details["least"], problem.details["floor"]) == (
        Code.BELOW_FLOOR,
        Decimal("1000.01"),
        "piso",
    )
    assert codes(facts, other_job) == []


def test_the_month_of_who_comes_and_goes_is_cut() -> None:
    facts = replace(FACTS, admitted_on=dt.date(2026, 10, 5), ended_on=dt.date(2026, 10, 20))
    assert month_span(facts, MONTH) == (dt.date(2026, 10, 5), dt.date(2026, 10, 20))


def test_inputs_count_days_dependants_and_children() -> None:
    family = (
        DependentFacts(
            dt.date(2012, 10, 9), for_irrf=True, for_family_allowance=True, disabled=False
        ),
        DependentFacts(
            dt.date(2012, 9, 9), for_irrf=True, for_family_allowance=True, disabled=False
        ),
        DependentFacts(
            dt.date(1999, 1, 1), for_irrf=False, for_family_allowance=True, disabled=True
        ),
        DependentFacts(
            dt.date(2020, 1, 1), for_irrf=False, for_family_allowance=False, disabled=False
        ),
    )
    facts = replace(FACTS, admitted_on=dt.date(2026, 10, 17), dependents=family)
    facts = replace(facts, terms=(terms(dt.date(2026, 10, 17)),))
    inputs = inputs_of(facts, MONTH, PAID, waive_small_tax=True)
    assert [(p.salary, p.days) for p in inputs.periods] == [(Decimal("3000.00"), 15)]
    assert (inputs.dependents, inputs.children, inputs.family_days) == (2, 2, 15)
    with pytest.raises(ValueError, match="do not cover"):
        inputs_of(replace(facts, terms=()), MONTH, PAID, waive_small_tax=True)


def test_a_child_counts_from_its_birth_to_the_month_of_its_fourteenth_birthday() -> None:
    born = dt.date(2012, 10, 31)
    assert counts_for_allowance(born, disabled=False, month=dt.date(2012, 10, 1))
    assert counts_for_allowance(born, disabled=False, month=dt.date(2026, 10, 1))
    assert not counts_for_allowance(born, disabled=False, month=dt.date(2026, 11, 1))
    assert not counts_for_allowance(born, disabled=True, month=dt.date(2012, 9, 1))
    assert counts_for_allowance(born, disabled=True, month=dt.date(2040, 1, 1))


def test_the_least_salary_is_rounded_half_up() -> None:
    assert least_salary(Decimal("1621.00"), Decimal(22)) == Decimal("810.50")
    assert least_salary(Decimal("1621.00"), Decimal(30)) == Decimal("1105.23")


@pytest.mark.django_db
def test_the_board_groups_problems_and_leads_to_each_fix() -> None:
    company = people.make_company()
    good = people.hire(company)
    poor = people.hire(company, payout=PayoutData())
    run = payroll.open_run(company)
    board = board_of(run)
    assert (board.contracts, board.blocking, board.general) == (2, 1, ())
    (group,) = board.groups
    assert (group.code, group.blocking) == ("no_payout", True)
    (finding,) = group.findings
    assert finding.name == poor.party.name
    assert finding.url == f"/hr/employees/{poor.pk}/do/change-payout/"
    assert good.party.name not in {f.name for f in group.findings}


@pytest.mark.django_db
def test_a_month_without_verified_tables_or_people_is_a_general_problem() -> None:
    company = people.make_company()
    run = payroll.open_run(company)
    run.payment_date = dt.date(2027, 1, 7)
    general = board_of(run).general
    assert len(general) == 5
    assert all("2027" in obstacle.message for obstacle in general[:4])
    assert general[0].url == (
        "/backoffice/legal-tables/missing/?competence=2026-10&paid=2027-01-07"
        f"&next=%2Fhr%2Fpayroll-runs%2F{run.pk}%2F"
    )
    assert general[4].url == ""
