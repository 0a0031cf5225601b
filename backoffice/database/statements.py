"""Statements that are built and compiled once and then asked again and again.

Django builds and compiles a query anew each time, which for a list of fifty rows costs several times
what PostgreSQL needs to answer it. A ``Statement`` keeps the SQL of a queryset with the places that
change (a cursor, a key) left open as ``Slot``s; ``Statements`` keeps the last few hundred of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet
from typing_extensions import override

T = TypeVar("T")

KEPT = 500


class Slot(Expression):
    """A place in a statement whose value is given each time it is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    @override
    def as_sql(self, compiler: object, connection: object) -> tuple[str, list[Any]]:  # type: ignore[override]  # the parameter is ourselves
        """A parameter that stands for itself until the statement is asked."""
        return "%s", [self]

    @override
    def get_group_by_cols(self) -> list[Any]:
        """A constant, which no grouping needs."""
        return []


class Statement:
    """The compiled form of a queryset made with ``values_list``; safe to share between threads."""

    def __init__(self, queryset: "QuerySet[Any, Any]") -> None:
        self._alias = queryset.db
        self._sql = ""
        compiler = queryset.query.get_compiler(self._alias)
        try:
            self._sql, params = compiler.as_sql()
        except EmptyResultSet:  # Django knows without asking that nothing can match
            return
        self._params: tuple[Any, ...] = tuple(params)
        self._width: int = compiler.col_count or 0
        shown = [expression for expression, _sql, _alias in compiler.select[: self._width]]
        self._converters = [
            (place, functions, expression)
            for place, (functions, expression) in compiler.get_converters(shown).items()
        ]

    def rows(self, **slots: object) -> list[tuple[Any, ...]]:
        """The rows as ``list(queryset)`` would give them, with the slots filled.

        Args:
            slots: The value of each slot, of the type that its column has in the database.

        Raises:
            KeyError: A slot has no value.
        """
        if not self._sql:
            return []
        params: list[Any] = [
            slots[each.name] if isinstance(each, Slot) else each for each in self._params
        ]
        connection = connections[self._alias]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = [row[: self._width] for row in cursor.fetchall()]
        return self._converted(found, connection) if self._converters else found

    def _converted(self, rows: list[tuple[Any, ...]], connection: object) -> list[tuple[Any, ...]]:
        columns: list[Any] = list(zip(*rows, strict=True))
        if not columns:
            return rows
        for place, functions, expression in self._converters:
            values = columns[place]
            for function in functions:
                values = [function(value, expression, connection) for value in values]
            columns[place] = values
        return list(zip(*columns, strict=True))


class Asked:
    """Whether the database was asked inside a block; what is built from an answer must not be kept."""

    def __init__(self) -> None:
        self.anything = False

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001  Django calls it so
        context: Mapping[str, Any],
    ) -> object:
        """Note it, and go on."""
        self.anything = True
        return execute(sql, params, many, context)


@contextmanager
def watched(alias: str = DEFAULT_DB_ALIAS) -> Iterator[Asked]:
    """Tell whether any statement runs meanwhile."""
    asked = Asked()
    with connections[alias].execute_wrapper(asked):
        yield asked


class Statements(Generic[T]):
    """The things built last, by everything that they were built from.

    Nothing is ever outdated here, because a thing is kept only when building it asked the database
    nothing: it then depends on its key alone. What asked (the people of a team) is built each time.
    """

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, build: Callable[[], T]) -> T:
        """The thing of this key, built now when it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with watched() as asked:
            built = build()
        if not asked.anything:
            with self._lock:
                self._kept[key] = built
                if len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        return built
