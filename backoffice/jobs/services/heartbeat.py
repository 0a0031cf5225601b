"""Progress inside a chunk, seen by others although the chunk's transaction is still open."""

import logging
import time
from types import TracebackType
from typing import Self

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from backoffice.jobs.registry import JobStopped

log = logging.getLogger(__name__)

INTERVAL = 0.5
"""Seconds between two writes; work that ends sooner writes none and opens no connection."""


class Heartbeat:
    """Writes how far a chunk is through a short-lived connection of its own, and hears of a stop.

    Use it as a context manager, so that the connection is closed.
    """

    def __init__(self, chunk_id: int) -> None:
        self._chunk_id = chunk_id
        self._connection: BaseDatabaseWrapper | None = None
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    def __call__(self, done: int) -> None:
        """Tell that ``done`` items of the chunk are handled.

        Raises:
            JobStopped: Somebody cancelled the job.
        """
        if time.monotonic() - self._last < INTERVAL:
            return
        try:
            stopped = self._write(done)
        except (DatabaseError, InterfaceError) as error:
            log.warning("progress of chunk %s was not written: %s", self._chunk_id, error)
            stopped = False
        self._last = time.monotonic()
        if stopped:
            raise JobStopped

    def _write(self, done: int) -> bool:
        if self._connection is None:
            self._connection = connection.copy()
        with self._connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO backoffice_job_heartbeat AS beat (chunk_id, done, at)
                VALUES (%s, %s, statement_timestamp())
                ON CONFLICT (chunk_id) DO UPDATE SET done = excluded.done, at = excluded.at
                RETURNING (SELECT job.stop_requested_at IS NOT NULL
                           FROM backoffice_job job JOIN backoffice_job_chunk chunk ON chunk.job_id = job.id
                           WHERE chunk.id = beat.chunk_id)
                """,
                [self._chunk_id, done],
            )
            return bool(cursor.fetchone()[0])
