"""Races: the same moment in many threads, each with a database connection of its own."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from django.db import connections

from tests.harness import tally

Result = TypeVar("Result")
THREADS = 16
ROUNDS = int(os.environ.get("RACES", "100"))
"""How often each race is run: 100 times in each run, 20,000 times in the long tests."""


class Racers:
    """Threads at a starting line, again and again; they keep their connections meanwhile."""

    def __init__(self, count: int = THREADS) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count)
        self._line = threading.Barrier(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        list(self._pool.map(self._run, [connections.close_all] * self._count))
        self._pool.shutdown()

    def race(self, actions: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
        """Start one action in each thread at once; what each returned or raised, in their order."""
        assert len(actions) == self._count
        results = list(self._pool.map(self._run, actions))
        tally.add()
        return results

    def _run(self, action: Callable[[], Result]) -> Result | Exception:
        self._line.wait(timeout=30)
        try:
            return action()
        except Exception as error:
            return error


def race(actions: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Start all actions at once, each in a thread of its own; what each returned or raised."""
    with Racers(len(actions)) as racers:
        return racers.race(actions)
