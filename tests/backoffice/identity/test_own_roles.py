"""Roles of a company's own making, and accounts of programs."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import services
from backoffice.identity.models import Role, User
from backoffice.identity.rules import Scope, Secret, new_token, role_code
from backoffice.identity.selectors import access_of_token, usable_token
from backoffice.organization.models import Company
from tests.factories.identity import (
    AT,
    access,
    acting_as,
    browser,
    make_program,
    make_role,
    make_user,
    role,
)
from tests.factories.people import make_company, system

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def administrator(company: Company) -> User:
    return make_user(company, "administrator")


def give(company: Company, user: User, own: Role, scope: Scope = Scope.COMPANY) -> None:
    services.assign_role(system(company), user_id=user.pk, role_id=own.pk, scope=scope)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Folha – Conferência", "folha_conferencia"),
        ("13 salário", "salario"),
        ("Ação", "acao"),
        ("!!!", ""),
        ("a" * 60, "a" * 40),
    ],
)
def test_the_code_of_a_role_comes_from_its_name(name: str, code: str) -> None:
    assert role_code(name) == code


def test_a_role_of_ones_own_counts_as_it_is_written(company: Company, administrator: User) -> None:
    made = services.create_role(
        acting_as(administrator, company),
        name="  Folha – Conferência ",
        permissions=["hr.payslip.view", "hr.employee.view", "hr.payslip.view"],
    )
    assert (made.code, made.name) == ("folha_conferencia", "Folha – Conferência")
    assert made.permissions == ["hr.employee.view", "hr.payslip.view"]
    user = make_user(company)
    give(company, user, made)
    assert access(user, company).can("hr.payslip.view")
    services.change_role(
        acting_as(administrator, company),
        role_id=made.pk,
        name="Folha",
        permissions=["hr.employee.view"],
    )
    assert not access(user, company).can("hr.payslip.view")
    event = Event.objects.get(action="backoffice.role.changed")
    assert (event.data["added"], event.data["removed"]) == ([], ["hr.payslip.view"])


def test_names_and_permissions_must_be_right(company: Company, administrator: User) -> None:
    make_role(company, name="Folha")
    for name, permissions, code in (
        ("", ["hr.employee.view"], "bad_name"),
        ("!!!", ["hr.employee.view"], "bad_name"),
        ("folha", ["hr.employee.view"], "name_in_use"),
        ("Outra", [], "no_permissions"),
        ("Outra", ["hr.nothing.at_all"], "no_such_permission"),
        ("Outra", ["backoffice.account.edit"], "no_such_permission"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            services.create_role(
                acting_as(administrator, company), name=name, permissions=permissions
            )
        assert refusal.value.code == code


def test_standard_roles_and_ones_own_are_not_changed(company: Company, administrator: User) -> None:
    mine = make_role(company, "backoffice.role.change", "backoffice.role.view")
    give(company, administrator, mine)
    theirs = make_role(make_company())
    for target, refusal, code in (
        (role("employee"), NotAllowed, "standard_role"),
        (mine, NotAllowed, "own_roles"),
        (theirs, NotFound, "not_found"),
    ):
        with pytest.raises(refusal) as refused:
            services.change_role(
                acting_as(administrator, company),
                role_id=target.pk,
                name="x",
                permissions=["hr.employee.view"],
            )
        assert refused.value.code == code


def test_a_role_does_not_lose_the_last_administrator(company: Company) -> None:
    own = make_role(company, "backoffice.role_grant.assign")
    give(company, make_user(company), own)
    with pytest.raises(WrongState) as refusal:
        services.change_role(
            system(company), role_id=own.pk, name="x", permissions=["hr.employee.view"]
        )
    assert refusal.value.code == "last_administrator"


def test_a_retired_role_is_kept_and_not_given(company: Company, administrator: User) -> None:
    own, holder, other = make_role(company), make_user(company), make_user(company)
    give(company, holder, own)
    ctx = acting_as(administrator, company)
    services.retire_role(ctx, role_id=own.pk)
    assert access(holder, company).can("hr.employee.view")
    with pytest.raises(InvalidInput):
        give(company, other, own)
    with pytest.raises(WrongState):
        services.retire_role(ctx, role_id=own.pk)
    services.restore_role(ctx, role_id=own.pk)
    give(company, other, own)


def test_the_page_asks_to_look_once_more_when_somebody_holds_the_role(
    company: Company, administrator: User
) -> None:
    own, holder = make_role(company), make_user(company)
    give(company, holder, own)
    client = browser(administrator, company)
    page = f"/backoffice/roles/{own.pk}/edit/"
    version = client.get(page).context["record"].row_version
    given = {
        "name": own.name,
        "permissions": ["hr.payslip.view"],
        "version": version,
    }
    shown = client.post(page, given)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert holder.name in text
    own.refresh_from_db()
    assert own.permissions == ["hr.employee.view"]
    assert client.post(page, {**given, "looked": "1"}).status_code == 302
    own.refresh_from_db()
    assert own.permissions == ["hr.payslip.view"]


# --- programs -------------------------------------------------------------------------------------


def token_of(program: User, maker: User, company: Company, *scopes: str) -> Secret:
    fresh = new_token()
    services.create_program_token(
        acting_as(maker, company),
        user_id=program.pk,
        name="importação",
        scopes=scopes,
        expires_at=AT + dt.timedelta(days=90),
        prefix=fresh.prefix,
        digest=fresh.digest,
    )
    return fresh.secret


def test_a_program_acts_by_token_with_its_own_roles(company: Company) -> None:
    owner = make_user(company, "owner")
    program = make_program(company, owner, "hr_analyst")
    secret = token_of(program, owner, company, "hr.employee.view")
    token = usable_token(secret, AT)
    assert token is not None
    held = access_of_token(token, TODAY)
    assert (held.user_id, dict(held.grants)) == (
        program.pk,
        {"hr.employee.view": Scope.COMPANY},
    )
    with pytest.raises(InvalidInput):
        token_of(program, owner, company, "backoffice.user.view")


def test_it_ends_with_its_last_day_and_with_its_owner(company: Company) -> None:
    owner = make_user(company, "hr_manager")
    program = make_program(company, owner, expires_on=TODAY)
    token = usable_token(token_of(program, owner, company, "hr.employee.view"), AT)
    assert token is not None
    assert access_of_token(token, TODAY).company_id == company.pk
    assert access_of_token(token, TODAY + dt.timedelta(days=1)).company_id == 0
    assert token.expires_at <= AT + dt.timedelta(days=2)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert access_of_token(token, TODAY).company_id == 0


def test_a_program_never_logs_in(company: Company) -> None:
    program = make_program(company, make_user(company, "owner"))
    client = Client()
    client.force_login(program, backend="backoffice.identity.backends.LoginBackend")
    assert client.get("/account/").status_code == 302
    assert not program.has_usable_password()


def test_who_makes_and_keeps_programs(company: Company, administrator: User) -> None:
    owner, other = make_user(company, "hr_manager"), make_user(company, "hr_manager")
    program = make_program(company, owner)
    token_of(program, administrator, company, "hr.employee.view")
    with pytest.raises(NotFound):
        token_of(program, other, company, "hr.employee.view")
    with pytest.raises(NotFound):
        token_of(owner, administrator, company, "hr.employee.view")
    with pytest.raises(NotAllowed):
        services.create_program(
            acting_as(other, company),
            name="x",
            owner_id=owner.pk,
            expires_on=TODAY,
            role_id=role("auditor").pk,
        )
    for over, code in (
        ({"name": " "}, "bad_name"),
        ({"owner_id": program.pk}, "no_such_owner"),
        ({"owner_id": make_user(make_company(), "owner").pk}, "no_such_owner"),
        ({"expires_on": TODAY - dt.timedelta(days=1)}, "bad_expiry"),
        ({"expires_on": TODAY + dt.timedelta(days=733)}, "bad_expiry"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            make_program(company, owner, **over)
        assert refusal.value.code == code


def test_a_program_is_no_administrator_of_last_resort_and_keeps_its_kind(
    company: Company, administrator: User
) -> None:
    program = make_program(company, administrator, "administrator")
    with pytest.raises(WrongState):
        services.deactivate_user(system(company), user_id=administrator.pk)
    with (
        pytest.raises(IntegrityError, match="never changes its kind"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE backoffice_user SET kind = 'person' WHERE id = %s", [program.pk])


def test_the_page_shows_a_programs_token_once(company: Company, administrator: User) -> None:
    program = make_program(company, administrator, "hr_analyst")
    client = browser(administrator, company)
    page = f"/backoffice/programs/{program.pk}/tokens/new/"
    offered = {
        name
        for _area, group in client.get(page).context["form"].fields["scopes"].choices
        for name, _ in group
    }
    assert "hr.employee.view" in offered
    assert "backoffice.user.view" not in offered
    given = {
        "name": "importação",
        "expires_on": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
        "scopes": ["hr.employee.view"],
    }
    answer = client.post(page, given)
    assert answer.status_code == 200
    token = program.api_tokens.get()
    assert answer.context["secret"].startswith(token.prefix)
    shown = client.get(f"/backoffice/programs/{program.pk}/").content.decode()
    assert token.prefix in shown
    assert answer.context["secret"] not in shown
    stranger = browser(make_user(company, "employee"), company)
    assert stranger.get(page).status_code == 404
