"""The set-up of a company: every step's state comes from the database, and it stays until it is done."""

import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotAllowed
from backoffice.home import services, setup
from backoffice.identity.models import User
from backoffice.organization.models import Branch, Company
from tests.factories.identity import access, acting_as, browser, make_person, make_user
from tests.factories.people import AT, hire, make_company

pytestmark = pytest.mark.django_db


class Post:
    """An SMTP server that takes mails, or refuses them with the given words."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 2.0.0 Ok: queued as 4XYZ"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop()


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def administrator(company: Company) -> User:
    return make_user(company, "administrator")


@pytest.fixture
def page(administrator: User, company: Company) -> Client:
    client = browser(administrator, company)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def standing(user: User, company: Company, at: dt.datetime = AT) -> dict[str, bool]:
    found = setup.checklist(access(user, company), at)
    return {step.name: state.done for step, state, _url in found}


def test_a_new_company_lacks_everything_but_itself(administrator: User, company: Company) -> None:
    before = standing(administrator, company)
    assert next(iter(before)) == "company"
    assert before["company"] is True
    for name in ("users", "factors", "mail", "employees", "backup"):
        assert before[name] is False, name


def test_each_step_is_done_when_the_database_says_so(administrator: User, company: Company) -> None:
    assert standing(administrator, company)["branch"] is True  # the factory's
    Branch.objects.filter(company=company).update(closed_on=AT.date() - dt.timedelta(days=1))
    assert standing(administrator, company)["branch"] is False
    Branch.objects.filter(company=company).update(closed_on=None)
    make_user(company, "owner")
    hire(company)
    after = standing(administrator, company)
    assert (after["users"], after["employees"]) == (True, True)
    assert after["factors"] is False
    other = make_company()
    assert standing(make_user(other, "administrator"), other)["employees"] is False


def test_the_mail_really_leaves_and_the_server_s_words_are_kept(
    administrator: User, company: Company, post: Post
) -> None:
    answer = services.try_mail(acting_as(administrator, company))
    assert answer == services.Answer(taken=True, words="250 2.0.0 Ok: queued as 4XYZ")
    assert [mail["To"] for mail in post.mails] == [administrator.email]
    event = Event.objects.get(action="backoffice.company.mail_tested", target_id=company.pk)
    assert event.data["answer"] == "250 2.0.0 Ok: queued as 4XYZ"
    assert standing(administrator, company)["mail"] is True
    assert standing(administrator, company, AT + dt.timedelta(days=200))["mail"] is False


def test_a_refused_mail_leaves_the_step_open_and_says_why(
    administrator: User, company: Company, post: Post
) -> None:
    post.answer = "550 5.7.1 Relay denied"
    answer = services.try_mail(acting_as(administrator, company))
    assert (answer.taken, "Relay denied" in answer.words) == (False, True)
    assert post.mails == []
    assert standing(administrator, company)["mail"] is False


def test_a_server_that_is_not_there_is_told(
    administrator: User, company: Company, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert services.try_mail(acting_as(administrator, company)).taken is False


def test_who_has_no_address_is_told_and_nothing_is_sent(company: Company, post: Post) -> None:
    user = make_user(company, "administrator")
    User.objects.filter(pk=user.pk).update(email=None, person=make_person())
    with pytest.raises(InvalidInput) as refused:
        services.try_mail(acting_as(user, company))
    assert refused.value.code == "no_address"
    assert post.mails == []


def test_only_who_sets_up_the_company_sends_and_answers(company: Company, post: Post) -> None:
    ctx = acting_as(make_user(company, "hr_analyst"), company)
    with pytest.raises(NotAllowed):
        services.try_mail(ctx)
    with pytest.raises(NotAllowed):
        services.confirm_backup(ctx, place="S3", restored=True)
    assert post.mails == []


def test_a_backup_counts_only_when_it_came_back(administrator: User, company: Company) -> None:
    ctx = acting_as(administrator, company)
    for given, code in (
        ({"place": "S3", "restored": False}, "not_restored"),
        ({"place": "  ", "restored": True}, "no_place"),
    ):
        with pytest.raises(InvalidInput) as refused:
            services.confirm_backup(ctx, **given)  # type: ignore[arg-type]
        assert refused.value.code == code
    assert standing(administrator, company)["backup"] is False
    services.confirm_backup(ctx, place="S3", restored=True)
    assert standing(administrator, company)["backup"] is True


def test_the_page_leads_to_each_step_and_takes_the_answers(page: Client, company: Company) -> None:
    html = page.get("/set-up/").content.decode()
    assert 'href="/backoffice/branches/new/"' in html
    assert "Somebody with another role does this." in html  # hiring is nothing for administrators
    assert page.post("/set-up/backup/", {"place": "S3"}).status_code == 422
    done = page.post("/set-up/backup/", {"place": "S3", "restored": "on"})
    assert (done.status_code, done["Location"]) == (302, "/set-up/")
    assert "kept at: S3" in page.get("/set-up/").content.decode()
    told = page.post("/set-up/mail/", follow=True).content.decode()
    assert "which is no mail server" in told


def test_the_panel_on_the_home_page_stays_away_until_tomorrow_when_put_off(page: Client) -> None:
    assert 'id="home-set-up"' in page.get("/").content.decode()
    page.post("/set-up/later/")
    assert 'id="home-set-up"' not in page.get("/").content.decode()
    session = page.session
    session["home.setup"] = [0, "2020-01-01"]
    session.save()
    assert 'id="home-set-up"' in page.get("/").content.decode()


def test_who_does_not_set_up_sees_neither_panel_nor_page(company: Company) -> None:
    analyst = browser(make_user(company, "hr_analyst"), company)
    assert analyst.get("/set-up/").status_code == 403
    assert analyst.post("/set-up/mail/").status_code == 403
    assert analyst.post("/set-up/backup/", {}).status_code == 403
    assert 'id="home-set-up"' not in analyst.get("/").content.decode()


def test_the_panel_goes_when_everything_is_done(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "STEPS", {"company": setup.STEPS["company"]})
    assert 'id="home-set-up"' not in page.get("/").content.decode()


def test_two_steps_never_share_a_name() -> None:
    with pytest.raises(ValueError, match="company"):
        setup.register(setup.STEPS["company"])
