"""Comercial Ipê Ltda: its organization, its people and fourteen closed months, through the services."""

import datetime as dt
import time
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from backoffice.br.business_days import WorkingCalendar
from backoffice.commands import Channel, Context
from backoffice.identity.models import Role, User
from backoffice.identity.rules import Scope, Secret
from backoffice.identity.selectors import access_of
from backoffice.identity.services import create_company, create_user
from backoffice.jobs.models import JobChunk
from backoffice.jobs.services import run_chunk
from backoffice.law.rules import ChosenBy, kinds_chosen_by
from backoffice.law.selectors import missing_tables
from backoffice.money import Rounding, to_cents
from backoffice.organization.models import Branch, Company, CostCenter, Department, TaxRegime
from backoffice.organization.services import create_branch, create_cost_center, create_department
from backoffice.periods.rules import add_months, month_start
from backoffice.work.approvals import vote
from backoffice.work.models import Approval
from demo import business, ends, entrances, group, papers, sheets, staff, talk
from demo.numbers import cnpj, cpf, pis
from demo.others import tell_others
from hr.payroll.models import PayrollRun, RunState
from hr.payroll.services import close_run, compute_run, conclude_run, open_run, submit_run
from hr.payroll.services.runs import default_payment_date
from hr.people import services as people
from hr.people.models import Employee, EmploymentContract

ZONE = ZoneInfo("America/Sao_Paulo")
CLOSED_MONTHS = 14
PATIENCE = 60.0
ROOT = 41_873_205
PASSWORD = Secret("ipe-demonstra-2026")
DATA_BASE = 6
"""Months after the first closed one in which the collective agreement raises all salaries."""
RAISE = Decimal("1.05")
OPENING_FLOORS = {"cashier": Decimal("1780.00"), "seller": Decimal("1850.00")}
NEW_CASHIER_FLOOR = Decimal("1960.00")

# (who of the staff, or a name; e-mail; role; scope; the words of the demo bar are those of the role)
USERS = (
    (staff.DIRECTOR, "helena", "owner", Scope.COMPANY),
    (staff.HR_ANALYST, "camila", "hr_analyst", Scope.COMPANY),
    (staff.HR_MANAGER, "renato", "hr_manager", Scope.COMPANY),
    (staff.FINANCE, "patricia", "finance", Scope.COMPANY),
    (staff.IT_AGENT, "diego", "it_agent", Scope.COMPANY),
    (staff.EMPLOYEE, "ana", "employee", Scope.OWN),
    (staff.STORE_MANAGER, "sergio", "manager", Scope.TEAM),
    ("Marcos Teles Auditoria", "marcos", "auditor", Scope.COMPANY),
    ("Administração do Sistema", "admin", "administrator", Scope.COMPANY),
)
DOMAIN = "comercialipe.example"


@dataclass
class Ipe:
    """The company while it is being made."""

    company: Company
    first_month: dt.date
    contracts: dict[str, EmploymentContract] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def month(self, number: int) -> dt.date:
        """First day of the month so many months after the first closed one."""
        return add_months(self.first_month, number)

    def system(self, day: dt.date, hour: int = 9) -> Context:
        """The system at an hour of a day."""
        return Context(company_id=self.company.pk, at=moment(day, hour), channel=Channel.SYSTEM)

    def acting(self, role: str, day: dt.date, hour: int) -> Context:
        """The person with a role at an hour of a day."""
        at = moment(day, hour)
        actor = access_of(self.users[role], self.company.pk, day, proved_until=at + dt.timedelta(1))
        return Context(company_id=self.company.pk, at=at, channel=Channel.WEB, actor=actor)


def moment(day: dt.date, hour: int) -> dt.datetime:
    """A moment of a day in the company's time zone."""
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def open_month(today: dt.date) -> dt.date:
    """The month to leave open: this one, or the last one for which every legal table is verified."""
    month = month_start(today)
    while _lacks_tables(month):
        month = add_months(month, -1)
    return month


