"""Lists as people of the example company keep them, and rows that they brought from spreadsheets."""

import datetime as dt
import time
from typing import TYPE_CHECKING

from backoffice.exchange.models import DataImport
from backoffice.exchange.services import apply_import, check_import, save_view, start_import
from backoffice.jobs.models import ALIVE, Job, JobChunk
from backoffice.jobs.services import finish_if_complete, run_chunk
from demo.numbers import cnpj

if TYPE_CHECKING:
    from demo.ipe import Ipe

PATIENCE = 60.0
HEAD = "CNPJ;Razão Social;Papel;Desde\n"


def keep(ipe: "Ipe", today: dt.date) -> None:
    """A view for everybody and one alone; suppliers taken in; customers that wait with errors."""
    save_view(
        ipe.acting("hr_manager", today, 9),
        object_name="hr.employee",
        name="Ativos por departamento",
        query="situation=active&group=department",
        sharing="all",
    )
    save_view(
        ipe.acting("hr_analyst", today, 9),
        object_name="hr.employee",
        name="Admissões recentes",
        query="situation=active&sort=-admitted_on",
    )
    yesterday = today - dt.timedelta(days=1)
    day = f"{today:%d/%m/%Y}"
    suppliers = _checked(
        ipe,
        yesterday,
        "fornecedores.csv",
        f"{cnpj(71_330_118)};Gráfica Cambuí Ltda;Fornecedor;{day}\n"
        f"{cnpj(71_330_229)};Manacá Limpeza Ltda;Fornecedor;{day}\n"
        f"{cnpj(71_330_330)};Embalagens Pitanga Ltda;Fornecedor;{day}\n",
    )
    at = ipe.acting("owner", yesterday, 11)
    _work(apply_import(at, data_import_id=suppliers.pk), at.at)
    wrong = cnpj(71_440_117)[:-1] + str((int(cnpj(71_440_117)[-1]) + 1) % 10)
    _checked(
        ipe,
        today,
        "clientes.csv",
        f"{cnpj(71_440_228)};Mercado Sapucaia Ltda;Cliente;{day}\n"
        f"{wrong};Padaria Ingá Ltda;Cliente;{day}\n"
        f"{cnpj(71_440_339)};;Cliente;{day}\n"
        f"{cnpj(71_440_440)};Bazar Guapuruvu Ltda;Freguês;{day}\n"
        f"{cnpj(71_440_228)};Mercado Sapucaia;Cliente;{day}\n",
    )


def _checked(ipe: "Ipe", day: dt.date, name: str, lines: str) -> DataImport:
    ctx = ipe.acting("owner", day, 10)
    made = start_import(
        ctx, object_name="backoffice.party", name=name, content=f"{HEAD}{lines}".encode()
    )
    _work(check_import(ctx, import_id=made.pk, mapping=made.mapping), ctx.at)
    return made


def _work(job: Job, at: dt.datetime) -> None:
    """Do a job in this process; a worker that runs already may be quicker."""
    end = time.monotonic() + PATIENCE
    while Job.objects.filter(pk=job.pk, state__in=ALIVE).exists() and time.monotonic() < end:
        waiting = JobChunk.objects.filter(job_id=job.pk, state="pending")
        for pk in waiting.values_list("pk", flat=True):
            run_chunk(pk, worker="create_demo", at=at)
        finish_if_complete(job.pk, worker="create_demo", at=at)
