"""Records and bodies for the conformance suite, of the kernel's objects and of the area hr."""

import datetime as dt
from itertools import count
from typing import Any

from django.db.models import Model
from django.utils import timezone

from backoffice.jobs.services import create_schedule, pause_schedule
from backoffice.numbering.models import NumberFormat
from backoffice.numbering.registry import SERIES, Series, register
from backoffice.numbering.services import create_number_format
from backoffice.official.models import LocalHoliday
from backoffice.organization import services as organization
from backoffice.organization.models import Branch, Company, CostCenter, Department
from hr.payroll.models import PayItem, PayrollRun
from hr.people.models import SalaryFloor
from hr.people.services import agree_trial
from tests.factories import identity, payroll, people
from tests.factories.objects import body_for, factory_for, record_for

_numbers = count(900_000)
CLOSED_ON = dt.date(2026, 11, 30)
DAY = dt.date(2020, 1, 1)


def _text(prefix: str) -> str:
    return f"{prefix} {next(_numbers)}"


# --- kernel -------------------------------------------------------------------------------------


@factory_for("backoffice.user")
def user(company: Company, **over: Any) -> Model:
    return identity.make_user(company, "it_agent")


@body_for("backoffice.user.create")
def user_body(company: Company, record: Any) -> dict[str, Any]:
    email = f"pessoa{next(_numbers)}@example.com"
    role = identity.role("employee").pk
    return {"name": _text("Pessoa"), "email": email, "role": role, "scope": 1}


@body_for("backoffice.user.edit")
def user_change(company: Company, record: Any) -> dict[str, Any]:
    return {"name": _text("Pessoa")}


@record_for("backoffice.user.reactivate")
def closed_user(company: Company) -> Model:
    from backoffice.identity import services

    found = identity.make_user(company, "it_agent")
    return services.deactivate_user(people.system(company), user_id=found.pk)


@factory_for("backoffice.role_grant")
def role_grant(company: Company, **over: Any) -> Model:
    return identity.make_user(company, "it_agent").role_grants.get()


@body_for("backoffice.role_grant.assign")
def role_body(company: Company, record: Any) -> dict[str, Any]:
    someone = identity.make_user(company, "it_agent")
    return {"user": someone.pk, "role": identity.role("finance").pk, "scope": 4}


@factory_for("backoffice.company")
def company_itself(company: Company, **over: Any) -> Model:
    return company


@body_for("backoffice.company.create")
def company_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    names = {"legal_name": f"Empresa {number} Ltda", "trade_name": f"Empresa {number}"}
    zone = "America/Sao_Paulo"
    return {"cnpj": people.cnpj(number), "tax_regime": "presumed", "time_zone": zone, **names}


@body_for("backoffice.company.change")
def company_change(company: Company, record: Any) -> dict[str, Any]:
    return {"legal_name": _text("Empresa")}


@factory_for("backoffice.branch")
def branch(company: Company, **over: Any) -> Branch:
    return identity.make_branch(company)


@body_for("backoffice.branch.create")
def branch_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "code": str(number),
        "name": f"Filial {number}",
        "cnpj": people.cnpj(number),
        "municipality": "3548500",
    }


@factory_for("backoffice.local_holiday")
def local_holiday(company: Company, **over: Any) -> LocalHoliday:
    return LocalHoliday.objects.create(
        municipality_id="3548500", name=_text("Feriado"), day=8, month=9, act="Lei", valid_from=DAY
    )


@body_for("backoffice.local_holiday.create")
def local_holiday_body(company: Company, record: Any) -> dict[str, Any]:
    names = {"name": _text("Feriado"), "act": "Lei municipal 1/2000"}
    return {"municipality": "3548500", "day": 8, "month": 9, "valid_from": "2020-01-01", **names}


@body_for("backoffice.local_holiday.change")
def local_holiday_change(company: Company, record: Any) -> dict[str, Any]:
    return {"name": _text("Feriado")}


@factory_for("backoffice.department")
def department(company: Company, **over: Any) -> Department:
    number = next(_numbers)
    return Department.objects.create(company=company, code=str(number), name=f"Setor {number}")


