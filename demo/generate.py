"""A company of any size for benchmarks: the same seed makes the same company."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, connections, transaction

from backoffice.official.selectors import municipality_named
from backoffice.organization.models import Branch, Company, CostCenter, Department
from backoffice.parties.models import Party, PartyKind, PayoutAccount, PayoutKind
from demo.numbers import cnpj, cpf
from demo.staff import BRANCHES, DEPARTMENTS, JOBS
from hr.people.models import (
    ContractTerms,
    Dependent,
    Employee,
    EmploymentContract,
    JobTitle,
)

FIRST = [
    "Ana",
    "João",
    "Maria",
    "José",
    "Luiza",
    "Pedro",
    "Júlia",
    "Lucas",
    "Beatriz",
    "Mateus",
    "Cecília",
    "Rafael",
    "Inês",
    "Davi",
    "Sônia",
]
LAST = [
    "Silva",
    "Araújo",
    "Gonçalves",
    "Conceição",
    "Barreto",
    "Nóbrega",
    "Peçanha",
    "Vasques",
    "Camargo",
    "Brandão",
    "Assis",
]
BATCH = 2000
JOINED = dt.date(2020, 1, 1)
KNOWN_SINCE = dt.date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The organization into which people are put."""

    company: Company
    branches: Sequence[Branch]
    departments: Sequence[Department]
    center: CostCenter
    titles: Sequence[JobTitle]


def generate(employees: int, *, seed: int) -> Company:
    """Make a company with so many employees under contract since 2020.

    Args:
        employees: How many people.
        seed: Equal seeds and numbers make equal companies; other seeds make other people.

    Returns:
        The company; every contract can be paid in any month from January 2025 on.
    """
    chance = random.Random(seed)  # noqa: S311  examples, no secrets
    with transaction.atomic():
        parts = _organization(seed)
        for start in range(0, employees, BATCH):
            _batch(parts, chance, seed, start, min(BATCH, employees - start))
    if "owner" in connections:  # the role `app` may not; lists are planned badly until it is done
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")
    return parts.company


def _organization(seed: int) -> _Parts:
    root = 50_000_000 + seed
    company = Company.objects.create(
        cnpj=cnpj(root), legal_name=f"Empresa de Teste {seed} Ltda", trade_name=f"Teste {seed}"
    )
    branches = [
        Branch.objects.create(
            company=company,
            code=code,
            name=name,
            cnpj=cnpj(root, order),
            address=address,
            municipality=municipality,
            state=state,
            place=municipality_named(municipality, state),
        )
        for code, name, order, address, municipality, state in BRANCHES
    ]
    departments = [
        Department.objects.create(company=company, code=code, name=name)
        for code, name, _center in DEPARTMENTS
    ]
    center = CostCenter.objects.create(company=company, code="100", name="Geral")
    titles = [
        JobTitle.objects.create(company=company, name=job.name, occupation_id=job.cbo)
        for job in JOBS.values()
    ]
    return _Parts(company, branches, departments, center, titles)


def _salary(chance: random.Random) -> Decimal:
    """Mostly low pay with a long tail, as in a real company, in whole cents."""
    return Decimal(chance.randint(165_000, 420_000) + int(chance.paretovariate(2.2) * 40_000)) / 100


def _batch(parts: _Parts, chance: random.Random, seed: int, start: int, count: int) -> None:
    company = parts.company
    numbers = range(start + 1, start + count + 1)
    people = Party.objects.bulk_create(
        Party(
            kind=PartyKind.PERSON,
            tax_id=cpf(100_000_000 + seed % 800 * 1_000_000 + number),
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)} {number}",
            birth_date=dt.date(1960 + chance.randint(0, 44), chance.randint(1, 12), 15),
        )
        for number in numbers
    )
    employees = Employee.objects.bulk_create(
        Employee(company=company, party=person) for person in people
    )
    contracts = EmploymentContract.objects.bulk_create(
        EmploymentContract(
            company=company, employee=employee, registration=f"{number:06d}", admitted_on=JOINED
        )
        for number, employee in zip(numbers, employees, strict=True)
    )
    ContractTerms.objects.bulk_create(
        ContractTerms(
            company=company,
            contract=contract,
            job_title=chance.choice(parts.titles),
            salary=_salary(chance),
            weekly_hours=Decimal(44),
            valid_from=KNOWN_SINCE,
        )
        for contract in contracts
    )
    PayoutAccount.objects.bulk_create(
        PayoutAccount(
            company=company,
            party=person,
            kind=PayoutKind.PIX,
            pix_key=f"{person.tax_id}",
            valid_from=KNOWN_SINCE,
        )
        for person in people
    )
    _place(parts, chance, [(c.employee.party_id, c.pk) for c in contracts])
    Dependent.objects.bulk_create(_children(company, chance, employees))


def _place(parts: _Parts, chance: random.Random, whom: Sequence[tuple[int, int]]) -> None:
    rows: list[tuple[Any, ...]] = [
        (
            parts.company.pk,
            person,
            contract,
            chance.choice(parts.branches).pk,
            chance.choice(parts.departments).pk,
            parts.center.pk,
            KNOWN_SINCE,
        )
        for person, contract in whom
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO backoffice_placement
                (company_id, person_id, employment_id, branch_id, department_id, cost_center_id, valid_from)
            SELECT u.* FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                                   %s::bigint[], %s::date[]) AS u
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


def _children(
    company: Company, chance: random.Random, employees: Sequence[Employee]
) -> Iterator[Dependent]:
    for employee in employees:
        for index in range(chance.choice((0, 0, 0, 1, 1, 2))):
            yield Dependent(
                company=company,
                employee=employee,
                cpf=cpf(950_000_000 + (employee.pk * 3 + index) % 40_000_000),
                name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
                birth_date=dt.date(2008 + chance.randint(0, 16), chance.randint(1, 12), 7),
                kinship="03",
                for_irrf=True,
                for_family_allowance=True,
                valid_from=KNOWN_SINCE,
            )
