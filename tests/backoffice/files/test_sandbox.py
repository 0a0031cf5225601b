import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backoffice.files.sandbox import MEBIBYTE, WorkFailed, run_limited


def limited(
    work: Callable[[], bytes],
    *,
    memory: int = 64 * MEBIBYTE,
    cpu_seconds: int = 10,
    wall_seconds: float = 30.0,
) -> bytes:
    return run_limited(work, memory=memory, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)


def children() -> int:
    try:
        return os.waitpid(-1, os.WNOHANG)[0]
    except ChildProcessError:
        return 0


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def spin() -> bytes:
    while True:
        pass


def test_the_work_runs_in_another_process_and_its_answer_comes_back_whole() -> None:
    assert limited(lambda: str(os.getpid()).encode()) != str(os.getpid()).encode()
    big = bytes(range(256)) * 20_000
    assert limited(lambda: big) == big
    assert limited(lambda: b"") == b""
    assert children() == 0


def test_an_error_in_the_work_is_told() -> None:
    with pytest.raises(WorkFailed, match="ValueError: no such page"):
        limited(lambda: (_ for _ in ()).throw(ValueError("no such page")))


def test_too_much_memory_fails_the_work_and_not_this_process() -> None:
    with pytest.raises(WorkFailed, match="MemoryError"):
        limited(lambda: bytes(256 * MEBIBYTE))
    assert len(bytes(256 * MEBIBYTE)) == 256 * MEBIBYTE


def test_a_loop_is_ended_by_its_processor_time() -> None:
    with pytest.raises(WorkFailed, match="status -"):
        limited(spin, cpu_seconds=1)
    assert children() == 0


def test_work_that_only_waits_is_ended_by_the_clock() -> None:
    started = time.monotonic()
    reading, writing = os.pipe()
    with pytest.raises(WorkFailed, match="took too long"):
        limited(lambda: os.read(reading, 1), wall_seconds=0.2)
    assert time.monotonic() - started < 10
    assert children() == 0
    os.close(reading)
    os.close(writing)


def test_a_process_that_dies_is_told() -> None:
    def die() -> bytes:
        os.kill(os.getpid(), 9)
        return b"never"

    with pytest.raises(WorkFailed, match="status -9"):
        limited(die)


def test_no_descriptor_is_left_open() -> None:
    before = descriptors()
    for _ in range(5):
        limited(lambda: b"x")
        with pytest.raises(WorkFailed):
            limited(lambda: b"x"[5:6] + 1)  # type: ignore[operator]
    assert descriptors() == before
