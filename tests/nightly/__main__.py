"""The long tests, part by part, each in a box of time: `script/test --nightly races --minutes 20`.

Without names each part gets a box. `--figures` only tells what has been done in all.
A box goes on where the last one ended: with the kinds that are least complete, and with new seeds.
"""

import argparse
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backoffice.embedded.places import CHECKOUT
from tests.nightly.box import Box
from tests.nightly.parts import PARTS, Part
from tests.nightly.record import Record, figures

GRACE = 900
"""Seconds after the end of a box in which a test that is at work may come to its end."""


def main() -> int:
    """Run boxes; 1 when a test failed in one of them."""
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(prog="script/test --nightly", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(names)}")
    parser.add_argument("--minutes", type=float, default=20, help="for each part")
    parser.add_argument("--figures", action="store_true", help="tell what was done, run nothing")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(names):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    chosen = [part for part in PARTS if not asked.parts or part.name in asked.parts]
    failed = []
    if not asked.figures:
        with _alone():
            failed = [part.name for part in chosen if not run_box(part, asked.minutes * 60)]
    print(figures(Record(), chosen))  # noqa: T201
    if failed:
        print(f"Failed: {' '.join(failed)}", file=sys.stderr)  # noqa: T201
    return int(bool(failed))


def run_box(part: Part, seconds: float) -> bool:
    """Passes of a part until its time is over or everything is done; whether nothing failed."""
    ends = time.time() + seconds
    well = True
    while time.time() < ends and not _is_complete(part):
        seed = 1 + max((line.seed for line in Record().lines(part.name)), default=0)
        print(f"\n== {part.name}, seed {seed}", flush=True)  # noqa: T201
        spent, failures = _sums(part)
        well = _one_pass(Box(part, seed, ends)) and well and _sums(part)[1] == failures
        if part.plugin != "repeating" or _sums(part)[0] == spent:
            break  # it fills its box by itself, or there was nothing that could be run
    return well


def _is_complete(part: Part) -> bool:
    lines = Record().lines(part.name)
    if not part.each:
        return sum(line.done for line in lines) >= part.target
    return part.plugin == "repeating" and bool(lines) and not any(line.missing for line in lines)


def _sums(part: Part) -> tuple[float, int]:
    """Seconds and failures in all."""
    lines = Record().lines(part.name)
    return sum(line.seconds for line in lines), sum(line.failures for line in lines)


def _one_pass(box: Box) -> bool:
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", f"tests.nightly.{box.part.plugin}"),
        *("-p", "no:cacheprovider", "--randomly-dont-reorganize", f"--randomly-seed={box.seed}"),
        *(f"--hypothesis-seed={box.seed}", *box.part.tests),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env={**os.environ, **box.environment()},
            timeout=max(0, box.ends - time.time()) + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        print(f"{box.part.name}: a test did not end", file=sys.stderr)  # noqa: T201
        return False
    over, nothing_left = pytest.ExitCode.INTERRUPTED, pytest.ExitCode.NO_TESTS_COLLECTED
    return done.returncode in {pytest.ExitCode.OK, over, nothing_left}


@contextmanager
def _alone() -> Iterator[None]:
    """One runner at a time: they write the same record."""
    (CHECKOUT / "build").mkdir(exist_ok=True)
    with (CHECKOUT / "build" / "nightly.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another runner of the long tests is at work in this checkout.")
        yield


if __name__ == "__main__":
    sys.exit(main())
