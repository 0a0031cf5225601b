"""What lists of employees sort and join by follows every change, by itself."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from backoffice.identity.rules import Access, Scope
from backoffice.organization.models import Company
from backoffice.parties.models import Party
from demo.numbers import cpf
from hr.people.listing import EmployeeListing
from hr.people.models import Employee, EmploymentContract
from hr.people.selectors import visible_employees
from tests.factories import people
from tests.harness.threads import race


def another_contract(
    employee: Employee, registration: str, admitted_on: dt.date
) -> EmploymentContract:
    return EmploymentContract.objects.create(
        company_id=employee.company_id,
        employee=employee,
        registration=registration,
        admitted_on=admitted_on,
    )


@pytest.mark.django_db
def test_names_sort_without_case_and_accents_and_follow_a_new_name() -> None:
    company = people.make_company()
    names = ["Zélia", "Ícaro", "igor", "Ana"]
    made = [people.hire(company, name=name) for name in names]
    order = EmployeeListing.objects.order_by("sort_name").values_list(
        "employee__party__name", flat=True
    )
    assert list(order) == ["Ana", "Ícaro", "igor", "Zélia"]
    Party.objects.filter(pk=made[3].party_id).update(name="Úrsula")
    assert EmployeeListing.objects.get(employee=made[3]).sort_name == "ursula"
    assert EmployeeListing.objects.get(employee=made[0]).sort_name == "zelia"


@pytest.mark.django_db
def test_another_party_brings_its_name() -> None:
    company = people.make_company()
    employee, other = people.hire(company, name="Ana"), people.make_company()
    party = Party.objects.create(kind="person", name="Ênio", tax_id=cpf(987_654))
    Employee.objects.filter(pk=employee.pk).update(party=party)
    assert EmployeeListing.objects.get(employee=employee).sort_name == "enio"
    assert not EmployeeListing.objects.filter(company=other).exists()


@pytest.mark.django_db
def test_the_listed_contract_is_the_one_admitted_last_whatever_the_order_of_entry() -> None:
    employee = people.hire(people.make_company(), admitted_on=dt.date(2024, 3, 1))
    first = people.contract_of(employee)
    listing = EmployeeListing.objects.get(employee=employee)
    assert listing.contract == first
    first.ended_on = dt.date(2024, 12, 31)
    first.save(update_fields=["ended_on"])
    older = another_contract(employee, "older", dt.date(2019, 1, 2))
    listing.refresh_from_db()
    assert listing.contract == first
    newer = another_contract(employee, "newer", dt.date(2025, 2, 3))
    listing.refresh_from_db()
    assert listing.contract == newer
    newer.delete()
    listing.refresh_from_db()
    assert listing.contract == first
    EmploymentContract.objects.filter(pk=older.pk).update(admitted_on=dt.date(2026, 1, 5))
    listing.refresh_from_db()
    assert listing.contract == older


@pytest.mark.django_db
def test_an_employee_without_contract_is_listed_all_the_same() -> None:
    employee = people.hire(people.make_company())
    party = Party.objects.create(kind="person", name="Sem contrato", tax_id=cpf(987_654))
    bare = Employee.objects.create(company_id=employee.company_id, party=party)
    access = Access(
        user_id=1,
        company_id=bare.company_id,
        person_id=None,
        on=people.AT.date(),
        grants={"hr.employee.view": Scope.COMPANY},
    )
    found = {row.pk: row.contract_now for row in visible_employees(access)}  # type: ignore[attr-defined]
    assert found == {employee.pk: people.contract_of(employee).pk, bare.pk: None}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE hr_employee_listing SET sort_name = 'aaa'",
        "DELETE FROM hr_employee_listing",
        "INSERT INTO hr_employee_listing (employee_id, company_id, sort_name) VALUES (1, 1, 'x')",
    ],
)
def test_only_the_triggers_write_it(attack: str) -> None:
    people.hire(people.make_company())
    refused = pytest.raises(DatabaseError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


@pytest.mark.clone
def test_of_contracts_made_at_the_same_moment_the_latest_is_listed() -> None:
    company: Company = people.make_company()
    employee = people.hire(company, admitted_on=dt.date(2024, 3, 1))
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(16)]
    made = race([lambda day=day: another_contract(employee, str(day), day) for day in days])  # type: ignore[misc]
    assert not [each for each in made if isinstance(each, Exception)]
    assert EmployeeListing.objects.get(employee=employee).contract == made[-1]
