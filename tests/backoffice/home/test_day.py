"""My day: what waits for whom, in which order, and how the order is explained."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.home.rules import Room, Typical
from backoffice.home.selectors import late_around, my_work, typical_times
from backoffice.identity.models import User
from backoffice.organization.models import Company
from backoffice.work.approvals import vote
from backoffice.work.models import Approval, WorkItem
from hr.payroll import services
from hr.payroll.models import PayrollRun
from tests.factories import payroll
from tests.factories.identity import access, acting_as, browser, make_user
from tests.factories.people import AT, hire, make_company, system

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
HOME_STATEMENTS = 48


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def analyst(company: Company) -> User:
    return make_user(company, "hr_analyst")


@pytest.fixture
def run(company: Company) -> PayrollRun:
    hire(company)
    return payroll.open_run(company, OCTOBER)


def item_of(run: PayrollRun) -> WorkItem:
    return WorkItem.objects.get(process="hr.payroll_run", document_id=run.pk)


def due_of(run: PayrollRun) -> dt.datetime:
    due = item_of(run).due_at
    assert due is not None
    return due


def test_a_payroll_is_due_at_the_end_of_its_payment_date(run: PayrollRun) -> None:
    local = due_of(run).astimezone(dt.timezone(dt.timedelta(hours=-3)))
    assert (local.date(), local.hour) == (run.payment_date, 23)


def test_work_waits_for_who_can_move_it_on(
    run: PayrollRun, company: Company, analyst: User
) -> None:
    at = due_of(run) - 3 * DAY
    (todo,) = my_work(access(analyst, company), at)
    assert [step.action for step in todo.steps] == ["compute"]
    assert (todo.url, todo.slack(at)) == (f"/hr/payroll-runs/{run.pk}/", 3 * DAY)
    assert my_work(access(make_user(company, "auditor"), company), at) == []
    assert my_work(access(make_user(company, "manager"), company), at) == []


def test_work_of_another_company_is_nobodys_here(run: PayrollRun) -> None:
    other = make_company()
    assert my_work(access(make_user(other, "owner"), other), due_of(run)) == []


def test_work_given_to_one_person_waits_for_that_person_alone(
    run: PayrollRun, company: Company, analyst: User
) -> None:
    other = make_user(company, "hr_analyst")
    WorkItem.objects.filter(pk=item_of(run).pk).update(assignee=other)
    at = due_of(run) + DAY
    assert my_work(access(analyst, company), at) == []
    (late,) = late_around(access(analyst, company), at)
    assert (late.item.assignee, late.room(at)) == (other, Room.LATE)
    assert len(my_work(access(other, company), at)) == 1
    assert late_around(access(other, company), at) == []


def test_least_room_comes_first_and_work_without_a_deadline_last(
    run: PayrollRun, company: Company, analyst: User
) -> None:
    later = payroll.open_run(company, NOVEMBER)
    at = due_of(run) - DAY
    assert [t.item.document_id for t in my_work(access(analyst, company), at)] == [run.pk, later.pk]
    WorkItem.objects.filter(pk=item_of(run).pk).update(due_at=None)
    assert [t.item.document_id for t in my_work(access(analyst, company), at)] == [later.pk, run.pk]


def test_what_only_a_vote_moves_is_no_work_of_the_list(company: Company, run: PayrollRun) -> None:
    WorkItem.objects.filter(pk=item_of(run).pk).update(title="Folha")
    manager = access(make_user(company, "hr_manager"), company)
    assert {s.action for t in my_work(manager, due_of(run)) for s in t.steps} <= {
        "compute",
        "submit",
        "close",
        "conclude",
    }


def test_typical_work_left_is_the_median_of_the_way_from_a_state_to_the_purpose(
    company: Company, run: PayrollRun
) -> None:
    assert typical_times(company.pk, ["hr.payroll_run"], AT) == {}
    for hours, action in ((1, services.compute_run), (3, services.submit_run)):
        action(system(company, at=AT + hours * HOUR), payroll_run_id=run.pk)
        payroll.work(run)
    approval = Approval.objects.get(document_type="hr.payrollrun", document_id=run.pk)
    vote(
        acting_as(make_user(company, "hr_manager"), company, at=AT + 5 * HOUR),
        approval_id=approval.pk,
        decision="approve",
        content_hash=approval.content_hash,
    )
    services.close_run(system(company, at=AT + 8 * HOUR), payroll_run_id=run.pk)
    found = typical_times(company.pk, ["hr.payroll_run"], AT + DAY)
    assert found["hr.payroll_run", "submitted"] == Typical(5 * HOUR, 1)
    assert found["hr.payroll_run", "approved"] == Typical(3 * HOUR, 1)
    assert ("hr.payroll_run", "closed") not in found  # nobody concluded one yet
    assert typical_times(company.pk, ["hr.payroll_run"], AT + 500 * DAY) == {}
    assert typical_times(company.pk, [], AT) == {}


def test_home_shows_the_work_and_explains_its_order(
    run: PayrollRun, company: Company, analyst: User
) -> None:
    page = browser(analyst, company)
    page.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    html = page.get("/").content.decode()
    assert "What I must do" in html
    address = f"/my-day/work/{item_of(run).pk}/why/"
    assert address in html
    why = page.get(address).content.decode()
    assert "Room left = deadline − now − typical work left" in why
    assert "so nothing is taken off for work" in why


def test_the_explanation_of_work_one_may_not_see_is_not_there(
    run: PayrollRun, company: Company
) -> None:
    address = f"/my-day/work/{item_of(run).pk}/why/"
    assert browser(make_user(company, "employee"), company).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_home_page_asks_a_fixed_number_of_statements(run: PayrollRun, company: Company) -> None:
    owner = browser(make_user(company, "owner"), company)
    owner.get("/")  # the session is new only once
    with CaptureQueriesContext(connection) as few:
        owner.get("/")
    payroll.open_run(company, NOVEMBER)
    with CaptureQueriesContext(connection) as many:
        owner.get("/")
    assert len(many) <= len(few)
    assert len(few) <= HOME_STATEMENTS, [each["sql"] for each in few]
