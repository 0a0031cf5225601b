"""One company with a person of every role, a neighbour company, and one record of everything."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from backoffice.identity import catalogue
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.jobs.models import Job
from backoffice.organization.models import Branch, Company, CostCenter, Department
from backoffice.work import approvals
from backoffice.work.models import Approval
from hr.payroll import services as payroll_services
from hr.payroll.models import PayItem, PayrollRun, Payslip
from hr.people.models import Employee, EmploymentContract, SalaryFloor
from tests.factories import certificates, files, identity, mails, payroll, people

OWN, TEAM, OTHER, FOREIGN = "own", "team", "other", "foreign"


@dataclass
class World:
    """The people by role, their browsers' cookies, and records by object and relation."""

    company: Company
    neighbour: Company
    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    persons: dict[str, dict[str, int]] = field(default_factory=dict)
    records: dict[tuple[str, str], int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def record(self, name: str, relation: str, role: str) -> int | None:
        """Key of the record of an object that stands in this relation to the person of a role."""
        if name in PERSONAL:
            who = relation if relation in {OTHER, FOREIGN} else f"{relation} {role}"
            return self.persons.get(who, {}).get(name)
        return self.records.get((name, relation))

    def client(self, role: str) -> Client:
        """A browser of the person of a role; of nobody for ``anonymous``."""
        client = Client(raise_request_exception=False)
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


PERSONAL = frozenset({"hr.employee", "hr.contract", "hr.payslip", "backoffice.attachment"})


def build(scopes: dict[str, str]) -> World:
    """Make everything through the services; ``scopes`` says for whose rows each role is given."""
    world = World(people.make_company(), people.make_company())
    for role, scope in scopes.items():
        _person(world, role, Scope[scope.upper()])
    _hire(world, OTHER, world.company)
    _hire(world, FOREIGN, world.neighbour)
    stranger = identity.make_user(world.neighbour, "owner")
    _log_in(world, "stranger", stranger, world.neighbour)
    for company, relation in ((world.company, OTHER), (world.neighbour, FOREIGN)):
        _payroll(world, company)
        for name, record in _of_company(company).items():
            world.records[name, relation] = record.pk
        user = identity.make_user(company, "auditor")  # nobody's own account
        world.records["backoffice.user", relation] = user.pk
        world.records["backoffice.role_grant", relation] = RoleGrant.objects.get(user=user).pk
        for name, record in identity.standing(company, user).items():
            world.records[name, relation] = record.pk
    del world.records["hr.pay_item", FOREIGN]  # standard ones belong to everybody
    return world


def _person(world: World, role: str, scope: Scope) -> None:
    """Somebody who works here, has exactly this role, and leads one other person."""
    own = _hire(world, f"{OWN} {role}", world.company)
    _hire(world, f"{TEAM} {role}", world.company, manager_person_id=own.party_id)
    user = identity.make_user(world.company, role, scope=scope, person=own.party)
    _log_in(world, role, user, world.company)
    now = timezone.now()
    held = identity.access(user, world.company, now.date())
    scopes = [name for name, p in catalogue.permissions().items() if p.tokens and held.can(name)]
    world.tokens[role] = identity.make_token(user, world.company, scopes, at=now).secret.value


def _log_in(world: World, role: str, user: User, company: Company) -> None:
    world.users[role] = user
    cookie = identity.browser(user, company).cookies[settings.SESSION_COOKIE_NAME]
    world.sessions[role] = cookie.value


def _hire(world: World, who: str, company: Company, **over: object) -> Employee:
    employee = people.hire(company, **over)
    contract = EmploymentContract.objects.get(employee=employee)
    document = files.attach(company, employee.pk)
    world.persons[who] = {
        "hr.employee": employee.pk,
        "hr.contract": contract.pk,
        "backoffice.attachment": document.pk,
    }
    return employee


def _payroll(world: World, company: Company) -> None:
    """A closed month, whose payslips everybody may see of themselves."""
    run = payroll.computed_run(company)
    payroll_services.submit_run(people.system(company), payroll_run_id=run.pk)
    approval = Approval.objects.get(document_id=run.pk, state="open")
    approvals.vote(
        people.acting(company, people.Everything()),
        approval_id=approval.pk,
        decision="approve",
        content_hash=approval.content_hash,
    )
    payroll_services.close_run(people.system(company), payroll_run_id=run.pk)
    payslips = dict(Payslip.objects.filter(run=run).values_list("contract_id", "pk"))
    for records in world.persons.values():
        if records["hr.contract"] in payslips:
            records["hr.payslip"] = payslips[records["hr.contract"]]


def _of_company(company: Company) -> dict[str, Model]:
    """One record of everything that is nobody's own."""
    title = people.make_job_title(company)
    floor = SalaryFloor.objects.create(
        company=company,
        job_title=title,
        amount=Decimal("1800.00"),
        act="Convenção coletiva 2026",
        valid_from=dt.date(2026, 1, 1),
    )
    return {
        "backoffice.company": company,
        "backoffice.branch": Branch.objects.filter(company=company)[0],
        "backoffice.department": Department.objects.filter(company=company)[0],
        "backoffice.cost_center": CostCenter.objects.filter(company=company)[0],
        "backoffice.certificate": certificates.install(company),
        "backoffice.mail": mails.uncertain(company),
        "hr.job_title": title,
        "hr.salary_floor": floor,
        "backoffice.approval": Approval.objects.filter(company=company)[0],
        "backoffice.job": Job.objects.filter(company=company)[0],
        "hr.payroll_run": PayrollRun.objects.filter(company=company)[0],
        "hr.pay_item": PayItem.objects.filter(company=None)[0],
    }
