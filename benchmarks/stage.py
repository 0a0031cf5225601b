"""Servers, web and a warm worker of their own for a benchmark, and how a figure is reported."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.servers import Servers, bundled
from backoffice.embedded.services import Service, Supervisor, answers

RESULTS = Path(__file__).parent / "results.jsonl"
PORT = 8099
QUEUES = "payroll,reports,mail,default"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure beside its budget, with what the machine was doing."""

    name: str
    value: float
    unit: str
    budget: float
    higher_is_better: bool = False
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the budget is kept."""
        return self.value >= self.budget if self.higher_is_better else self.value <= self.budget


def report(*figures: Figure) -> None:
    """Print figures with budgets and machine, and append them to the recorded results."""
    machine = {"cpus": os.cpu_count(), "load": [round(x, 2) for x in os.getloadavg()]}
    for figure in figures:
        sign = ">=" if figure.higher_is_better else "<="
        verdict = "reached" if figure.reached else "NOT reached"
        print(
            f"{figure.name:<58} {figure.value:>10.3f} {figure.unit:<6}"
            f" budget {sign} {figure.budget:g}  {verdict}  {figure.note}"
        )
        with RESULTS.open("a") as file:
            row = {**asdict(figure), **machine, "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}"}
            file.write(json.dumps(row) + "\n")
    print(f"machine: {machine['cpus']} CPUs, load {machine['load']}")


def manage(environment: Mapping[str, str], *command: str) -> str:
    """Run a management command; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=CHECKOUT,
        env=dict(environment),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def environment_of(servers: Servers) -> dict[str, str]:
    """The variables of all processes of the benchmark."""
    return {
        **os.environ,
        **servers.environment(),
        "DJANGO_SETTINGS_MODULE": "backoffice.settings.demo",
        "SECRET_KEY": "benchmark-on-this-machine-only",
        "AUDIT_SIGNING_KEY": "benchmark",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def stage(instance: str = "bench") -> Iterator[dict[str, str]]:
    """A fresh migrated database with web and worker; everything is gone afterwards."""
    servers = bundled(instance)
    servers.erase()
    servers.start()
    environment = environment_of(servers)
    servers.place.files.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(environment)
    try:
        manage(environment, "migrate", "--verbosity=0")
        for service in _services(servers.place.files):
            supervisor.start(service)
        supervisor.wait_until(lambda: answers(PORT, "/readyz"), 60, "the web server")
        yield environment
    finally:
        supervisor.end()
        servers.erase()


def _services(files: Path) -> list[Service]:
    python = [sys.executable, "-m"]
    commands = {
        "web": [*python, "gunicorn", "backoffice.wsgi", "--workers=2", f"--bind=127.0.0.1:{PORT}"],
        "worker": [
            *[*python, "celery", "--app=backoffice.celery", "--quiet", "worker"],
            *(f"--queues={QUEUES}", "--concurrency=2", "--without-gossip", "--without-mingle"),
        ],
    }
    return [
        Service(name, command, files / f"{name}.log", files / f"{name}.pid")
        for name, command in commands.items()
    ]


class Stopwatch:
    """Wall-clock seconds since it was made."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()

    def seconds(self) -> float:
        """Seconds so far."""
        return time.perf_counter() - self._begun
