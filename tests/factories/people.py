"""Companies and people for tests, each call another one; built through the services."""

import datetime as dt
import itertools
from decimal import Decimal

from backoffice.commands import Actor, Channel, Context
from backoffice.identity.models import User
from backoffice.organization.models import Branch, Company, CostCenter, Department
from backoffice.parties.services import PayoutData, PersonData
from demo.numbers import cnpj, cpf
from hr.people import services
from hr.people.models import Employee, EmploymentContract, JobTitle

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def system(company: Company, **over: object) -> Context:
    """A context of the system, which may do everything."""
    given = {"at": AT} | over
    return Context(company_id=company.pk, channel=Channel.SYSTEM, **given)  # type: ignore[arg-type]


def acting(company: Company, actor: Actor, **over: object) -> Context:
    """A context of a person at the browser."""
    given = {"at": AT, "channel": Channel.WEB} | over
    return Context(company_id=company.pk, actor=actor, **given)  # type: ignore[arg-type]


class Everything:
    """An actor who may do everything, with a user of its own."""

    def __init__(self) -> None:
        number = next(_numbers)
        user = User.objects.create(
            email=f"user{number}@example.com", name=f"User {number}", created_at=AT
        )
        self.user_id: int = user.pk

    def can(self, permission: str) -> bool:
        """Whatever is asked."""
        return True

    def must_prove(self, permission: str, at: dt.datetime) -> bool:
        """Never asked again."""
        return False


def make_company(**over: object) -> Company:
    """A company with one branch, one department and one cost centre."""
    number = next(_numbers)
    company = Company.objects.create(
        **{
            "cnpj": cnpj(number),
            "legal_name": f"Empresa {number} Ltda",
            "trade_name": f"Empresa {number}",
        }
        | over
    )
    Branch.objects.create(
        company=company,
        code="01",
        name="Matriz",
        cnpj=company.cnpj,
        municipality="São Paulo",
        place_id="3550308",
        state="SP",
    )
    Department.objects.create(company=company, code="ADM", name="Administrativo")
    CostCenter.objects.create(company=company, code="100", name="Administração")
    return company


def make_job_title(company: Company, name: str = "") -> JobTitle:
    """A job title of the company."""
    return JobTitle.objects.create(
        company=company, name=name or f"Assistente {next(_numbers)}", occupation_id="411010"
    )


def hire(company: Company, **over: object) -> Employee:
    """A hired employee; ``over``: salary, admitted_on, weekly_hours, payout, registration, cpf, name."""
    number = next(_numbers)
    branch = Branch.objects.filter(company=company).first()
    department = Department.objects.filter(company=company).first()
    title = over.get("job_title") or make_job_title(company)
    assert branch is not None
    assert department is not None
    data = services.HireData(
        person=PersonData(
            cpf=str(over.get("cpf") or cpf(number)),
            name=str(over.get("name") or f"Maria da Conceição {number}"),
            birth_date=dt.date(1990, 5, 17),
        ),
        registration=str(over.get("registration") or number),
        admitted_on=over.get("admitted_on", dt.date(2024, 3, 1)),  # type: ignore[arg-type]
        terms=services.TermsData(
            job_title_id=title.pk,  # type: ignore[attr-defined]
            salary=Decimal(str(over.get("salary", "3000.00"))),
            weekly_hours=Decimal(str(over.get("weekly_hours", "44"))),
        ),
        place=services.Place(
            branch_id=branch.pk,
            department_id=department.pk,
            manager_person_id=over.get("manager_person_id"),  # type: ignore[arg-type]
        ),
        known_since=over.get("known_since"),  # type: ignore[arg-type]
        payout=over.get("payout", PayoutData(pix_key=f"pessoa{number}@example.com")),  # type: ignore[arg-type]
    )
    return services.hire_employee(system(company), data=data)


def contract_of(employee: Employee) -> EmploymentContract:
    """The newest contract of an employee."""
    contract = employee.contracts.order_by("-admitted_on").first()
    assert contract is not None
    return contract