@factory_for("backoffice.cost_center")
def cost_center(company: Company, **over: Any) -> CostCenter:
    number = next(_numbers)
    return CostCenter.objects.create(company=company, code=str(number), name=f"Centro {number}")


@body_for("backoffice.department.create", "backoffice.cost_center.create")
def coded_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {"code": str(number), "name": f"Parte {number}"}


@body_for(
    "backoffice.branch.change", "backoffice.department.change", "backoffice.cost_center.change"
)
def coded_change(company: Company, record: Any) -> dict[str, Any]:
    return {"name": _text("Parte")}


@factory_for("backoffice.schedule")
def schedule(company: Company, **over: Any) -> Model:
    return create_schedule(
        people.system(company), duty="hr.payroll.open_month", every="nth_business_day", number=1
    )


@record_for("backoffice.schedule.resume")
def paused_schedule(company: Company) -> Model:
    return pause_schedule(people.system(company), schedule_id=schedule(company).pk)


@body_for("backoffice.schedule.create")
def schedule_body(company: Company, record: Any) -> dict[str, Any]:
    return {"duty": "hr.payroll.open_month", "every": "month_day", "number": 5, "at": "08:30"}


@body_for("backoffice.schedule.change")
def schedule_change(company: Company, record: Any) -> dict[str, Any]:
    return {"at": "07:15"}


def _free_series(company: Company) -> Series:
    """A series that the company writes as usual; one of the tests when there is none left."""
    taken = set(NumberFormat.objects.filter(company_id=company.pk).values_list("series", flat=True))
    for each in SERIES.values():
        if each.name not in taken:
            return each
    name = f"sample.{next(_numbers)}"
    return register(Series(name=name, label=name, pattern="{year}/{number}"))


@factory_for("backoffice.number_format")
def number_format(company: Company, **over: Any) -> Model:
    free = _free_series(company)
    return create_number_format(people.system(company), series=free.name, pattern=free.pattern)


@body_for("backoffice.number_format.create")
def number_format_body(company: Company, record: Any) -> dict[str, Any]:
    free = _free_series(company)
    return {"series": free.name, "pattern": f"N {free.pattern}"}


@body_for("backoffice.number_format.change")
def number_format_change(company: Company, record: Any) -> dict[str, Any]:
    return {"pattern": f"X {SERIES[record.series].pattern}"}


@factory_for("backoffice.work_calendar")
def work_calendar(company: Company, **over: Any) -> Model:
    number = next(_numbers)
    return organization.create_work_calendar(
        people.system(company), code=str(number), name=f"Calendário {number}", state="SP"
    )


@record_for("backoffice.work_calendar.make_standard")
def second_calendar(company: Company) -> Model:
    work_calendar(company)
    return work_calendar(company)


@record_for("backoffice.work_calendar.remove_day")
def calendar_with_a_day(company: Company) -> Model:
    return organization.add_day(
        people.system(company),
        work_calendar_id=work_calendar(company).pk,
        day=dt.date(2031, 12, 24),
        name="Ponte",
    )


@body_for("backoffice.work_calendar.create")
def calendar_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    name = f"Calendário {number}"
    return {"code": str(number), "name": name, "time_zone": "America/Sao_Paulo"}


@body_for("backoffice.work_calendar.change")
def calendar_change(company: Company, record: Any) -> dict[str, Any]:
    return {"name": _text("Calendário")}


@body_for("backoffice.work_calendar.set_hours")
def hours_body(company: Company, record: Any) -> dict[str, Any]:
    return {"weekdays": [0, 1], "spans": "08:00-12:00 13:00-18:00", "valid_from": "2026-12-01"}


@body_for("backoffice.work_calendar.add_day")
def day_body(company: Company, record: Any) -> dict[str, Any]:
    return {"day": "2031-12-24", "name": "Ponte", "kind": "closed"}


@body_for("backoffice.work_calendar.remove_day")
def removed_day(company: Company, record: Any) -> dict[str, Any]:
    return {"day": "2031-12-24"}


@body_for("backoffice.branch.close", "backoffice.department.close", "backoffice.cost_center.close")
def close_body(company: Company, record: Any) -> dict[str, Any]:
    return {"closed_on": "2026-12-31"}


