"""`manage.py check`: no field of a model is missing in the inventory of personal data."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from backoffice.privacy.registry import INVENTORY, Declared, Way
from backoffice.privacy.ways import end_of, field_at
from backoffice.resources.registry import AREAS

PEOPLE = {"backoffice.Party", "backoffice.User"}


@checks.register
def check_inventory(**_options: object) -> list[checks.CheckMessage]:
    """Every field of every model of the kernel and the areas is declared, personal or not."""
    return [checks.Warning(each, id="privacy.W001") for each in problems()]


def inventoried() -> list[Any]:
    """The models of the kernel and the areas; history rows are as their models."""
    labels = ["backoffice", *(code for code in sorted(AREAS) if code != "backoffice")]
    return [
        model
        for label in labels
        if apps.is_installed(label) or label in apps.app_configs
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]


def problems() -> Iterator[str]:
    """Everything that is missing or wrong in the inventory, as English sentences."""
    known = {model._meta.label: model for model in inventoried()}
    for label in sorted(INVENTORY.keys() - known.keys()):
        yield f"{label} is declared and does not exist"
    for label, model in sorted(known.items()):
        declared = INVENTORY.get(label)
        if declared is None:
            yield f"{label} has no line in the inventory of personal data (privacy.registry.declare)"
        else:
            yield from _problems_of(model, declared)


def _problems_of(model: Any, declared: Declared) -> Iterator[str]:  # noqa: ANN401  any model
    fields = {
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, models.ForeignKey)
    }
    named = declared.personal.keys() | declared.plain
    for name in sorted(fields - named):
        yield f"{declared.model}.{name} is not declared: personal, with its use, or plain"
    for name in sorted(named - fields):
        yield f"{declared.model}.{name} is declared and does not exist"
    for path in (*declared.about, *(each for each in declared.by if isinstance(each, str))):
        if _label(end_of(model, path)) not in PEOPLE:
            yield f"{declared.model}: the path {path} leads to no person"
    for way in (*declared.ways, *(each for each in declared.by if isinstance(each, Way))):
        yield from _problems_of_way(model, declared, way)
    if declared.personal and not (declared.about or declared.ways):
        yield f"{declared.model} holds personal fields, and no way leads to the person"
    for name in sorted(declared.sealed - declared.personal.keys()):
        yield f"{declared.model}.{name} is sealed and not personal"


def _problems_of_way(model: Any, declared: Declared, way: Way) -> Iterator[str]:  # noqa: ANN401
    if way.to and way.to not in INVENTORY:
        yield f"{declared.model}: a way goes over {way.to}, which nobody declared"
        return
    owner = apps.get_model(way.to) if way.kind == "held" else model
    for path in way.fields:
        if field_at(owner, path) is None:
            yield f"{declared.model}: the way {path} leads nowhere"


def _label(model: Any) -> str:  # noqa: ANN401  any model
    return "" if model is None else str(model._meta.label)
