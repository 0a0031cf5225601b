"""Models: said in one sentence, shown or listed, exact, with constraints that speak."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from backoffice.resources import registry
from tests.architecture.source import PACKAGES

MODELS: list[Any] = [
    model
    for label in PACKAGES
    for model in apps.get_app_config(label).get_models()
    if not hasattr(model, "pgh_tracked_model")
]
# Guards of rows that no person fills in; their message would never be read.
SILENT = {
    "approval_hash_form",
    "approval_state_has_its_time",
    "event_block_not_empty",
    "event_block_starts_once",
    "idempotency_key_once",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_says_what_one_row_is(model: Any) -> None:
    assert model.__doc__.startswith("One row "), model.__doc__


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_amounts_are_exact_and_nothing_reaches_every_kind_of_row(model: Any) -> None:
    for field in model._meta.get_fields():
        assert not isinstance(field, models.FloatField), field
        assert field.__class__.__name__ != "GenericForeignKey", field
        if isinstance(field, models.DecimalField):
            assert field.decimal_places is not None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_constraint_has_a_name_and_says_what_is_wrong(model: Any) -> None:
    for constraint in model._meta.constraints:
        assert constraint.name
        if isinstance(constraint, models.UniqueConstraint | models.CheckConstraint):
            plain = constraint.violation_error_message == constraint.default_violation_error_message
            internal = not model._meta.managed or model._meta.label in registry.INTERNAL
            assert not plain or internal or constraint.name in SILENT, constraint.name


def test_every_model_is_an_object_or_listed_as_internal_with_the_reason() -> None:
    shown = {resource.model._meta.label for resource in registry.RESOURCES.values()}
    known = shown | registry.INTERNAL.keys()
    assert [model._meta.label for model in MODELS if model._meta.label not in known] == []
    assert all(len(reason) > 10 for reason in registry.INTERNAL.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_model_hides_rules_in_save(model: Any) -> None:
    own = [each for each in model.__mro__ if each.__module__.split(".")[0] in PACKAGES]
    for each in own:
        assert not {"save", "delete", "full_clean"} & vars(each).keys(), each


def test_the_migrations_are_those_of_the_models(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)
