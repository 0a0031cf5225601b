"""Many races in a row by the same threads, which keep their database connections meanwhile."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from django.db import connections

Result = TypeVar("Result")
THREADS = 16


class Racers:
    """Sixteen threads at a starting line, again and again."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS)
        self._line = threading.Barrier(THREADS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.race([connections.close_all] * THREADS)
        self._pool.shutdown()

    def race(self, actions: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
        """Start one action in each thread at once; what each returned or raised, in their order."""
        assert len(actions) == THREADS
        return list(self._pool.map(self._run, actions))

    def _run(self, action: Callable[[], Result]) -> Result | Exception:
        self._line.wait(timeout=30)
        try:
            return action()
        except Exception as error:
            return error
