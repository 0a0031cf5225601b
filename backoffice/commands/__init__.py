"""The one way to change anything: context, durable transaction, idempotent answer, event."""

from backoffice.commands.context import Actor, Channel, Context
from backoffice.commands.registry import CHECKED_INSIDE, COMMANDS, CommandSpec, command
from backoffice.commands.transactions import (
    OutsideTransaction,
    at_the_end,
    last_acts,
    require_transaction,
    step,
)

__all__ = [
    "CHECKED_INSIDE",
    "COMMANDS",
    "Actor",
    "Channel",
    "CommandSpec",
    "Context",
    "OutsideTransaction",
    "at_the_end",
    "command",
    "last_acts",
    "require_transaction",
    "step",
]
