"""Calling a step as a command would."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from backoffice.commands import Context


def inside(ctx: Context, step: Callable[..., Any], **arguments: Any) -> Any:
    """The step inside a transaction of its own."""
    with transaction.atomic():
        return step(ctx, **arguments)
