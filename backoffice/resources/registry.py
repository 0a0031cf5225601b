"""The list of all areas and objects, filled by each subject's ``register.py`` at start."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.collaboration import registry as gatherings
from backoffice.commands import COMMANDS
from backoffice.database.keyset import BadQuery
from backoffice.files import registry as owners
from backoffice.files.registry import Attachments
from backoffice.resources import listing
from backoffice.resources.records import Area, Command, Kind, Resource, Text

if TYPE_CHECKING:
    from django.http import HttpRequest

    from backoffice.identity.rules import Access

OTHER_DOCUMENT = _("Other document")

AREAS: dict[str, Area] = {}
RESOURCES: dict[str, Resource] = {}

# Models that people and systems never meet as objects, with the reason why.
INTERNAL: dict[str, str] = {}


def register_area(area: Area) -> None:
    """Name an area for menus and the API."""
    AREAS[area.code] = area


def register(*resources: Resource) -> None:
    """Add objects; each gets its pages, its API and its conformance tests.

    Raises:
        ValueError: Another object has the same name or the same address.
    """
    for resource in resources:
        if resource.name in RESOURCES:
            msg = f"two resources are named {resource.name}"
            raise ValueError(msg)
        taken = {(other.area, other.slug) for other in RESOURCES.values()}
        if (resource.area, resource.slug) in taken:
            msg = f"two resources have the address /{resource.area}/{resource.slug}/"
            raise ValueError(msg)
        RESOURCES[resource.name] = resource
        gatherings.register_object(resource, listing.reachable, url)
        if "attachments" not in resource.lacks:
            owners.register_object(resource, documents_of(resource), listing.reachable, url)


def documents_of(resource: Resource) -> Attachments:
    """Who sees and who changes the documents of an object's records, as it says or as usual."""
    if resource.attachments is not None:
        return resource.attachments
    changing = (COMMANDS.get(each.name) for each in (resource.update, resource.create) if each)
    names = [spec.permission for spec in changing if spec is not None and spec.permission]
    link = next(column for column in resource.table.columns if column.kind is Kind.LINK)
    paths = [path for path in (link.path, *resource.table.search) if isinstance(path, str)]
    return Attachments(
        view=resource.view_permission,
        change=names[0] if names else resource.view_permission,
        categories={"other": OTHER_DOCUMENT},
        name=next((each for each in paths if stands_in(resource.model, each)), "pk"),
    )


def stands_in(model: type[Model], path: str) -> bool:
    """Whether a path leads through the model's own fields, and not to an annotation of a queryset."""
    try:
        model._meta.get_field(path.partition("__")[0])
    except FieldDoesNotExist:
        return False
    return True


def internal(reason: str, *models: type[Model]) -> None:
    """List models that are no objects of their own: lines, logs, links; with the reason why."""
    for model in models:
        INTERNAL[model._meta.label] = reason


def of(model: type[Model] | Model) -> Resource | None:
    """The object that shows rows of ``model``; the first one registered when there are several."""
    concrete: Any = model if isinstance(model, type) else type(model)
    return next((each for each in RESOURCES.values() if each.model is concrete), None)


def load(app: str, *subjects: str) -> None:
    """Import commands and records of each subject, in the given order; for ``AppConfig.ready``."""
    for subject in subjects:
        for name in ("services", "register"):
            import_module(f"{app}.{subject}.{name}")


def url(resource: Resource, page: str = "list", pk: int | None = None, command: str = "") -> str:
    """Address of a page: ``list``, ``create``, ``detail``, ``update``, ``history``, ``command``."""
    base = reverse(f"{resource.name}.list")
    if page == "create":
        return f"{base}new/"
    if pk is None:
        return base
    tails = {"detail": "", "update": "edit/", "history": "history/", "command": f"do/{command}/"}
    return f"{base}{pk}/{tails[page]}"


@dataclass(frozen=True, kw_only=True)
class ListKind:
    """Another way to show a list than as a table, chosen by ``?view=``.

    Attributes:
        name: In addresses.
        label: What people call it.
        icon: Its symbol.
        template: Of what stands in the place of the table.
        offered: Whether the list of an object can be shown so.
        context: What the template shows: of the request, the checked question and the person. Has
            ``count`` of all records that match, ``lines`` (empty when there is nothing to show) and
            ``shown``, the keys of the records shown.
    """

    name: str
    label: Text
    icon: str
    template: str
    offered: Callable[[Resource], bool]
    context: "Callable[[HttpRequest, listing.Listing, Access], dict[str, Any]]"


LIST_KINDS: dict[str, ListKind] = {}
GROUPED = "grouped"
"""The kind that shows groups; chosen by ``?group=``, so it is never offered by name."""


def register_list_kind(kind: ListKind) -> None:
    """Add another way to show lists."""
    LIST_KINDS[kind.name] = kind


def list_kind(asked: listing.Listing, view: str) -> ListKind | None:
    """The way in which a list is asked for; None for the table.

    Raises:
        BadQuery: The object's list cannot be shown so.
    """
    if asked.group is not None and asked.within is None:
        return LIST_KINDS[GROUPED]
    kind = LIST_KINDS.get(view)
    if view and (kind is None or not kind.offered(asked.resource)):
        raise BadQuery("unknown_view", _("This list cannot be shown like that."))
    return kind


def commands_of(resource: Resource) -> Iterator[Command]:
    """Every command of the object: create, update and the others."""
    yield from (each for each in (resource.create, resource.update) if each is not None)
    yield from resource.commands


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the left menu, for a person who may read the object."""

    area: str
    label: Text
    icon: str
    url: str
    order: int
    group: str
    key: str
    create_url: str


def menu_items(access: "Access") -> list[MenuEntry]:
    """The objects that this person may read, by area and place."""
    found = [
        MenuEntry(
            area=resource.area,
            label=resource.label_plural,
            icon=resource.icon,
            url=url(resource),
            order=resource.menu.order,
            group=resource.menu.group,
            key=resource.menu.key,
            create_url=url(resource, "create") if create and may_run(create, access) else "",
        )
        for resource in RESOURCES.values()
        for create in [resource.create]
        if resource.menu is not None and access.can(resource.view_permission)
    ]
    return sorted(found, key=lambda entry: (AREAS[entry.area].order, entry.order))


def may_run(command: Command, access: "Access") -> bool:
    """Whether the person holds the command's permission for any record at all."""
    permission = COMMANDS[command.name].permission
    return not permission or access.can(permission)
