"""What people are told of: each subject registers its kinds beside its objects."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from backoffice.notifications.models import Delivery
from backoffice.outbox.selectors import StreamEvent


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told of an event: a sentence, and the address where it leads."""

    user_id: int
    text: Callable[[], str]
    url: str


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """One kind of thing that people are told of.

    Attributes:
        name: Stable; stands in the database.
        label: What the page of preferences calls it.
        actions: Names of the events that it is made from; a function when other registries name them.
        tell: Who is told what of an event; ``text`` is called in the person's language.
        default: How people hear of it who chose nothing.
    """

    name: str
    label: str | Promise
    actions: tuple[str, ...] | Callable[[], Iterable[str]]
    tell: Callable[[StreamEvent], Iterable[Told]]
    default: Delivery = Delivery.NOW

    def events(self) -> Iterable[str]:
        """Names of the events that it is made from."""
        return self.actions() if callable(self.actions) else self.actions


KINDS: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Make kinds known.

    Raises:
        ValueError: Two have the same name.
    """
    for kind in kinds:
        if KINDS.setdefault(kind.name, kind) is not kind:
            msg = f"two kinds of notification are named {kind.name}"
            raise ValueError(msg)
