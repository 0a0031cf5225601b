"""Second factors at login and on the page of security; lost ones; sessions; locks."""

import base64
import datetime as dt
from functools import partial

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from backoffice.accounts import services
from backoffice.accounts.adapters import FactorAdapter
from backoffice.accounts.models import UserSession
from backoffice.accounts.rules import totp_counter, totp_value
from backoffice.accounts.selectors import factors_of, live_sessions
from backoffice.audit.models import Event
from backoffice.commands import Channel, Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, ProofNeeded, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Secret
from backoffice.organization.models import Company
from tests.factories.identity import AT, PASSWORD, acting_as, browser, make_user
from tests.factories.people import make_company
from tests.factories.standing import KEY, lock, with_totp
from tests.harness.threads import Racers

pytestmark = pytest.mark.django_db
LOGIN, SECOND = "/account/login/", "/account/login/second/"


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def user(company: Company) -> User:
    return make_user(company, "employee", email="ana@example.com")


def code_at(seconds: float) -> str:
    """What the telephone shows at a moment."""
    return totp_value(base64.b32decode(KEY), totp_counter(seconds))


def now_code() -> str:
    return code_at(timezone.now().timestamp())


def log_in(client: Client) -> int:
    return client.post(LOGIN, {"login": "ana@example.com", "password": PASSWORD}).status_code


def system(user: User) -> Context:
    return Context(company_id=None, at=AT, channel=Channel.SYSTEM, on_behalf_of_id=user.pk)


