"""What ends on a day: who sees it, who is warned once, what people say to it."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.expiry import rules, services
from backoffice.expiry.models import ExpiryAlarm, ExpiryMark
from backoffice.expiry.registry import EXPIRIES, Expiry, register
from backoffice.expiry.selectors import Narrowing, radar, waiting
from backoffice.expiry.tasks import DUTY
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.jobs.rules import Every
from backoffice.notifications.collecting import CONSUMER, tell
from backoffice.notifications.models import Notification
from backoffice.organization.models import Company
from backoffice.outbox.rules import Position
from backoffice.outbox.selectors import StreamEvent
from hr.people.models import EmploymentContract
from hr.people.services import agree_trial, end_contract, extend_trial
from tests.factories import files, identity, people
from tests.factories.people import AT
from tests.harness.threads import race

TODAY = dt.date(2026, 11, 20)  # a Friday, and no holiday
DAY = dt.timedelta(days=1)


@pytest.fixture
def company(db: None) -> Company:
    return people.make_company()


def on_trial(company: Company, days: int, name: str = "Ana Prova") -> EmploymentContract:
    """A contract whose trial ends so many days after today."""
    last = TODAY + days * DAY
    employee = people.hire(company, admitted_on=last - 44 * DAY, name=name)
    return agree_trial(
        people.system(company), contract_id=people.contract_of(employee).pk, trial_until=last
    )


def analyst(company: Company) -> User:
    return identity.make_user(company, "hr_analyst")


def lines(user: User, company: Company, **narrowed: Any) -> list[tuple[str, int]]:
    found = radar(identity.access(user, company), Narrowing(**narrowed))
    return [(line.ending.title.split(" · ")[-1], line.days) for line in found]


def told() -> list[tuple[int, str]]:
    """Let people be told of what was warned of, and say whom and what."""
    for event in Event.objects.filter(action="backoffice.expiry.warned").order_by("pk"):
        tell(
            [
                StreamEvent(
                    position=Position(1, 1, event.pk),
                    at=event.at,
                    action=event.action,
                    company_id=event.company_id,
                    actor_id=None,
                    target_type=event.target_type,
                    target_id=event.target_id,
                    raw="{}",
                )
            ]
        )
    return list(Notification.objects.order_by("pk").values_list("user_id", "text"))


# --- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "group"),
    [
        (-1, "overdue"),
        (0, "week"),
        (7, "week"),
        (8, "month"),
        (30, "month"),
        (31, "quarter"),
        (90, "quarter"),
        (91, "later"),
    ],
)
def test_the_group_follows_from_the_days(days: int, group: str) -> None:
    assert rules.group_of(days).value == group


def test_a_run_speaks_for_the_days_off_that_follow_it() -> None:
    assert rules.covered_until(TODAY) == dt.date(2026, 11, 22)  # the Sunday
    assert rules.covered_until(dt.date(2026, 11, 23)) == dt.date(2026, 11, 23)
    assert rules.covered_until(dt.date(2026, 12, 24)) == dt.date(2026, 12, 27)  # Christmas


def test_thresholds_that_lie_behind_are_crossed() -> None:
    ends = TODAY + 10 * DAY
    assert rules.crossed(ends, TODAY, (30, 10, 9, 0)) == [30, 10]
    assert rules.crossed(TODAY - DAY, TODAY, (30, 0)) == [30, 0]


def test_nobody_sleeps_through_the_last_day() -> None:
    assert rules.latest_snooze(TODAY + 10 * DAY, TODAY) == TODAY + 10 * DAY
    assert rules.latest_snooze(TODAY + 400 * DAY, TODAY) == TODAY + 90 * DAY
    assert rules.latest_snooze(TODAY, TODAY) == TODAY + 7 * DAY


def test_a_kind_is_declared_once_and_warns_on_falling_days() -> None:
    kind = EXPIRIES["hr.trial"]
    register(kind)
    with pytest.raises(ValueError, match=r"two kinds of expiry are named hr\.trial"):
        register(replace(kind))
    odd = Expiry(
        name="test.odd",
        label="x",
        rows=kind.rows,
        visible=kind.visible,
        ends="x",
        called="x",
        url=str,
        warn=(1, 2),
    )
    with pytest.raises(ValueError, match="do not fall"):
        register(odd)
    EXPIRIES.pop("test.odd")


# --- the radar -----------------------------------------------------------------------------------


def test_the_radar_shows_only_what_the_person_sees(company: Company) -> None:
    on_trial(company, 10)
    on_trial(people.make_company(), 5, "Outra Empresa")
    assert lines(analyst(company), company, area="hr") == [("Ana Prova", 10)]
    assert lines(identity.make_user(company, "employee", scope=Scope.OWN), company) == []


def test_every_kind_can_be_read(company: Company) -> None:
    owner = identity.make_user(company, "owner")
    assert {name for name in EXPIRIES if name.startswith("backoffice.")} == {
        "backoffice.certificate",
        "backoffice.api_token",
        "backoffice.service_account",
        "backoffice.role_grant",
        "backoffice.delegation",
        "backoffice.invitation",
        "backoffice.attachment",
        "backoffice.legal_table",
    }
    identity.make_token(owner, company, ["hr.employee.view"])
    identity.grant(company, analyst(company), "finance", valid_to=TODAY + 20 * DAY)
    kinds = {line.ending.kind.name for line in radar(identity.access(owner, company))}
    assert kinds >= {"backoffice.api_token", "backoffice.role_grant", "backoffice.legal_table"}
    for kind in EXPIRIES:
        radar(identity.access(owner, company), Narrowing(kind=kind))


def test_the_radar_is_narrowed_by_kind_area_person_and_day(company: Company) -> None:
    user = analyst(company)
    on_trial(company, 10)
    identity.make_token(user, company, ["hr.employee.view"])
    assert lines(user, company, area="hr") == [("Ana Prova", 10)]
    assert lines(user, company, kind="backoffice.api_token") == [("teste", 90)]
    assert lines(user, company, responsible_id=user.pk) == [("teste", 90)]
    assert lines(user, company, until=TODAY + 9 * DAY) == []
    assert ("Ana Prova", 10) in lines(user, company, until=TODAY + 10 * DAY)
    assert lines(user, company, group="month") == [("Ana Prova", 10)]


def test_the_radar_takes_the_same_statements_for_one_line_as_for_many(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    user = analyst(company)
    access = identity.access(user, company)
    for days in range(3, 9):
        on_trial(company, days)
    with django_assert_max_num_queries(4):
        assert len(radar(access, Narrowing(area="hr"))) == 6


def test_a_document_says_whose_it_is_on_the_radar_and_in_the_alarm(company: Company) -> None:
    user, owner = analyst(company), people.hire(company, name="Ana Prova")
    last = TODAY + 7 * DAY
    files.attach(company, owner.pk, title="ASO periódico", category="health", valid_until=last)
    found = radar(identity.access(user, company), Narrowing(kind="backoffice.attachment"))
    assert [line.ending.title for line in found] == ["ASO periódico · Ana Prova"]
    assert services.give_alarms(people.system(company)) == 1
    ((_, text),) = [each for each in told() if each[0] == user.pk and "ASO" in each[1]]
    assert "ASO periódico · Ana Prova" in text


def test_what_was_renewed_or_ended_leaves_the_radar(company: Company) -> None:
    user, contract = analyst(company), on_trial(company, 10)
    extend_trial(
        people.system(company), contract_id=contract.pk, trial_extended_until=TODAY + 40 * DAY
    )
    assert lines(user, company, area="hr") == [("Ana Prova", 40)]
    end_contract(people.system(company), contract_id=contract.pk, ended_on=TODAY)
    assert lines(user, company, area="hr") == []


# --- alarms --------------------------------------------------------------------------------------


def test_a_threshold_is_told_once_to_those_who_answer_and_see(company: Company) -> None:
    first, second = analyst(company), analyst(company)
    identity.make_user(company, "employee", scope=Scope.OWN)
    on_trial(company, 14)
    assert services.give_alarms(people.system(company)) == 1
    assert services.give_alarms(people.system(company)) == 0
    assert {user for user, _text in told()} == {first.pk, second.pk}
    assert len(told()) == 2
    assert all("04/12/2026" in text or "12/04/2026" in text for _user, text in told())


def test_a_missed_day_is_made_up_for_with_one_warning(company: Company) -> None:
    on_trial(company, 5)
    assert services.give_alarms(people.system(company)) == 1
    assert set(ExpiryAlarm.objects.values_list("occasion", flat=True)) == {"15", "7"}
    assert Event.objects.filter(action="backoffice.expiry.warned").count() == 1


def test_what_falls_on_a_day_off_is_told_on_the_eve(company: Company) -> None:
    on_trial(company, 17)  # its threshold of 15 days is the Sunday
    assert services.give_alarms(people.system(company)) == 1
    on_trial(company, 18, "Depois")
    assert services.give_alarms(people.system(company)) == 0


def test_what_ended_long_ago_warns_nobody(company: Company) -> None:
    user = identity.make_user(company, "administrator")
    identity.grant(company, user, "auditor", valid_to=TODAY - 40 * DAY)
    assert services.give_alarms(people.system(company)) == 0


def test_a_new_end_date_is_warned_of_again(company: Company) -> None:
    contract = on_trial(company, 7)
    assert services.give_alarms(people.system(company)) == 1
    extend_trial(
        people.system(company), contract_id=contract.pk, trial_extended_until=TODAY + 15 * DAY
    )
    assert services.give_alarms(people.system(company)) == 1


def test_nobody_is_told_of_what_was_renewed_meanwhile(company: Company) -> None:
    analyst(company)
    contract = on_trial(company, 7)
    services.give_alarms(people.system(company))
    end_contract(people.system(company), contract_id=contract.pk, ended_on=TODAY)
    assert told() == []


def test_a_person_gives_no_alarms(company: Company) -> None:
    with pytest.raises(NotAllowed):
        services.give_alarms(identity.acting_as(analyst(company), company))


def test_the_duty_runs_every_business_day_for_every_company(company: Company) -> None:
    on_trial(company, 5)
    on_trial(people.make_company(), 5)
    assert DUTY.rhythm is not None
    assert DUTY.rhythm.every is Every.BUSINESS_DAY
    assert int(DUTY.run(replace(people.system(company), company_id=None))) == 2
    assert DUTY.run(replace(people.system(company), company_id=None)) == "0"


@pytest.mark.clone
def test_sixteen_schedulers_warn_once() -> None:
    company = people.make_company()
    for days in (3, 9, 14):
        on_trial(company, days)
    action = partial(services.give_alarms, people.system(company))
    answers = race([action] * 16)
    assert sorted(int(str(each)) for each in answers) == [0] * 15 + [3]
    assert Event.objects.filter(action="backoffice.expiry.warned").count() == 3
    assert ExpiryAlarm.objects.count() == 3 + 2 + 1  # Sunday is covered: 1, 7 and 12 days left


@pytest.mark.clone
def test_the_database_refuses_a_second_alarm_and_any_change_of_one() -> None:
    company = people.make_company()
    on_trial(company, 14)
    services.give_alarms(people.system(company))
    alarm = ExpiryAlarm.objects.get()
    alarm.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        alarm.save(force_insert=True)
    for statement in (
        "UPDATE backoffice_expiry_alarm SET occasion = ''",
        "DELETE FROM backoffice_expiry_alarm",
    ):
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)


# --- marks ---------------------------------------------------------------------------------------


def snooze(user: User, company: Company, contract: EmploymentContract, **over: Any) -> ExpiryMark:
    given: dict[str, Any] = {"until": TODAY + 5 * DAY, "reason": "férias da gestora"} | over
    return services.snooze(
        identity.acting_as(user, company), kind="hr.trial", record_id=contract.pk, **given
    )


def test_what_sleeps_is_not_warned_of_and_wakes_once(company: Company) -> None:
    user, contract = analyst(company), on_trial(company, 14)
    snooze(user, company, contract, until=TODAY + 3 * DAY)
    assert services.give_alarms(people.system(company)) == 0
    (line,) = radar(identity.access(user, company), Narrowing(area="hr"))
    assert (line.asleep, line.mark is not None and line.mark.reason) == (True, "férias da gestora")
    later = replace(people.system(company), at=AT + 3 * DAY)
    assert services.give_alarms(later) == 1
    assert services.give_alarms(later) == 0
    assert set(ExpiryAlarm.objects.values_list("occasion", flat=True)) == {"15", "slept:2026-11-23"}


def test_a_snooze_leaves_its_trace(company: Company) -> None:
    user, contract = analyst(company), on_trial(company, 14)
    mark = snooze(user, company, contract)
    snooze(user, company, contract, until=TODAY + 6 * DAY, reason="outra razão")
    event = Event.objects.filter(action="backoffice.expiry.snoozed").latest("pk")
    assert event.actor_id == user.pk
    assert event.data["reason"] == "outra razão"
    assert ExpiryMark.objects.count() == 1
    assert mark.row_history.count() >= 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"until": TODAY}, "snooze_past"),
        ({"until": TODAY + 15 * DAY}, "snooze_too_long"),
        ({"reason": "  "}, "no_reason"),
    ],
)
def test_a_snooze_that_means_nothing_is_refused(
    company: Company, over: dict[str, Any], code: str
) -> None:
    user, contract = analyst(company), on_trial(company, 14)
    with pytest.raises(InvalidInput) as refusal:
        snooze(user, company, contract, **over)
    assert refusal.value.code == code
    assert not ExpiryMark.objects.exists()


def test_who_sees_without_answering_says_nothing_to_it(company: Company) -> None:
    contract = on_trial(company, 14)
    with pytest.raises(NotAllowed):
        snooze(identity.make_user(company, "auditor"), company, contract)


def test_what_one_does_not_see_is_not_there(company: Company) -> None:
    contract = on_trial(people.make_company(), 14)
    with pytest.raises(NotFound):
        snooze(analyst(company), company, contract)
    with pytest.raises(NotFound):
        services.acknowledge(
            identity.acting_as(analyst(company), company), kind="no.kind", record_id=1
        )


def test_the_next_threshold_asks_again(company: Company) -> None:
    user, contract = analyst(company), on_trial(company, 6)
    services.give_alarms(people.system(company))
    access = identity.access(user, company)
    assert waiting(access) == 1
    services.acknowledge(identity.acting_as(user, company), kind="hr.trial", record_id=contract.pk)
    assert waiting(access) == 0
    assert radar(access, Narrowing(area="hr"))[0].noted
    services.give_alarms(replace(people.system(company), at=AT + 4 * DAY))
    assert waiting(access) == 1


def test_a_mark_without_reason_is_refused_by_the_database(company: Company) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpiryMark.objects.create(
            company=company, kind="x", record_id=1, ends_on=TODAY, snoozed_until=TODAY, reason=" "
        )


# --- doors ---------------------------------------------------------------------------------------


@pytest.fixture
def client(company: Company) -> Client:
    return identity.browser(analyst(company), company)


def soon(company: Company) -> EmploymentContract:
    """A contract on trial by the real calendar, for the doors, which have a real clock."""
    today = timezone.localdate()
    employee = people.hire(company, admitted_on=today - 40 * DAY, name="Ana Prova")
    return agree_trial(
        people.system(company),
        contract_id=people.contract_of(employee).pk,
        trial_until=today + 4 * DAY,
    )


def test_the_page_groups_and_offers_what_to_do(client: Client, company: Company) -> None:
    contract = soon(company)
    page = client.get("/expiry/").content.decode()
    assert "Ana Prova" in page
    assert f"/hr/contracts/{contract.pk}/do/extend-trial/" in page
    assert "Ana Prova" not in client.get("/expiry/?kind=backoffice.api_token").content.decode()
    assert "Ana Prova" in client.get("/").content.decode()


def test_without_anything_the_page_says_what_will_stand_there(company: Company) -> None:
    user = identity.make_user(company, "manager")
    page = identity.browser(user, company).get("/expiry/")
    assert page.status_code == 200
    assert "empty" in page.content.decode()


def test_the_page_lets_sleep_and_takes_note(client: Client, company: Company) -> None:
    contract = soon(company)
    base = f"/expiry/hr.trial/{contract.pk}/"
    assert client.get(f"{base}snooze/").status_code == 200
    wrong = client.post(f"{base}snooze/", {"until": "01/01/2020", "reason": "x"})
    assert wrong.status_code == 422
    until = timezone.localdate() + 2 * DAY
    right = client.post(f"{base}snooze/", {"until": f"{until:%d/%m/%Y}", "reason": "viagem"})
    assert right.status_code == 302
    assert client.post(f"{base}note/").status_code == 302
    mark = ExpiryMark.objects.get()
    assert (mark.snoozed_until, mark.reason) == (until, "viagem")
    assert mark.acknowledged_at is not None
    assert "viagem" in client.get("/expiry/").content.decode()


def test_strangers_get_neither_page_nor_line(company: Company) -> None:
    contract = soon(company)
    auditor = identity.browser(identity.make_user(company, "auditor"), company)
    assert auditor.get(f"/expiry/hr.trial/{contract.pk}/snooze/").status_code == 403
    employee = identity.browser(identity.make_user(company, "employee", scope=Scope.OWN), company)
    assert employee.get(f"/expiry/hr.trial/{contract.pk}/snooze/").status_code == 404
    assert employee.post(f"/expiry/no.kind/{contract.pk}/note/").status_code == 404


def test_the_api_lists_snoozes_and_notes(client: Client, company: Company) -> None:
    contract = soon(company)
    (line,) = client.get("/api/v1/expiry/?kind=hr.trial").json()["results"]
    assert (line["record"], line["days"], line["group"]) == (contract.pk, 4, "week")
    assert client.get("/api/v1/expiry/?kind=nothing").status_code == 422
    until = timezone.localdate() + 2 * DAY
    about = {"kind": "hr.trial", "record": contract.pk}
    body = {**about, "until": f"{until}", "reason": "viagem"}
    answer = client.post("/api/v1/expiry/snooze/", body, content_type="application/json")
    assert answer.status_code == 204
    answer = client.post("/api/v1/expiry/note/", about, content_type="application/json")
    assert answer.status_code == 204
    (line,) = client.get("/api/v1/expiry/?kind=hr.trial").json()["results"]
    assert (line["snoozed_until"], line["noted"]) == (f"{until}", True)
    answer = client.post(
        "/api/v1/expiry/note/", {**about, "record": 2**62}, content_type="application/json"
    )
    assert answer.status_code == 404


assert CONSUMER.name  # imported so that the kind of notice is known
