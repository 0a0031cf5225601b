"""Ports, and the list of all of them."""

from typing import Any, Generic, TypeVar

T = TypeVar("T")

PORTS: dict[str, "OnePort[Any] | ManyPort[Any]"] = {}
"""By name, filled where ports are declared."""


class _Port(Generic[T]):
    """What both kinds of port share: a name, the shape of an answer, and who answers."""

    def __init__(self, name: str, shape: object) -> None:
        if name in PORTS:
            msg = f"two ports are named {name}"
            raise ValueError(msg)
        self.name = name
        self.shape = shape
        self.providers: list[T] = []
        PORTS[name] = self  # type: ignore[assignment]  # only the two kinds below are made

    def provide(self, answer: T) -> T:
        """Answer the question from now on; for ``register.py`` and ``AppConfig.ready``."""
        if answer not in self.providers:
            self.providers.append(answer)
        return answer


class OnePort(_Port[T]):
    """A question with exactly one answer.

    Args:
        name: ``folder.question``; stands in the messages of the check.
        shape: The protocol of the answer: ``__call__`` for a function, else its methods.
        default: What counts while nobody answers; without one somebody must.
    """

    def __init__(self, name: str, shape: object, *, default: T | None = None) -> None:
        super().__init__(name, shape)
        self.default = default

    @property
    def answer(self) -> T:
        """The one who answers, else the default.

        Raises:
            LookupError: Nobody answers, or two do: ``manage.py check`` would have said so.
        """
        known = self.providers or ([] if self.default is None else [self.default])
        if len(known) != 1:
            msg = f"the port {self.name} has {len(known)} answers"
            raise LookupError(msg)
        return known[0]


class ManyPort(_Port[T]):
    """A question that any number of folders answer, each for its own part; at least one does."""

    @property
    def answers(self) -> tuple[T, ...]:
        """Everybody who answers, in the order in which they came."""
        return tuple(self.providers)
