"""The one way to change anything: context, durable transaction, idempotent answer, event."""

from backoffice.commands.context import Actor, Channel, Context
from backoffice.commands.registry import CHECKED_INSIDE, COMMANDS, CommandSpec, command
from backoffice.commands.transactions import OutsideTransaction, require_transaction, step

__all__ = [
    "CHECKED_INSIDE",
    "COMMANDS",
    "Actor",
    "Channel",
    "CommandSpec",
    "Context",
    "OutsideTransaction",
    "command",
    "require_transaction",
    "step",
]
