"""From an address (``?q=&sort=&after=``) to the rows of a list: one reading for pages and the API."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, Exists, F, Model, OuterRef, QuerySet, When
from django.db.models.expressions import Combinable
from django.forms import Field
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from rest_framework.request import Request as ApiRequest

from backoffice.audit.services import NewReading, record_reading
from backoffice.database import groups, keyset
from backoffice.database.keyset import BadQuery, Page, Sort
from backoffice.database.words import matching
from backoffice.identity.requests import context_of
from backoffice.resources.records import Column, Facts, Kind, Resource, Value

if TYPE_CHECKING:
    from backoffice.identity.requests import Request
    from backoffice.identity.rules import Access

PAGE_SIZE = 50
MAX_SEARCH = 100
RESERVED = frozenset(
    {"q", "sort", "after", "before", "limit", "filters"}
    | {"columns", "totals", "group", "in", "view", "month", "ids", "all", "saved"}
)

OPENINGS: "list[Callable[[Request, Resource], str]]" = []
"""What may lead a list elsewhere when nothing is asked of it: a default view."""


class Sight(Enum):
    """For which of the visible rows a person gets a restricted value."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


def sight(resource: Resource, key: str, access: "Access") -> Sight:
    """For which of the rows that a person sees they also get the column, fact or API field."""
    permission = resource.restricted.get(key)
    if permission is None:
        return Sight.ALL
    mine, rows = access.reach(permission), access.reach(resource.view_permission)
    if mine is None or rows is None:
        return Sight.NONE
    return Sight.ALL if mine & rows == rows else Sight.SOME


def visible(resource: Resource, values: Iterable[Value], access: "Access") -> list[Value]:
    """The columns or facts that this person may see, in their order.

    One that they may see of some rows only is empty in the others, and nothing can be ordered by it.
    """
    found = []
    for value in values:
        seen = sight(resource, value.key, access)
        if seen is Sight.ALL:
            found.append(value)
        elif seen is Sight.SOME:
            guarded = guard(resource, value.key, value.path, access)
            labels = labels_of(resource.model, value)
            found.append(replace(value, source=guarded, sortable=False, choices=labels))
    return found


def guard(resource: Resource, key: str, path: str | Combinable, access: "Access") -> Case:
    """The value where the person holds the key's permission for the row, and null elsewhere."""
    allowed = reachable(resource, access, resource.restricted[key])
    value = F(path) if isinstance(path, str) else path
    return Case(When(Exists(allowed.filter(pk=OuterRef("pk"))), then=value), default=None)


def sees(resource: Resource, key: str, access: "Access", pk: int) -> bool:
    """Whether the person gets the value of this key for this record."""
    seen = sight(resource, key, access)
    if seen is Sight.SOME:
        return reachable(resource, access, resource.restricted[key]).filter(pk=pk).exists()
    return seen is Sight.ALL


def labels_of(model: type[Model], value: Value) -> Mapping[Any, Any]:
    """Labels of a choice: its own, or those of the model's field at the end of the path."""
    if value.choices is not None:
        return value.choices
    current: Any = model
    field = None
    for part in str(value.path).split("__"):
        try:
            field = current._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return {}
        current = field.related_model
    return dict(getattr(field, "flatchoices", ()))


def facts_of(resource: Resource) -> list[Value]:
    """All facts of the record page."""
    return [fact for panel in resource.panels if isinstance(panel, Facts) for fact in panel.facts]


def reachable(resource: Resource, access: "Access", permission: str) -> QuerySet[Any]:
    """The rows for which this person holds ``permission``, among those that they may see."""
    if permission and permission != resource.view_permission:
        access = access.narrowed(resource.view_permission, permission)
    rows = resource.queryset(access)
    # Asked also by doors that have not looked at the permission to read, such as documents.
    return rows if access.can(resource.view_permission) else rows.none()


def annotated(rows: QuerySet[Any], values: Iterable[Value]) -> tuple[QuerySet[Any], list[str]]:
    """Rows with every expression among the values under a name, and the path of each value."""
    paths = []
    for value in values:
        if isinstance(value.path, str):
            paths.append(value.path)
        else:
            name = f"shown_{value.key}"
            rows = rows.annotate(**{name: value.path})
            paths.append(name)
    return rows, paths


