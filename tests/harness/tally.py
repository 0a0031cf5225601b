"""Counts what a test did many times (races, steps, faults, requests), for the long figures."""

import threading
from collections.abc import Iterator

_lock = threading.Lock()
_count = 0


def add(number: int = 1) -> None:
    """So many more were done."""
    global _count  # noqa: PLW0603  one figure for the process
    with _lock:
        _count += number


def take() -> int:
    """What was done since the last time; counting begins again."""
    global _count
    with _lock:
        taken, _count = _count, 0
    return taken


def counted(times: int) -> Iterator[int]:
    """As `range`, and each round that came to its end is counted."""
    for number in range(times):
        yield number
        add()
