"""Steps and the check that they run inside a real transaction."""

import functools
from collections.abc import Callable
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


def step(function: Callable[Concatenate[Context, P], R]) -> Callable[Concatenate[Context, P], R]:
    """Mark a function that commands of any subject may call inside their own transaction."""

    @functools.wraps(function)
    def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
        require_transaction()
        return function(ctx, *args, **kwargs)

    run.is_step = True  # type: ignore[attr-defined]
    return run