@dataclass(frozen=True)
class Listing:
    """A checked question to the list of one object, as one person may ask it.

    Attributes:
        rows: The rows that match, without order.
        columns: The columns to show, in their order: those of the address, else those that the person
            keeps, else the table's own.
        filters: The bound filters; None when none is in use.
        group: The column by which rows are grouped, if they are.
        within: The value of the one group that is asked for, in a tuple; None for all groups.
    """

    resource: Resource
    rows: QuerySet[Any]
    columns: list[Column]
    sort: Sort
    q: str
    after: str
    before: str
    filters: FilterSet | None
    group: Column | None = None
    within: tuple[Any] | None = None

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.q) or self.filters is not None or self.within is not None

    def page(self, fields: list[str], limit: int = PAGE_SIZE) -> Page:
        """The rows of the page that was asked for.

        Raises:
            BadQuery: The cursor is not of this list and order.
        """
        return keyset.page(
            self.rows, fields, self.sort, limit=limit, after=self.after, before=self.before
        )


def read(
    request: HttpRequest | ApiRequest,
    resource: Resource,
    access: "Access",
    sort: str = "",
    columns: Iterable[str] = (),
) -> Listing:
    """Read and check the address of a list.

    Args:
        request: Of a page or of the API.
        resource: The object.
        access: Who asks.
        sort: The order when the address names none; empty for the table's own.
        columns: The columns when the address names none; none for the table's own.

    Raises:
        BadQuery: Unknown order or column, impossible text, wrong filter value, or both cursors.
    """
    given: QueryDict = request.GET
    if any("\x00" in text for values in given.lists() for text in (values[0], *values[1])):
        raise BadQuery("bad_text", _("The address holds a character that no text has."))
    own = visible(resource, resource.table.columns, access)
    rows = resource.queryset(access)
    q = given.get("q", "").strip()
    if q:
        rows = search(rows, searchable(resource, access), q)
    filters = bound_filters(request, resource, access, rows)
    if filters is not None:
        rows = filters.qs
    after, before = given.get("after", ""), given.get("before", "")
    if after and before:
        raise BadQuery("two_cursors", _("Give either “after” or “before”."))
    named, order = _sort(resource, own, given.get("sort", "") or sort)
    if named is not None:
        rows, _paths = annotated(rows, [named])
    group, within = _group(resource, access, own, given.get("group", "")), None
    if group is not None and "in" in given:
        grouped, (path,) = annotated(rows, [group])
        within = (groups.value_of(grouped, path, str(given["in"]), monthly=group.kind.dated),)
        rows = groups.within(grouped, path, within[0], monthly=group.kind.dated)
    return Listing(
        resource=resource,
        rows=rows,
        columns=_chosen(resource, access, own, given.get("columns", ""), columns),
        sort=order,
        q=q,
        after=after,
        before=before,
        filters=filters,
        group=group,
        within=within,
    )


def _group(resource: Resource, access: "Access", own: list[Column], key: str) -> Column | None:
    """The column by which the address groups; only one whose values the person sees of all rows."""
    by_key = {column.key: column for column in own if column.key in groupable(resource, access)}
    if key and key not in by_key:
        raise BadQuery("unknown_group", _("This list cannot be grouped like that."))
    return by_key.get(key)


def groupable(resource: Resource, access: "Access") -> list[str]:
    """Keys of the columns by which this person can group the list."""
    return [key for key in resource.table.groups if sight(resource, key, access) is Sight.ALL]


def choosable(resource: Resource, access: "Access") -> list[Column]:
    """What the columns of a list can be for this person: those of the table, then the other facts.

    Nothing is ordered by a fact: only columns are made for that.
    """
    own = {column.key for column in resource.table.columns}
    facts = [
        replace(fact, kind=Kind.TEXT if fact.kind is Kind.LINK else fact.kind, sortable=False)
        for fact in facts_of(resource)
        if fact.key not in own
    ]
    return visible(resource, [*resource.table.columns, *facts], access)


def _chosen(
    resource: Resource, access: "Access", own: list[Column], asked: str, kept: Iterable[str]
) -> list[Column]:
    """The columns that the address names, or those kept, else the table's own; never without the link.

    What this person may not see is left out: an address can come from somebody who sees more.

    Raises:
        BadQuery: The address names what is no column.
    """
    keys = asked.split(",") if asked else list(kept)
    if not keys:
        return own
    known = {value.key for value in (*resource.table.columns, *facts_of(resource))}
    if asked and (unknown := set(keys) - known):
        message = _("This list has no column “%(names)s”.") % {"names": ", ".join(sorted(unknown))}
        raise BadQuery("unknown_column", message, fields={"columns": message})
    by_key = {column.key: column for column in choosable(resource, access)}
    found = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    link = next(column for column in own if column.kind is Kind.LINK)
    return found if link in found else [link, *found]


