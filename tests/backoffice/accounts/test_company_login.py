"""The company's own login, against a provider that checks what a real one checks."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from environs import Env
from pytest_django.fixtures import Settings

from backoffice.accounts import services
from backoffice.accounts.models import Invitation
from backoffice.audit.models import Event
from backoffice.identity.models import User
from backoffice.identity.requests import PROVED
from backoffice.identity.rules import Secret
from backoffice.organization.models import Company
from backoffice.settings.company_login import company_login
from tests.backoffice.accounts.provider import CLIENT, SECRET, Provider, running
from tests.factories.identity import acting_as, make_user
from tests.factories.people import make_company
from tests.factories.standing import with_totp

pytestmark = pytest.mark.django_db
START = "/account/login/company/"


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def user(company: Company) -> User:
    return make_user(company, "employee", email="ana@example.com")


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with running() as made:
        app = {
            "provider_id": "company",
            "name": "Ipê Login",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": made.address, "oauth_pkce_enabled": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield made


def invite(company: Company, user: User) -> Invitation:
    """An open invitation of now."""
    administrator = acting_as(make_user(company, "administrator"), company, at=timezone.now())
    return services.invite_by_mail(
        administrator, user_id=user.pk, token=Secret(f"t{user.pk}"), link=Secret("x")
    )


def go(client: Client, provider: Provider, **sent: str) -> str:
    """To the provider and with its answer to the door of the callback."""
    answer = client.post(START, sent)
    assert answer.status_code == 302, answer.content
    asked = dict(parse_qsl(urlsplit(answer["Location"]).query))
    status, where = provider.authorize(asked)
    assert status == 302, where
    return where.removeprefix("http://testserver")


def logged_in(client: Client) -> int | None:
    """Who is logged in."""
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


def test_an_invited_person_is_linked_at_the_first_login_and_known_at_the_next(
    company: Company, user: User, provider: Provider
) -> None:
    row = invite(company, user)
    client = Client()
    assert "Ipê Login" in client.get("/account/login/").content.decode()
    answer = client.get(go(client, provider, next="/account/"))
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert logged_in(client) == user.pk
    assert PROVED in client.session
    row.refresh_from_db()
    assert row.used_at is not None
    account = SocialAccount.objects.get()
    assert (account.user_id, account.provider, account.uid) == (user.pk, "company", "sub-1")
    assert Event.objects.filter(action="backoffice.account.company_login_linked").count() == 1
    provider.email = "outro@example.com"  # known by the subject, not by an e-mail that may change
    again = Client()
    again.get(go(again, provider))
    assert logged_in(again) == user.pk


@pytest.mark.parametrize("case", ["unknown", "not invited", "not verified", "closed"])
def test_nobody_gets_in_who_was_not_invited(
    company: Company, user: User, provider: Provider, case: str
) -> None:
    if case in {"not verified", "closed"}:
        invite(company, user)
    if case == "unknown":
        provider.email = "ninguem@example.com"
    provider.verified = case != "not verified"
    User.objects.filter(pk=user.pk).update(is_active=case != "closed")
    client, users = Client(), User.objects.count()
    answer = client.get(go(client, provider))
    assert answer.status_code == 403
    assert logged_in(client) is None
    assert SocialAccount.objects.count() == 0
    assert User.objects.count() == users


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600},
        {"nonce": None},
        {"sub": None},
    ],
    ids=["nonce", "audience", "party", "issuer", "expired", "no nonce", "no subject"],
)
def test_a_token_that_is_not_exactly_right_logs_nobody_in(
    company: Company, user: User, provider: Provider, claims: dict[str, Any]
) -> None:
    invite(company, user)
    provider.claims = claims
    client = Client()
    answer = client.get(go(client, provider))
    assert answer.status_code == 401
    assert logged_in(client) is None
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("fault", ["another key", "HS256", "none", "another issuer"])
def test_signature_algorithm_and_issuer_are_checked(
    company: Company, user: User, provider: Provider, fault: str
) -> None:
    invite(company, user)
    if fault == "another key":
        provider.shown = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    elif fault == "another issuer":
        provider.issuer = "https://evil.example"
    else:
        provider.algorithm = fault
    client = Client()
    assert client.get(go(client, provider)).status_code == 401
    assert logged_in(client) is None


def test_a_state_works_once_and_only_in_the_browser_that_asked(
    company: Company, user: User, provider: Provider
) -> None:
    invite(company, user)
    client, thief = Client(), Client()
    callback = go(client, provider)
    assert thief.get(callback).status_code == 401
    assert logged_in(thief) is None
    assert client.get(callback).status_code == 302
    client.logout()
    assert client.get(callback).status_code == 401
    assert client.get(f"{START}callback/?code=x&state=forged").status_code == 401
    assert logged_in(client) is None


def test_the_code_is_worth_nothing_without_the_verifier(
    company: Company, user: User, provider: Provider
) -> None:
    invite(company, user)
    client = Client()
    callback = go(client, provider)
    (asked,) = provider.codes.values()
    asked["code_challenge"] = "stolen"
    assert client.get(callback).status_code == 401
    assert provider.refused == ["code or verifier"]


def test_a_second_factor_is_asked_after_the_company_login_too(
    company: Company, user: User, provider: Provider
) -> None:
    invite(company, user)
    with_totp(user)
    client = Client()
    answer = client.get(go(client, provider))
    assert answer["Location"].startswith("/account/login/second/")
    assert logged_in(client) is None


def test_a_repeated_login_must_have_asked_the_person_again(
    company: Company, user: User, provider: Provider
) -> None:
    invite(company, user)
    client = Client()
    client.get(go(client, provider))
    provider.claims = {"auth_time": int(time.time()) - 3600}
    callback = go(client, provider, again="1")
    assert client.get(callback).status_code == 401
    provider.claims = {}
    callback = go(client, provider, again="1", next="/account/security/")
    assert client.get(callback)["Location"] == "/account/security/"


def test_the_way_back_leads_to_no_other_site(
    company: Company, user: User, provider: Provider
) -> None:
    invite(company, user)
    client = Client()
    answer = client.get(go(client, provider, next="https://evil.example/"))
    assert answer["Location"] == "/"


def test_without_a_provider_there_is_no_such_page() -> None:
    assert Client().post(START).status_code == 404
    assert Client().get(f"{START}callback/").status_code == 404
    assert START not in Client().get("/account/login/").content.decode()


def test_the_environment_names_the_provider_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert company_login(Env()) == {}
    monkeypatch.setenv("OIDC_SERVER_URL", "https://login.example")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID, OIDC_CLIENT_SECRET"):
        company_login(Env())
    monkeypatch.setenv("OIDC_CLIENT_ID", "a")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "b")
    (app,) = company_login(Env())["openid_connect"]["APPS"]
    assert app["settings"] == {"server_url": "https://login.example", "oauth_pkce_enabled": True}
