"""Gapless under many writers with rollbacks; plain ones that wait for nobody; formats by company."""

import datetime as dt
import itertools
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from backoffice.commands import (
    CHECKED_INSIDE,
    Context,
    OutsideTransaction,
    at_the_end,
    command,
    last_acts,
)
from backoffice.errors import InvalidInput, NotFound
from backoffice.numbering import services
from backoffice.numbering.models import IssuedNumber, NumberCounter
from backoffice.numbering.registry import Series, register
from backoffice.numbering.selectors import counts_of
from backoffice.organization.models import Company, Department
from hr.payroll.models import PayrollRun
from hr.payroll.services import open_run
from hr.people.models import Employee
from hr.people.services import HireData, PersonData, Place, TermsData, hire_employee
from tests.backoffice.organization.acting import inside
from tests.factories import identity
from tests.factories.people import (
    contract_of,
    cpf,
    hire,
    make_company,
    make_job_title,
    system,
)
from tests.harness.threads import race

pytestmark = pytest.mark.django_db

PLAIN = register(
    Series(name="test.plain", label="x", pattern="{number}", gapless=False, yearly=False)
)
BY_BRANCH = register(
    Series(name="test.branch", label="x", pattern="{branch}-{year}/{number:3}", by_branch=True)
)


_people = itertools.count(700_000)


class Boom(Exception):
    """Something after the number was asked for."""


def opened(ctx: Context, competence: dt.date) -> PayrollRun:
    """What the command that opens a payroll does, inside another transaction."""
    made: PayrollRun = vars(open_run)["__wrapped__"](ctx, competence=competence)
    return made


@command("test.payroll.open_and_maybe_fail", permission=CHECKED_INSIDE)
def open_and_maybe_fail(ctx: Context, *, competence: dt.date, fail: str) -> PayrollRun:
    """Numbers a payroll and sometimes fails, before or after asking for the number."""
    run = opened(ctx, competence)
    if fail == "last":
        at_the_end("zz after the number", _boom)
    elif fail:
        raise Boom
    return run


def _boom() -> None:
    raise Boom