def _sort(resource: Resource, columns: list[Column], asked: str) -> tuple[Column | None, Sort]:
    """The order that was asked for, or the object's own; and the column it goes by."""
    by_key = {column.key: column for column in columns if column.sortable}
    key = asked.removeprefix("-")
    if asked and key not in by_key and key != "id":
        raise BadQuery(
            "unknown_sort",
            _("This list can be sorted by: %(keys)s.") % {"keys": ", ".join(["id", *by_key])},
            fields={"sort": _("Unknown order.")},
        )
    name = asked or resource.table.order
    column = by_key.get(name.removeprefix("-"))
    if column is None:  # by id, or the object's own order is by a column this person does not get
        return None, Sort(name=name if asked else "id", path="pk", nullable=False)
    if column.sort is not None:
        column = replace(column, key=f"{column.key}_order", source=column.sort)
    path = column.path if isinstance(column.path, str) else f"shown_{column.key}"
    return column, Sort(name=name, path=path, nullable=keyset.is_nullable(resource.model, path))


def hidden_paths(resource: Resource, access: "Access") -> set[str]:
    """Keys and ORM paths by which this person may neither order, filter nor search."""
    hidden = (key for key in resource.restricted if sight(resource, key, access) is not Sight.ALL)
    return paths_of(resource, set(hidden))


def paths_of(resource: Resource, keys: set[str]) -> set[str]:
    """Keys, and the ORM paths of the columns and facts that have them."""
    values = [*resource.table.columns, *facts_of(resource)]
    return keys | {v.path for v in values if v.key in keys and isinstance(v.path, str)}


def searchable(resource: Resource, access: "Access") -> list[str]:
    """The texts that the search box looks into for this person."""
    hidden = hidden_paths(resource, access)
    return [path for path in resource.table.search if path not in hidden]


def search(rows: QuerySet[Any], paths: list[str], q: str) -> QuerySet[Any]:
    """Rows in which every word stands somewhere, without regard to accents, case or punctuation.

    Raises:
        BadQuery: The text is longer than anything searchable.
    """
    if len(q) > MAX_SEARCH:
        raise BadQuery(
            "long_search", _("Search for at most %(limit)s characters.") % {"limit": MAX_SEARCH}
        )
    return matching(rows, paths, q)


def bound_filters(
    request: HttpRequest | ApiRequest, resource: Resource, access: "Access", rows: QuerySet[Any]
) -> FilterSet | None:
    """The filters that the address uses, bound and valid; None when it uses none.

    Raises:
        BadQuery: A value is not one of its filter.
    """
    if resource.filters is None or not (request.GET.keys() - RESERVED):
        return None
    filters = allowed_filters(resource, access, data=request.GET, queryset=rows, request=request)
    if not any(request.GET.get(name) for name in parameter_names(filters)):
        return None
    if not filters.form.is_valid():
        wrong = {name: errors[0] for name, errors in filters.form.errors.items()}
        raise BadQuery("bad_filter", _("A filter has a value that cannot be."), fields=wrong)
    return filters


def allowed_filters(resource: Resource, access: "Access", **given: Any) -> FilterSet:  # noqa: ANN401
    """The object's filters without those that would reveal a restricted value."""
    assert resource.filters is not None  # noqa: S101  for the type checker; callers have looked
    filters: FilterSet = resource.filters(**given)
    hidden = hidden_paths(resource, access)
    for name, each in list(filters.filters.items()):
        if name in hidden or each.field_name in hidden:
            del filters.filters[name]
    return filters


def parameter_names(filters: FilterSet) -> list[str]:
    """Names of all filters in addresses."""
    fields = filters.form.fields.items()
    return [each for name, field in fields for each in names_of(name, field)]


def names_of(name: str, field: Field) -> list[str]:
    """Names of one filter in addresses; a range has two."""
    suffixes = getattr(field.widget, "suffixes", None)
    return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]


def log_reading(
    request: HttpRequest | ApiRequest,
    resource: Resource,
    access: "Access",
    values: Iterable[Value] | Iterable[str],
    ids: list[int],
) -> None:
    """Write down who is about to see restricted values of which records; one row for the request."""
    keys = {value if isinstance(value, str) else value.key for value in values}
    if not ids or resource.restricted.keys().isdisjoint(keys):
        return
    ctx = context_of(request)
    record_reading(
        NewReading(
            at=ctx.at,
            kind=resource.name,
            ids=ids,
            company_id=ctx.company_id,
            user_id=ctx.actor_id,
            channel=ctx.channel.value,
            token_id=ctx.token_id,
            request_id=ctx.request_id,
        )
    )
