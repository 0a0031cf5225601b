"""`manage.py check`: no field of a model is missing in the inventory of personal data."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from backoffice.privacy.registry import INVENTORY, Declared
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
    for path in declared.about:
        if _end_of(model, path) not in PEOPLE:
            yield f"{declared.model}: the path {path} leads to no person"


def _end_of(model: Any, path: str) -> str:  # noqa: ANN401  any model
    """Label of the model at the end of a path; empty when it leads nowhere."""
    if path == "pk":
        return str(model._meta.label)
    for part in path.split("__"):
        try:
            model = model._meta.get_field(part).related_model
        except (FieldDoesNotExist, AttributeError):
            return ""
    return "" if model is None else str(model._meta.label)
