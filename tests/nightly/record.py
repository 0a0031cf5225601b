"""What the long tests have done in all: one line for each kind, in a file of the repository."""

import json
import os
import subprocess
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from backoffice.embedded.places import CHECKOUT
from tests.nightly.parts import Part

PLACE = CHECKOUT / "benchmarks" / "nightly.jsonl"


@dataclass
class Line:
    """One kind of test.

    Args:
        part: Its part.
        kind: The test, the table or the module.
        done: How much since the last failure.
        target: How much is asked; 0 while nobody knows.
        left: What was tried and not noticed by any test: guards and mutants that survived.
        seconds: Time spent in all.
        seed: The last seed; the next box continues after it.
        mark: What `done` stands for; with another one it begins again.
        failures: How often it ever failed, and how the last time.
    """

    part: str
    kind: str
    done: int = 0
    target: int = 0
    left: list[str] = field(default_factory=list)
    seconds: float = 0.0
    seed: int = 0
    mark: str = ""
    failures: int = 0
    last_failure: str = ""
    commit: str = ""
    on: str = ""

    @property
    def missing(self) -> float:
        """What is not done yet, as a share of the target."""
        return max(0.0, 1 - self.done / self.target) if self.target else 1.0


class Record:
    """The lines by part and kind; written after every change, so that nothing done is lost."""

    def __init__(self, place: Path = PLACE) -> None:
        self._place = place
        self._commit = _commit()
        rows = place.read_text().splitlines() if place.exists() else []
        found = (Line(**json.loads(row)) for row in rows)
        self._lines = {(line.part, line.kind): line for line in found}

    def lines(self, part: str) -> list[Line]:
        """All lines of a part."""
        return [line for line in self._lines.values() if line.part == part]

    def line(self, part: Part, kind: str, *, mark: str = "") -> Line:
        """The line of a kind, made when there is none; begun again when its mark has changed."""
        line = self._lines.get((part.name, kind))
        if line is None or line.mark != mark:
            line = Line(part=part.name, kind=kind, mark=mark)
            self._lines[part.name, kind] = line
        line.target = part.target or line.target
        return line

    def keep_only(self, part: Part, kinds: Iterable[str]) -> None:
        """Forget kinds that no longer exist."""
        known = set(kinds)
        for line in self.lines(part.name):
            if line.kind not in known:
                del self._lines[part.name, line.kind]

    def passed(self, line: Line, count: int, seconds: float) -> None:
        """Something was done without a failure."""
        line.done += count
        self._spent(line, seconds)

    def failed(self, line: Line, how: str, seconds: float) -> None:
        """The count begins again: the target is to be reached without a failure."""
        line.done = 0
        line.failures += 1
        line.last_failure = f"{time.strftime('%Y-%m-%d')} {self._commit}: {how}"[:300]
        self._spent(line, seconds)

    def _spent(self, line: Line, seconds: float) -> None:
        line.seconds = round(line.seconds + seconds, 1)
        line.commit, line.on = self._commit, time.strftime("%Y-%m-%d")
        self.save()

    def save(self) -> None:
        """Write all lines; a reader finds the old file or the new one."""
        rows = [json.dumps(_plain(self._lines[key])) for key in sorted(self._lines)]
        beside = self._place.with_suffix(f".{os.getpid()}")
        beside.write_text("".join(f"{row}\n" for row in rows))
        beside.replace(self._place)


def _plain(line: Line) -> dict[str, object]:
    """The line without what is empty."""
    return {name: value for name, value in asdict(line).items() if value or name == "done"}


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def figures(record: Record, parts: Iterable[Part]) -> str:
    """The cumulative figures beside their targets, one row for each part."""
    rows = []
    for part in parts:
        lines = record.lines(part.name)
        done, target = sum(line.done for line in lines), sum(line.target for line in lines)
        target = target if part.each else part.target
        reached = sum(not line.missing for line in lines)
        left = sum(len(line.left) for line in lines)
        row = f"{part.name:<11}{done:>9,} of {target:>9,} {part.unit}"
        if part.each:
            row += f"; {reached} of {len(lines)} kinds complete"
        if left and done:
            row += f"; {left} not noticed ({1 - left / done:.0%} noticed, {part.share:.0%} asked)"
        failing = [line.kind for line in lines if line.failures and line.missing]
        row += "".join(f"\n{'':11}failed before, not complete since: {kind}" for kind in failing)
        rows.append(row)
    return "\n".join(rows)
