"""The registry of objects, as links ask it."""

from typing import Any

from django.db.models import QuerySet

from backoffice.identity.rules import Access
from backoffice.links.objects import Found, ObjectKind
from backoffice.resources import listing, registry
from backoffice.resources.records import Resource

HITS = 5
SHORTEST = 2


def kind_of(resource: Resource) -> ObjectKind:
    """The kind of the records of an object."""
    model = resource.model._meta.label_lower
    return ObjectKind(resource.name, model, resource.label, resource.icon)


class RegisteredObjects:
    """Every object with pages can be linked; the first one of a model stands for its records."""

    def kind(self, name: str) -> ObjectKind | None:
        """The kind with the name of an object, or with the label of its model."""
        found = registry.RESOURCES.get(name) or next(
            (each for each in registry.RESOURCES.values() if each.model._meta.label_lower == name),
            None,
        )
        return kind_of(found) if found else None

    def rows(self, kind: ObjectKind, access: Access, permission: str) -> QuerySet[Any]:
        """Records that the access sees, within the reach of the permission."""
        resource = registry.RESOURCES[kind.name]
        if not access.can(resource.view_permission):
            return resource.queryset(access).none()
        return listing.reachable(resource, access, permission)

    def find(
        self, access: Access, permission: str, typed: str, names: frozenset[str]
    ) -> list[Found]:
        """Records in whose texts every word stands, one statement for each object with texts.

        Raises:
            BadQuery: The text is longer than anything searchable.
        """
        if len(typed.strip()) < SHORTEST or not access.can(permission):
            return []
        found = []
        for resource in registry.RESOURCES.values():
            paths = listing.searchable(resource, access)
            wanted = not names or resource.name in names
            if not (wanted and paths and access.can(resource.view_permission)):
                continue
            rows = listing.search(listing.reachable(resource, access, permission), paths, typed)
            found += [
                Found(f"{resource.name}:{row.pk}", str(resource.title(row)), str(resource.label))
                for row in rows.order_by("pk")[:HITS]
            ]
        return found

    def title(self, kind: ObjectKind, record: Any) -> str:  # noqa: ANN401  a record of the kind
        """The heading of its page."""
        return str(registry.RESOURCES[kind.name].title(record))

    def url(self, kind: ObjectKind, pk: int) -> str:
        """The page of a record."""
        return registry.url(registry.RESOURCES[kind.name], "detail", pk)
