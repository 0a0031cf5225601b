"""Guards that follow from the models stand in the database: foreign keys, own company, history."""

from functools import cache
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models

from backoffice.organization.models import Company
from tests.architecture.source import PACKAGES

MODELS: list[Any] = [
    model
    for label in PACKAGES
    for model in apps.get_app_config(label).get_models(include_auto_created=True)
    if model._meta.managed and not hasattr(model, "pgh_tracked_model")
]
SHARED = {"backoffice.Role", "hr.PayItem"}
"""Objects of which some rows belong to all companies; a trigger or a rule says who may point to them."""

WRITTEN_IN_SETS = {"hr.Payslip", "hr.PayslipLine"}
"""Their keys to rows of the same company say the rest too: fewer keys to check for each row."""

pytestmark = pytest.mark.django_db


@cache
def foreign_keys() -> set[tuple[str, tuple[str, ...], str]]:
    """Table, columns and other table of each foreign key that PostgreSQL enforces."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT conrelid::regclass::text, confrelid::regclass::text,
                   (SELECT string_agg(attname, ' ' ORDER BY place)
                    FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
                    JOIN pg_attribute ON attrelid = conrelid AND attnum = number)
            FROM pg_constraint WHERE contype = 'f' AND conenforced AND convalidated
        """)
        return {(table, tuple(names.split()), other) for table, other, names in cursor.fetchall()}


def references(model: Any) -> list[Any]:
    """The foreign keys that a model declares."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def of_company(model: Any) -> bool:
    """Whether every row of a model belongs to one company."""
    names = {field.attname for field in model._meta.concrete_fields}
    return "company_id" in names and model._meta.label not in SHARED


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_foreign_key_of_a_model_is_enforced_by_the_database(model: Any) -> None:
    foreign_keys.cache_clear()
    table, in_set = model._meta.db_table, model._meta.label in WRITTEN_IN_SETS
    for field in references(model):
        if in_set:
            assert any(field.column in key[1] for key in foreign_keys() if key[0] == table)
        elif field.db_constraint:
            assert (table, (field.column,), field.related_model._meta.db_table) in foreign_keys()


@pytest.mark.parametrize(
    "model", [*filter(of_company, MODELS)], ids=lambda model: model._meta.label
)
def test_rows_of_a_company_point_to_rows_of_the_same_company(model: Any) -> None:
    foreign_keys.cache_clear()
    for field in references(model):
        other = field.related_model
        if other is Company or not of_company(other):
            continue
        key = (model._meta.db_table, ("company_id", field.column), other._meta.db_table)
        assert key in foreign_keys()


def test_every_trigger_that_a_model_declares_is_installed_as_it_is_declared() -> None:
    found = {
        trigger.get_pgid(model): trigger.get_installation_status(model)
        for model, trigger in pgtrigger.registered()
        if model._meta.app_label in PACKAGES
    }
    assert len(found) > 60
    assert {name: status for name, status in found.items() if status != ("INSTALLED", True)} == {}