def _lacks_tables(month: dt.date) -> bool:
    paid_on = default_payment_date(0, month)
    return bool(
        missing_tables(month, kinds_chosen_by(ChosenBy.COMPETENCE))
        or missing_tables(paid_on, kinds_chosen_by(ChosenBy.PAYMENT))
    )


def build(today: dt.date) -> Company:
    """Make the whole company, with dates relative to ``today``."""
    last = open_month(today)
    first, start = add_months(last, -CLOSED_MONTHS), add_months(last, -CLOSED_MONTHS - 1)
    context = Context(company_id=None, at=moment(start, 8), channel=Channel.SYSTEM)
    company = create_company(
        context,
        cnpj=cnpj(ROOT),
        legal_name="Comercial Ipê Ltda",
        trade_name="Comercial Ipê",
        tax_regime=TaxRegime.PRESUMED,
    )
    ipe = Ipe(company, first)
    _organize(ipe, start)
    for person in staff.STAFF:
        if isinstance(person.joined, dt.date):
            _hire(ipe, person, person.joined, known_on=start)
    _give_accounts(ipe, start)
    business.build(ipe, start)
    for number in range(CLOSED_MONTHS):
        _live(ipe, number)
        if number == CLOSED_MONTHS - 1:
            papers.begin_notices(moment(today, 8))
        _close(ipe, number)
    _live(ipe, CLOSED_MONTHS)
    _leave_open(ipe, today)
    group.schedule_openings(ipe, today)
    entrances.give(ipe, today, PASSWORD)
    group.build_sister(ipe, last, last)
    shown = [ipe.employees[name] for name in staff.SHOWN]
    ends.begin(ipe.system(today), shown, ipe.contracts[staff.WITHOUT_ACCOUNT])
    talk.converse(ipe, today)
    talk.keep_at_hand(ipe, today)
    sheets.keep(ipe, today)
    papers.write_letters(ipe, today, shown)
    tell_others(ipe.acting("owner", today, 9))
    return company


def _organize(ipe: Ipe, day: dt.date) -> None:
    for code, name, order, address, municipality, state in staff.BRANCHES:
        create_branch(
            ipe.system(day),
            code=code,
            name=name,
            cnpj=cnpj(ROOT, order),
            address=address,
            municipality=municipality,
            state=state,
        )
    for code, name, center in staff.DEPARTMENTS:
        above = Department.objects.filter(company=ipe.company, code=staff.PARENTS.get(code, ""))
        parent = above.values_list("pk", flat=True).first()
        create_department(ipe.system(day), code=code, name=name, parent_id=parent)
        create_cost_center(ipe.system(day), code=center, name=name)
    group.make_calendars(ipe, day)
    for key, job in staff.JOBS.items():
        title = people.create_job_title(ipe.system(day), name=job.name, occupation_code=job.cbo)
        ipe.jobs[key] = title.pk
    for key, amount in OPENING_FLOORS.items():
        people.create_salary_floor(
            ipe.system(day),
            job_title_id=ipe.jobs[key],
            amount=amount,
            act="Convenção coletiva do comércio",
            valid_from=day,
        )


def _hire(ipe: Ipe, person: staff.Person, joined: dt.date, *, known_on: dt.date) -> None:
    number = len(ipe.employees) + 1
    context = ipe.system(known_on)
    employee = people.hire_employee(
        context,
        data=people.HireData(
            person=people.PersonData(
                cpf=cpf(318_540_000 + 7 * number),
                name=person.name,
                social_name=person.social_name,
                birth_date=person.born,
                email=f"{_login(person.name)}@{DOMAIN}",
                phone=f"+55119{70_000_000 + 131 * number}",
            ),
            civil=people.CivilData(
                sex=person.sex,
                pis=pis(1_204_550_000 + 11 * number),
                postal_code=f"0{4_000_000 + 113 * number}",
                street="Rua das Laranjeiras",
                street_number=str(20 + 3 * number),
                municipality={b[0]: b[4] for b in staff.BRANCHES}[person.branch],
                state={b[0]: b[5] for b in staff.BRANCHES}[person.branch],
            ),
            registration=f"{number:04d}",
            admitted_on=joined,
            terms=people.TermsData(
                job_title_id=ipe.jobs[person.job],
                salary=person.salary,
                weekly_hours=person.weekly_hours,
            ),
            place=_place(ipe, person.branch, person.department, person.boss),
            payout=_payout(person, number),
            known_since=known_on,
        ),
    )
    ipe.employees[person.name] = employee
    ipe.contracts[person.name] = employee.contracts.get()
    _add_children(context, person, employee, number, since=max(joined, known_on))


