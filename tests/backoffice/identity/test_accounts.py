from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backoffice.audit.history import history_of
from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import services
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope, Secret
from backoffice.organization.models import Company
from tests.factories.identity import (
    AT,
    PASSWORD,
    acting_as,
    grant,
    make_person,
    make_user,
    role,
)
from tests.factories.people import make_company, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def administrator(company: Company) -> User:
    return make_user(company, "administrator")


def create(ctx: Context, **over: Any) -> User:
    given: dict[str, Any] = {
        "email": "Ana.Souza@Example.com ",
        "name": "  Ana   Souza ",
        "role_id": role("employee").pk,
        "scope": Scope.OWN,
    }
    return services.create_user(ctx, **(given | over))


def test_a_new_account_has_its_role_and_no_password_yet(
    company: Company, administrator: User
) -> None:
    person = make_person()
    user = create(acting_as(administrator, company), person_id=person.pk)
    user.refresh_from_db()
    assert (user.email, user.name) == ("ana.souza@example.com", "Ana Souza")
    assert (user.person_id, user.is_active, user.created_at) == (person.pk, True, AT)
    assert not user.has_usable_password()
    held = RoleGrant.objects.get(user=user)
    assert (held.role.code, held.scope, held.company_id) == ("employee", Scope.OWN, company.pk)
    actions = Event.objects.filter(actor_id=administrator.pk).order_by("id")
    assert [event.action for event in actions] == [
        "backoffice.user.created",
        "backoffice.role_grant.assigned",
    ]


def test_an_account_without_a_role_is_refused(company: Company, administrator: User) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(acting_as(administrator, company), role_id=None)
    assert refusal.value.code == "role_missing"
    assert not User.objects.filter(name="Ana Souza").exists()


