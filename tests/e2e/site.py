"""A whole site around a copy of the example company: web, worker, and what its database holds."""

import socket
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from backoffice.embedded.processes import wait_for
from backoffice.embedded.services import answers
from tests.faults.processes import Killable, worker

QUEUES = "payroll,reports,mail,default"


class Site:
    """Web and worker as processes of their own."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port = _free_port()
        self.address = f"http://localhost:{self.port}"
        self._environment = environment
        self._folder = folder
        self._processes: list[Killable] = []

    def start(self) -> None:
        """Start both and wait until the web server answers."""
        web = [
            *("-m", "gunicorn", "backoffice.wsgi", "--workers=1", "--threads=4"),
            f"--bind=127.0.0.1:{self.port}",
        ]
        served = Killable(web, env=self._environment, log=self._folder / "web.log")
        log = self._folder / "worker.log"
        hand = worker("e2e", env=self._environment, log=log, queues=QUEUES, concurrency=1)
        self._processes = [served, hand]
        if not wait_for(lambda: answers(self.port, "/livez"), 60):
            raise AssertionError(f"The web server does not start:\n{served.said()}")

    def stop(self) -> None:
        """End both."""
        for process in self._processes:
            process.stop()

    def row(self, query: str, *given: Any) -> tuple[Any, ...]:
        """The first row that a query finds in the site's database."""
        with psycopg.connect(self._environment["DATABASE_OWNER_URL"]) as connection:
            found = connection.execute(query, given).fetchone()
        assert found is not None, query
        return tuple(found)

    def open_run(self) -> tuple[int, str]:
        """Number and month (``11/2026``) of the payroll that is not closed."""
        number, month = self.row(
            "SELECT id, to_char(competence, 'MM/YYYY') FROM hr_payroll_run"
            " WHERE company_id = (SELECT min(id) FROM backoffice_company) ORDER BY competence DESC"
        )
        return int(number), str(month)

    def sums_of_payslips(self, run: int) -> dict[str, Decimal]:
        """What the payslips of a run add up to, and how many they are."""
        names = ("count", "earnings", "deductions", "net")
        row = self.row(
            "SELECT count(*), sum(earnings), sum(deductions), sum(net)"
            " FROM hr_payslip WHERE run_id = %s",
            run,
        )
        return {name: Decimal(value) for name, value in zip(names, row, strict=True)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
