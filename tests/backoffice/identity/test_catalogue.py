"""The catalogue of permissions, and that nothing in the code asks for one it does not have."""

from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from backoffice.commands import COMMANDS
from backoffice.identity import catalogue
from backoffice.identity.models import Role
from backoffice.identity.reference import load_roles


def test_every_permission_has_the_form_area_object_verb() -> None:
    for name in catalogue.permissions():
        assert len(name.split(".")) == 3, name
        assert name == name.lower()


def test_every_command_asks_for_a_permission_of_the_catalogue() -> None:
    missing = {
        spec.permission
        for spec in COMMANDS.values()
        if spec.permission and spec.permission not in catalogue.permissions()
    }
    assert missing == set()


def test_the_owner_may_do_everything_and_the_auditor_reads_everything_and_changes_nothing() -> None:
    given = catalogue.role_permissions()
    grantable = {p.name for p in catalogue.permissions().values() if not p.everyone}
    assert set(given["owner"]) == grantable
    for name in given["auditor"]:
        # taking out what one may read changes nothing; it asks for a fresh proof and is logged
        assert name.rpartition(".")[2].startswith(("view", "create_personal")), name
    assert {n for n in grantable if n.endswith(".view")} <= set(given["auditor"])


def test_the_administrator_sees_no_pay_and_approves_nothing() -> None:
    for name in catalogue.role_permissions()["administrator"]:
        verb = name.rpartition(".")[2]
        assert not verb.startswith(("approve", "close", "pay", "view_pay")), name
        assert name.startswith("backoffice."), name


def test_what_makes_a_token_stronger_is_never_in_a_token() -> None:
    for name, permission in catalogue.permissions().items():
        if name.startswith(("backoffice.account", "backoffice.api_token", "backoffice.role_grant")):
            assert not permission.tokens, name


@pytest.mark.django_db
def test_the_database_has_the_standard_roles_as_the_catalogue_says() -> None:
    stored = {role.code: tuple(role.permissions) for role in Role.objects.filter(company=None)}
    assert stored == dict(catalogue.role_permissions())


@pytest.mark.clone
def test_loading_the_roles_again_changes_nothing(owner_cursor: psycopg.Cursor[Any]) -> None:
    before = list(Role.objects.order_by("pk").values())
    load_roles(owner_cursor)
    assert list(Role.objects.order_by("pk").values()) == before


@pytest.mark.clone
def test_a_role_that_is_no_longer_declared_keeps_its_holders_and_loses_its_rights(
    owner_cursor: psycopg.Cursor[Any],
) -> None:
    owner_cursor.execute(
        "INSERT INTO backoffice_role (code, name, description, permissions)"
        " VALUES ('old_role', 'Old', '', ARRAY['hr.employee.view'])"
    )
    load_roles(owner_cursor)
    assert Role.objects.get(code="old_role").permissions == []


@pytest.mark.django_db
def test_the_role_app_cannot_change_what_a_standard_role_may_do() -> None:
    with (
        pytest.raises(IntegrityError, match="standard roles come with the product"),
        transaction.atomic(),
    ):
        Role.objects.update(permissions=["backoffice.user.create"])
    with pytest.raises(IntegrityError, match="standard roles come with the product"):
        Role.objects.create(code="new", name="New", permissions=["backoffice.user.create"])
