"""The processes of the product on one machine: kept alive, logged, and ended together."""

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.processes import wait_for

STOP_SECONDS = 15
"""A worker may finish the chunk that it has begun; after that it is killed, and loses nothing."""

QUICK_DEATH_SECONDS = 5
QUICK_DEATHS = 5
"""A process that dies so often, each time so soon, will not do better the next time."""

PR_SET_PDEATHSIG = 1


@dataclass
class Service:
    """One process that shall always run; it gets a group of its own, so Ctrl+C passes it by."""

    name: str
    command: Sequence[str]
    log: Path
    pid_file: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the process; what it writes goes to its log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                cwd=CHECKOUT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509  this process has no threads
            )
        self.started = time.monotonic()
        self.pid_file.write_text(f"{self.process.pid}\n")

    def is_running(self) -> bool:
        """Whether the process lives; a dead one is reaped by asking."""
        return self.process is not None and self.process.poll() is None

    def note_death(self) -> None:
        """Count deaths that follow the start at once, and kill what the process left behind."""
        soon = time.monotonic() - self.started < QUICK_DEATH_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if soon else 1
        self.kill()

    def kill(self) -> None:
        """Kill the process and its children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process, which ends its children itself."""
        if self.process is not None and self.is_running():
            self.process.send_signal(signal.SIGTERM)

    def last_words(self) -> str:
        """The end of the log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-20:])


def die_with(parent: int) -> Callable[[], None]:
    """What a child does before it becomes another program: ask to be ended with its parent.

    Linux only; elsewhere the processes survive a killed supervisor.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    library = ctypes.CDLL(None)

    def ask() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


@dataclass
class Supervisor:
    """Starts services, restarts the dead, ends all of them together."""

    environment: Mapping[str, str]
    services: list[Service] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def listen_to_signals(self) -> None:
        """Ctrl+C and SIGTERM ask for a clean end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())

    def start(self, service: Service) -> None:
        """Start a service and look after it from now on."""
        service.start(self.environment)
        self.services.append(service)

    def look_after(self) -> None:
        """Restart whoever has died; EmbeddedError when one dies again and again at once."""
        for service in self.services:
            if service.is_running():
                continue
            service.note_death()
            if service.quick_deaths > QUICK_DEATHS:
                message = f"{service.name} does not stay up:\n{service.last_words()}"
                raise EmbeddedError(message)
            print(f"{service.name} ended and is started again.", flush=True)
            service.start(self.environment)

    def wait_until(self, condition: Callable[[], bool], seconds: float, what: str) -> None:
        """Look after the services until a condition holds; EmbeddedError when it does not."""
        deadline = time.monotonic() + seconds
        while not self.stop.is_set() and not condition():
            self.look_after()
            if time.monotonic() > deadline:
                words = "\n".join(f"--- {s.name}\n{s.last_words()}" for s in self.services)
                message = f"{what} did not happen within {seconds:.0f} seconds.\n{words}"
                raise EmbeddedError(message)
            self.stop.wait(0.1)

    def run(self) -> None:
        """Look after the services until somebody asks to stop."""
        while not self.stop.wait(0.2):
            self.look_after()

    def end(self) -> None:
        """End all services, politely first."""
        for service in self.services:
            service.ask_to_stop()
        wait_for(lambda: not any(s.is_running() for s in self.services), STOP_SECONDS)
        for service in self.services:
            service.kill()
            service.pid_file.unlink(missing_ok=True)


def answers(port: int, path: str) -> bool:
    """Whether the web server on this machine answers a path with 200."""
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