def months(count: int) -> list[dt.date]:
    return [dt.date(2013 + number // 12, number % 12 + 1, 1) for number in range(count)]


def test_payrolls_are_numbered_by_year_as_they_are_opened() -> None:
    company = make_company()
    runs = [
        open_run(system(company), competence=month)
        for month in (dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1))
    ]
    assert [run.number for run in runs] == ["FP-2025/001", "FP-2025/002", "FP-2026/001"]
    other = open_run(system(make_company()), competence=dt.date(2025, 11, 1))
    assert other.number == "FP-2025/001"
    assert list(
        PayrollRun.objects.filter(company=company).order_by("pk").values_list("number", flat=True)
    ) == ["FP-2025/001", "FP-2025/002", "FP-2026/001"]


def test_a_repeated_request_gets_the_same_number() -> None:
    company = make_company()
    owner = identity.make_user(company, "owner")
    ctx = identity.acting_as(owner, company, key="once")
    first = open_run(ctx, competence=dt.date(2026, 1, 1))
    again = open_run(ctx, competence=dt.date(2026, 1, 1))
    assert (again.pk, again.number) == (first.pk, "FP-2026/001")
    assert IssuedNumber.objects.filter(company_id=company.pk).count() == 1


@pytest.mark.clone
def test_sixteen_writers_with_rollbacks_leave_no_gap() -> None:
    company = make_company()
    chance = random.Random(7)
    work = [(month, chance.choice(["", "", "", "early", "last"])) for month in months(160)]

    def act(job: tuple[dt.date, str]) -> str | None:
        month, fail = job
        try:
            return open_and_maybe_fail(system(company), competence=month, fail=fail).number
        except Boom:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        numbers = [each for each in pool.map(act, work) if each]
    kept = [month for month, fail in work if not fail]
    assert len(numbers) == len(set(numbers)) == len(kept)
    assert 0 < len(kept) < 160
    for count in counts_of(company.pk):
        assert count.without_gaps, count
    per_year = {year: sum(month.year == year for month in kept) for year in {m.year for m in kept}}
    assert {count.year: count.last for count in counts_of(company.pk)} == per_year


@pytest.mark.clone
def test_two_series_in_one_transaction_never_deadlock() -> None:
    company = make_company()
    first = [opened_alone(company, month) for month in months(16)]
    branch: dict[str, Any] = {"year": 2026, "branch": services.Branch(branch_id=1, code="01")}

    def both(number: int) -> Callable[[], int]:
        """Asks for the two numbers in one order or the other."""

        def act() -> int:
            ctx = system(company)
            with transaction.atomic(), last_acts():
                if number % 2:
                    services.number_at_the_end(
                        ctx, record=first[number], series="test.branch", **branch
                    )
                run = opened(ctx, months(40)[16 + number])
                if not number % 2:
                    services.number_at_the_end(ctx, record=run, series="test.branch", **branch)
            return run.pk

        return act

    results = race([both(number) for number in range(16)])
    assert all(isinstance(each, int) for each in results), results
    counts = {count.series: count.last for count in counts_of(company.pk) if count.year == 2026}
    assert counts == {"test.branch": 16}
    assert all(count.without_gaps for count in counts_of(company.pk))


def opened_alone(company: Company, month: dt.date) -> PayrollRun:
    with transaction.atomic(), last_acts():
        return opened(system(company), month)


def test_the_counter_is_locked_after_everything_else() -> None:
    company = make_company()
    statements: list[str] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        run = open_run(system(company), competence=dt.date(2026, 1, 1))
    first = next(n for n, sql in enumerate(statements) if "backoffice_number_counter" in sql)
    after = [sql for sql in statements[first + 1 :] if not sql.startswith("RELEASE")]
    assert ["issued_number" in sql or "hr_payroll_run" in sql for sql in after] == [True, True]
    assert run.number


def test_a_record_that_a_savepoint_took_away_gets_no_number() -> None:
    company = make_company()

    def in_vain() -> None:
        with transaction.atomic():
            opened(system(company), dt.date(2026, 1, 1))
            _boom()

    with transaction.atomic(), last_acts():
        with pytest.raises(Boom):
            in_vain()
        assert not PayrollRun.objects.exists()
    assert not NumberCounter.objects.exists()
    assert open_run(system(company), competence=dt.date(2026, 1, 1)).number == "FP-2026/001"


def test_last_things_need_a_command() -> None:
    with pytest.raises(OutsideTransaction):
        at_the_end("x", _boom)
    with transaction.atomic(), pytest.raises(OutsideTransaction):
        at_the_end("x", _boom)


@pytest.mark.parametrize(
    "given",
    [
        {"series": "hr.payroll_run"},
        {"series": "test.branch", "year": 2026},
        {"series": "test.plain"},
    ],
)
def test_a_series_is_counted_by_what_it_says(given: dict[str, Any]) -> None:
    company = make_company()
    with pytest.raises(ValueError, match="not numbered this way"):
        inside(system(company), services.number_at_the_end, record=company, **given)
    with pytest.raises(ValueError, match="not numbered this way"):
        inside(system(company), services.next_plain_number, series="hr.payroll_run")


def test_the_database_refuses_gaps_by_itself() -> None:
    company = make_company()
    open_run(system(company), competence=dt.date(2026, 1, 1))
    counter = NumberCounter.objects.get()
    for statement, why in (
        ("UPDATE backoffice_number_counter SET last = 5", "up by one"),
        ("UPDATE backoffice_number_counter SET last = last", "up by one"),
        (COUNTER, "begins with 1"),
        (ISSUED, "its counter"),
    ):
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            _run(statement, company.pk)
    for statement in (
        "DELETE FROM backoffice_number_counter",
        "DELETE FROM backoffice_issued_number",
        "UPDATE backoffice_issued_number SET text = 'x'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            _run(statement)
    with pytest.raises(IntegrityError, match="taken and not given"), transaction.atomic():
        _run("UPDATE backoffice_number_counter SET last = last + 1; SET CONSTRAINTS ALL IMMEDIATE")
    counter.refresh_from_db()
    assert counter.last == 1


COUNTER = (
    "INSERT INTO backoffice_number_counter (company_id, series, branch_id, year, last)"
    " VALUES (%s, 'x', 0, 0, 7)"
)
ISSUED = (
    "INSERT INTO backoffice_issued_number (company_id, series, branch_id, year, number, text,"
    " target_type, target_id, at) VALUES (%s, 'hr.payroll_run', 0, 2026, 9, 'x', 'x', 1, now())"
)


def _run(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values if "%s" in statement else None)


def test_a_company_writes_its_numbers_its_own_way_from_now_on() -> None:
    company = make_company()
    ctx = system(company)
    open_run(ctx, competence=dt.date(2026, 1, 1))
    made = services.create_number_format(
        ctx, series="hr.payroll_run", pattern=" {number:4}/{year} "
    )
    assert open_run(ctx, competence=dt.date(2026, 2, 1)).number == "0002/2026"
    services.change_number_format(ctx, number_format_id=made.pk, pattern="Folha {yy}-{number}")
    assert open_run(ctx, competence=dt.date(2026, 3, 1)).number == "Folha 26-3"
    assert PayrollRun.objects.get(competence=dt.date(2026, 1, 1)).number == "FP-2026/001"
    with pytest.raises(InvalidInput) as refusal:
        services.create_number_format(ctx, series="hr.payroll_run", pattern="{number}/{year}")
    assert refusal.value.code == "already_in_use"
    with pytest.raises(NotFound):
        services.change_number_format(
            system(make_company()), number_format_id=made.pk, pattern="{number}/{year}"
        )


@pytest.mark.parametrize("pattern", ["{number}", "{year}{number}", "<{year}/{number}>", ""])
def test_a_format_by_which_numbers_could_read_the_same_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.create_number_format(
            system(make_company()), series="hr.payroll_run", pattern=pattern
        )
    assert list(refusal.value.fields) == ["pattern"]
    with pytest.raises(InvalidInput):
        services.create_number_format(system(make_company()), series="none", pattern="{number}")


def test_branches_count_by_themselves() -> None:
    company = make_company()
    found: list[str] = []
    for branch_id, code in ((1, "01"), (2, "02"), (1, "01")):
        branch = services.Branch(branch_id=branch_id, code=code)
        run = opened_alone(company, months(9)[len(found)])
        with transaction.atomic(), last_acts():
            services.number_at_the_end(
                system(company), record=run, series="test.branch", year=2026, branch=branch
            )
        found.append(run.number)
    assert found == ["01-2026/001", "02-2026/001", "01-2026/002"]


def test_who_is_hired_without_a_registration_number_gets_the_next_free_one() -> None:
    company = make_company()
    hire(company, registration="0001")
    hire(company, registration="0003")
    numbers = [contract_of(_hired(company)).registration for _ in range(3)]
    assert numbers == ["0002", "0004", "0005"]
    assert contract_of(_hired(make_company())).registration == "0001"


def _hired(company: Company) -> Employee:
    number = next(_people)
    data = HireData(
        person=PersonData(cpf=cpf(number), name=f"Pessoa {number}", birth_date=dt.date(1990, 1, 1)),
        registration=" ",
        admitted_on=dt.date(2026, 1, 5),
        terms=TermsData(
            job_title_id=make_job_title(company).pk,
            salary=Decimal("3000.00"),
            weekly_hours=Decimal(44),
        ),
        place=Place(
            branch_id=identity.make_branch(company).pk,
            department_id=Department.objects.filter(company=company)[0].pk,
        ),
    )
    return hire_employee(system(company), data=data)


@pytest.mark.clone
def test_plain_numbers_wait_for_nobody_and_are_never_given_twice() -> None:
    company = make_company()
    ctx = system(company)
    assert inside(ctx, services.next_plain_number, series="test.plain") == "1"
    with transaction.atomic():
        held = services.next_plain_number(ctx, series="test.plain")  # not committed yet
        results = race([lambda: inside(ctx, services.next_plain_number, series="test.plain")] * 16)
    assert held == "2"
    assert sorted(int(str(each)) for each in results) == list(range(3, 19))


@pytest.mark.clone
def test_sixteen_first_numbers_at_once() -> None:
    company = make_company()
    ctx = system(company)
    results = race([lambda: inside(ctx, services.next_plain_number, series="test.plain")] * 16)
    assert sorted(int(str(each)) for each in results) == list(range(1, 17)), results


def test_the_role_app_makes_no_sequence_for_a_company_that_does_not_exist() -> None:
    with pytest.raises(IntegrityError, match="no company"), transaction.atomic():
        _run("SELECT backoffice_next_plain_number(999999, 'x', 0, 0)")