def _add_children(
    context: Context, person: staff.Person, employee: Employee, number: int, *, since: dt.date
) -> None:
    for index, child in enumerate(person.children, start=1):
        people.add_dependent(
            context,
            employee_id=employee.pk,
            data=people.DependentData(
                cpf=cpf(512_330_000 + 29 * number + index),
                name=child.name,
                birth_date=child.born,
                kinship="03",
                for_irrf=True,
                for_family_allowance=True,
                valid_from=max(since, child.born),
            ),
        )


def _login(name: str) -> str:
    first, *_rest, last = name.lower().replace("'", "").split()
    plain = str.maketrans("áàâãéêíóôõúüç", "aaaaeeiooouuc")
    return f"{first}.{last}".translate(plain)


def _payout(person: staff.Person, number: int) -> people.PayoutData:
    if person.name == staff.WITHOUT_ACCOUNT:
        return people.PayoutData()
    if number % 3 == 0:
        return people.PayoutData(pix_key=f"{_login(person.name)}@{DOMAIN}")
    bank = ("001", "237", "341", "104", "033")[number % 5]
    return people.PayoutData(
        bank_code=bank,
        agency=f"{1200 + 17 * number}",
        account=f"{30_450 + 97 * number}-{number % 10}",
    )


def _place(ipe: Ipe, branch: str, department: str, boss: str) -> people.Place:
    center = {d[0]: d[2] for d in staff.DEPARTMENTS}[department]
    return people.Place(
        branch_id=Branch.objects.get(company=ipe.company, code=branch).pk,
        department_id=Department.objects.get(company=ipe.company, code=department).pk,
        cost_center_id=CostCenter.objects.get(company=ipe.company, code=center).pk,
        manager_person_id=ipe.employees[boss].party_id if boss else None,
    )


def _give_accounts(ipe: Ipe, day: dt.date) -> None:
    roles = {role.code: role.pk for role in Role.objects.filter(company__isnull=True)}
    for name, login, role, scope in USERS:
        employee = ipe.employees.get(name)
        ipe.users[role] = create_user(
            ipe.system(day),
            email=f"{login}@{DOMAIN}",
            name=name,
            role_id=roles[role],
            scope=scope,
            person_id=None if employee is None else employee.party_id,
            language="pt-br",
            password=PASSWORD,
        )


def _live(ipe: Ipe, number: int) -> None:
    """What happens in a month besides its payroll: people come, go, are promoted, move."""
    month = ipe.month(number)
    for person in staff.STAFF:
        if person.joined == number:
            joined = month + dt.timedelta(days=7 * (number % 3))
            _hire(ipe, person, joined, known_on=joined)
    if number == DATA_BASE:
        _raise_everybody(ipe, month)
    if number == 4:
        people.end_contract(
            ipe.acting("hr_analyst", month, 10),
            contract_id=ipe.contracts[staff.LEAVER].pk,
            ended_on=month + dt.timedelta(days=18),
        )
    if number == 6:
        group.merge_warehouse(ipe, month)
    if number == 8:
        _change(ipe, staff.PROMOTED, month + dt.timedelta(days=10), job="assistant", factor="1.22")
    if number == 9:
        people.transfer(
            ipe.acting("hr_analyst", month, 11),
            contract_id=ipe.contracts[staff.TRANSFERRED].pk,
            place=_place(ipe, "02", "LJ2", staff.CAMPINAS),
            valid_from=month,
        )
    if number == CLOSED_MONTHS:
        _new_agreement(ipe, month)


