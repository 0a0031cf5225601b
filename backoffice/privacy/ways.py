"""From a declared way to the rows of one person."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

from backoffice.identity.models import User
from backoffice.parties.models import Party
from backoffice.parties.selectors import identities
from backoffice.privacy.registry import INVENTORY, Declared, Way
from backoffice.privacy.uses import WORDS
from backoffice.resources.registry import RESOURCES

NOBODY = Q(pk__in=[])


def end_of(model: Any, path: str) -> Any:  # noqa: ANN401  any model
    """The model at the end of a path of foreign keys; None when it leads nowhere."""
    if path == "pk":
        return model
    for part in path.split("__"):
        try:
            model = model._meta.get_field(part).related_model
        except (FieldDoesNotExist, AttributeError):
            return None
    return model


def field_at(model: Any, path: str) -> Any:  # noqa: ANN401  any model
    """The field at the end of a path; None when there is none."""
    *before, last = path.split("__")
    owner = end_of(model, "__".join(before)) if before else model
    try:
        return owner._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return None


def company_path(model: Any) -> str:  # noqa: ANN401  any model
    """The path to the company of a row; empty for what belongs to none."""
    names = {field.name: field for field in model._meta.concrete_fields}
    if "company" in names or "company_id" in names:
        return "company_id"
    for name, field in names.items():
        if field.related_model and "company" in {f.name for f in field.related_model._meta.fields}:
            return f"{name}__company_id"
    return ""


class Person:
    """One person as one company knows them: the conditions that find their rows.

    Args:
        company_id: The company, which answers for what it keeps and for nothing else.
        party_id: The person.
        own: The person asks: what colleagues said about them among one another stays out.
    """

    def __init__(self, company_id: int, party_id: int, *, own: bool = False) -> None:
        self.company_id, self.party_id, self.own = company_id, party_id, own

    @cached_property
    def parties(self) -> list[int]:
        """The keys under which the company keeps the person: merged ones among them."""
        return list(identities(self.company_id, self.party_id))

    @cached_property
    def users(self) -> list[int]:
        """The accounts of the person."""
        rows = User.objects.filter(person_id__in=self.parties).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    @property
    def is_known(self) -> bool:
        """Whether the company keeps anything of its own about the person."""
        return any(
            self.about(declared).exists()
            for declared in INVENTORY.values()
            if _is_subject(declared) and company_path(_model(declared))
        )

    def about(self, declared: Declared) -> QuerySet[Any]:
        """The rows that are about the person."""
        found = [self._path(_model(declared), path) for path in declared.about]
        found += [
            self._way(_model(declared), way) for way in declared.ways if self._counts(declared, way)
        ]
        return self._rows(_model(declared), found)

    def done(self, declared: Declared) -> QuerySet[Any]:
        """The rows that only say that the person did something."""
        model = _model(declared)
        found = [
            self._way(model, each) if isinstance(each, Way) else self._path(model, each)
            for each in declared.by
        ]
        return self._rows(model, found).exclude(pk__in=self.about(declared).values("pk"))

    def earlier(self, declared: Declared, history: Any) -> QuerySet[Any]:  # noqa: ANN401  a model
        """What the history keeps of the rows about the person, those that are gone among them."""
        found = [self._path(history, path, key="pgh_obj_id") for path in declared.about]
        found += [self._way(history, way) for way in declared.ways if self._counts(declared, way)]
        return self._rows(history, found)

    @cached_property
    def _keys(self) -> Mapping[str, list[int]]:
        """Label of each model that is about people -> the keys of this person's rows."""
        keys = {"backoffice.Party": self.parties, "backoffice.User": self.users}
        for label, declared in INVENTORY.items():
            if label not in keys and _is_subject(declared):
                model = _model(declared)
                rows = self._rows(model, [self._path(model, path) for path in declared.about])
                keys[label] = list(rows.order_by("pk").values_list("pk", flat=True))
        return {label: found for label, found in keys.items() if found}

    def _counts(self, declared: Declared, way: Way) -> bool:
        """Whether a way counts: the words of colleagues about a person are not for the person."""
        told = any(use is WORDS for use in declared.personal.values())
        return not (self.own and told and way.kind in {"record", "object"})

    def _rows(self, model: Any, conditions: Sequence[Q]) -> QuerySet[Any]:  # noqa: ANN401
        rows: QuerySet[Any] = model._default_manager.all()
        if not conditions:
            return rows.none()
        found = rows.filter(reduce(or_, conditions)).order_by()
        if path := company_path(model):
            mine = Q(**{path: self.company_id})
            nullable = path == "company_id" and field_at(model, path) is not None
            if nullable and field_at(model, path).null:
                mine |= Q(company_id__isnull=True)
            found = found.filter(mine)
        return rows.filter(pk__in=found.values("pk")).order_by("pk")

    def _path(self, model: Any, path: str, key: str = "pk") -> Q:  # noqa: ANN401  any model
        keys = self.users if end_of(model, path) is User else self.parties
        if path == "pk":
            return Q(**{f"{key}__in": keys})
        return Q(**{f"{path}__in": keys})

    def _way(self, model: Any, way: Way) -> Q:  # noqa: ANN401  any model
        if way.kind == "number":
            found = _in(model, way.fields[0], self._keys.get(way.to, []))
        elif way.kind == "held":
            rows = self.about(INVENTORY[way.to]).exclude(**{f"{way.fields[0]}__isnull": True})
            found = Q(pk__in=rows.values(way.fields[0]))
        else:
            found = self._named(model, way)
        return found & Q(**dict(way.where))

    def _named(self, model: Any, way: Way) -> Q:  # noqa: ANN401  any model
        """Rows that name one of the person's records by kind and key."""
        kind, key = way.fields
        names = self._labels() if way.kind == "record" else self._objects()
        return reduce(
            or_, (Q(**{kind: name}) & _in(model, key, keys) for name, keys in names), NOBODY
        )

    def _labels(self) -> Iterator[tuple[str, list[int]]]:
        yield from ((label.lower(), keys) for label, keys in self._keys.items())

    def _objects(self) -> Iterator[tuple[str, list[int]]]:
        for resource in RESOURCES.values():
            keys = self._keys.get(resource.model._meta.label)
            if keys:
                yield resource.name, keys


def _model(declared: Declared) -> Any:  # noqa: ANN401  any model
    return apps.get_model(declared.model)


def _is_subject(declared: Declared) -> bool:
    """Whether rows of the model are about a person, rather than of an account."""
    return any(end_of(_model(declared), path) is Party for path in declared.about)


def _in(model: Any, path: str, keys: Sequence[int]) -> Q:  # noqa: ANN401  any model
    """Whether a field holds one of the keys: as a number, a text, or within a list."""
    field = field_at(model, path)
    if isinstance(field, ArrayField):
        return Q(**{f"{path}__overlap": list(keys)})
    if isinstance(field, models.JSONField):
        return reduce(or_, (Q(**{f"{path}__contains": [key]}) for key in keys), NOBODY)
    texts = isinstance(field, models.CharField)
    return Q(**{f"{path}__in": [str(key) for key in keys] if texts else list(keys)})
