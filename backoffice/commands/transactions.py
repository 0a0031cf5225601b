"""Steps and the check that they run inside a real transaction."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from backoffice.commands.context import Context

P = ParamSpec("P")
R = TypeVar("R")


class OutsideTransaction(RuntimeError):
    """A step was called without the transaction of a command: a fault in our code."""


def require_transaction() -> None:
    """Refuse to go on outside a transaction opened by our own code.

    The block that a test case wraps around a test does not count, so that a missing
    ``atomic`` is found by the tests and not in production.

    Raises:
        OutsideTransaction: No command's transaction is open.
    """
    blocks = transaction.get_connection().atomic_blocks
    if not any(not getattr(block, "_from_testcase", False) for block in blocks):
        msg = "a step belongs inside the transaction of a command"
        raise OutsideTransaction(msg)


_LAST: ContextVar[list[tuple[str, Callable[[], None]]] | None] = ContextVar("last", default=None)


@contextmanager
def last_acts() -> Iterator[None]:
    """Do what ``at_the_end`` was given once the block has done everything else.

    Stands inside the transaction of a command (or of a chunk of a job), around all of its work.
    """
    acts: list[tuple[str, Callable[[], None]]] = []
    token = _LAST.set(acts)
    try:
        yield
        for _order, act in sorted(acts, key=lambda each: each[0]):
            act()
    finally:
        _LAST.reset(token)


def at_the_end(order: str, act: Callable[[], None]) -> None:
    """Let ``act`` be among the last things that the transaction does.

    For what must be locked as briefly as possible. Acts run in the order of their names, so that two
    transactions take the same locks in the same order.

    Raises:
        OutsideTransaction: No command is running.
    """
    require_transaction()
    acts = _LAST.get()
    if acts is None:
        msg = "nothing here does last things"
        raise OutsideTransaction(msg)
    acts.append((order, act))


def step(function: Callable[Concatenate[Context, P], R]) -> Callable[Concatenate[Context, P], R]:
    """Mark a function that commands of any subject may call inside their own transaction."""

    @functools.wraps(function)
    def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
        require_transaction()
        return function(ctx, *args, **kwargs)

    run.is_step = True  # type: ignore[attr-defined]
    return run
