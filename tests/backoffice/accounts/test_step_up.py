"""What is dangerous asks for a fresh proof: by page, by API, and of a token."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.commands import Channel, Context
from backoffice.errors import NotFound, ProofNeeded, WrongState
from backoffice.identity import catalogue, services
from backoffice.identity.models import User
from backoffice.identity.requests import PROVED
from backoffice.identity.selectors import access_of, access_of_token
from backoffice.organization.models import Company
from tests.factories.identity import (
    AT,
    PASSWORD,
    acting_as,
    browser,
    make_token,
    make_user,
    role,
)
from tests.factories.people import make_company
from tests.factories.standing import KEY, with_totp

pytestmark = pytest.mark.django_db
CONFIRM = "/account/confirm/"


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def administrator(company: Company) -> User:
    return make_user(company, "administrator")


def test_what_changes_rights_or_closes_asks_for_a_proof() -> None:
    assert {
        "hr.payroll_run.close",
        "backoffice.role_grant.assign",
        "backoffice.role_grant.end",
        "backoffice.role.change",
        "backoffice.user.invite",
        "backoffice.user.impersonate",
        "backoffice.api_token.create",
        "backoffice.account.change_factors",
        "backoffice.delegation.create",
    } <= catalogue.guarded()


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.API, Channel.ADMIN])
def test_a_command_is_refused_without_a_fresh_proof(
    company: Company, administrator: User, channel: Channel
) -> None:
    other = make_user(company, "employee")
    old = access_of(administrator, company.pk, AT.date(), proved_until=AT)
    ctx = Context(company_id=company.pk, at=AT, channel=channel, actor=old)
    events = Event.objects.count()
    with pytest.raises(ProofNeeded) as refusal:
        services.assign_role(ctx, user_id=other.pk, role_id=role("it_agent").pk, scope=4)
    assert (refusal.value.code, refusal.value.status) == ("proof_needed", 403)
    assert other.role_grants.count() == 1
    assert Event.objects.count() == events


def test_a_worker_is_never_asked(company: Company, administrator: User) -> None:
    other = make_user(company, "employee")
    old = access_of(administrator, company.pk, AT.date())
    ctx = Context(company_id=company.pk, at=AT, channel=Channel.JOB, actor=old)
    services.assign_role(ctx, user_id=other.pk, role_id=role("it_agent").pk, scope=4)
    assert other.role_grants.count() == 2


def test_a_page_leads_to_the_proof_and_back(company: Company, administrator: User) -> None:
    client = browser(administrator, company, proved=False)
    page = "/backoffice/role-grants/new/"
    asked = client.get(page)
    assert (asked.status_code, asked["Location"]) == (
        302,
        f"{CONFIRM}?next=%2Fbackoffice%2Frole-grants%2Fnew%2F",
    )
    assert client.get(asked["Location"]).context["next"] == page
    wrong = client.post(CONFIRM, {"password": "errada", "next": page})
    assert wrong.status_code == 422
    assert PROVED not in client.session
    right = client.post(CONFIRM, {"password": PASSWORD, "next": page})
    assert (right.status_code, right["Location"]) == (302, page)
    assert client.get(page).status_code == 200


def test_the_proof_leads_to_no_other_site(company: Company, administrator: User) -> None:
    client = browser(administrator, company, proved=False)
    answer = client.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/x"})
    assert answer["Location"] == "/"


def test_a_form_that_was_open_too_long_comes_back_after_the_proof(
    company: Company, administrator: User
) -> None:
    client = browser(administrator, company, proved=False)
    page = "/backoffice/users/new/"
    answer = client.post(page, {"name": "Ana"}, headers={"referer": f"http://testserver{page}"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{CONFIRM}?next=%2Fbackoffice%2Fusers%2Fnew%2F",
    )
    part = client.get(page, headers={"hx-request": "true"})
    assert (part.status_code, part["HX-Redirect"][: len(CONFIRM)]) == (204, CONFIRM)


def test_a_program_is_told_so_with_a_code(company: Company, administrator: User) -> None:
    other = make_user(company, "employee")
    client = browser(administrator, company, proved=False)
    body = {"user": other.pk, "role": role("it_agent").pk, "scope": 4}
    answer = client.post("/api/v1/backoffice/role-grants/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "proof_needed")
    assert other.role_grants.count() == 1


def test_a_login_counts_as_proof_for_ten_minutes(company: Company) -> None:
    make_user(company, "administrator", email="ana@example.com")
    start = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        client = Client()
        client.post("/account/login/", {"login": "ana@example.com", "password": PASSWORD})
        assert client.get("/backoffice/users/new/").status_code == 200
        clock.shift(dt.timedelta(minutes=9, seconds=59))
        assert client.get("/backoffice/users/new/").status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert client.get("/backoffice/users/new/").status_code == 302


def test_who_has_a_second_factor_proves_with_both(company: Company, administrator: User) -> None:
    with_totp(administrator)
    client = browser(administrator, company, proved=False)
    assert "code" in client.get(CONFIRM).context["form"].fields
    only = client.post(CONFIRM, {"password": PASSWORD})
    assert only.status_code == 422
    both = {"password": PASSWORD, "code": now_code()}
    assert client.post(CONFIRM, {**both, "password": "errada"}).status_code == 422
    assert client.post(CONFIRM, both).status_code == 302  # a wrong password used no code up
    again = browser(administrator, company, proved=False)
    assert again.post(CONFIRM, both).status_code == 422  # a code is good once


def now_code() -> str:
    """What the telephone shows now."""
    import base64

    from backoffice.accounts.rules import totp_counter, totp_value

    return totp_value(base64.b32decode(KEY), totp_counter(timezone.now().timestamp()))


def test_wrong_codes_lock_as_wrong_passwords_do(company: Company, administrator: User) -> None:
    with_totp(administrator)
    client = browser(administrator, company, proved=False)
    answers = [
        client.post(CONFIRM, {"password": PASSWORD, "code": "000000"}).status_code for _ in range(5)
    ]
    assert answers[:4] == [422] * 4
    assert answers[4] == 429
    right = {"password": PASSWORD, "code": now_code()}
    assert client.post(CONFIRM, right).status_code == 429
    assert PROVED not in client.session


def test_a_token_has_its_dangerous_permissions_only_for_an_hour(company: Company) -> None:
    user = make_user(company, "hr_manager")
    fresh = make_token(user, company, ["hr.payroll_run.close", "hr.payroll_run.view"])
    token = user.api_tokens.get()
    access = access_of_token(token, AT.date())
    assert token.proved_until == AT + dt.timedelta(hours=1)
    assert not access.must_prove("hr.payroll_run.close", AT + dt.timedelta(minutes=59))
    assert access.must_prove("hr.payroll_run.close", AT + dt.timedelta(hours=1))
    assert not access.must_prove("hr.payroll_run.view", AT + dt.timedelta(days=1))
    assert fresh.secret.value not in str(vars(token))


def test_only_its_owner_unlocks_a_token_and_only_while_it_is_usable(company: Company) -> None:
    user, other = make_user(company, "hr_manager"), make_user(company, "owner")
    make_token(user, company, ["hr.payroll_run.close"])
    token = user.api_tokens.get()
    with pytest.raises(NotFound):
        services.prove_token(acting_as(other, company), api_token_id=token.pk)
    late = acting_as(user, company, at=token.expires_at - dt.timedelta(minutes=5))
    assert services.prove_token(late, api_token_id=token.pk).proved_until == token.expires_at
    services.revoke_token(acting_as(user, company), api_token_id=token.pk)
    with pytest.raises(WrongState):
        services.prove_token(acting_as(user, company), api_token_id=token.pk)
