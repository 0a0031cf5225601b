"""The group around Comercial Ipê: calendars of its places, and a small sister company."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from backoffice.commands import Channel, Context
from backoffice.identity.models import Role
from backoffice.identity.rules import Scope
from backoffice.identity.services import assign_role, create_company
from backoffice.jobs.services import create_schedule
from backoffice.numbering.services import create_number_format
from backoffice.organization import services as organization
from backoffice.organization.models import Branch, Company, DayKind, Department, TaxRegime
from backoffice.organization.rules import Span
from demo import staff
from demo.numbers import cnpj, cpf
from hr.payroll.services import open_run
from hr.people import services as people
from hr.people.models import Employee

if TYPE_CHECKING:
    from demo.ipe import Ipe

SISTER_ROOT = 52_960_417
OFFICE: tuple[Span, ...] = ((480, 720), (780, 1068))
STORE: tuple[Span, ...] = ((540, 780), (840, 1080))
SATURDAY: tuple[Span, ...] = ((540, 780),)
WEEK = (0, 1, 2, 3, 4)

# (code, name, municipality, state, week, Saturday, holiday of the municipality, code of the branch)
CALENDARS: tuple[tuple[str, str, str, str, tuple[Span, ...], tuple[Span, ...], str, str], ...] = (
    ("ESC", "Escritório e loja São Paulo", "São Paulo", "SP", OFFICE, (), "01-25", ""),
    ("CPS", "Loja Campinas", "Campinas", "SP", STORE, SATURDAY, "12-08", "02"),
    ("CWB", "Loja Curitiba", "Curitiba", "PR", STORE, SATURDAY, "09-08", "03"),
)
HOLIDAYS = {
    "01-25": "Aniversário de São Paulo",
    "12-08": "Nossa Senhora da Conceição",
    "09-08": "Nossa Senhora da Luz dos Pinhais",
}

# (name, CPF root or the person of Comercial Ipê, job, department, salary, hours a week)
SISTER_STAFF = (
    ("Otília Bernardes Falcão", 641_220_011, "store_manager", "ADM", "6200.00", "44"),
    ("Nélson Iglesias Prata", 641_220_037, "driver", "TRA", "2890.00", "44"),
    ("Vanda Siqueira Lobo", 641_220_053, "storekeeper", "ARM", "2380.00", "44"),
    (staff.TWO_COMPANIES, 0, "cleaner", "ADM", "860.00", "20"),
)


def make_calendars(ipe: "Ipe", day: dt.date) -> None:
    """When each place works: usual hours, holidays of the municipality, half days."""
    ctx = ipe.system(day)
    since = dt.date(day.year, 1, 1)
    for code, name, municipality, state, week, saturday, holiday, branch in CALENDARS:
        calendar = organization.create_work_calendar(
            ctx, code=code, name=name, municipality=municipality, state=state
        )
        key = calendar.pk
        organization.set_hours(
            ctx, weekdays=WEEK, spans=week, valid_from=since, work_calendar_id=key
        )
        organization.set_hours(
            ctx, weekdays=[5], spans=saturday, valid_from=since, work_calendar_id=key
        )
        organization.add_day(
            ctx,
            day=dt.date.fromisoformat(f"{day.year}-{holiday}"),
            name=HOLIDAYS[holiday],
            every_year=True,
            work_calendar_id=key,
        )
        for year in (day.year, day.year + 1, day.year + 2):
            organization.add_day(
                ctx,
                day=dt.date(year, 12, 24),
                name="Véspera de Natal",
                kind=DayKind.HALF,
                spans=[(0, 720)],
                work_calendar_id=key,
            )
        if branch:
            _work_by(ctx, Branch.objects.get(company=ipe.company, code=branch), calendar.pk)


def _work_by(ctx: Context, branch: Branch, calendar_id: int) -> None:
    organization.change_branch(
        ctx,
        branch_id=branch.pk,
        code=branch.code,
        name=branch.name,
        cnpj=branch.cnpj,
        municipality=branch.municipality,
        state=branch.state,
        address=branch.address,
        work_calendar_id=calendar_id,
    )


def merge_warehouse(ipe: "Ipe", day: dt.date) -> None:
    """The warehouse, a department of its own before, becomes part of logistics."""
    old = Department.objects.get(company=ipe.company, code="ALM")
    new = Department.objects.get(company=ipe.company, code="LOG")
    ctx = ipe.acting("owner", day, 9)
    organization.merge_department(ctx, department_id=old.pk, into_id=new.pk, merged_on=day)


def schedule_openings(ipe: "Ipe", day: dt.date) -> None:
    """From now on the payroll of each month opens by itself on its first business day."""
    create_schedule(
        ipe.acting("administrator", day, 10),
        duty="hr.payroll.open_month",
        every="nth_business_day",
        number=1,
        minute=8 * 60,
        state="SP",
    )


def build_sister(ipe: "Ipe", day: dt.date, month: dt.date) -> Company:
    """Ipê Logística: four people, one of whom works in both companies."""
    system = Context(company_id=None, at=ipe.system(day).at, channel=Channel.SYSTEM)
    company = create_company(
        system,
        cnpj=cnpj(SISTER_ROOT),
        legal_name="Ipê Logística Ltda",
        trade_name="Ipê Logística",
        tax_regime=TaxRegime.SIMPLES,
    )
    ctx = Context(company_id=company.pk, at=system.at, channel=Channel.SYSTEM)
    branch = organization.create_branch(
        ctx,
        code="01",
        name="Guarulhos",
        cnpj=company.cnpj,
        address="Rodovia Presidente Dutra, km 225",
        municipality="Guarulhos",
        state="SP",
    )
    top = organization.create_department(ctx, code="ADM", name="Administração")
    for code, name in (("ARM", "Armazém"), ("TRA", "Transporte")):
        organization.create_department(ctx, code=code, name=name, parent_id=top.pk)
    calendar = organization.create_work_calendar(
        ctx, code="CD", name="Centro de distribuição", municipality="Guarulhos", state="SP"
    )
    organization.set_hours(
        ctx,
        work_calendar_id=calendar.pk,
        weekdays=WEEK,
        spans=((360, 720), (780, 948)),
        valid_from=day,
    )
    create_number_format(ctx, series="hr.payroll_run", pattern="{number:3}/{year}")
    for number, person in enumerate(SISTER_STAFF, start=1):
        _hire(ipe, ctx, branch, number, person)
    _let_in(ipe, ctx)
    open_run(ctx, competence=month)
    return company


def _hire(
    ipe: "Ipe",
    ctx: Context,
    branch: Branch,
    number: int,
    person: tuple[str, int, str, str, str, str],
) -> None:
    name, root, job, department, salary, hours = person
    known = None if root else ipe.employees[name].party
    spec = staff.JOBS[job]
    title = people.create_job_title(ctx, name=spec.name, occupation_code=spec.cbo)
    boss = Employee.objects.filter(company_id=ctx.company).order_by("pk").first()
    people.hire_employee(
        ctx,
        data=people.HireData(
            person=people.PersonData(
                cpf=known.tax_id if known else cpf(root),
                name=name,
                birth_date=(known.birth_date if known else None) or dt.date(1985, 4, 3 + number),
            ),
            registration="",
            admitted_on=ctx.at.date(),
            terms=people.TermsData(
                job_title_id=title.pk, salary=Decimal(salary), weekly_hours=Decimal(hours)
            ),
            place=people.Place(
                branch_id=branch.pk,
                department_id=Department.objects.get(company_id=ctx.company, code=department).pk,
                manager_person_id=boss.party_id if boss else None,
            ),
            payout=people.PayoutData(pix_key=f"pessoa{number}@ipelogistica.example"),
        ),
    )


def _let_in(ipe: "Ipe", ctx: Context) -> None:
    roles = {role.code: role.pk for role in Role.objects.filter(company__isnull=True)}
    for code in ("owner", "hr_analyst", "hr_manager", "administrator"):
        assign_role(ctx, user_id=ipe.users[code].pk, role_id=roles[code], scope=Scope.COMPANY)
