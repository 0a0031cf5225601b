"""Workers and schedulers as processes of their own, which a test may kill as hard as it likes."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.processes import wait_for
from backoffice.embedded.services import die_with


class Killable:
    """One program with all its children, in a process group of its own."""

    def __init__(self, arguments: Sequence[str], *, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=CHECKOUT,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509  no thread of a test starts one
            )

    @property
    def pid(self) -> int:
        """Number of the first process, which is also that of the group."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the first process lives."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the whole group at once, as a power cut would: ``kill -9``."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(timeout=20)

    def stop(self) -> None:
        """Ask it to end, and kill what is left of it."""
        if self.is_running():
            self._process.terminate()
            wait_for(lambda: not self.is_running(), 10)
        self.kill()

    def end(self) -> int:
        """Ask it to end and wait until it has; what it answered to the system."""
        self._process.terminate()
        return self._process.wait(timeout=30)

    def said(self) -> str:
        """The end of what it wrote, for the message of a failed test."""
        return self.log.read_text(errors="replace")[-4000:]


def worker(
    name: str, *, env: Mapping[str, str], log: Path, queues: str, concurrency: int
) -> Killable:
    """A Celery worker as in production: prefork, a process of its own for each task at work."""
    return Killable(
        [
            *("-m", "celery", "-A", "backoffice.celery", "worker", "--loglevel=INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("-n", name, "-Q", queues, "-c", str(concurrency)),
        ],
        env=env,
        log=log,
    )


def scheduler(*, env: Mapping[str, str], log: Path) -> Killable:
    """A Celery beat."""
    return Killable(
        [*("-m", "celery", "-A", "backoffice.celery", "beat", "--loglevel=INFO", "--pidfile=")],
        env=env,
        log=log,
    )
