import datetime as dt
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.errors import InvalidInput, KeyReused, NotAllowed, NotFound, WrongState
from backoffice.identity import services
from backoffice.identity.models import ApiToken, User
from backoffice.identity.rules import Scope, new_token
from backoffice.identity.selectors import usable_token
from backoffice.organization.models import Company
from tests.factories.identity import AT, FAR, access, acting_as, browser, make_token, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db
SCOPES = ["backoffice.user.view"]


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def user(company: Company) -> User:
    return make_user(company, "administrator")


def create(ctx: Context, **over: Any) -> ApiToken:
    fresh = new_token()
    given: dict[str, Any] = {
        "name": "importação",
        "scopes": SCOPES,
        "expires_at": AT + dt.timedelta(days=30),
        "prefix": fresh.prefix,
        "digest": fresh.digest,
    }
    return services.create_token(ctx, **(given | over))


def test_nothing_that_is_kept_of_a_token_contains_its_secret(company: Company, user: User) -> None:
    fresh = make_token(user, company, SCOPES)
    token = ApiToken.objects.get()
    kept = [str(value) for value in vars(token).values()]
    kept += [str(event.data) for event in Event.objects.all()]
    assert not any(fresh.secret.value in text for text in kept)
    assert token.prefix == fresh.secret.value[:10]


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"scopes": []}, "no_scopes"),
        ({"scopes": ["hr.nothing.view"]}, "scope_not_held"),
        ({"scopes": ["backoffice.role_grant.assign"]}, "scope_not_held"),
        ({"scopes": ["backoffice.api_token.create"]}, "scope_not_held"),
        ({"expires_at": AT}, "bad_expiry"),
        ({"expires_at": AT + dt.timedelta(days=367)}, "bad_expiry"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(
    company: Company, user: User, over: Any, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(acting_as(user, company), **over)
    assert refusal.value.code == code
    assert not ApiToken.objects.exists()


def test_nobody_gives_a_token_a_right_they_do_not_have(company: Company) -> None:
    employee = make_user(company, "employee", scope=Scope.OWN)
    with pytest.raises(InvalidInput) as refusal:
        create(acting_as(employee, company))
    assert refusal.value.code == "scope_not_held"


def test_a_token_makes_no_tokens(company: Company, user: User) -> None:
    held = access(user, company).limited_to(
        ["backoffice.api_token.create"], token_id=1, proved_until=FAR
    )
    ctx = acting_as(user, company, actor=held, token_id=1)
    with pytest.raises(NotAllowed):
        create(ctx)


def test_a_form_that_is_sent_twice_makes_one_token(company: Company, user: User) -> None:
    ctx = acting_as(user, company, key="formulario-1")
    create(ctx)
    with pytest.raises(KeyReused):
        create(ctx)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "usable"),
    [
        (AT + dt.timedelta(days=90) - dt.timedelta(seconds=1), True),
        (AT + dt.timedelta(days=90), False),
    ],
)
def test_a_token_works_until_it_expires(
    company: Company, user: User, moment: dt.datetime, usable: Any
) -> None:
    fresh = make_token(user, company, SCOPES)
    assert (usable_token(fresh.secret, moment) is not None) is usable


def test_a_revoked_token_works_no_more_and_never_again(company: Company, user: User) -> None:
    fresh = make_token(user, company, SCOPES)
    token = ApiToken.objects.get()
    services.revoke_token(acting_as(user, company), api_token_id=token.pk)
    assert usable_token(fresh.secret, AT) is None
    with pytest.raises(WrongState):
        services.revoke_token(acting_as(user, company), api_token_id=token.pk)
    with pytest.raises(IntegrityError, match="may only end"), transaction.atomic():
        ApiToken.objects.update(revoked_at=None)


def test_the_token_of_a_closed_account_works_no_more(company: Company, user: User) -> None:
    fresh = make_token(user, company, SCOPES)
    services.deactivate_user(acting_as(make_user(company, "owner"), company), user_id=user.pk)
    assert usable_token(fresh.secret, AT) is None


def test_other_peoples_tokens_are_revoked_only_with_the_right_for_it(
    company: Company, user: User
) -> None:
    make_token(user, company, SCOPES)
    token = ApiToken.objects.get()
    for other in (make_user(company, "employee"), make_user(make_company(), "owner")):
        ctx = acting_as(other, other.role_grants.get().company)
        with pytest.raises(NotFound):
            services.revoke_token(ctx, api_token_id=token.pk)
    services.revoke_token(acting_as(make_user(company, "owner"), company), api_token_id=token.pk)
    token.refresh_from_db()
    assert token.revoked_at == AT


@pytest.mark.parametrize("column", ["scopes", "digest", "expires_at", "user_id", "company_id"])
def test_the_role_app_cannot_change_what_a_token_carries(
    company: Company, user: User, column: str
) -> None:
    make_token(user, company, SCOPES)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        ApiToken.objects.update(**{column: ApiToken.objects.values_list(column, flat=True)[0]})


def test_use_is_noted_at_most_once_a_minute(company: Company, user: User) -> None:
    make_token(user, company, SCOPES)
    token = ApiToken.objects.get()
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        ctx = acting_as(user, company, at=AT + dt.timedelta(seconds=seconds))
        with transaction.atomic():
            services.mark_used(ctx, api_token_id=token.pk)
        token.refresh_from_db()
        assert token.last_used_at == AT + dt.timedelta(seconds=noted)


def test_the_page_shows_the_secret_once(company: Company, user: User) -> None:
    client = browser(user, company)
    form = client.get("/account/tokens/new/").context["form"]
    offered = {name for _area, choices in form.fields["scopes"].choices for name, _label in choices}
    assert "backoffice.user.view" in offered
    assert "backoffice.role_grant.assign" not in offered
    answer = client.post(
        "/account/tokens/new/",
        {
            "name": "relógio de ponto",
            "expires_on": (dt.date.today() + dt.timedelta(days=30)).isoformat(),  # noqa: DTZ011, TID251
            "scopes": SCOPES,
        },
    )
    assert answer.status_code == 200
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    token = ApiToken.objects.get()
    assert (token.name, token.scopes, token.user_id) == ("relógio de ponto", SCOPES, user.pk)
    account = client.get("/account/tokens/").content.decode()
    assert token.prefix in account
    assert secret not in account
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.clone
@pytest.mark.parametrize(
    "change",
    [
        "backoffice_api_token SET user_id = user_id + 1",
        "backoffice_api_token SET company_id = company_id + 1",
        "backoffice_api_token SET digest = repeat('0', 64)",
        "backoffice_api_token SET scopes = '{x}'",
        "backoffice_api_token SET expires_at = expires_at + interval '1 year'",
        "backoffice_role_grant SET user_id = user_id + 1",
        "backoffice_role_grant SET role_id = role_id + 1",
        "backoffice_role_grant SET scope = 1",
        "backoffice_role_grant SET valid_from = valid_from - 1",
    ],
)
def test_even_the_owner_of_the_tables_does_not_widen_what_was_given(
    owner_cursor: psycopg.Cursor[Any], change: str
) -> None:
    company = make_company()
    make_token(make_user(company, "administrator"), company, SCOPES)
    with pytest.raises(psycopg.errors.RestrictViolation, match="may only end"):
        owner_cursor.execute(f"UPDATE {change}")
