"""Compute the payslips of many contracts: facts in one statement, rules in memory, results by COPY."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum
from psycopg.types.json import Jsonb

from backoffice.commands import Context
from backoffice.jobs.models import Job, JobState
from backoffice.jobs.registry import ChunkResult, ChunkWork, ItemError
from backoffice.organization.models import Company
from backoffice.work.services import transition
from hr.payroll.models import PayItem, PayrollRun, Payslip, PayslipState
from hr.payroll.process import PROCESS
from hr.payroll.rules.monthly import MonthlyResult
from hr.payroll.rules.readiness import ContractFacts, Floor, Problem, inputs_of, problems_of
from hr.payroll.rules.tables import MonthlyTables
from hr.payroll.rules.versions import CURRENT, compute_monthly
from hr.payroll.selectors.facts import facts_of_month, floors_of_month
from hr.payroll.selectors.law import stored_tables
from hr.payroll.selectors.readiness import message_of

HEARTBEAT_EVERY = 200

_SLIP_COLUMNS = (
    "id, company_id, run_id, contract_id, state, inputs, snapshot, rule, tables, earnings, deductions, net,"
    " base_inss, base_irrf, base_fgts, inss, irrf, fgts, error_code, error_message"
)
_SLIP_TYPES = (
    *("int8", "int8", "int8", "int8", "varchar", "jsonb", "jsonb", "varchar", "int8[]"),
    *(["numeric"] * 9),
    *("varchar", "text"),
)
_LINE_COLUMNS = "company_id, payslip_id, pay_item_id, sequence, quantity, base, rate, amount"
_LINE_TYPES = ("int8", "int8", "int8", "int2", "numeric", "numeric", "numeric", "numeric")


@dataclass(frozen=True, slots=True)
class _Month:
    """What all contracts of a run have in common."""

    run: PayrollRun
    tables: MonthlyTables
    floors: Sequence[Floor]
    items: Mapping[str, int]
    employer: Mapping[str, str]
    waive_small_tax: bool


def compute_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Compute the contracts of one chunk and replace what the run had for them.

    A constant number of statements whatever the number of contracts. A contract that cannot be
    computed gets an error row with the reason.
    """
    run = PayrollRun.objects.get(company_id=ctx.company, pk=work.params["run"])
    month = _month(run, work.params)
    contracts: list[int] = work.payload["contracts"]
    slips: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    errors: list[ItemError] = []
    ids = iter(_new_ids(len(contracts)))
    for facts in facts_of_month(run.company_id, run.competence, run.payment_date, contracts):
        problems = [p for p in problems_of(facts, run.competence, month.floors) if p.blocking]
        slip_id = next(ids)
        if problems:
            error = _error(facts, problems)
            errors.append(error)
            slips.append(_failed(slip_id, month, facts, error))
        else:
            _compute(slip_id, month, facts, slips, lines)
        if len(slips) % HEARTBEAT_EVERY == 0:
            work.heartbeat(len(slips))
    _replace(run, contracts, slips, lines)
    return ChunkResult(done=len(slips) - len(errors), errors=tuple(errors))


def finish_run(ctx: Context, job: Job) -> None:
    """Sum up the run when its job has ended; a cancelled job leaves it open, to be computed again."""
    run = PayrollRun.objects.select_for_update(no_key=True).get(pk=job.params["run"])
    sums = Payslip.objects.filter(run=run).aggregate(
        n=Count("pk"),
        failed=Count("pk", filter=Q(state=PayslipState.ERROR)),
        **{name: Sum(name, default=0) for name in _SUMS},
    )
    for name in _SUMS:
        setattr(run, name, sums[name])
    run.payslip_count, run.error_count = sums["n"], sums["failed"]
    run.save(update_fields=[*_SUMS, "payslip_count", "error_count"])
    whole = job.state in {JobState.DONE, JobState.DONE_WITH_ERRORS} and not _unfinished(job)
    transition(ctx, PROCESS, [run.pk], "finish" if whole else "interrupt")


_SUMS = ("earnings", "deductions", "net", "inss", "irrf", "fgts")


def _unfinished(job: Job) -> bool:
    return job.chunks.exclude(state="done").exists()


def _month(run: PayrollRun, params: Mapping[str, Any]) -> _Month:
    company = Company.objects.get(pk=run.company_id)
    return _Month(
        run=run,
        tables=stored_tables(params["tables"].values()),
        floors=floors_of_month(run.company_id, run.competence),
        items=items_by_key(run.company_id, run.competence),
        employer={"employer": company.legal_name, "employer_cnpj": company.cnpj},
        waive_small_tax=params["waive_small_tax"],
    )