def _raise_everybody(ipe: Ipe, month: dt.date) -> None:
    for name, contract in ipe.contracts.items():
        if contract.ended_on is None and name != staff.LEAVER:
            _change(ipe, name, month, factor=str(RAISE), reason="agreement")


def _new_agreement(ipe: Ipe, month: dt.date) -> None:
    """A new floor for cashiers reaches everybody but one, whom the readiness board will show."""
    people.create_salary_floor(
        ipe.acting("hr_analyst", month, 9),
        job_title_id=ipe.jobs["cashier"],
        amount=NEW_CASHIER_FLOOR,
        act="Convenção coletiva do comércio, novo piso de caixa",
        valid_from=month,
    )


def _change(
    ipe: Ipe,
    name: str,
    day: dt.date,
    *,
    factor: str,
    job: str = "",
    reason: str = "promotion",
) -> None:
    contract = ipe.contracts[name]
    terms = contract.terms.order_by("-valid_from").first()
    if terms is None:
        return
    people.change_terms(
        ipe.acting("hr_analyst", day, 10),
        contract_id=contract.pk,
        terms=people.TermsData(
            job_title_id=ipe.jobs[job] if job else terms.job_title_id,
            salary=to_cents(terms.salary * Decimal(factor), Rounding.HALF_UP),
            weekly_hours=terms.weekly_hours,
        ),
        reason=reason,
        valid_from=day,
    )


def _close(ipe: Ipe, number: int) -> None:
    """The payroll of a month from opening to closing, as its people did it."""
    month = ipe.month(number)
    if number:
        _conclude(ipe, ipe.month(number - 1))
    calendar = WorkingCalendar(saturday=False, state="SP")
    last = calendar.last_of_month(month)
    days = [calendar.add(last, -shift) for shift in (6, 5 - number % 2, 4 - number % 3)]
    run = open_run(ipe.acting("hr_analyst", days[0], 9), competence=month)
    compute_run(ipe.acting("hr_analyst", days[0], 10), payroll_run_id=run.pk)
    do_pending_work(run, moment(days[0], 10))
    submit_run(ipe.acting("hr_analyst", days[1], 11), payroll_run_id=run.pk)
    approval = Approval.objects.get(document_type="hr.payrollrun", document_id=run.pk, state="open")
    vote(
        ipe.acting("hr_manager", days[2], 15),
        approval_id=approval.pk,
        decision="approve",
        content_hash=approval.content_hash,
    )
    close_run(ipe.acting("hr_manager", days[2], 16), payroll_run_id=run.pk)


def _conclude(ipe: Ipe, month: dt.date) -> None:
    """The month before was paid: its proof is filed. The last closed month is left for a visitor."""
    run = PayrollRun.objects.get(company=ipe.company, competence=month)
    day = WorkingCalendar(saturday=False, state="SP").add(run.payment_date, 1)
    context = ipe.acting("hr_analyst", day, 9)
    conclude_run(context, payroll_run_id=run.pk, proof="bank", note="Arquivo de retorno do banco")


def do_pending_work(run: PayrollRun, at: dt.datetime) -> None:
    """Do the chunks of a run's job in this process; a worker that runs already may be quicker."""
    run.refresh_from_db()
    if run.job_id is None:
        return
    end = time.monotonic() + PATIENCE
    while run.state == RunState.COMPUTING and time.monotonic() < end:
        pending = JobChunk.objects.filter(job_id=run.job_id, state="pending")
        for pk in pending.values_list("pk", flat=True):
            run_chunk(pk, worker="create_demo", at=at)
        run.refresh_from_db()


def _leave_open(ipe: Ipe, today: dt.date) -> None:
    month = ipe.month(CLOSED_MONTHS)
    day = max(month, min(today, add_months(month, 1) - dt.timedelta(days=1)))
    open_run(ipe.acting("hr_analyst", day, 9), competence=month)