@pytest.mark.parametrize(
    ("over", "field", "code"),
    [
        ({"email": "ana"}, "email", "bad_email"),
        ({"name": "  "}, "name", "bad_name"),
        ({"name": "a" * 151}, "name", "bad_name"),
        ({"language": "xx"}, "language", "bad_language"),
        ({"person_id": 0}, "person_id", "no_such_person"),
        ({"password": Secret("curta")}, "password", "weak_password"),
        ({"password": Secret("Ana.Souza@Example.com")}, "password", "weak_password"),
        ({"password": Secret("123456789012")}, "password", "weak_password"),
        ({"role_id": 0}, "role_id", "no_such_role"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    company: Company, administrator: User, over: Any, field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(acting_as(administrator, company), **over)
    assert (refusal.value.code, set(refusal.value.fields)) == (code, {field})
    assert not User.objects.exclude(pk=administrator.pk).exists()


def test_one_e_mail_has_one_account_however_it_is_written(
    company: Company, administrator: User
) -> None:
    make_user(company, "employee", email="ana.souza@example.com")
    with pytest.raises(InvalidInput) as refusal:
        create(acting_as(administrator, company), email="ANA.SOUZA@example.com")
    assert refusal.value.code == "email_in_use"


def test_one_person_has_one_account(company: Company, administrator: User) -> None:
    person = make_person()
    make_user(company, "employee", person=person)
    with pytest.raises(InvalidInput) as refusal:
        create(acting_as(administrator, company), person_id=person.pk)
    assert refusal.value.code == "person_in_use"


@pytest.mark.parametrize("email", ["ana.souza@example.com", "Ana.Souza@example.com"])
def test_the_database_keeps_e_mails_unique_and_in_lower_case(email: str) -> None:
    make_user(email="ana.souza@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=email, name="Outra", created_at=AT)


def test_editing_keeps_before_and_after(company: Company, administrator: User) -> None:
    user = make_user(company, "employee", scope=Scope.OWN, email="antes@example.com")
    services.edit_user(
        acting_as(administrator, company),
        user_id=user.pk,
        email="depois@example.com",
        name="Ana Lima",
        person_id=None,
    )
    event = Event.objects.get(action="backoffice.user.edited")
    assert event.data["before"]["email"] == "antes@example.com"
    assert event.data["after"] == {
        "email": "depois@example.com",
        "name": "Ana Lima",
        "person_id": None,
    }
    newest = history_of(user)[0]
    changed = {change.field: (change.before, change.after) for change in newest.changes}
    assert changed["email"] == ("antes@example.com", "depois@example.com")
    assert newest.actor_id == administrator.pk


def test_nobody_becomes_another_person_by_themselves(company: Company, administrator: User) -> None:
    boss = make_person()
    with pytest.raises(NotAllowed) as refusal:
        services.edit_user(
            acting_as(administrator, company),
            user_id=administrator.pk,
            email=administrator.email,
            name=administrator.name,
            person_id=boss.pk,
        )
    assert refusal.value.code == "own_account"
    administrator.refresh_from_db()
    assert administrator.person_id is None


def test_closing_and_opening_an_account(company: Company, administrator: User) -> None:
    user = make_user(company, "employee")
    ctx = acting_as(administrator, company)
    services.deactivate_user(ctx, user_id=user.pk)
    user.refresh_from_db()
    assert not user.is_active
    with pytest.raises(WrongState):
        services.deactivate_user(ctx, user_id=user.pk)
    services.reactivate_user(ctx, user_id=user.pk)
    user.refresh_from_db()
    assert user.is_active
    with pytest.raises(WrongState):
        services.reactivate_user(ctx, user_id=user.pk)


def test_an_account_with_roles_elsewhere_is_closed_only_by_who_administers_there_too(
    company: Company, administrator: User
) -> None:
    user, other = make_user(company, "employee"), make_company()
    grant(other, user, "employee")
    with pytest.raises(NotAllowed) as refusal:
        services.deactivate_user(acting_as(administrator, company), user_id=user.pk)
    assert refusal.value.code == "roles_elsewhere"
    grant(other, administrator, "administrator")
    services.deactivate_user(acting_as(administrator, company), user_id=user.pk)
    user.refresh_from_db()
    assert not user.is_active


def test_accounts_of_other_companies_are_not_found(company: Company, administrator: User) -> None:
    stranger = make_user(make_company(), "employee")
    with pytest.raises(NotFound):
        services.deactivate_user(acting_as(administrator, company), user_id=stranger.pk)
    stranger.refresh_from_db()
    assert stranger.is_active


def test_nobody_closes_their_own_account(company: Company, administrator: User) -> None:
    make_user(company, "administrator")
    with pytest.raises(NotAllowed):
        services.deactivate_user(acting_as(administrator, company), user_id=administrator.pk)


def test_people_change_their_own_name_language_and_theme(company: Company) -> None:
    user = make_user(company, "employee")
    services.edit_account(acting_as(user, company), name="Ana Lima", language="en", theme="dark")
    services.edit_account(acting_as(user, company), theme="light")
    user.refresh_from_db()
    assert (user.name, user.language, user.theme) == ("Ana Lima", "en", "light")


@pytest.mark.parametrize("over", [{"language": "fr"}, {"theme": "pink"}, {"name": ""}])
def test_a_choice_that_does_not_exist_is_refused(company: Company, over: Any) -> None:
    user = make_user(company, "employee")
    with pytest.raises(InvalidInput):
        services.edit_account(acting_as(user, company), **over)


def test_nobody_sets_the_password_of_another_person(company: Company, administrator: User) -> None:
    user = make_user(company, "employee")
    with pytest.raises(NotAllowed) as refusal:
        services.set_password(
            acting_as(administrator, company), user_id=user.pk, new=Secret("outra senha longa")
        )
    assert refusal.value.code == "not_own_password"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_password_is_never_kept_beside_an_idempotency_key(company: Company) -> None:
    user = make_user(company, "employee")
    ctx = acting_as(user, company, key="chave")
    with pytest.raises(TypeError):
        services.set_password(ctx, user_id=user.pk, new=Secret("outra senha longa"))
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_row_history_has_no_password(company: Company) -> None:
    user = make_user(company, "employee")
    services.set_password(system(company), user_id=user.pk, new=Secret("outra senha longa"))
    history = vars(User)["row_history"].rel.related_model
    assert "password" not in {field.name for field in history._meta.fields}
    assert [entry.kind for entry in history_of(user)] == ["insert"]
