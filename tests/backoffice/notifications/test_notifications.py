"""Who is told what, when mail leaves, and what happens when sending is interrupted."""

import datetime as dt
import json
import smtplib
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.notifications import services
from backoffice.notifications.collecting import CONSUMER, make_digests, tell
from backoffice.notifications.models import Mail, Notification
from backoffice.notifications.registry import KINDS, Told
from backoffice.notifications.rules import after_quiet, message_id, next_digest
from backoffice.notifications.sending import INTERRUPTED_AFTER, MOST_ATTEMPTS, send_due
from backoffice.organization.models import Company
from backoffice.outbox.rules import Position
from backoffice.outbox.selectors import StreamEvent
from backoffice.outbox.services.consuming import consume
from hr.payroll import services as payroll_services
from tests.factories import identity, payroll, people
from tests.harness.threads import race

AT = dt.datetime(2090, 1, 2, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


class Server:
    """An SMTP server that keeps what it takes, and can be told to misbehave."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.hang_up = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # fmt: skip
        if self.answer.startswith("5") and "mailbox" in self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.hang_up:
            server.transport.close()
        return self.answer


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    handler = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


@pytest.fixture
def company(db: None) -> Company:
    company = people.make_company()
    people.hire(company)
    return company


def submitted(company: Company) -> None:
    run = payroll.computed_run(company)
    payroll_services.submit_run(people.system(company), payroll_run_id=run.pk)


def collect() -> int:
    """Hand over every event there is, as the outbox does; how many notifications are new."""
    before = Notification.objects.count()
    tell(
        [
            StreamEvent(
                position=Position(1, 1, event.pk),
                at=event.at,
                action=event.action,
                company_id=event.company_id,
                actor_id=event.actor_id,
                target_type=event.target_type,
                target_id=event.target_id,
                raw=json.dumps(event.data),
            )
            for event in Event.objects.order_by("pk")
        ]
    )
    return Notification.objects.count() - before


def mail(company: Company, key: str = "k", **over: Any) -> Mail:
    given = {"recipient": "a@example.com", "subject": "Assunto", "body": "Texto"} | over
    with transaction.atomic():
        ctx = people.system(company)
        return services.send_mail(ctx, key=key, **given)


def states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


def test_who_may_vote_is_told_of_an_approval_once_and_by_mail(
    company: Company, smtp: Server
) -> None:
    manager = identity.make_user(company, "hr_manager")
    analyst = identity.make_user(company, "hr_analyst")
    stranger = identity.make_user(people.make_company(), "hr_manager")
    submitted(company)
    collect()
    assert collect() == 0
    told = Notification.objects.get(user=manager, kind="approval")
    assert told.text == "Aguarda sua aprovação: Folha 10/2026"
    assert not Notification.objects.filter(user__in=[analyst, stranger], kind="approval").exists()
    assert send_due(at=AT) == 1
    (sent,) = smtp.mails
    assert sent["To"] == manager.email
    assert sent["Message-ID"] == told.mail.message_id  # type: ignore[union-attr]
    assert sent["Auto-Submitted"] == "auto-generated"
    assert told.url in sent.get_content()
    assert send_due(at=AT) == 0
    assert len(smtp.mails) == 1


def test_the_text_is_in_the_language_of_the_person(company: Company) -> None:
    manager = identity.make_user(company, "hr_manager")
    User.objects.filter(pk=manager.pk).update(language="en")
    submitted(company)
    collect()
    assert Notification.objects.get(user=manager).text.startswith("Waits for your approval")


def test_the_end_of_a_job_is_told_to_its_starter_in_the_inbox_only(company: Company) -> None:
    analyst = identity.make_user(company, "hr_analyst")
    run = payroll.open_run(company)
    payroll_services.compute_run(identity.acting_as(analyst, company), payroll_run_id=run.pk)
    payroll.work(run)
    collect()
    told = Notification.objects.get(user=analyst)
    assert (told.kind, told.mail, told.digest) == ("job", None, False)
    assert told.url == f"/jobs/{run.job_id}/"
    assert not Mail.objects.exists()


def test_a_late_fact_is_told_to_who_computes_the_payroll(company: Company) -> None:
    from hr.people import services as people_services
    from tests.hr.payroll.test_runs import closed_run

    closed_run(company)
    analyst = identity.make_user(company, "hr_analyst")
    employee = people.hire(company, admitted_on=dt.date(2026, 10, 5))
    collect()
    told = Notification.objects.filter(user=analyst, kind="late_fact")
    assert [each.text for each in told] == [
        f"Fato que chegou depois do fechamento: {employee.party.name} (10/2026)"
    ]
    assert people_services is not None


@pytest.mark.clone
def test_the_outbox_hands_over_what_happens_and_a_fault_of_one_kind_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = people.make_company()
    people.hire(company)
    manager = identity.make_user(company, "hr_manager")
    consume(CONSUMER.name, at=AT)  # begins with what happens from now on
    job, approval = KINDS["job"], KINDS["approval"]

    def broken(_event: StreamEvent) -> list[Told]:
        raise RuntimeError

    monkeypatch.setitem(KINDS, "job", replace(job, tell=broken))
    submitted(company)
    while consume(CONSUMER.name, at=AT):
        pass
    assert [each.kind for each in Notification.objects.filter(user=manager)] == [approval.name]


def test_the_choice_of_a_person_decides_and_the_digest_is_one_mail(
    company: Company, smtp: Server
) -> None:
    manager = identity.make_user(company, "hr_manager")
    ctx = identity.acting_as(manager, company)
    services.choose_notifications(
        ctx,
        choices={"approval": "digest", "job": "digest"},
        quiet_from=None,
        quiet_to=None,
        digest_hour=8,
    )
    submitted(company)
    run = payroll.open_run(company, dt.date(2026, 9, 1))
    payroll_services.compute_run(ctx, payroll_run_id=run.pk)
    payroll.work(run)
    collect()
    rows = Notification.objects.filter(user=manager)
    assert (rows.count(), rows.filter(digest=True, mail=None).count()) == (2, 2)
    first = rows.order_by("pk")[0].at
    assert make_digests(at=first) == 0
    assert make_digests(at=first + DAY) == 1
    assert make_digests(at=first + DAY) == 0
    assert send_due(at=AT) == 1
    assert smtp.mails[0]["Subject"] == "O que aconteceu: 2 avisos"
    assert smtp.mails[0].get_content().count("http") >= 3


def test_mail_rests_in_quiet_hours_and_leaves_afterwards(company: Company, smtp: Server) -> None:
    manager = identity.make_user(company, "hr_manager")
    services.choose_notifications(
        identity.acting_as(manager, company),
        choices={},
        quiet_from=dt.time(8),
        quiet_to=dt.time(11),
        digest_hour=8,
    )
    submitted(company)
    collect()  # nine o'clock in São Paulo
    assert send_due(at=people.AT + dt.timedelta(hours=1)) == 0
    assert send_due(at=people.AT + dt.timedelta(hours=2)) == 1
    assert len(smtp.mails) == 1


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"choices": {"poetry": "now"}}, "unknown_choice"),
        ({"choices": {"approval": "pigeon"}}, "unknown_choice"),
        ({"quiet_from": dt.time(22)}, "half_quiet"),
        ({"digest_hour": 24}, "bad_hour"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(
    company: Company, choice: dict[str, Any], code: str
) -> None:
    ctx = identity.acting_as(identity.make_user(company, "employee"), company)
    given = {"choices": {}, "quiet_from": None, "quiet_to": None, "digest_hour": 8} | choice
    with pytest.raises(InvalidInput) as refusal:
        services.choose_notifications(ctx, **given)
    assert refusal.value.code == code


def test_the_same_key_makes_one_mail_with_one_message_id(company: Company) -> None:
    first, second = mail(company), mail(company, subject="Outro")
    assert first.pk == second.pk
    assert first.message_id == message_id("k", first.message_id[:-1].partition("@")[2])
    assert mail(company, "other").message_id != first.message_id


def test_a_subject_cannot_carry_another_header(company: Company, smtp: Server) -> None:
    mail(company, subject="Oi\r\nBcc: todos@example.com")
    assert send_due(at=AT) == 1
    assert smtp.mails[0]["Bcc"] is None
    assert smtp.mails[0]["Subject"] == "Oi Bcc: todos@example.com"


def test_a_sender_that_died_leaves_an_uncertain_mail_that_nobody_repeats(
    company: Company, smtp: Server
) -> None:
    made = mail(company)
    Mail.objects.filter(pk=made.pk).update(state="sending", sending_since=AT, attempts=1)
    assert send_due(at=AT + INTERRUPTED_AFTER) == 0
    assert states() == ["sending"]
    assert send_due(at=AT + INTERRUPTED_AFTER + dt.timedelta(seconds=1)) == 0
    assert send_due(at=AT + 30 * DAY) == 0
    assert (states(), smtp.mails) == (["uncertain"], [])


def test_a_server_that_hangs_up_after_the_text_leaves_it_uncertain(
    company: Company, smtp: Server
) -> None:
    mail(company)
    smtp.hang_up = True
    assert send_due(at=AT) == 0
    assert states() == ["uncertain"]
    assert len(smtp.mails) == 1  # it did arrive: sending again would double it
    smtp.hang_up = False
    assert send_due(at=AT + DAY) == 0
    assert len(smtp.mails) == 1


def test_what_the_server_did_not_take_is_tried_again_and_then_given_up(
    company: Company, smtp: Server
) -> None:
    mail(company)
    smtp.answer = "451 try later"
    for turn in range(MOST_ATTEMPTS):
        assert send_due(at=AT + turn * DAY) == 0
    assert states() == ["failed"]
    assert "try later" in Mail.objects.get().error


def test_a_mailbox_that_does_not_exist_is_given_up_at_once(company: Company, smtp: Server) -> None:
    mail(company)
    smtp.answer = "550 no such mailbox"
    send_due(at=AT)
    assert states() == ["failed"]


def test_without_a_server_everything_waits(company: Company, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail(company)
    assert send_due(at=AT) == 0
    assert states() == ["pending"]
    assert Mail.objects.get().due_at > AT


def test_a_person_decides_about_an_uncertain_mail(company: Company, smtp: Server) -> None:
    first, second = mail(company), mail(company, "second")
    ctx = people.system(company)
    with pytest.raises(WrongState):
        services.resend_mail(ctx, mail_id=first.pk)
    Mail.objects.update(state="uncertain", sending_since=AT, error="x")
    services.resend_mail(ctx, mail_id=first.pk)
    services.drop_mail(ctx, mail_id=second.pk)
    with pytest.raises(NotFound):
        services.drop_mail(people.system(people.make_company()), mail_id=second.pk)
    assert send_due(at=AT) == 1
    assert smtp.mails[0]["Message-ID"] == first.message_id
    assert states() == ["sent", "dropped"]


def test_what_was_sent_stays_sent_whatever_anybody_writes(company: Company) -> None:
    mail(company)
    Mail.objects.update(state="sending", sending_since=AT)
    Mail.objects.update(state="sent", ended_at=AT)
    for change in (
        "UPDATE backoffice_mail SET state = 'pending'",
        "UPDATE backoffice_mail SET recipient = 'b@example.com'",
        "DELETE FROM backoffice_mail",
    ):
        with (
            pytest.raises(Exception, match=r"stays|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


@pytest.mark.clone
def test_sixteen_senders_send_each_mail_once(smtp: Server) -> None:
    company = people.make_company()
    for number in range(8):
        mail(company, f"m{number}")
    results = race([lambda: send_due(at=AT) for _ in range(16)])
    assert sum(each for each in results if isinstance(each, int)) == 8
    assert len({each["Message-ID"] for each in smtp.mails}) == len(smtp.mails) == 8


@given(st.datetimes(timezones=st.just(dt.UTC)), st.times(), st.times())
def test_after_the_quiet_hours_it_is_never_quiet(
    at: dt.datetime, begin: dt.time, end: dt.time
) -> None:
    if at.year > 9000:
        return
    free = after_quiet(at, begin, end)
    assert at <= free <= at + DAY
    assert after_quiet(free, begin, end) == free
    assert after_quiet(at, None, None) == at
    assert at < next_digest(at, begin.hour) <= at + DAY


def visitor(company: Company, code: str) -> tuple[User, Client]:
    user = identity.make_user(company, code)
    User.objects.filter(pk=user.pk).update(language="en")
    user.refresh_from_db()
    return user, identity.browser(user, company)


def test_the_bell_counts_and_the_inbox_opens_what_it_tells_of(company: Company) -> None:
    manager, client = visitor(company, "hr_manager")
    submitted(company)
    collect()
    told = Notification.objects.get(user=manager)
    assert 'hx-get="/notifications/bell/"' in client.get("/").content.decode()
    assert "unread" in client.get("/notifications/bell/").content.decode()
    assert told.text in client.get("/notifications/").content.decode()
    answer = client.post(f"/notifications/{told.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, told.url)
    assert "unread" not in client.get("/notifications/bell/").content.decode()
    _other, stranger = visitor(company, "hr_manager")
    assert stranger.post(f"/notifications/{told.pk}/open/").status_code == 404
    empty = stranger.get("/notifications/").content.decode()
    assert "Nobody told you anything yet" in empty


def test_preferences_are_kept_and_a_half_quiet_night_is_refused(company: Company) -> None:
    user, client = visitor(company, "hr_manager")
    address = "/notifications/preferences/"
    wanted = dict.fromkeys(KINDS, "inbox") | {"approval": "digest", "job": "now"}
    given = {f"kind-{name}": delivery for name, delivery in wanted.items()}
    given |= {"quiet_from": "22:00", "quiet_to": "07:00", "digest_hour": "9"}
    assert client.post(address, given).status_code == 302
    assert {c.kind: c.delivery for c in user.notification_choices.all()} == wanted
    assert user.notification_hours.digest_hour == 9
    refused = client.post(address, given | {"quiet_to": ""})
    assert refused.status_code == 422
    assert "have a beginning and an end" in refused.content.decode()


def test_notifications_over_the_api(company: Company) -> None:
    manager = identity.make_user(company, "hr_manager")
    submitted(company)
    collect()
    token = identity.make_token(manager, company, ["backoffice.notification.view"]).secret.value
    client = Client(headers={"Authorization": f"Bearer {token}"})
    shown = client.get("/api/v1/notifications/").json()
    assert (shown["unread"], len(shown["results"])) == (1, 1)
    ids = [shown["results"][0]["id"]]
    answer = client.post(
        "/api/v1/notifications/read/", {"ids": ids}, content_type="application/json"
    )
    assert answer.status_code == 204
    assert client.get("/api/v1/notifications/").json()["unread"] == 0


def test_smtp_errors_are_what_this_test_takes_them_for() -> None:
    assert issubclass(smtplib.SMTPDataError, smtplib.SMTPResponseException)
    assert not issubclass(smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException)
    fits: Callable[..., Any] = smtplib.SMTPRecipientsRefused
    assert fits({}).recipients == {}
