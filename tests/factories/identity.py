"""People with accounts and roles, each call another one; built through the services."""

import datetime as dt
import itertools

from django.db.models import Model
from django.test import Client

from backoffice.commands import Channel, Context
from backoffice.identity import services
from backoffice.identity.models import Delegation, Role, RoleGrant, User
from backoffice.identity.requests import PROVED
from backoffice.identity.rules import Access, FreshToken, Scope, Secret, new_token
from backoffice.identity.selectors import access_of
from backoffice.organization.models import Branch, Company, CostCenter, Department, Placement
from backoffice.parties.models import Party
from hr.people.models import Employee, EmploymentContract
from tests.factories.people import AT, cnpj, cpf, system

PASSWORD = "correto cavalo bateria"
LONG_AGO = dt.date(2020, 1, 1)
_numbers = itertools.count(500_000)


def next_number() -> int:
    """A number that no other call gets."""
    return next(_numbers)


def make_person(name: str = "") -> Party:
    """A natural person."""
    number = next(_numbers)
    return Party.objects.create(kind="person", tax_id=cpf(number), name=name or f"Pessoa {number}")


def make_branch(company: Company, name: str = "") -> Branch:
    """One more branch."""
    number = next(_numbers)
    return Branch.objects.create(
        company=company,
        code=str(number),
        name=name or f"Filial {number}",
        cnpj=cnpj(number),
        municipality="Santos",
        place_id="3548500",
        state="SP",
    )


def role(code: str) -> Role:
    """A standard role."""
    return Role.objects.get(company=None, code=code)


def make_user(
    company: Company | None = None,
    code: str = "",
    *,
    scope: Scope = Scope.COMPANY,
    branch: Branch | None = None,
    person: Party | None = None,
    email: str = "",
) -> User:
    """An account, with a role in the company when one is named."""
    number = next(_numbers)
    ctx = Context(company_id=company.pk if company else None, at=AT, channel=Channel.SYSTEM)
    user = services.create_user(
        ctx,
        email=email or f"pessoa{number}@example.com",
        name=f"Pessoa {number}",
        person_id=person.pk if person else None,
        password=Secret(PASSWORD),
    )
    if company is not None and code:
        grant(company, user, code, scope=scope, branch=branch)
    return user


def grant(
    company: Company,
    user: User,
    code: str,
    *,
    scope: Scope = Scope.COMPANY,
    branch: Branch | None = None,
    valid_from: dt.date = LONG_AGO,
    valid_to: dt.date | None = None,
) -> RoleGrant:
    """A role for an account that exists."""
    return services.assign_role(
        system(company),
        user_id=user.pk,
        role_id=role(code).pk,
        scope=scope,
        branch_id=branch.pk if branch else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def place(
    person: Party,
    company: Company,
    *,
    manager: Party | None = None,
    branch: Branch | None = None,
    valid_from: dt.date = LONG_AGO,
    valid_to: dt.date | None = None,
) -> Placement:
    """The place of a person in a company, in an employment of its own."""
    number = next(_numbers)
    employee, _new = Employee.objects.get_or_create(company=company, party=person)
    contract = EmploymentContract.objects.create(
        company=company, employee=employee, registration=str(number), admitted_on=LONG_AGO
    )
    return Placement.objects.create(
        company=company,
        person_id=person.pk,
        employment_id=contract.pk,
        branch=branch or Branch.objects.filter(company=company)[0],
        department=Department.objects.filter(company=company)[0],
        cost_center=CostCenter.objects.filter(company=company).first(),
        manager_person_id=manager.pk if manager else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )


FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def access(user: User, company: Company, on: dt.date | None = None) -> Access:
    """What the account may do on a day, its person having just proved who they are."""
    return access_of(user, company.pk, on or AT.date(), proved_until=FAR)


def acting_as(user: User, company: Company, **over: object) -> Context:
    """A context of the account at the browser, with the rights it has."""
    given = {"at": AT, "channel": Channel.WEB, "actor": access(user, company)} | over
    return Context(company_id=company.pk, **given)  # type: ignore[arg-type]


def make_token(user: User, company: Company, scopes: list[str], at: dt.datetime = AT) -> FreshToken:
    """An API token of the account, with its dangerous permissions unlocked for an hour."""
    fresh = new_token()
    token = services.create_token(
        acting_as(user, company, at=at),
        name="teste",
        scopes=scopes,
        expires_at=at + dt.timedelta(days=90),
        prefix=fresh.prefix,
        digest=fresh.digest,
    )
    services.prove_token(acting_as(user, company, at=at), api_token_id=token.pk)
    return fresh


def browser(user: User, company: Company | None = None, *, proved: bool = True) -> Client:
    """A browser in which the account is logged in, in one of its companies.

    ``proved`` says that the person has just proved who they are, as after a login by form.
    """
    client = Client()
    client.force_login(user, backend="backoffice.identity.backends.LoginBackend")
    session = client.session
    if company is not None:
        session["company_id"] = company.pk
    if proved:
        session[PROVED] = int(FAR.timestamp())
    session.save()
    return client


def make_program(company: Company, owner: User, code: str = "auditor", **over: object) -> User:
    """An account of a program with a role in the company."""
    given = {
        "name": f"Programa {next(_numbers)}",
        "owner_id": owner.pk,
        "expires_on": AT.date() + dt.timedelta(days=365),
        "role_id": role(code).pk,
    }
    return services.create_program(system(company), **(given | over))  # type: ignore[arg-type]


def make_role(company: Company, *permissions: str, name: str = "") -> Role:
    """A role of the company's own making."""
    return services.create_role(
        system(company),
        name=name or f"Papel {next(_numbers)}",
        permissions=permissions or ("hr.employee.view",),
    )


def delegate(
    giver: User, taker: User, company: Company, *permissions: str, **over: object
) -> Delegation:
    """A delegation from one person to another, for a fortnight from the day of the tests."""
    given = {
        "taker_id": taker.pk,
        "permissions": permissions,
        "valid_from": AT.date(),
        "valid_to": AT.date() + dt.timedelta(days=14),
        "reason": "Férias",
    }
    return services.create_delegation(acting_as(giver, company), **(given | over))  # type: ignore[arg-type]


def standing(company: Company, owner: User) -> dict[str, Model]:
    """One program, one role of its own making and one delegation of a company."""
    giver, taker = make_user(company, "owner"), make_user(company, "employee")
    return {
        "backoffice.service_account": make_program(company, owner),
        "backoffice.role": make_role(company),
        "backoffice.delegation": delegate(giver, taker, company, "hr.employee.view"),
    }
