"""What of each object is looked through, and from which tables and columns it is read.

Every object of the registry is found by its link column and the texts of its search box. ``declare``
says more about one; ``exclude`` takes one out and says why. Which tables and columns an entry is
made of is asked of the compiled query itself, so that no object has to list them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.datastructures import Join

from backoffice.identity import catalogue
from backoffice.identity.rules import Access, Scope
from backoffice.resources import listing, registry
from backoffice.resources.records import Kind, Resource, Value

SHOWN_AS_TEXT = frozenset({Kind.TEXT, Kind.LINK, Kind.CHOICE})
CODES = frozenset({Kind.CNPJ, Kind.TAX_ID, Kind.CPF})


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What an object says of its entries beside its table.

    Attributes:
        keyed: How the view permission alone decides who sees a row. ``scope``: as ``in_scope`` does,
            by company, and by the party in ``Resource.person``; ``company``: whoever holds it sees
            all rows of the company. Entries are then filtered by keys of their own; without it the
            object's queryset is asked about the rows that match.
        title: Keys of the columns that make the title; the link column without them.
        hint: Keys of columns for the line below; the texts of the search box without them.
        also: ORM paths to rows of other tables that decide whether the record is seen at all.
        person: It is about a person: found by ``@``.
        document: It is a document: found by ``#``.
    """

    keyed: Literal["", "scope", "company"] = ""
    title: tuple[str, ...] = ()
    hint: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    person: bool = False
    document: bool = False


DECLARED: dict[str, Declaration] = {}
EXCLUDED: dict[str, str] = {}


def declare(resource: str, **said: Any) -> None:  # noqa: ANN401  the fields of a Declaration
    """Say more about the entries of an object."""
    DECLARED[resource] = Declaration(**said)


def exclude(reason: str, *resources: str) -> None:
    """Take objects out of the search, with the reason why."""
    EXCLUDED.update(dict.fromkeys(resources, reason))


@dataclass(frozen=True)
class Source:
    """How entries of one object are made.

    Attributes:
        title: Values that make the title.
        hint: Values of the line below the title.
        texts: Further texts to look through, free for everybody who sees the record.
        guarded: Key in ``Resource.restricted`` to the path of a value that is found only whole.
    """

    resource: Resource
    declared: Declaration
    title: tuple[Value, ...]
    hint: tuple[Value, ...]
    texts: tuple[Value, ...]
    guarded: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Value, ...]:
        """All values that are read, in the order of the rows."""
        hidden = (Value(key=f"guarded_{i}", label="", source=p) for i, p in self._guarded_paths())
        return (*self.title, *self.hint, *self.texts, *hidden)

    def _guarded_paths(self) -> Iterator[tuple[int, str]]:
        return iter(enumerate(self.guarded.values()))

    @property
    def person_path(self) -> str:
        """The path to the party whom a record is about; empty for none."""
        return self.resource.person

    def rows(self, access: Access) -> QuerySet[Any]:
        """The company's rows as values: key, person, then ``values``."""
        found, paths = listing.annotated(self.resource.queryset(access), self.values)
        fields = ["pk", *([self.person_path] if self.person_path else []), *paths]
        return found.order_by().values_list(*fields)


@cache
def of(name: str) -> Source:
    """The source of an object that is not excluded."""
    resource = registry.RESOURCES[name]
    declared = DECLARED.get(name, Declaration())
    columns = {column.key: column for column in resource.table.columns}
    link = next(column for column in resource.table.columns if column.kind is Kind.LINK)
    title = tuple(columns[key] for key in declared.title) or (link,)
    by_path = {value.path: key for key, value in _restricted(resource)}
    free = [path for path in resource.table.search if path not in by_path]
    if declared.hint is None:
        shown = tuple(_column(resource, path) for path in free if path != link.path)
    else:
        shown = tuple(columns[key] for key in declared.hint)
    read = {value.path for value in (*title, *shown)}
    return Source(
        resource=resource,
        declared=declared,
        title=title,
        hint=shown,
        texts=tuple(_column(resource, path) for path in free if path not in read),
        guarded={by_path[path]: path for path in resource.table.search if path in by_path},
    )


def _restricted(resource: Resource) -> list[tuple[str, Value]]:
    values = [*resource.table.columns, *listing.facts_of(resource)]
    return [(each.key, each) for each in values if each.key in resource.restricted]


def _column(resource: Resource, path: str) -> Value:
    """The column or fact that shows a path, else the path as a text."""
    values = [*resource.table.columns, *listing.facts_of(resource)]
    found = next((each for each in values if each.path == path), None)
    return found or Value(key=f"text_{path}", label="", source=path)