@record_for("backoffice.branch.reopen")
def closed_branch(company: Company) -> Model:
    made = branch(company)
    return organization.close_branch(people.system(company), branch_id=made.pk, closed_on=CLOSED_ON)


@record_for("backoffice.department.reopen")
def closed_department(company: Company) -> Model:
    made = department(company)
    return organization.close_department(
        people.system(company), department_id=made.pk, closed_on=CLOSED_ON
    )


@record_for("backoffice.cost_center.reopen")
def closed_cost_center(company: Company) -> Model:
    made = cost_center(company)
    return organization.close_cost_center(
        people.system(company), cost_center_id=made.pk, closed_on=CLOSED_ON
    )


@body_for("backoffice.department.merge")
def merge_body(company: Company, record: Any) -> dict[str, Any]:
    return {"into": department(company).pk, "merged_on": "2027-01-01"}


@body_for("backoffice.cost_center.merge")
def merge_center_body(company: Company, record: Any) -> dict[str, Any]:
    return {"into": cost_center(company).pk, "merged_on": "2027-01-01"}


# --- people -------------------------------------------------------------------------------------


@factory_for("hr.employee")
def employee(company: Company, **over: Any) -> Model:
    return people.hire(company, **over)


@body_for("hr.employee.hire")
def hire_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "name": f"João da Silva {number}",
        "cpf": people.cpf(number),
        "birth_date": "1988-02-29",
        "registration": str(number),
        "admitted_on": "2026-01-05",
        "job_title": people.make_job_title(company).pk,
        "salary": "3200.00",
        "weekly_hours": "44.00",
        "branch": Branch.objects.filter(company=company)[0].pk,
        "department": Department.objects.filter(company=company)[0].pk,
        "pix_key": f"pessoa{number}@example.com",
    }


@body_for("hr.employee.update")
def employee_change(company: Company, record: Any) -> dict[str, Any]:
    return {"mother_name": _text("Ana de Souza")}


@body_for("hr.employee.change_payout")
def payout_body(company: Company, record: Any) -> dict[str, Any]:
    return {"pix_key": f"pessoa{next(_numbers)}@example.com", "valid_from": "2026-12-01"}


@body_for("hr.employee.add_dependent")
def dependent_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "name": f"Lia da Silva {number}",
        "cpf": people.cpf(number),
        "birth_date": "2020-05-01",
        "kinship": "03",
        "valid_from": "2026-11-01",
    }


@record_for("hr.employee.end_dependent")
def parent(company: Company) -> Model:
    from hr.people import services

    found = people.hire(company)
    number = next(_numbers)
    data = services.DependentData(
        name=f"Lia {number}",
        cpf=people.cpf(number),
        birth_date=dt.date(2020, 5, 1),
        kinship="03",
        for_irrf=True,
        for_family_allowance=False,
        disabled=False,
        valid_from=dt.date(2026, 1, 1),
    )
    services.add_dependent(people.system(company), employee_id=found.pk, data=data)
    return found


@body_for("hr.employee.end_dependent")
def end_dependent_body(company: Company, record: Any) -> dict[str, Any]:
    return {"dependent": record.dependents.get().pk, "valid_to": "2026-12-31"}


@factory_for("hr.contract")
def contract(company: Company, **over: Any) -> Model:
    return people.contract_of(people.hire(company))


@body_for("hr.contract.change_terms")
def terms_body(company: Company, record: Any) -> dict[str, Any]:
    return {
        "job_title": people.make_job_title(company).pk,
        "salary": "4000.00",
        "weekly_hours": "44.00",
        "reason": "raise",
        "valid_from": "2026-12-01",
    }


@body_for("hr.contract.transfer")
def transfer_body(company: Company, record: Any) -> dict[str, Any]:
    return {
        "branch": identity.make_branch(company).pk,
        "department": Department.objects.filter(company=company)[0].pk,
        "valid_from": "2026-12-01",
    }


@body_for("hr.contract.end")
def end_body(company: Company, record: Any) -> dict[str, Any]:
    return {"ended_on": "2026-12-15"}


@factory_for("hr.job_title")
def job_title(company: Company, **over: Any) -> Model:
    return people.make_job_title(company)


