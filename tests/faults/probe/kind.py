"""A kind of job that does real work on real tables: it inserts cost centres under unique codes."""

import os
import signal
from collections.abc import Sequence
from typing import Any

from backoffice.commands import Context
from backoffice.errors import InvalidInput
from backoffice.jobs.models import Job, JobState
from backoffice.jobs.registry import ChunkResult, ChunkWork, ItemError, JobKind, register
from backoffice.organization.models import CostCenter

LABEL = "Probe"
FINISH_CODE = "FIM"


def run(ctx: Context, work: ChunkWork) -> ChunkResult:
    """One cost centre for each code of the chunk; codes named in ``bad`` are items with an error."""
    behaviour = work.payload.get("behaviour", "")
    bad = set(work.payload.get("bad", ()))
    errors = []
    done = 0
    for count, code in enumerate(work.payload["codes"], start=1):
        if code in bad:
            errors.append(ItemError(code, f"Centro {code}", "bad_code", "This code is bad."))
        else:
            CostCenter.objects.create(company_id=ctx.company, code=code, name=f"Centro {code}")
            done += 1
        work.heartbeat(count)
    if behaviour == "refuse":
        raise InvalidInput("probe_refuses", "The probe refuses this part.")
    if behaviour == "break":
        msg = "the probe breaks"
        raise RuntimeError(msg)
    if behaviour == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return ChunkResult(done, tuple(errors))


def finish(ctx: Context, job: Job) -> None:
    """Leave a trace that a second call could not leave: one cost centre for each end."""
    CostCenter.objects.create(
        company_id=ctx.company,
        code=f"{FINISH_CODE}{job.pk}.{job.round}",
        name=JobState(job.state).value,
    )
    behaviour = job.params.get("finish", "")
    if behaviour == "refuse":
        raise InvalidInput("probe_refuses_end", "The probe refuses to end.")
    if behaviour == "break":
        msg = "the end breaks"
        raise RuntimeError(msg)


def retry_items(job: Job, keys: Sequence[str]) -> list[dict[str, Any]]:
    """One further chunk with the failed codes, now taken as good."""
    return [{"codes": list(keys)}]


PROBE = JobKind(
    name="tests.probe",
    title=LABEL,
    run=run,
    finish=finish,
    queue="payroll",
    retry_items=retry_items,
)
GUARDED = JobKind(
    name="tests.guarded", title=LABEL, run=run, finish=finish, permission="backoffice.user.view"
)


def register_kinds() -> None:
    """Make both known, in a test process or in a worker."""
    register(PROBE)
    register(GUARDED)
