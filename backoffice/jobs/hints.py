"""Tell workers through Redis that something waits; nothing depends on it being heard."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from celery import current_app
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

RUN_CHUNK = "backoffice.jobs.run_chunk"
FINISH_JOB = "backoffice.jobs.finish_job"
RUN_DUTY = "backoffice.jobs.run_duty"

_ARGUMENTS = {RUN_CHUNK: "chunk_id", FINISH_JOB: "job_id", RUN_DUTY: "run_id"}
BULK = 6
"""Priority of what may wait behind everything else; 0 is first."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A task, the number of the row that it is about, the queue whose workers do it, how soon."""

    task: str
    number: int
    queue: str
    priority: int = 0

    @property
    def arguments(self) -> dict[str, int]:
        """The keyword arguments of the task."""
        return {_ARGUMENTS[self.task]: self.number}


def publish(hints: Iterable[Hint]) -> int:
    """Send hints to the broker.

    A hint that is lost costs a delay until the next sweep and never work, so a broker that is down is
    logged and is no error to the person who started the job.

    Returns:
        How many were sent.
    """
    sent = 0
    try:
        with current_app.producer_or_acquire() as producer:
            for hint in hints:
                current_app.send_task(
                    hint.task,
                    kwargs=hint.arguments,
                    queue=hint.queue,
                    priority=hint.priority,
                    producer=producer,
                    ignore_result=True,
                    retry=False,
                )
                sent += 1
    except (BrokerDown, KombuError, RedisError, OSError) as error:
        log.warning("no hint could be sent, the sweeper will: %s", error)
    return sent
