"""`python -m backoffice.embedded` by hand: start, status, env, stop, run, erase."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice.embedded.__main__ import main
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.processes import wait_for
from backoffice.embedded.servers import bundled

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def test_a_life_of_two_servers(own_state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    assert "PostgreSQL: not running" in capsys.readouterr().out
    assert main(["start"]) == 0
    assert main(["status"]) == 0
    assert "PostgreSQL: running, process " in capsys.readouterr().out
    assert main(["env"]) == 0
    assert f"export REDIS_URL='{bundled().valkey.url()}'" in capsys.readouterr().out
    assert main(["stop"]) == 0
    assert main(["status"]) == 1
    assert bundled().place.root.exists()
    assert main(["erase"]) == 0
    assert not bundled().place.root.exists()


def test_what_goes_wrong_is_said_and_the_exit_code_is_one(
    own_state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled().place.root.symlink_to("/etc")
    assert main(["start"]) == 1
    assert "belongs to another user" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_keeps_them_until_it_is_told_to_stop(own_state: Path, number: int) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "backoffice.embedded", "run"],
        cwd=CHECKOUT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    servers = bundled()
    assert wait_for(servers.valkey.is_ready, 30)
    assert running.stdout is not None
    assert "DATABASE_URL" in running.stdout.readline()
    running.send_signal(number)
    assert running.wait(timeout=30) == 0
    running.stdout.close()
    assert servers.postgres.pid() is None
    assert servers.valkey.pid() is None
