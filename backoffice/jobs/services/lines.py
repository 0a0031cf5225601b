"""What every line of the log carries while a job is under way."""

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars

from backoffice.jobs.models import Job


@contextmanager
def lines_of(job: Job, **more: int) -> Iterator[None]:
    """Inside, each line has the job, what kind it is, and the request that started it."""
    told: dict[str, int | str] = {"job_id": job.pk, "job": job.kind, **more}
    if job.request_id:
        told["request_id"] = job.request_id
    with bound_contextvars(**told):
        yield
