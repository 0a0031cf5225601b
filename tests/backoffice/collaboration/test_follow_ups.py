"""Reminders: a person's own, of records that they see, told once on the day, ticked off."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.collaboration import follow_ups
from backoffice.collaboration.models import FollowUp
from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.notifications.models import Notification
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.backoffice.notifications.test_notifications import collect
from tests.factories import identity, people
from tests.factories.people import AT
from tests.harness.threads import race

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)


@pytest.fixture
def company(db: None) -> Company:
    return people.make_company()


@pytest.fixture
def employee(company: Company) -> Employee:
    return people.hire(company, name="Bruno Lima")


@pytest.fixture
def user(company: Company) -> User:
    return identity.make_user(company, "hr_analyst")


def remind_me(
    user: User, company: Company, record: Employee, days: int, note: str = ""
) -> FollowUp:
    ctx = identity.acting_as(user, company)
    due = TODAY + days * DAY
    given: dict[str, Any] = {"record": "hr.employee", "record_id": record.pk}
    return follow_ups.set_follow_up(ctx, due=due, note=note, **given)


def titles(user: User, company: Company, until: dt.date | None = None) -> list[str]:
    found = follow_ups.reminders(identity.access(user, company), until)
    return [str(each.title) for each in found]


def test_it_stands_in_the_own_list_of_who_set_it_and_of_nobody_else(
    company: Company, employee: Employee, user: User
) -> None:
    remind_me(user, company, employee, 3, "  ligar para o banco ")
    assert titles(user, company) == ["Bruno Lima"]
    assert titles(user, company, TODAY + 2 * DAY) == []
    assert titles(user, company, TODAY + 3 * DAY) == ["Bruno Lima"]
    assert FollowUp.objects.get().note == "ligar para o banco"
    assert titles(identity.make_user(company, "owner"), company) == []
    assert Event.objects.get(action="backoffice.follow_up.set").data["record"] == "hr.employee"


def test_there_is_one_open_reminder_of_a_record_and_it_moves(
    company: Company, employee: Employee, user: User
) -> None:
    first = remind_me(user, company, employee, 3, "um")
    FollowUp.objects.update(told_at=AT)
    second = remind_me(user, company, employee, 7)
    assert second.pk == first.pk
    row = FollowUp.objects.get()
    assert (row.due, row.note, row.told_at) == (TODAY + 7 * DAY, "", None)
    with pytest.raises(IntegrityError):
        FollowUp.objects.create(
            company=company,
            user=user,
            record_type="hr.employee",
            record_id=employee.pk,
            due=TODAY,
            set_at=AT,
        )


def test_a_day_that_is_not_ahead_or_a_note_too_long_is_refused_and_nothing_is_kept(
    company: Company, employee: Employee, user: User
) -> None:
    for days, note, code in (
        (0, "", "reminder_past"),
        (-1, "", "reminder_past"),
        (733, "", "reminder_too_far"),
        (1, "x" * 201, "long_note"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            remind_me(user, company, employee, days, note)
        assert refusal.value.code == code
    assert not FollowUp.objects.exists()


def test_nobody_is_reminded_of_what_they_do_not_see(company: Company, employee: Employee) -> None:
    stranger = identity.make_user(
        company, "manager", scope=Scope.TEAM, person=identity.make_person()
    )
    with pytest.raises(NotFound):
        remind_me(stranger, company, employee, 3)
    with pytest.raises(NotFound):
        follow_ups.set_follow_up(
            identity.acting_as(stranger, company),
            record="hr.nothing",
            record_id=1,
            due=TODAY + DAY,
        )


def test_on_its_day_it_is_told_once_with_its_note(
    company: Company, employee: Employee, user: User
) -> None:
    remind_me(user, company, employee, 3, "cartão do banco")
    early, late = AT + 2 * DAY, AT + 5 * DAY  # a missed day is made up for
    assert follow_ups.remind(people.system(company, at=early)) == 0
    assert follow_ups.remind(people.system(company, at=late)) == 1
    assert follow_ups.remind(people.system(company, at=late)) == 0
    collect()
    told = Notification.objects.get(user=user)
    assert told.text == "Você pediu para ser lembrado: Bruno Lima (cartão do banco)"
    assert told.url == f"/hr/employees/{employee.pk}/"
    with pytest.raises(NotAllowed):
        follow_ups.remind(identity.acting_as(user, company))


def test_what_is_done_or_out_of_sight_is_not_told(
    company: Company, employee: Employee, user: User
) -> None:
    done = remind_me(user, company, employee, 3)
    follow_ups.finish_follow_up(identity.acting_as(user, company), follow_up_id=done.pk)
    follow_ups.finish_follow_up(identity.acting_as(user, company), follow_up_id=done.pk)
    assert Event.objects.filter(action="backoffice.follow_up.finished").count() == 1
    assert follow_ups.remind(people.system(company, at=AT + 3 * DAY)) == 0
    remind_me(user, company, employee, 3)
    assert follow_ups.remind_all(people.system(company, at=AT + 3 * DAY)) == "1"
    RoleGrant.objects.filter(user=user).update(valid_to=TODAY - DAY)
    collect()
    assert not Notification.objects.exists()
    assert titles(user, company) == []


def test_nobody_ticks_off_the_reminder_of_another(
    company: Company, employee: Employee, user: User
) -> None:
    row = remind_me(user, company, employee, 3)
    other = identity.make_user(company, "owner")
    with pytest.raises(NotFound):
        follow_ups.finish_follow_up(identity.acting_as(other, company), follow_up_id=row.pk)
    assert identity.browser(other, company).post(f"/reminders/{row.pk}/done/").status_code == 404
    row.refresh_from_db()
    assert row.done_at is None


@pytest.fixture
def client(user: User, company: Company) -> Client:
    return identity.browser(user, company)


def test_the_pages_set_show_and_tick_off(client: Client, user: User, employee: Employee) -> None:
    record = f"/records/hr.employee/{employee.pk}/reminder/"
    assert client.get(record).status_code == 200
    assert client.post(record, {"due": "01/01/2020"}).status_code == 422
    assert client.post(record, {"days": "3"}, follow=True).status_code == 200
    row = FollowUp.objects.get(user=user)
    client.post(record, {"due": f"{row.due + DAY:%d/%m/%Y}", "note": "banco"})
    row.refresh_from_db()
    assert row.note == "banco"
    shown = client.get("/reminders/").content.decode()
    assert "Bruno Lima" in shown
    assert "banco" in shown
    timeline = client.get(f"/hr/employees/{employee.pk}/history/").content.decode()
    assert f'action="/reminders/{row.pk}/done/"' in timeline
    assert "Bruno Lima" not in client.get("/").content.decode()
    FollowUp.objects.update(due=TODAY)
    assert "Bruno Lima" in client.get("/").content.decode()
    client.post(f"/reminders/{row.pk}/done/")
    assert "Bruno Lima" not in client.get("/reminders/").content.decode()
    assert client.get("/records/hr.employee/999999/reminder/").status_code == 404


def test_the_api_sets_lists_and_ticks_off(client: Client, employee: Employee) -> None:
    address = f"/api/v1/records/hr.employee/{employee.pk}/reminder/"
    due = (timezone.localdate() + 9 * DAY).isoformat()
    made = client.post(address, {"due": due, "note": "x"}, content_type="application/json").json()
    assert (made["due"], made["note"], made["done_at"]) == (due, "x", None)
    assert [each["id"] for each in client.get("/api/v1/reminders/").json()] == [made["id"]]
    done = client.post(f"/api/v1/reminders/{made['id']}/done/").json()
    assert done["done_at"] is not None
    assert client.get("/api/v1/reminders/").json() == []


@pytest.mark.clone
def test_sixteen_at_once_leave_one_open_reminder() -> None:
    company = people.make_company()
    employee, user = people.hire(company), identity.make_user(company, "hr_analyst")
    answers = race([partial(remind_me, user, company, employee, 1 + each) for each in range(16)])
    assert not [each for each in answers if isinstance(each, Exception)]
    assert FollowUp.objects.filter(done_at=None).count() == 1