# --- at login -------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_when_there_is_a_second_factor(user: User) -> None:
    with_totp(user)
    client = Client()
    log_in(client)
    assert "_auth_user_id" not in client.session
    assert client.get("/account/").status_code == 302
    assert client.post(SECOND, {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(SECOND, {"code": now_code()}).status_code == 302
    assert int(client.session["_auth_user_id"]) == user.pk


def test_the_second_step_by_itself_is_no_way_in(user: User) -> None:
    with_totp(user)
    client = Client()
    assert client.get(SECOND)["Location"].startswith(LOGIN)
    assert client.post(SECOND, {"code": now_code()})["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_a_code_is_good_once_also_for_another_process(user: User) -> None:
    with_totp(user)
    first, second = Client(), Client()
    code = now_code()
    for client in (first, second):
        log_in(client)
    assert first.post(SECOND, {"code": code}).status_code == 302
    cache.clear()  # what another process would know: the database alone
    assert second.post(SECOND, {"code": code}).status_code == 200
    assert "_auth_user_id" not in second.session


def test_five_wrong_codes_lock_the_account_here(user: User) -> None:
    with_totp(user)
    client = Client()
    log_in(client)
    answers = [client.post(SECOND, {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(SECOND, {"code": now_code()}).status_code == 429
    assert log_in(Client()) == 429


def test_a_recovery_code_replaces_the_telephone_once(company: Company, user: User) -> None:
    services.add_totp(
        acting_as(user, company), secret=Secret(KEY), code=Secret(code_at(AT.timestamp()))
    )
    codes = factors_of(user.pk).codes
    assert codes is not None
    code = codes.wrap().get_unused_codes()[0]
    for works in (True, False):
        client = Client()
        log_in(client)
        client.post(SECOND, {"code": code})
        assert ("_auth_user_id" in client.session) is works
    assert factors_of(user.pk).codes_left == 9


@pytest.mark.clone
@pytest.mark.races
def test_of_sixteen_with_the_same_code_one_gets_in() -> None:
    company = make_company()
    user = make_user(company, "employee")
    with_totp(user)
    code = Secret(code_at(AT.timestamp()))

    def use() -> object:
        with transaction.atomic():
            return services.use_code(system(user), user_id=user.pk, code=code)

    with Racers() as racers:
        results = racers.race([use] * 16)
    assert sum(isinstance(result, Authenticator) for result in results) == 1


# --- the page of security ---------------------------------------------------------------------------


def test_a_telephone_is_set_up_with_what_it_shows(company: Company, user: User) -> None:
    client = browser(user, company)
    page = "/account/security/telephone/"
    key = client.get(page).context["key"].replace(" ", "")
    assert key not in str(dict(client.session))
    assert client.post(page, {"code": "000000"}).status_code == 422
    code = totp_value(base64.b32decode(key), totp_counter(timezone.now().timestamp()))
    done = client.post(page, {"code": code})
    assert done["Location"] == "/account/security/codes/"
    row = Authenticator.objects.get(user=user, type="totp")
    assert key not in str(row.data)
    codes = client.get("/account/security/codes/").context["codes"]
    assert len(set(codes)) == 10
    assert Event.objects.filter(action="backoffice.account.factor_added").count() == 1
    second = client.get("/account/security/").content.decode()
    assert codes[0] not in second


def test_without_a_fresh_proof_nobody_changes_factors(company: Company, user: User) -> None:
    client = browser(user, company, proved=False)
    for page in ("telephone/", "passkeys/new/", "codes/"):
        answer = client.get(f"/account/security/{page}")
        assert answer["Location"].startswith("/account/confirm/"), page
    stale = acting_as(user, company)
    actor = stale.actor
    assert actor is not None
    old = Context(
        company_id=company.pk,
        at=dt.datetime(2101, 1, 1, tzinfo=dt.UTC),
        channel=Channel.WEB,
        actor=actor,
    )
    with pytest.raises(ProofNeeded):
        services.add_totp(old, secret=Secret(KEY), code=Secret("000000"))
    assert Authenticator.objects.count() == 0


def test_factors_are_added_once_and_go_with_their_codes(company: Company, user: User) -> None:
    ctx = acting_as(user, company)
    with pytest.raises(WrongState):
        services.new_recovery_codes(ctx)
    with pytest.raises(InvalidInput):
        services.add_totp(ctx, secret=Secret(KEY), code=Secret("000000"))
    services.add_totp(ctx, secret=Secret(KEY), code=Secret(code_at(AT.timestamp())))
    with pytest.raises(WrongState):
        services.add_totp(ctx, secret=Secret(KEY), code=Secret(code_at(AT.timestamp())))
    first = factors_of(user.pk)
    assert first.codes is not None
    before = first.codes.wrap().get_unused_codes()
    services.new_recovery_codes(ctx)
    second = factors_of(user.pk)
    assert second.codes is not None
    assert not set(before) & set(second.codes.wrap().get_unused_codes())
    other = acting_as(make_user(company, "employee"), company)
    assert first.totp is not None
    with pytest.raises(NotFound):
        services.remove_factor(other, factor_id=first.totp.pk)
    services.remove_factor(ctx, factor_id=first.totp.pk)
    assert Authenticator.objects.filter(user=user).count() == 0


def test_what_is_kept_of_a_telephone_is_encrypted_and_survives_a_new_key(
    settings: pytest.FixtureRequest,
) -> None:
    old = FactorAdapter().encrypt("segredo")
    assert "segredo" not in old
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another-key-for-tests"  # type: ignore[attr-defined]
    assert FactorAdapter().decrypt(old) == "segredo"


# --- lost factors, locks ------------------------------------------------------------------------------


def test_lost_factors_are_reset_by_two_administrators(company: Company, user: User) -> None:
    with_totp(user)
    one, two = (make_user(company, "administrator") for _ in range(2))
    ask = partial(services.ask_factor_reset, user_id=user.pk, reason="telefone roubado")
    with pytest.raises(WrongState):
        services.reset_factors(acting_as(two, company), user_id=user.pk)
    ask(acting_as(one, company))
    with pytest.raises(WrongState):
        ask(acting_as(two, company))
    with pytest.raises(NotAllowed) as refusal:
        services.reset_factors(acting_as(one, company), user_id=user.pk)
    assert refusal.value.code == "own_request"
    assert factors_of(user.pk).any
    services.reset_factors(acting_as(two, company), user_id=user.pk)
    assert not factors_of(user.pk).any
    event = Event.objects.get(action="backoffice.user.factors_reset")
    assert (event.actor_id, event.data["asked_by"]) == (two.pk, one.pk)


def test_nobody_asks_for_themselves_without_reason_or_without_factors(
    company: Company, user: User
) -> None:
    administrator = make_user(company, "administrator")
    with_totp(administrator)
    ctx = acting_as(administrator, company)
    with pytest.raises(NotAllowed):
        services.ask_factor_reset(ctx, user_id=administrator.pk, reason="x")
    with pytest.raises(InvalidInput):
        services.ask_factor_reset(ctx, user_id=user.pk, reason=" ")
    with pytest.raises(WrongState):
        services.ask_factor_reset(ctx, user_id=user.pk, reason="x")


def test_an_administrator_unlocks_at_once(company: Company, user: User) -> None:
    for _ in range(5):
        Client().post(LOGIN, {"login": "ana@example.com", "password": "errada"})
    assert log_in(Client()) == 429
    administrator = make_user(company, "administrator")
    client = browser(administrator, company)
    assert client.post(f"/backoffice/users/{user.pk}/do/unlock/").status_code == 302
    assert AccessAttempt.objects.count() == 0
    assert log_in(Client()) == 302


def test_who_is_not_locked_or_oneself_is_not_unlocked(company: Company, user: User) -> None:
    administrator = make_user(company, "administrator")
    ctx = acting_as(administrator, company, at=timezone.now())
    with pytest.raises(WrongState):
        services.unlock_user(ctx, user_id=user.pk)
    lock(administrator)
    with pytest.raises(NotAllowed):
        services.unlock_user(ctx, user_id=administrator.pk)


# --- sessions -----------------------------------------------------------------------------------------


def test_the_list_names_each_browser_and_one_is_logged_out(company: Company, user: User) -> None:
    here, there = browser(user, company), browser(user, company)
    firefox = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0"}
    there.get("/account/", headers=firefox)
    page = here.get("/account/security/")
    seen = page.context["sessions"]
    assert sorted(session.current for session in seen) == [False, True]
    other = next(session for session in seen if not session.current)
    assert (other.device, other.row.ip) == ("Firefox, Linux", "127.0.0.1")
    assert here.post(f"/account/security/sessions/{other.row.pk}/end/").status_code == 302
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert here.post(f"/account/security/sessions/{other.row.pk}/end/").status_code == 404


def test_nobody_ends_the_sessions_of_others(company: Company, user: User) -> None:
    mine, theirs = browser(make_user(company, "owner"), company), browser(user, company)
    theirs.get("/account/")
    row = UserSession.objects.get(user=user)
    assert mine.post(f"/account/security/sessions/{row.pk}/end/").status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_everywhere_else_and_by_an_administrator_everywhere(company: Company, user: User) -> None:
    clients = [browser(user, company) for _ in range(3)]
    for client in clients:
        client.get("/account/")
    clients[0].post("/account/security/sessions/end-others/")
    assert [client.get("/account/").status_code for client in clients] == [200, 302, 302]
    administrator = acting_as(make_user(company, "administrator"), company, at=timezone.now())
    assert services.end_sessions_of(administrator, user_id=user.pk) == 1
    assert clients[0].get("/account/").status_code == 302
    assert Session.objects.filter(session_key=clients[0].cookies["sessionid"].value).count() == 0


def test_a_session_keeps_its_row_when_the_password_gives_it_a_new_key(
    company: Company, user: User
) -> None:
    client = browser(user, company)
    client.get("/account/")
    before = UserSession.objects.get()
    new = "uma senha bem comprida"
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    client.get("/account/")
    after = UserSession.objects.get()
    assert (after.pk, after.began_at) == (before.pk, before.began_at)
    assert after.session_key != before.session_key


def test_the_visit_is_noted_at_most_every_five_minutes(company: Company, user: User) -> None:
    start = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        client = browser(user, company)
        client.get("/account/")
        clock.shift(dt.timedelta(minutes=4))
        client.get("/account/")
        assert UserSession.objects.get().seen_at == start
        clock.shift(dt.timedelta(minutes=1))
        client.get("/account/")
        assert UserSession.objects.get().seen_at == start + dt.timedelta(minutes=5)
        assert live_sessions(user.pk, timezone.now()).count() == 1
