"""Shapes of plain objects, made from the names of their fields: serializer, filters, first values."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import DateField, DateTimeField, Model
from django_filters import DateFromToRangeFilter, FilterSet
from django_filters.filterset import filterset_factory
from rest_framework.serializers import ModelSerializer

from backoffice.resources.records import Row

if TYPE_CHECKING:
    from backoffice.identity.rules import Access


def serializer_of(of: type[Model], *names: str) -> type[ModelSerializer[Any]]:
    """The API's shape of a model whose fields need no path and no computing."""

    class Shape(ModelSerializer[Any]):
        class Meta:
            model = of
            fields: ClassVar = list(names)
            read_only_fields = fields

    Shape.__name__ = Shape.__qualname__ = f"{of.__name__}Serializer"
    Shape.__doc__ = of.__doc__
    return Shape


def filters_of(model: type[Model], *names: str) -> type[FilterSet]:
    """Filters by these fields: a choice, yes or no, a text, or dates from and to."""

    class Plain(FilterSet):  # type: ignore[misc]  # django-filter has no types
        class Meta:
            filter_overrides: ClassVar = {
                each: {"filter_class": DateFromToRangeFilter} for each in (DateField, DateTimeField)
            }

    made: type[FilterSet] = filterset_factory(model, filterset=Plain, fields=list(names))
    return made


def values_of(*names: str) -> "Callable[[Access, Row | None], Mapping[str, Any]]":
    """The first values of a change: what these fields of the record hold now."""

    def present(_access: "Access", record: Row | None) -> Mapping[str, Any]:
        return {} if record is None else {name: getattr(record, name) for name in names}

    return present