@body_for("hr.job_title.create")
def job_title_body(company: Company, record: Any) -> dict[str, Any]:
    return {"name": _text("Auxiliar"), "occupation_code": "4110-10"}


@factory_for("hr.salary_floor")
def salary_floor(company: Company, **over: Any) -> SalaryFloor:
    from hr.people import services

    return services.create_salary_floor(
        people.system(company),
        job_title_id=people.make_job_title(company).pk,
        amount=over.get("amount", 1800),
        act=_text("CCT"),
        valid_from=dt.date(2026, 1, 1),
    )


@body_for("hr.salary_floor.create")
def floor_body(company: Company, record: Any) -> dict[str, Any]:
    title = people.make_job_title(company).pk
    return {
        "job_title": title,
        "amount": "1900.00",
        "act": _text("CCT"),
        "valid_from": "2026-01-01",
    }


# --- payroll ------------------------------------------------------------------------------------


def _free_month(company: Company) -> dt.date:
    """The last month before November 2026 for which the company has no run."""
    taken = set(PayrollRun.objects.filter(company=company).values_list("competence", flat=True))
    month = dt.date(2026, 10, 1)
    while month in taken:
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return month


@factory_for("hr.payroll_run")
def payroll_run(company: Company, **over: Any) -> PayrollRun:
    return payroll.open_run(company, _free_month(company))


@body_for("hr.payroll_run.open")
def run_body(company: Company, record: Any) -> dict[str, Any]:
    return {"competence": "2026-10"}


@record_for("hr.payroll_run.submit", "hr.payroll_run.print")
def computed(company: Company) -> Model:
    people.hire(company)
    return payroll.computed_run(company)


@record_for("hr.payroll_run.compute")
def open_with_people(company: Company) -> Model:
    people.hire(company)
    return payroll.open_run(company)


@record_for("hr.payroll_run.conclude")
def closed(company: Company) -> Model:
    from backoffice.work import approvals
    from backoffice.work.models import Approval
    from hr.payroll import services

    run = computed(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    asked = Approval.objects.get(document_id=run.pk, state="open")
    voter = people.acting(company, people.Everything())
    approvals.vote(voter, approval_id=asked.pk, decision="approve", content_hash=asked.content_hash)
    services.close_run(people.system(company), payroll_run_id=run.pk)
    run.refresh_from_db()
    return run


@body_for("hr.payroll_run.conclude")
def conclude_body(company: Company, record: Any) -> dict[str, Any]:
    return {"proof": "bank", "note": "Arquivo do banco"}


@factory_for("hr.payslip")
def payslip(company: Company, **over: Any) -> Model:
    people.hire(company)
    run = payroll.computed_run(company, _free_month(company))
    return run.payslips.order_by("-pk")[0]


@factory_for("hr.pay_item")
def pay_item(company: Company, **over: Any) -> Model:
    number = next(_numbers)
    standard = PayItem.objects.filter(company=None)[0]
    return PayItem.objects.create(
        company=company,
        code=str(number),
        name=f"Gratificação {number}",
        key=f"gratificacao-{number}",
        kind=standard.kind,
        nature=standard.nature,
        incidence_cp=standard.incidence_cp,
        incidence_irrf=standard.incidence_irrf,
        incidence_fgts=standard.incidence_fgts,
        valid_from=dt.date(2020, 1, 1),
        source="teste",
    )


@body_for("hr.contract.agree_trial")
def trial_body(company: Company, record: Any) -> dict[str, Any]:
    return {"trial_until": f"{record.admitted_on + dt.timedelta(days=44)}"}


@record_for("hr.contract.extend_trial")
def on_trial(company: Company) -> Model:
    today = timezone.localdate()
    found = people.contract_of(people.hire(company, admitted_on=today - dt.timedelta(days=10)))
    return agree_trial(
        people.system(company),
        contract_id=found.pk,
        trial_until=today + dt.timedelta(days=20),
    )


@body_for("hr.contract.extend_trial")
def extension_body(company: Company, record: Any) -> dict[str, Any]:
    return {"trial_extended_until": f"{record.admitted_on + dt.timedelta(days=89)}"}
