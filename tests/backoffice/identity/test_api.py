"""Tokens and sessions at an endpoint of the test's own, behind the product's middleware."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.commands import Channel
from backoffice.identity import services
from backoffice.identity.api import HasPermission, SessionAuthentication, TokenAuthentication
from backoffice.identity.models import ApiToken, RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from tests.factories.identity import acting_as, browser, make_token, make_user
from tests.factories.people import make_company, system

VIEW = "backoffice.user.view"


class Probe(APIView):
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HasPermission]
    permission = {"GET": VIEW, "POST": "backoffice.branch.create"}

    def answer(self, request: Any) -> Response:
        ctx = services.context_of(request)
        return Response(
            {
                "company": ctx.company_id,
                "user": ctx.actor_id,
                "token": ctx.token_id,
                "channel": ctx.channel,
                "key": ctx.key,
            }
        )

    get = post = answer


class Unnamed(Probe):
    permission: dict[str, str] = {}


urlpatterns = [
    path("api/probe/", Probe.as_view()),
    path("api/unnamed/", Unnamed.as_view()),
    path("", include("backoffice.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def user(company: Company) -> User:
    return make_user(company, "administrator")


def token_for(
    user: User,
    company: Company,
    scopes: Sequence[str] = (VIEW,),
    at: dt.datetime | None = None,
) -> str:
    return make_token(user, company, list(scopes), at=at or timezone.now()).secret.value


def ask(token: str, method: str = "get", address: str = "/api/probe/", **headers: str) -> Any:
    call = getattr(Client(), method)
    return call(address, headers={"authorization": f"Bearer {token}", **headers})


def test_a_token_acts_for_its_owner_in_its_company(user: User, company: Company) -> None:
    answer = ask(token_for(user, company), idempotency_key="k1")
    token = ApiToken.objects.get()
    assert answer.json() == {
        "company": company.pk,
        "user": user.pk,
        "token": token.pk,
        "channel": Channel.API,
        "key": "k1",
    }
    assert token.last_used_at is not None
    assert timezone.now() - token.last_used_at < dt.timedelta(minutes=1)


def test_a_token_does_only_what_its_scopes_say(user: User, company: Company) -> None:
    """Abuse case 25: a token with a reading scope calls a writing endpoint."""
    secret = token_for(user, company)
    assert ask(secret).status_code == 200
    assert ask(secret, "post").status_code == 403


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer rtg_wrong", "Basic YTpi", "rtg_x"])
def test_no_token_or_a_wrong_one_is_401_with_the_way_to_do_it(header: Any) -> None:
    answer = Client().get("/api/probe/", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_token_in_the_address_is_not_read(user: User, company: Company) -> None:
    secret = token_for(user, company)
    for name in ("token", "access_token", "api_key", "authorization"):
        assert Client().get("/api/probe/", {name: secret}).status_code == 401


def test_a_user_name_and_password_are_no_way_into_the_api(user: User) -> None:
    """Abuse case 35: the API has no basic authentication that would pass by the login page."""
    import base64

    basic = base64.b64encode(f"{user.email}:correto cavalo bateria".encode()).decode()
    answer = Client().get("/api/probe/", headers={"authorization": f"Basic {basic}"})
    assert answer.status_code == 401


def test_expired_revoked_and_orphaned_tokens_get_the_same_answer(
    user: User, company: Company
) -> None:
    expired = token_for(user, company, at=timezone.now() - dt.timedelta(days=91))
    revoked = token_for(user, company)
    services.revoke_token(acting_as(user, company), api_token_id=ApiToken.objects.latest("pk").pk)
    answers = [ask(expired), ask(revoked)]
    orphan = token_for(user, company)
    make_user(company, "owner")
    services.end_role(system(company), role_grant_id=RoleGrant.objects.get(user=user).pk)
    answers.append(ask(orphan))
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert bodies == [bodies[0]] * 3


def test_a_view_that_names_no_permission_is_closed(user: User, company: Company) -> None:
    secret = token_for(user, company)
    assert ask(secret, address="/api/unnamed/").status_code == 403


def test_a_browser_session_changes_nothing_without_the_csrf_token(
    user: User, company: Company
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="backoffice.identity.backends.LoginBackend")
    assert client.get("/api/probe/").status_code == 200
    assert client.post("/api/probe/").status_code == 403


def test_a_session_has_the_rights_of_the_chosen_company(user: User, company: Company) -> None:
    other = make_company()
    services.assign_role(
        system(other),
        user_id=user.pk,
        role_id=RoleGrant.objects.get(user=user).role_id,
        scope=Scope.COMPANY,
    )
    for chosen in (company, other):
        assert browser(user, chosen).get("/api/probe/").json()["company"] == chosen.pk


def test_a_company_without_a_role_cannot_be_chosen(user: User, company: Company) -> None:
    foreign = make_company()
    assert browser(user, foreign).get("/api/probe/").json()["company"] == company.pk


def test_a_key_that_is_too_long_is_refused(user: User, company: Company) -> None:
    answer = ask(token_for(user, company), idempotency_key="k" * 201)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_too_long")
