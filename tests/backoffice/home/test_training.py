"""Guided tasks: the product itself sees what was done, each person goes their own way."""

import dataclasses

import pytest
from django.test import Client
from django.urls import resolve

from backoffice.errors import NotAllowed, NotFound
from backoffice.home import guided, services
from backoffice.home.guided import TASKS, GuidedStep, standing
from backoffice.home.models import GuidedProgress
from backoffice.identity.models import User
from backoffice.organization.models import Company
from tests.factories import payroll
from tests.factories.identity import access, acting_as, browser, make_user
from tests.factories.people import hire, make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def analyst(company: Company) -> User:
    return make_user(company, "hr_analyst")


@pytest.fixture
def page(analyst: User, company: Company) -> Client:
    client = browser(analyst, company)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def done(user: User, company: Company, task: str) -> frozenset[str]:
    return standing(access(user, company), TASKS[task]).done


def test_there_are_five_tasks_or_more_and_every_step_begins_at_a_page() -> None:
    assert len(TASKS) >= 5
    for task in TASKS.values():
        for step in task.steps:
            assert resolve(str(step.url)).view_name, (task.name, step.name)


def test_opening_pages_does_steps_and_other_pages_do_not(
    page: Client, analyst: User, company: Company
) -> None:
    person = hire(company)
    answer = page.post("/training/find-and-correct/start/")
    assert (answer.status_code, answer["Location"]) == (302, "/hr/employees/")
    page.get("/hr/employees/")
    page.get("/hr/employees/?q=")
    assert done(analyst, company, "find-and-correct") == frozenset()
    page.get("/hr/employees/?sort=name&q=ana")
    page.get(f"/hr/employees/{person.pk}/history/")
    page.get(f"/hr/employees/{person.pk + 1000}/history/")
    assert done(analyst, company, "find-and-correct") == {"find", "history"}


def test_what_was_done_is_read_from_the_log_of_events(analyst: User, company: Company) -> None:
    hire(company)
    ctx = acting_as(analyst, company)
    services.start_task(ctx, task="close-payroll")
    run = payroll.open_run(company, ctx=ctx)
    assert done(analyst, company, "close-payroll") == frozenset()
    from hr.payroll.services import compute_run

    compute_run(ctx, payroll_run_id=run.pk)
    assert done(analyst, company, "close-payroll") == {"compute"}
    other = make_user(company, "hr_analyst")
    services.start_task(acting_as(other, company), task="close-payroll")
    assert done(other, company, "close-payroll") == frozenset()


def test_the_panel_follows_says_the_step_and_goes_when_left(page: Client) -> None:
    assert 'hx-get="/training/panel/"' not in page.get("/hr/employees/").content.decode()
    assert page.get("/training/panel/").content == b""
    page.post("/training/hire/start/")
    assert 'hx-get="/training/panel/"' in page.get("/hr/employees/").content.decode()
    assert "Step 1 of 2" in page.get("/training/panel/").content.decode()
    page.get("/hr/employees/new/")
    assert "Step 2 of 2" in page.get("/training/panel/").content.decode()
    assert page.post("/training/leave/")["Location"] == "/training/"
    assert 'hx-get="/training/panel/"' not in page.get("/hr/employees/").content.decode()
    assert "Go on" in page.get("/training/").content.decode()


def test_a_task_is_resumed_where_it_was_or_started_anew(
    page: Client, analyst: User, company: Company
) -> None:
    page.post("/training/hire/start/")
    page.get("/hr/employees/new/")
    page.post("/training/leave/")
    page.post("/training/hire/start/")
    assert done(analyst, company, "hire") == {"form"}
    page.post("/training/hire/start/", {"anew": "1"})
    assert done(analyst, company, "hire") == frozenset()


def test_a_task_is_finished_only_when_every_step_is_done(analyst: User, company: Company) -> None:
    ctx = acting_as(analyst, company)
    services.start_task(ctx, task="ask-why")
    assert services.leave_task(ctx, task="ask-why") is False
    services.note_seen(ctx, task="ask-why", steps=["payslip", "why", "no such step"])
    assert services.leave_task(ctx, task="ask-why") is True
    row = GuidedProgress.objects.get(task="ask-why")
    assert (row.seen, row.done_at is not None) == (["payslip", "why"], True)
    services.note_seen(ctx, task="ask-why", steps=["why"])  # changes nothing any more
    assert done(analyst, company, "ask-why") == {"payslip", "why"}


def test_tasks_of_other_roles_are_refused_and_shown_as_such(page: Client, company: Company) -> None:
    assert "This task needs another role." in page.get("/training/").content.decode()
    employee = acting_as(make_user(company, "employee"), company)
    with pytest.raises(NotAllowed):
        services.start_task(employee, task="hire")
    assert not GuidedProgress.objects.exists()


def test_what_is_not_there_is_told(page: Client, analyst: User, company: Company) -> None:
    assert page.post("/training/nothing/start/").status_code == 404
    ctx = acting_as(analyst, company)
    for refused in (
        lambda: services.start_task(ctx, task="nothing"),
        lambda: services.leave_task(ctx, task="hire"),
        lambda: services.note_seen(ctx, task="hire", steps=["form"]),
    ):
        with pytest.raises(NotFound):
            refused()
    assert page.post("/training/leave/").status_code == 302


def test_a_followed_task_that_was_never_started_here_is_forgotten(page: Client) -> None:
    session = page.session
    session[guided.FOLLOWED] = "hire"
    session.save()
    assert page.get("/hr/employees/new/").status_code == 200
    assert guided.FOLLOWED not in page.session


def test_declarations_that_nobody_could_follow_are_refused() -> None:
    task = TASKS["hire"]
    with pytest.raises(ValueError, match="two guided tasks"):
        guided.register(task)
    endless = GuidedStep(name="endless", say="", url="/")
    with pytest.raises(ValueError, match="nothing tells"):
        guided.register(dataclasses.replace(task, name="x", steps=(endless,)))
    assert "x" not in TASKS
