"""Lists as files, and files as rows: 100,000 of them, written alone and with a worker.

Budgets: the writing of a workbook of 100,000 rows of eight columns in 1.5 s and 64 MiB; the import of
100,000 rows, checked and applied, in 300 s. ``python -m benchmarks.exchange 5000`` imports fewer rows and
says what 100,000 would take.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from backoffice.embedded.places import CHECKOUT
from benchmarks.stage import Figure, Stopwatch, manage, report, stage

if TYPE_CHECKING:
    from backoffice.commands import Context

ROWS = 100_000
FORMATS = ("xlsx", "csv")
PATIENCE = 1_800.0


def main(imported: int) -> None:
    """Write files, export a filled company, and take rows in."""
    with stage() as environment:
        os.environ.update(environment)
        import django

        django.setup()
        for form in FORMATS:
            _writing(form)
        made = json.loads(manage(environment, "generate_company", f"--employees={ROWS}"))
        for form in FORMATS:
            _export(made["company"], form)
        _import(made["company"], imported)


def write_alone(form: str) -> None:
    """Write one file in this process; prints its seconds and the MiB that it took."""
    import django

    django.setup()
    from backoffice.exchange import writing
    from backoffice.exchange.cells import Format
    from backoffice.resources.records import Kind

    kinds = [Kind.TEXT] * 5 + [Kind.MONEY, Kind.DATE, Kind.TEXT]
    headings = [writing.Heading(f"Coluna {place}", kind) for place, kind in enumerate(kinds)]
    with tempfile.TemporaryFile() as file:
        writing.write(Format(form), headings, _cells(form, 10), file)  # loads what is loaded once
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        watch, begun = Stopwatch(), time.process_time()
        writing.write(Format(form), headings, _cells(form, ROWS), file)
        seconds, cpu = watch.seconds(), time.process_time() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({"seconds": seconds, "cpu": cpu, "mib": (after - before) / 1024}))


def _cells(form: str, count: int) -> Any:  # noqa: ANN401  an iterator of cells
    day = dt.date(2026, 11, 20)
    money: Any = 4321.09 if form == "xlsx" else "4321.09"
    when: Any = day if form == "xlsx" else day.isoformat()
    for number in range(count):
        person = f"Maria da Conceição {number}"
        yield (person, f"{number:011}", "Analista", "Comercial", "Matriz", money, when, "Ativo")


def _writing(form: str) -> None:
    command = [sys.executable, "-m", "benchmarks.exchange", "write", form]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    report(
        Figure(
            name=f"exchange: {form}, {ROWS:,} rows of 8 columns written",
            value=found["seconds"],
            unit="s",
            budget=1.5,
            note=f"{found['cpu']:.1f} s of processor",
        ),
        Figure(
            name=f"exchange: {form}, memory of the writing",
            value=found["mib"],
            unit="MiB",
            budget=64,
        ),
    )


def _acting(company_id: int) -> "Context":
    from django.utils import timezone

    from backoffice.commands import Channel, Context
    from backoffice.identity.models import Role, User
    from backoffice.identity.rules import Scope
    from backoffice.identity.selectors import access_of
    from backoffice.identity.services import create_user

    now = timezone.now()
    email = f"owner{company_id}@example.com"
    user = User.objects.filter(email=email).first() or create_user(
        Context(company_id=company_id, at=now, channel=Channel.SYSTEM),
        email=email,
        name="Owner",
        role_id=Role.objects.get(company=None, code="owner").pk,
        scope=Scope.COMPANY,
    )
    proved = now + dt.timedelta(hours=1)
    access = access_of(user, company_id, timezone.localdate(), proved_until=proved)
    return Context(company_id=company_id, at=now, channel=Channel.SYSTEM, actor=access)


def _ended(job: Any) -> float:  # noqa: ANN401  a job
    """Seconds until a worker has ended the job."""
    from backoffice.jobs.models import ALIVE

    watch = Stopwatch()
    while watch.seconds() < PATIENCE:
        job.refresh_from_db()
        if job.state not in ALIVE:
            if job.state != "done":
                sys.exit(f"exchange: the job ended as {job.state}")
            return watch.seconds()
        time.sleep(0.05)
    sys.exit("exchange: the job does not end")


def _export(company_id: int, form: str) -> None:
    from backoffice.exchange.services import exports

    job = exports.export_list(_acting(company_id), resource="hr.employee", query="", format=form)
    report(
        Figure(
            name=f"exchange: {ROWS:,} employees as {form}, by a worker",
            value=_ended(job),
            unit="s",
            budget=15,
        )
    )


def _import(company_id: int, count: int) -> None:
    from backoffice.exchange import services
    from demo.numbers import cnpj

    lines = "".join(
        f"{cnpj(50_000_000 + number)};Fornecedor {number};supplier;01/01/2026\n"
        for number in range(count)
    )
    ctx = _acting(company_id)
    watch = Stopwatch()
    made = services.start_import(
        ctx,
        object_name="backoffice.party",
        name="fornecedores.csv",
        content=f"CNPJ;Nome;Papel;Desde\n{lines}".encode(),
    )
    staged = watch.seconds()
    checked = _ended(services.check_import(ctx, import_id=made.pk, mapping=made.mapping))
    applied = _ended(services.apply_import(ctx, data_import_id=made.pk))
    if made.rows.filter(applied_at=None).exists():
        sys.exit("exchange: some rows were not taken in")
    whole = (staged + checked + applied) * ROWS / count
    note = f"staged {staged:.1f} s, checked {checked:.1f} s, applied {applied:.1f} s"
    measured = "" if count == ROWS else f"; reckoned from {count:,} rows"
    report(
        Figure(
            name=f"exchange: {ROWS:,} suppliers checked and applied",
            value=whole,
            unit="s",
            budget=300,
            note=note + measured,
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_alone(sys.argv[2])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