def names() -> list[str]:
    """Every object that is looked through."""
    return [name for name in registry.RESOURCES if name not in EXCLUDED]


def everything(company_id: int, on: dt.date) -> Access:
    """Somebody who may see all of a company: with these rights entries are made."""
    return Access(
        user_id=0,
        company_id=company_id,
        person_id=None,
        on=on,
        grants=dict.fromkeys(catalogue.permissions(), Scope.COMPANY),
    )


@dataclass(frozen=True, slots=True)
class Watch:
    """One column of a table that leads to records, and the columns whose change matters.

    Attributes:
        table: The table that is written to.
        key: Column with the value that ``leads_to`` compares.
        columns: Columns whose change is a change of entries.
        every: Whether new and removed rows count as well.
        leads_to: Object and the ORM path from its rows to the key.
    """

    table: str
    key: str
    columns: frozenset[str]
    every: bool
    leads_to: frozenset[tuple[str, str]]

    @property
    def name(self) -> str:
        """How marks name it."""
        return f"{self.table}.{self.key}"


@cache
def watches() -> Mapping[str, Watch]:
    """Everything that entries are made of, by name."""
    columns: dict[tuple[str, str], set[str]] = defaultdict(set)
    leads: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    every: dict[tuple[str, str], bool] = defaultdict(bool)
    for name in names():
        for found in _watched_by(name):
            at = (found.table, found.key)
            columns[at] |= found.columns
            leads[at] |= found.leads_to
            every[at] |= found.every
    made = (
        Watch(*at, frozenset(columns[at]), every[at], frozenset(leads[at]))
        for at in sorted(columns)
    )
    return {watch.name: watch for watch in made}


def _watched_by(name: str) -> Iterator[Watch]:
    """What the rows of one object are read from, as the compiled query has it."""
    source = of(name)
    model = source.resource.model
    query: Any = source.rows(everything(0, dt.date(2026, 1, 1))).query  # the stubs know half of it
    query.get_compiler("default").as_sql()
    read: dict[str, set[str]] = defaultdict(set)
    for expression in (*query.select, *query.annotation_select.values()):
        for part in expression.flatten():
            if isinstance(part, Col):
                read[part.alias].add(str(part.target.column))
    joins: list[Any] = [each for each in query.alias_map.values() if isinstance(each, Join)]
    for join in reversed(joins):  # what a row is reached by counts as read; nothing else is wanted
        if join.table_alias in read:
            forward = getattr(join.join_field, "column", None)
            read[join.parent_alias] |= {forward} if forward else set()
    base = query.alias_map[query.base_table]
    yield _watch(base.table_name, _key_of(model), read[base.table_alias], name, "pk")
    paths = {base.table_alias: ""}
    for join in joins:
        before = paths[join.parent_alias]
        paths[join.table_alias] = "__".join(filter(None, (before, join.join_field.name)))
        if join.table_alias in read:
            yield _joined(join, read[join.table_alias], name, paths)
    for path in source.declared.also:
        pointing: Any = model._meta.get_field(path)  # `also` names rows that point here
        columns = {each.column for each in pointing.related_model._meta.concrete_fields}
        table = pointing.related_model._meta.db_table
        yield _watch(table, pointing.field.column, columns, name, "pk")


def _key_of(model: type[Model]) -> str:
    key: Any = model._meta.pk
    return str(key.column)


def _joined(found: Join, columns: set[str], name: str, paths: Mapping[str, str]) -> Watch:
    """What to watch of a joined table: a row that is pointed to, or rows that point here."""
    join: Any = found  # the stubs know half of it
    joined = join.join_field
    if hasattr(joined, "column"):
        key = joined.related_model._meta.pk.column
        path = paths[join.table_alias]
        return _watch(join.table_name, key, columns, name, path, every=False)
    key = joined.field.column
    before = paths[join.parent_alias] or "pk"
    return _watch(join.table_name, key, columns | {key}, name, before)


def _watch(
    table: str, key: str, columns: set[str], name: str, path: str, *, every: bool = True
) -> Watch:
    return Watch(table, key, frozenset(columns - {key} or {key}), every, frozenset({(name, path)}))


def tables_read(name: str) -> set[str]:
    """Every table in the statement that reads an object's rows, also those of inner queries."""
    text, _parameters = (
        of(name).rows(everything(0, dt.date(2026, 1, 1))).query.get_compiler("default").as_sql()
    )
    return {part for part in text.split('"') if part in _tables()}


@cache
def _tables() -> frozenset[str]:
    from django.apps import apps

    models: list[type[Model]] = apps.get_models()
    return frozenset(model._meta.db_table for model in models)
