"""From nothing to the login page, and again: the example company in a place of its own."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from backoffice.embedded.places import CHECKOUT
from benchmarks.stage import Figure, Stopwatch, report

PATIENCE = 300.0


def main() -> None:
    """Start twice from an empty place, and stop each time."""
    with tempfile.TemporaryDirectory(prefix="rg-start-") as folder:
        copy = Path(folder) / "retaguarda"
        subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(copy)], check=True)
        watch = Stopwatch()
        subprocess.run([str(copy / "script" / "bootstrap"), "demo"], check=True, cwd=copy)
        install = watch.seconds()
        first, second = _start(copy), _start(copy)
        python = copy / ".venv" / "bin" / "python"
        subprocess.run([str(python), "-m", "backoffice.embedded", "erase"], check=True, cwd=copy)
    report(
        Figure(name="start: clone to login page", value=install + first, unit="s", budget=120),
        Figure(name="start: without download and install", value=first, unit="s", budget=30),
        Figure(name="start: second", value=second, unit="s", budget=6),
    )


def _start(copy: Path) -> float:
    """Seconds until the address is printed, which is when the login page answers."""
    watch = Stopwatch()
    command = [str(copy / ".venv" / "bin" / "python"), "-m", "backoffice.embedded.demo"]
    process = subprocess.Popen(
        command, cwd=copy, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    end = time.monotonic() + PATIENCE
    try:
        for line in process.stdout or ():
            if re.search(r"http://localhost:\d+", line):
                return watch.seconds()
            if time.monotonic() > end:
                break
        sys.exit("the address was never printed")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


if __name__ == "__main__":
    main()
