"""What links ask of the registry of objects, which stands above them."""

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

from backoffice.ports import OnePort

if TYPE_CHECKING:
    from backoffice.identity.rules import Access


class ObjectKind(NamedTuple):
    """One kind of record: its name, the label of its model in small letters, its words, its icon."""

    name: str
    model: str
    label: str | Promise
    icon: str


class Found(NamedTuple):
    """A record that can be chosen: its reference as text, its title, and what it is."""

    value: str
    text: str
    hint: str


class Objects(Protocol):
    """The records that links can tie together."""

    def kind(self, name: str) -> ObjectKind | None:
        """The kind with a name such as ``hr.employee``, or with the label of its model."""
        ...

    def rows(self, kind: ObjectKind, access: "Access", permission: str) -> QuerySet[Any]:
        """Records that the access sees, and for which it holds the permission unless that is empty."""
        ...

    def find(
        self, access: "Access", permission: str, typed: str, names: frozenset[str]
    ) -> "list[Found]":
        """The first few records of each kind (of all kinds without names) that a text finds."""
        ...

    def title(self, kind: ObjectKind, record: Any) -> str:  # noqa: ANN401  a record of the kind
        """What people call a record."""
        ...

    def url(self, kind: ObjectKind, pk: int) -> str:
        """The page of a record."""
        ...


OBJECTS: OnePort[Objects] = OnePort("links.objects", Objects)
