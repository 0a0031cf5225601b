"""Processes of the demonstration: the dead are replaced, and nobody outlives the supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.processes import is_alive, read_pid, wait_for
from backoffice.embedded.services import Service, Supervisor

pytestmark = pytest.mark.faults

FOREVER = "import time\nwhile True: time.sleep(1)"
WITH_CHILD = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "child.wait()"
)


def service(folder: Path, program: str, name: str = "worker") -> Service:
    command = [sys.executable, "-u", "-c", program]
    return Service(name, command, folder / f"{name}.log", folder / f"{name}.pid")


@pytest.fixture
def supervisor(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Supervisor]:
    """A supervisor of one real process; its program is the fixture's parameter."""
    made = Supervisor(os.environ)
    made.start(service(tmp_path, request.param))
    yield made
    made.end()


def pid_of(supervisor: Supervisor) -> int:
    process = supervisor.services[0].process
    assert process is not None
    return process.pid


@pytest.mark.parametrize("supervisor", [FOREVER], indirect=True)
def test_a_killed_process_is_replaced_within_two_seconds(supervisor: Supervisor) -> None:
    before = pid_of(supervisor)
    os.kill(before, signal.SIGKILL)
    begun = time.monotonic()
    while pid_of(supervisor) == before:
        supervisor.look_after()
    assert time.monotonic() - begun < 2
    assert is_alive(pid_of(supervisor))
    assert read_pid(supervisor.services[0].pid_file) == pid_of(supervisor)


@pytest.mark.parametrize("supervisor", [WITH_CHILD], indirect=True)
def test_children_of_a_killed_process_are_ended_before_it_is_replaced(
    supervisor: Supervisor,
) -> None:
    log = supervisor.services[0].log
    assert wait_for(lambda: log.read_text().strip() != "", 10)
    child = int(log.read_text())
    assert is_alive(child)
    before = pid_of(supervisor)
    os.kill(before, signal.SIGKILL)
    while pid_of(supervisor) == before:
        supervisor.look_after()
    assert wait_for(lambda: not is_alive(child), 5)


@pytest.mark.parametrize("supervisor", ["raise SystemExit('no database')"], indirect=True)
def test_who_dies_at_once_again_and_again_is_given_up_with_its_last_words(
    supervisor: Supervisor,
) -> None:
    def try_for_ever() -> None:
        while True:
            supervisor.look_after()

    with pytest.raises(EmbeddedError, match=r"worker does not stay up:\n(no database\n?)+"):
        try_for_ever()


@pytest.mark.parametrize("supervisor", [FOREVER], indirect=True)
def test_at_the_end_nobody_is_left(supervisor: Supervisor) -> None:
    pid = pid_of(supervisor)
    supervisor.end()
    assert not is_alive(pid)
    assert not supervisor.services[0].pid_file.exists()


@pytest.mark.parametrize("supervisor", [FOREVER], indirect=True)
def test_what_does_not_happen_in_time_is_reported_with_the_logs(supervisor: Supervisor) -> None:
    with pytest.raises(EmbeddedError, match="The answer did not happen within 0 seconds"):
        supervisor.wait_until(lambda: False, 0.2, "The answer")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_killed_supervisor_takes_its_processes_with_it(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "from tests.backoffice.embedded.test_services import FOREVER, service\n"
        "from backoffice.embedded.services import Supervisor\n"
        "made = Supervisor(os.environ)\n"
        "made.start(service(Path(sys.argv[1]), FOREVER)); made.run()"
    )
    running = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=CHECKOUT)
    pid_file = tmp_path / "worker.pid"
    assert wait_for(lambda: read_pid(pid_file) is not None, 20)
    child = read_pid(pid_file)
    assert child is not None
    assert is_alive(child)
    running.kill()
    running.wait()
    assert wait_for(lambda: not is_alive(child), 5)
