"""Work on content that may be hostile, in a process of its own with limits on memory and time.

Untrusted HTML and CSS can make a layout engine loop or fill the memory, and its C libraries then
end the process they run in. Here that process is a short-lived fork: the worker goes on.
"""

import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

MEBIBYTE = 1024 * 1024
DONE, FAILED = b"D", b"F"
READ_AT_ONCE = 1 << 16


class WorkFailed(RuntimeError):
    """The work raised an error, ran out of memory or time, or its process died."""


def run_limited(
    work: Callable[[], bytes], *, memory: int, cpu_seconds: int, wall_seconds: float
) -> bytes:
    """Do ``work`` in a forked process and return its answer.

    ``memory`` is in bytes, on top of what this process has mapped already. The work must touch
    neither the database nor files of this process.

    Raises:
        WorkFailed: There is no answer; the message says why.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(work, writing, memory, cpu_seconds)
    os.close(writing)
    try:
        answer = _read(reading, time.monotonic() + wall_seconds)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
    if answer[:1] == DONE and status == 0:
        return answer[1:]
    if answer[:1] == FAILED:
        raise WorkFailed(answer[1:].decode())
    raise WorkFailed(f"the process ended with status {os.waitstatus_to_exitcode(status)}")


def _read(pipe: int, deadline: float) -> bytes:
    """Everything that comes through ``pipe`` until its other end closes."""
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise WorkFailed("it took too long")
        if not (part := os.read(pipe, READ_AT_ONCE)):
            return b"".join(parts)
        parts.append(part)


def _answer(work: Callable[[], bytes], pipe: int, memory: int, cpu_seconds: int) -> NoReturn:
    """The life of the child: limits, work, answer, end; nothing of the parent is cleaned up."""
    status = 1
    try:
        limit_process(memory, cpu_seconds)
        _write(pipe, DONE + work())
        status = 0
    except Exception as error:
        _write(pipe, FAILED + f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(status)


def _write(pipe: int, data: bytes) -> None:
    with open(pipe, "wb", closefd=False) as stream:
        stream.write(data)


def limit_process(memory: int, cpu_seconds: int) -> None:
    """Let this process map ``memory`` more bytes and use ``cpu_seconds`` more, then fail."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
