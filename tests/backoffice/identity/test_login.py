import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from typing_extensions import override

from backoffice.audit.models import Event
from backoffice.identity.login import client_ip, typed_name
from backoffice.identity.models import User
from tests.factories.identity import PASSWORD, browser, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
NEW = "uma senha bem comprida"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: what the time of a login is made of."""

    algorithm = "counting"
    hashed = 0

    @override
    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.fixture
def user() -> User:
    return make_user(make_company(), "employee", email="ana@example.com")


def log_in(
    client: Client, email: str = "ana@example.com", password: str = PASSWORD, **headers: str
) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, headers=headers)


def test_the_right_password_logs_in_and_changes_the_session_key(user: User) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted
    answer = log_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert int(client.session["_auth_user_id"]) == user.pk


def test_the_e_mail_may_be_written_in_any_case(user: User) -> None:
    assert log_in(Client(), "ANA@Example.com").status_code == 302


def test_a_wrong_password_and_an_unknown_e_mail_get_the_same_answer(user: User) -> None:
    known, unknown = log_in(Client(), password="errada"), log_in(Client(), "ninguem@example.com")
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors
    assert known.context["form"].errors

    def shape(answer: Any) -> str:
        text = answer.content.decode()
        text = re.sub(r'value="[^"]*"|nonce="[^"]*"|id="[^"]*"', "", text)
        return text.replace("ninguem@example.com", "").replace("ana@example.com", "")

    assert shape(known) == shape(unknown)


@pytest.mark.parametrize("email", ["ana@example.com", "ninguem@example.com", "fechada@example.com"])
def test_every_failed_login_hashes_exactly_one_password(
    user: User, settings: Settings, email: str
) -> None:
    """The time of an answer is the time of hashing; so it must not tell who exists."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for known in (user, make_user(make_company(), "employee", email="fechada@example.com")):
        known.set_password(PASSWORD)
        known.is_active = known.email != "fechada@example.com"
        known.save()
    CountingHasher.hashed = 0
    answer = log_in(Client(), email, "errada")
    assert answer.status_code == 200
    assert CountingHasher.hashed == 1


def test_a_closed_account_cannot_log_in_even_with_the_right_password(user: User) -> None:
    user.is_active = False
    user.save()
    client = Client()
    assert log_in(client).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["ana@example.com", "ninguem@example.com"])
def test_five_failures_lock_an_account_that_exists_or_not_in_the_same_way(
    user: User, email: str
) -> None:
    client = Client()
    answers = [log_in(client, email, "errada").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = log_in(client, email)
    assert locked.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_lock_ends_after_a_quarter_of_an_hour(user: User) -> None:
    start = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            log_in(Client(), password="errada")
        clock.shift(dt.timedelta(minutes=14))
        assert log_in(Client()).status_code == 429
        clock.shift(dt.timedelta(minutes=2))
        assert log_in(Client()).status_code == 302


def test_neither_another_spelling_nor_a_forged_address_evades_the_lock(user: User) -> None:
    for number, email in enumerate(
        (
            "ana@example.com",
            "ANA@example.com",
            "Ana@Example.com",
            " ana@example.com",
            "aNa@example.com",
        )
    ):
        log_in(Client(), email, "errada", x_forwarded_for=f"10.0.0.{number}")
    assert log_in(Client(), x_forwarded_for="10.9.9.9").status_code == 429
    assert AccessAttempt.objects.get().username == "ana@example.com"


def test_many_addresses_together_are_slowed_down_for_one_account(
    user: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        log_in(Client(), password="errada", x_forwarded_for=f"10.0.0.{number}")
    answer = log_in(Client(), x_forwarded_for="10.0.0.99")
    assert answer.status_code == 200
    assert answer.context["form"].errors


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "rubbish", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_saw_is_believed(
    rf: RequestFactory, settings: Settings, proxies: int, forwarded: str, expected: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded})
    assert client_ip(request) == expected


def test_the_name_under_which_failures_are_counted_is_the_e_mail(rf: RequestFactory) -> None:
    request = rf.post(LOGIN, {"login": " Ana@Example.com "})
    assert typed_name(request) == "ana@example.com"
    assert typed_name(request, {"email": "B@x.br"}) == "b@x.br"


def test_there_is_no_way_to_make_an_account_for_oneself() -> None:
    answer = Client().get("/account/signup/")
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)