def items_by_key(company_id: int, month: dt.date) -> dict[str, int]:
    """Key in the rules to pay item of the month; the company's own goes before the standard one."""
    rows: list[tuple[int | None, str, int]] = list(
        PayItem.objects.filter(
            Q(company_id=company_id) | Q(company__isnull=True),
            Q(valid_to__isnull=True) | Q(valid_to__gte=month),
            valid_from__lte=month,
        )
        .exclude(key="")
        .order_by("company_id")
        .values_list("company_id", "key", "pk")
    )
    standard = {key: pk for company, key, pk in rows if company is None}
    return standard | {key: pk for company, key, pk in rows if company is not None}


def _new_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('hr_payslip', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _error(facts: ContractFacts, problems: Sequence[Problem]) -> ItemError:
    return ItemError(
        key=str(facts.contract_id),
        label=f"{facts.registration} {facts.name}",
        code=problems[0].code.value,
        message=" ".join(message_of(problem) for problem in problems),
    )


def _snapshot(month: _Month, facts: ContractFacts) -> dict[str, Any]:
    """What the printed payslip shows of employer and employee, as they are now."""
    last = max(facts.terms, key=lambda terms: terms.valid_from, default=None)
    return {
        **month.employer,
        **(facts.place or {}),
        "name": facts.name,
        "cpf": facts.cpf,
        "registration": facts.registration,
        "admitted_on": facts.admitted_on.isoformat(),
        "job_title": last.job_title if last else "",
        "cbo": last.cbo if last else "",
        "salary": str(last.salary) if last else "0.00",
        "payout": facts.payout,
    }


def _failed(slip_id: int, month: _Month, facts: ContractFacts, error: ItemError) -> tuple[Any, ...]:
    run = month.run
    return (
        *(slip_id, run.company_id, run.pk, facts.contract_id, PayslipState.ERROR.value),
        *(Jsonb({}), Jsonb(_snapshot(month, facts)), "", []),
        *([0] * 9),
        *(error.code, str(error.message)),
    )


def _compute(
    slip_id: int,
    month: _Month,
    facts: ContractFacts,
    slips: list[tuple[Any, ...]],
    lines: list[tuple[Any, ...]],
) -> None:
    run = month.run
    inputs = inputs_of(
        facts, run.competence, run.payment_date, waive_small_tax=month.waive_small_tax
    )
    result = compute_monthly(inputs, month.tables)
    slips.append(
        (
            *(slip_id, run.company_id, run.pk, facts.contract_id, PayslipState.OK.value),
            *(Jsonb(inputs.to_json()), Jsonb(_snapshot(month, facts)), CURRENT),
            list(month.tables.ids().values()),
            *_totals(result),
            *("", ""),
        )
    )
    lines.extend(
        (
            *(run.company_id, slip_id, month.items[line.code], sequence),
            *(line.quantity, line.base, line.rate, line.amount),
        )
        for sequence, line in enumerate(result.lines, start=1)
    )


def _totals(result: MonthlyResult) -> tuple[Any, ...]:
    return (
        *(result.earnings, result.deductions, result.net),
        *(result.inss_base, result.irrf_base, result.fgts_base),
        *(result.inss, result.irrf, result.fgts),
    )


def _replace(
    run: PayrollRun,
    contracts: Sequence[int],
    slips: Iterable[Sequence[Any]],
    lines: Iterable[Sequence[Any]],
) -> None:
    values: dict[str, Any] = {"run": run.pk, "ids": list(contracts)}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM hr_payslip_line l USING hr_payslip p
            WHERE p.id = l.payslip_id AND p.run_id = %(run)s AND p.contract_id = ANY(%(ids)s)
            """,
            values,
        )
        cursor.execute(
            "DELETE FROM hr_payslip WHERE run_id = %(run)s AND contract_id = ANY(%(ids)s)", values
        )
        _copy(cursor, "hr_payslip", _SLIP_COLUMNS, _SLIP_TYPES, slips)
        _copy(cursor, "hr_payslip_line", _LINE_COLUMNS, _LINE_TYPES, lines)


def _copy(
    cursor: Any,  # noqa: ANN401  Django's wrapper around psycopg's cursor
    table: str,
    columns: str,
    types: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
