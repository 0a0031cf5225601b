"""Processes of the bundled servers: who is really alive, who holds a folder, how to run as a user.

Where process 1 does not reap children at once (containers without an init), a killed server stays
a zombie: its number still answers signals, although nobody is there. `/proc` tells the truth.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import server_user

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()
POLL_SECONDS = 0.02


def is_alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    if HAS_PROC:
        return _state(pid) not in {"", "Z", "X"}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _state(pid: int) -> str:
    """The letter of `/proc/<pid>/stat`; the name before it may contain spaces and brackets."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (OSError, UnicodeDecodeError):
        return ""
    return text.rpartition(")")[2].split()[0]


def holders(folder: Path) -> list[int]:
    """Living processes whose working folder is this one: servers change to their data folder."""
    found: list[int] = []
    real = folder.resolve()
    for entry in PROC.iterdir() if HAS_PROC else ():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").readlink() == real and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def read_pid(pid_file: Path) -> int | None:
    """The number in the first line of a pid file, or None when there is no such line."""
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def running_pid(pid_file: Path, folder: Path) -> int | None:
    """The living server of this pid file; a number that now belongs to another program is none."""
    pid = read_pid(pid_file)
    if pid is None or not is_alive(pid):
        return None
    return pid if not HAS_PROC or pid in holders(folder) else None


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until the condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


class Server(Protocol):
    """What both servers can be asked."""

    def pid(self) -> int | None:
        """The process number, while it lives."""

    def is_ready(self) -> bool:
        """Whether it answers."""


def answers_or_dies(server: Server, seconds: float = 60) -> bool:
    """Wait for a server that runs to answer; False at once when it does not run or is dying.

    A process that was killed a moment ago still counts as living for a moment.

    Raises:
        EmbeddedError: It lives and does not answer; nobody may start a second one beside it.
    """
    wait_for(lambda: server.pid() is None or server.is_ready(), seconds)
    pid = server.pid()
    if pid is None:
        return False
    if not server.is_ready():
        message = f"Process {pid} holds the data and does not answer. Look at its log, or end it."
        raise EmbeddedError(message)
    return True


def end_orphans(folder: Path, seconds: float = 5) -> None:
    """Let the children of a killed server notice its death; kill those that do not.

    Only after that may its lock files go: a child that still writes would damage the data.
    """
    if wait_for(lambda: not holders(folder), seconds):
        return
    for pid in holders(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not wait_for(lambda: not holders(folder), seconds):
        message = f"Processes {holders(folder)} hold {folder} and do not end."
        raise EmbeddedError(message)


def stop_process(pid: int, seconds: float = 20) -> None:
    """Ask a server to stop, and kill it when it has not after the given time."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_for(lambda: not is_alive(pid), seconds):
            return
    message = f"Process {pid} does not end."
    raise EmbeddedError(message)


def run_as_server_user(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program as the servers' user; EmbeddedError with its own words when it fails."""
    user = server_user()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "TZ", "TMPDIR"} and not (user.must_switch and name == "TMPDIR")
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={**environment, "LC_ALL": "C", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=user.uid if user.must_switch else None,
        group=user.gid if user.must_switch else None,
        extra_groups=[] if user.must_switch else None,
    )
    if done.returncode != 0:
        message = f"{Path(command[0]).name} failed (code {done.returncode}):\n{done.stdout.strip()}"
        raise EmbeddedError(message)
    return done


@contextlib.contextmanager
def exclusive(lock_file: Path) -> Iterator[None]:
    """Hold a lock file, so that two starts at the same moment do not meet; waits for its turn."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
