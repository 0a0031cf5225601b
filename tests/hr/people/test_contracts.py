"""Changes of a contract hold from a day on; late ones are flagged and alter nothing closed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backoffice.errors import InvalidInput, NotFound
from backoffice.organization.models import Branch, Department, Placement
from backoffice.organization.selectors import team_person_ids
from backoffice.periods.models import PeriodLock
from hr.people import services
from hr.people.models import ContractTerms, EmploymentContract, LateFact
from hr.people.selectors import as_of
from tests.factories import identity, people

pytestmark = pytest.mark.django_db
FIRST = dt.date(2024, 3, 1)


def terms(contract: EmploymentContract, salary: str, hours: str = "44") -> services.TermsData:
    title = ContractTerms.objects.filter(contract=contract).first()
    assert title is not None
    return services.TermsData(
        job_title_id=title.job_title_id, salary=Decimal(salary), weekly_hours=Decimal(hours)
    )


def spans(contract: EmploymentContract) -> list[tuple[dt.date, dt.date | None, Decimal]]:
    rows = ContractTerms.objects.filter(contract=contract).order_by("valid_from")
    return [(row.valid_from, row.valid_to, row.salary) for row in rows]


def test_new_terms_end_the_old_ones_the_day_before_and_keep_later_ones() -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    for salary, day in (("3300.00", dt.date(2026, 5, 1)), ("3100.00", dt.date(2025, 6, 16))):
        services.change_terms(
            people.system(company),
            contract_id=contract.pk,
            terms=terms(contract, salary),
            reason="raise",
            valid_from=day,
        )
    assert spans(contract) == [
        (FIRST, dt.date(2025, 6, 15), Decimal("3000.00")),
        (dt.date(2025, 6, 16), dt.date(2026, 4, 30), Decimal("3100.00")),
        (dt.date(2026, 5, 1), None, Decimal("3300.00")),
    ]


def test_a_salary_cut_is_refused_but_for_a_correction_and_shorter_hours() -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    change: dict[str, Any] = {"contract_id": contract.pk, "valid_from": dt.date(2026, 5, 1)}
    with pytest.raises(InvalidInput) as refusal:
        services.change_terms(
            people.system(company), terms=terms(contract, "2999.99"), reason="raise", **change
        )
    assert refusal.value.code == "salary_cut"
    assert len(spans(contract)) == 1
    services.change_terms(
        people.system(company), terms=terms(contract, "1500.00", "22"), reason="hours", **change
    )
    services.change_terms(
        people.system(company), terms=terms(contract, "2900.00"), reason="correction", **change
    )
    assert spans(contract)[-1][2] == Decimal("2900.00")


def test_terms_outside_the_contract_are_refused_by_command_and_database() -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    with pytest.raises(InvalidInput) as refusal:
        services.change_terms(
            people.system(company),
            contract_id=contract.pk,
            terms=terms(contract, "3100.00"),
            reason="raise",
            valid_from=dt.date(2024, 2, 29),
        )
    assert refusal.value.code == "outside_contract"
    with pytest.raises(IntegrityError, match="outside contract"), transaction.atomic():
        ContractTerms.objects.filter(contract=contract).update(valid_from=dt.date(2024, 2, 1))


def test_overlapping_terms_and_other_companies_parts_are_refused_by_the_database() -> None:
    company, other = people.make_company(), people.make_company()
    contract = people.contract_of(people.hire(company))
    row = ContractTerms.objects.get(contract=contract)
    with pytest.raises(IntegrityError, match="contract_terms_one_at_a_time"), transaction.atomic():
        ContractTerms.objects.create(
            company=company,
            contract=contract,
            job_title=row.job_title,
            salary=row.salary,
            weekly_hours=row.weekly_hours,
            valid_from=dt.date(2025, 1, 1),
        )
    foreign = people.make_job_title(other)
    with pytest.raises(IntegrityError, match="same_company"), transaction.atomic():
        ContractTerms.objects.filter(pk=row.pk).update(job_title=foreign)


def test_a_contract_of_another_company_is_not_found() -> None:
    company, other = people.make_company(), people.make_company()
    contract = people.contract_of(people.hire(other))
    with pytest.raises(NotFound):
        services.end_contract(
            people.system(company), contract_id=contract.pk, ended_on=dt.date(2026, 1, 1)
        )
    contract.refresh_from_db()
    assert contract.ended_on is None


def test_a_late_fact_is_kept_and_flagged_with_the_months_it_affects() -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    for month in (8, 9, 10):
        PeriodLock.objects.create(
            company_id=company.pk,
            domain="payroll",
            month=dt.date(2026, month, 1),
            closed_at=people.AT,
        )
    services.change_terms(
        people.system(company),
        contract_id=contract.pk,
        terms=terms(contract, "3100.00"),
        reason="raise",
        valid_from=dt.date(2026, 9, 10),
    )
    fact = LateFact.objects.get()
    assert (fact.kind, fact.first_month, fact.last_month) == (
        "terms",
        dt.date(2026, 9, 1),
        dt.date(2026, 10, 1),
    )
    assert spans(contract)[-1][0] == dt.date(2026, 9, 10)


def test_a_fact_of_an_open_month_is_not_late() -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    PeriodLock.objects.create(
        company_id=company.pk, domain="payroll", month=dt.date(2026, 9, 1), closed_at=people.AT
    )
    services.end_contract(
        people.system(company), contract_id=contract.pk, ended_on=dt.date(2026, 10, 20)
    )
    assert not LateFact.objects.exists()


def test_a_contract_ends_once_and_not_before_it_began() -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    with pytest.raises(InvalidInput) as refusal:
        services.end_contract(
            people.system(company), contract_id=contract.pk, ended_on=dt.date(2024, 2, 29)
        )
    assert refusal.value.code == "ended_before_admission"
    services.end_contract(people.system(company), contract_id=contract.pk, ended_on=FIRST)
    with pytest.raises(InvalidInput) as refusal:
        services.end_contract(people.system(company), contract_id=contract.pk, ended_on=FIRST)
    assert refusal.value.code == "already_ended"


def test_a_transfer_moves_place_and_manager_from_a_day_on() -> None:
    company = people.make_company()
    boss, worker = people.hire(company), people.hire(company)
    department = Department.objects.create(company=company, code="LOG", name="Logística")
    branch = Branch.objects.get(company=company)
    contract = people.contract_of(worker)
    services.transfer(
        people.system(company),
        contract_id=contract.pk,
        place=services.Place(
            branch_id=branch.pk, department_id=department.pk, manager_person_id=boss.party_id
        ),
        valid_from=dt.date(2026, 10, 1),
    )
    places = Placement.objects.filter(employment_id=contract.pk).order_by("valid_from")
    assert [(p.department.code, p.valid_to) for p in places] == [
        ("ADM", dt.date(2026, 9, 30)),
        ("LOG", None),
    ]
    assert team_person_ids(company.pk, boss.party_id, dt.date(2026, 9, 30)) == frozenset()
    assert team_person_ids(company.pk, boss.party_id, dt.date(2026, 10, 1)) == {worker.party_id}


def test_a_circle_of_managers_is_refused() -> None:
    company = people.make_company()
    boss = people.hire(company)
    worker = people.hire(company, manager_person_id=boss.party_id)
    branch, department = (
        Branch.objects.get(company=company),
        Department.objects.get(company=company),
    )
    with pytest.raises(InvalidInput) as refusal:
        services.transfer(
            people.system(company),
            contract_id=people.contract_of(boss).pk,
            place=services.Place(
                branch_id=branch.pk,
                department_id=department.pk,
                manager_person_id=worker.party_id,
            ),
            valid_from=dt.date(2026, 10, 1),
        )
    assert refusal.value.code == "manager_circle"


def test_as_of_shows_what_held_on_a_day() -> None:
    company = people.make_company()
    employee = people.hire(company)
    contract = people.contract_of(employee)
    services.change_terms(
        people.system(company),
        contract_id=contract.pk,
        terms=terms(contract, "3100.00"),
        reason="raise",
        valid_from=dt.date(2026, 5, 1),
    )
    access = identity.access(identity.make_user(company, "hr_analyst"), company)
    assert as_of(employee, access, dt.date(2026, 4, 30))["terms"].salary == Decimal("3000.00")
    assert as_of(employee, access, dt.date(2026, 5, 1))["terms"].salary == Decimal("3100.00")
    assert as_of(employee, access, dt.date(2024, 2, 29))["contract"] is None


def test_people_from_before_the_system_have_terms_only_since_they_are_known() -> None:
    company = people.make_company()
    employee = people.hire(
        company, admitted_on=dt.date(2009, 3, 2), known_since=dt.date(2025, 1, 1)
    )
    contract = people.contract_of(employee)
    assert contract.admitted_on == dt.date(2009, 3, 2)
    assert spans(contract) == [(dt.date(2025, 1, 1), None, Decimal("3000.00"))]


def dependent(**over: object) -> services.DependentData:
    given = {
        "cpf": people.cpf(700_000_001),
        "name": "Davi",
        "birth_date": dt.date(2015, 4, 4),
        "kinship": "03",
        "valid_from": dt.date(2024, 3, 1),
        "for_irrf": True,
    }
    return services.DependentData(**(given | over))  # type: ignore[arg-type]


def test_a_dependant_is_registered_once_at_a_time() -> None:
    company = people.make_company()
    employee = people.hire(company)
    context = people.system(company)
    services.add_dependent(context, employee_id=employee.pk, data=dependent())
    with pytest.raises(InvalidInput) as refusal:
        services.add_dependent(context, employee_id=employee.pk, data=dependent())
    assert refusal.value.code == "dependent_exists"
    services.end_dependent(
        context, employee_id=employee.pk, cpf=dependent().cpf, valid_to=dt.date(2025, 12, 31)
    )
    services.add_dependent(
        context, employee_id=employee.pk, data=dependent(valid_from=dt.date(2026, 1, 1))
    )
    assert employee.dependents.count() == 2


@pytest.mark.parametrize(
    ("over", "code"),
    [({"cpf": "11111111111"}, "bad_cpf"), ({"birth_date": dt.date(2027, 1, 1)}, "not_yet_born")],
)
def test_a_wrong_dependant_is_refused(over: dict[str, object], code: str) -> None:
    company = people.make_company()
    employee = people.hire(company)
    with pytest.raises(InvalidInput) as refusal:
        services.add_dependent(
            people.system(company), employee_id=employee.pk, data=dependent(**over)
        )
    assert refusal.value.code == code
    assert not employee.dependents.exists()