def test_logging_out_needs_a_post_and_ends_the_session(user: User) -> None:
    client = browser(user)
    assert client.get("/account/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    key = client.session.session_key
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_every_other_session_and_leaves_an_event(user: User) -> None:
    here, there = browser(user), browser(user)
    assert there.get("/account/").status_code == 200
    answer = here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert answer.status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/")["Location"].startswith(LOGIN)
    user.refresh_from_db()
    assert user.check_password(NEW)
    event = Event.objects.get(action="backoffice.account.password_changed")
    assert (event.actor_id, event.channel) == (user.pk, "web")


@pytest.mark.parametrize(
    ("old", "new"), [("errada", NEW), (PASSWORD, "curta"), (PASSWORD, "123456789012")]
)
def test_a_password_changes_only_with_the_old_one_and_to_a_strong_one(
    user: User, old: str, new: str
) -> None:
    browser(user).post(
        "/account/password/change/", {"oldpassword": old, "password1": new, "password2": new}
    )
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_who_has_no_password_yet_gets_the_first_one_by_mail(user: User) -> None:
    user.set_unusable_password()
    user.save()
    client = browser(user)
    chain = client.get("/account/password/change/", follow=True).redirect_chain
    assert [address for address, _status in chain] == [
        "/account/password/set/",
        "/account/password/reset/",
    ]
    Client().post("/account/password/reset/", {"email": "ana@example.com"})
    new = Client()
    form = new.get(reset_link())["Location"]
    new.post(form, {"password1": NEW, "password2": NEW})
    assert log_in(Client(), password=NEW).status_code == 302


def reset_link() -> str:
    (message,) = mail.outbox
    found = re.search(r"http://testserver(\S+)", str(message.body))
    assert found is not None
    return found[1]


def test_a_mailed_link_sets_a_password_once_and_logs_nobody_in(user: User) -> None:
    other = browser(user)
    client = Client()
    client.post("/account/password/reset/", {"email": "ana@example.com"})
    link = reset_link()
    form = client.get(link)["Location"]
    assert link.rstrip("/").rpartition("-")[2] not in form
    client.post(form, {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "_auth_user_id" not in client.session
    assert other.get("/account/")["Location"].startswith(LOGIN)
    event = Event.objects.get(action="backoffice.account.password_changed")
    assert (event.actor_id, event.on_behalf_of_id, event.channel) == (None, user.pk, "system")

    again = Client().get(link)
    assert again.status_code == 200
    assert again.context["token_fail"] is True


def test_a_reset_link_is_void_after_an_hour(user: User) -> None:
    start = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        Client().post("/account/password/reset/", {"email": "ana@example.com"})
        clock.shift(dt.timedelta(minutes=61))
        assert Client().get(reset_link()).context["token_fail"] is True


def test_asking_for_a_link_tells_nobody_who_exists(user: User) -> None:
    known = Client().post("/account/password/reset/", {"email": "ana@example.com"})
    unknown = Client().post("/account/password/reset/", {"email": "ninguem@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["ana@example.com"], ["ninguem@example.com"]]
    assert "/password/reset/key/" not in mail.outbox[1].body


def test_a_forged_host_gets_no_link(user: User) -> None:
    answer = Client().post(
        "/account/password/reset/", {"email": "ana@example.com"}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 400
    assert mail.outbox == []


def test_the_login_goes_on_only_to_our_own_pages(user: User) -> None:
    answer = Client().post(
        LOGIN, {"login": "ana@example.com", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_a_session_ends_after_two_hours_without_a_click_and_twelve_in_all(user: User) -> None:
    start = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        idle, busy = browser(user), browser(user)
        assert idle.get("/account/").status_code == 200
        for _ in range(11):
            assert busy.get("/account/").status_code == 200
            clock.shift(dt.timedelta(minutes=61))
        assert idle.get("/account/").status_code == 302
        assert busy.get("/account/").status_code == 200
        clock.shift(dt.timedelta(minutes=60))
        assert busy.get("/account/").status_code == 302


def test_the_password_is_asked_again_under_the_same_lock(user: User) -> None:
    client = browser(user)
    page = "/account/confirm/?next=/account/"
    assert client.post(page, {"password": "errada"}).status_code == 422
    assert client.post(page, {"password": PASSWORD})["Location"] == "/account/"


def test_the_pages_speak_the_language_of_the_account(user: User) -> None:
    user.language = "en"
    user.save()
    client = browser(user)
    assert client.get("/account/", headers={"accept-language": "pt-BR"})["Content-Language"] == "en"


def test_links_for_one_address_are_asked_for_at_most_five_times_a_minute(user: User) -> None:
    answers = [
        Client().post("/account/password/reset/", {"email": "ana@example.com"}).status_code
        for _ in range(6)
    ]
    assert answers == [302, 302, 302, 302, 302, 429]
    assert len(mail.outbox) == 5


def test_the_mails_are_in_the_language_of_the_request_and_carry_no_html(user: User) -> None:
    Client().post(
        "/account/password/reset/",
        {"email": "ana@example.com"},
        headers={"accept-language": "en"},
    )
    (message,) = mail.outbox
    assert message.subject == "Choose a new password"
    assert "Pessoa" in message.body
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert not message.alternatives
