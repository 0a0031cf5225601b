"""Who reads the events inside the house: each consumer by name, with what it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backoffice.outbox.selectors import StreamEvent


@dataclass(frozen=True, slots=True)
class Consumer:
    """A reader of all events, in order.

    Attributes:
        name: ``area.subject.what``; stable, its position stands in the database.
        handle: Does what follows from some events, inside the transaction that moves the position:
            both happen or neither. It may be called again with the same events, so that what it
            writes has the event's id in a unique key.
    """

    name: str
    handle: Callable[[Sequence[StreamEvent]], None]


CONSUMERS: dict[str, Consumer] = {}


def register(consumer: Consumer) -> None:
    """Make a consumer known.

    Raises:
        ValueError: Another one has the name.
    """
    if CONSUMERS.setdefault(consumer.name, consumer) is not consumer:
        msg = f"two consumers are named {consumer.name}"
        raise ValueError(msg)
