"""Races: the same moment in many threads, each with a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def race(actions: list[Callable[[], Result]]) -> list[Result | Exception]:
    """Start all actions at once; what each returned or raised, in their order."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], Result]) -> Result | Exception:
        barrier.wait(timeout=30)
        try:
            return action()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(actions)) as pool:
        return list(pool.map(run, actions))
