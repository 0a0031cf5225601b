"""Runs tests of one pytest process again and again, each time in another world."""

import hashlib
import json
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from backoffice.database.fingerprint import fingerprint
from backoffice.embedded.places import CHECKOUT

LIMIT = 60
"""Seconds after which a test counts as failed: what was changed made it go on for ever."""


class TooLong(BaseException):
    """Not an Exception, so that no code under test takes it for its own."""


def first_failure(items: Sequence[pytest.Item]) -> str:
    """The first of the tests that fails, with all fixtures made anew; empty when none does."""
    found = ""
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        if _fails(item, following):
            found = item.nodeid
            break
    if items:
        items[0].session._setupstate.teardown_exact(None)
    return found


def _fails(item: Any, following: pytest.Item | None) -> bool:
    item._initrequest()  # as if it had never run
    with _limit():
        reports = runtestprotocol(item, log=False, nextitem=following)
    return any(report.failed for report in reports)


@contextmanager
def _limit() -> Iterator[None]:
    def end(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Watched:
    """What each test reaches, found by running all of them once; those that fail are left out.

    It is kept in `build` until a test or the database's definition changes.
    """

    def __init__(self, part: str) -> None:
        self.seconds: dict[str, float] = {}
        self.reached: dict[str, set[str]] = {}
        self._part = part
        self._now: set[str] = set()

    def reach(self, what: str) -> None:
        """The test that runs now reaches this."""
        self._now.add(what)

    def run(self, items: Sequence[pytest.Item], looking: AbstractContextManager[None]) -> None:
        """Run every test once with somebody looking, unless that has been done."""
        place = CHECKOUT / "build" / f"nightly-{self._part}-{_state_of_tests()}.json"
        if place.exists():
            kept = json.loads(place.read_text())
            self.seconds = kept["seconds"]
            self.reached = {what: set(tests) for what, tests in kept["reached"].items()}
            return
        with looking:
            self._run(items)
        lists = {what: sorted(tests) for what, tests in self.reached.items()}
        place.write_text(json.dumps({"seconds": self.seconds, "reached": lists}))

    def _run(self, items: Sequence[pytest.Item]) -> None:
        for number, item in enumerate(items):
            self._now = set()
            begun = time.monotonic()
            following = items[number + 1] if number + 1 < len(items) else None
            reports = runtestprotocol(item, log=False, nextitem=following)
            if all(report.passed for report in reports):
                self.seconds[item.nodeid] = time.monotonic() - begun
                for what in self._now:
                    self.reached.setdefault(what, set()).add(item.nodeid)
            elif any(report.failed for report in reports):
                print(f"fails already without a change: {item.nodeid}", flush=True)  # noqa: T201

    def quickest(self, tests: Iterable[str]) -> list[str]:
        """Those of the tests that were watched, the quickest first."""
        return sorted(self.seconds.keys() & set(tests), key=lambda test: self.seconds[test])


def _state_of_tests() -> str:
    digest = hashlib.sha256(fingerprint().encode())
    for path in sorted((CHECKOUT / "tests").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
