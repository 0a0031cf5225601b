"""A site that may be broken: servers, workers and schedulers of its own, around a cloned database.

``Site`` gives a fault test everything: real workers on real tables, and the faults. A test of a later
job (the payroll run) starts its job with its own commands and uses the same verbs:

    site.start_workers(1)
    job = <command that creates the job>
    site.wait_until_at_work(job.pk)
    site.kill_workers()
    site.start_workers(1)
    site.wait_until_ended(job.pk)
"""

import itertools
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import redis
from django.db import DatabaseError, InterfaceError, connections

from backoffice.embedded.processes import is_alive, stop_process, wait_for
from backoffice.embedded.servers import Servers
from backoffice.jobs.models import (
    ALIVE,
    ChunkState,
    Job,
    JobAttempt,
    JobChunk,
    JobState,
    Outcome,
    WorkerBeat,
)
from tests.faults.processes import Killable, scheduler, worker

PATIENCE = 60
"""Seconds after a fault within which everything must be done."""

QUICK = {"JOBS_SWEEP_SECONDS": "1", "JOBS_HINT_AGAIN_SECONDS": "2"}
"""Recover sooner than in production, so that many faults fit into a test run."""

SLOW_KEYS = 300_000

QUEUES = "payroll,reports,mail,default"


class Site:
    """Servers, workers and schedulers around one database.

    Args:
        servers: Running; of this test run alone.
        environment: Variables with which a process of ours joins: database, broker, settings.
        folder: For logs.
    """

    def __init__(self, servers: Servers, environment: dict[str, str], folder: Path) -> None:
        self.servers = servers
        self.environment = environment
        self._folder = folder
        self._names = itertools.count(1)
        self._workers: list[Killable] = []
        self._schedulers: list[Killable] = []

    # -- processes

    def start_workers(self, count: int = 1, *, concurrency: int = 2, queues: str = QUEUES) -> None:
        """Start workers and wait until they give their first sign of life."""
        names = [f"w{next(self._names)}@faults" for _ in range(count)]
        for name in names:
            log = self._folder / f"{name}.log"
            self._workers.append(
                worker(name, env=self.environment, log=log, queues=queues, concurrency=concurrency)
            )
        living = WorkerBeat.objects.filter(name__in=names)
        if not wait_for(lambda: living.count() == count, PATIENCE):
            message = f"A worker does not start:\n{self._workers[-1].said()}"
            raise AssertionError(message)

    def start_scheduler(self) -> None:
        """Start one beat; any number of them may run."""
        log = self._folder / f"beat{next(self._names)}.log"
        self._schedulers.append(scheduler(env=self.environment, log=log))

    def start_emergency_mode(self) -> Killable:
        """Start ``manage.py run_jobs --loop``: the database alone, without broker and workers."""
        process = Killable(
            ["manage.py", "run_jobs", "--loop"],
            env=self.environment,
            log=self._folder / f"run_jobs{next(self._names)}.log",
        )
        self._workers.append(process)
        return process

    def kill_workers(self) -> None:
        """``kill -9`` all workers and their children at once."""
        for each in self._workers:
            each.kill()
        self._workers.clear()

    def stop(self) -> None:
        """End every process of this site; servers stay."""
        for each in (*self._schedulers, *self._workers):
            each.stop()

    # -- faults of the servers

    def flush_redis(self) -> None:
        """``FLUSHALL``: every hint, and what the broker knows of running ones, is gone."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.flushall()

    def make_redis_slow_to_start(self) -> None:
        """Give it so much to read that it answers "loading" for a while after its next start."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            for start in range(0, SLOW_KEYS, 10_000):
                client.mset({f"ballast:{key}": "x" * 50 for key in range(start, start + 10_000)})

    def kill_redis(self) -> None:
        """``kill -9`` the broker."""
        pid = self.servers.valkey.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: not is_alive(pid), 10)

    def start_redis(self) -> None:
        """Start the broker again."""
        self.servers.valkey.start()

    def stop_postgres_at_once(self) -> None:
        """``pg_ctl stop -m immediate``: no checkpoint, no goodbye; crash recovery at the next start."""
        pid = self.servers.postgres.pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        if not wait_for(lambda: not is_alive(pid), 20):
            stop_process(pid)
        connections.close_all()

    def start_postgres(self) -> None:
        """Start PostgreSQL again; it repairs itself from its log."""
        self.servers.postgres.start()

    # -- watching a job

    def wait_until_at_work(self, job_id: int, *, chunks_done: int = 0) -> None:
        """Return somewhere in the middle: some chunks done, one at work, at a random moment of it."""

        def at_work() -> bool:
            done = JobChunk.objects.filter(job_id=job_id, state=ChunkState.DONE).count()
            running = JobAttempt.objects.filter(job_id=job_id, outcome=Outcome.RUNNING).exists()
            return done >= chunks_done and running

        self._wait(job_id, at_work)
        time.sleep(random.uniform(0, 0.05))

    def wait_until_ended(self, job_id: int) -> float:
        """Seconds until the job ended; fails after a minute."""
        begun = time.monotonic()
        self._wait(job_id, lambda: not Job.objects.filter(pk=job_id, state__in=ALIVE).exists())
        return time.monotonic() - begun

    def _wait(self, job_id: int, condition: Callable[[], bool]) -> None:
        def holds() -> bool:
            try:
                return condition()
            except (DatabaseError, InterfaceError):
                connections.close_all()
                return False

        if not wait_for(holds, PATIENCE):
            said = "\n".join(each.said() for each in (*self._workers, *self._schedulers))
            message = f"{self.describe(job_id)}\n{said}"
            raise AssertionError(message)

    def describe(self, job_id: int) -> str:
        """State of a job, its chunks and its attempts in a few lines."""
        job = Job.objects.get(pk=job_id)
        states = list(job.chunks.order_by("seq").values_list("state", flat=True))
        attempts = list(job.attempts.order_by("pk").values_list("chunk__seq", "outcome"))
        return f"job {job_id} is {job.state}: {states}\nattempts: {attempts}"


def assert_done_exactly_once(job_id: int) -> None:
    """The job is done, each chunk by exactly one attempt, and no attempt met the work of another."""
    job = Job.objects.get(pk=job_id)
    assert job.state == JobState.DONE, job.stop_message
    states = set(job.chunks.values_list("state", flat=True))
    assert states == {ChunkState.DONE}
    for chunk in job.chunks.all():
        done = chunk.attempts.filter(outcome=Outcome.DONE).count()
        assert done == 1, f"chunk {chunk.seq} was done {done} times"
    doubled = job.attempts.filter(traceback__contains="UniqueViolation")
    assert doubled.count() == 0, "an attempt repeated work that was already committed"
    assert job.attempts.filter(chunk=None, outcome=Outcome.DONE).count() == 1
