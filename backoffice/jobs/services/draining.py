"""Do what waits in this very process: for installations whose Redis is down, and for tests."""

import datetime as dt
from collections.abc import Callable

from backoffice.jobs.models import ALIVE, ChunkState, Job, JobChunk
from backoffice.jobs.services.finishing import finish_if_complete
from backoffice.jobs.services.running import run_chunk


def run_pending(*, worker: str, clock: Callable[[], dt.datetime]) -> int:
    """Do all chunks that wait, and finish all jobs that can be, until nothing is left to take.

    A chunk that another process holds is left to it; one that fails is tried again until it is set
    aside.

    Args:
        worker: Name for the list of attempts.
        clock: Gives the moment at which each chunk starts.

    Returns:
        How many attempts were made.
    """
    attempts = 0
    while True:
        waiting = JobChunk.objects.filter(state=ChunkState.PENDING).order_by("job_id", "seq")
        ran = sum(
            run_chunk(chunk_id, worker=worker, at=clock())
            for chunk_id in list(waiting.values_list("pk", flat=True))
        )
        for job_id in list(Job.objects.filter(state__in=ALIVE).values_list("pk", flat=True)):
            finish_if_complete(job_id, worker=worker, at=clock())
        attempts += ran
        if not ran:
            return attempts
