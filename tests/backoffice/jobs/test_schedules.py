"""Schedules: missed runs once, two schedulers harmless, faults tried again, workers that die."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.jobs import services
from backoffice.jobs.hints import BULK, RUN_CHUNK, Hint, publish
from backoffice.jobs.models import Job, Schedule, ScheduleRun
from backoffice.jobs.registry import DUTIES, Duty, register_duty
from backoffice.jobs.rules import Every, Rhythm
from backoffice.organization.models import Company
from hr.payroll.models import PayrollRun
from tests.factories.identity import acting_as, browser, make_user
from tests.factories.people import make_company, system
from tests.harness.threads import race

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
done: list[dt.datetime] = []
trouble: list[Exception] = []


def work(ctx: Context) -> str:
    """Notes that it was done, unless there is trouble."""
    if trouble:
        raise trouble[0]
    done.append(ctx.at)
    return "ok"


@pytest.fixture(autouse=True)
def _own_duties(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("backoffice.jobs.registry.DUTIES", DUTIES)
    kept = dict(DUTIES)
    DUTIES.clear()
    done.clear()
    trouble.clear()
    register_duty(
        Duty(name="test.work", title="x", run=work, rhythm=Rhythm(every=Every.DAY, minute=60))
    )
    yield
    DUTIES.clear()
    DUTIES.update(kept)


@pytest.fixture
def payroll_duty() -> Duty:
    from hr.payroll.tasks import open_month

    return register_duty(Duty(name="hr.payroll.open_month", title="Abrir", run=open_month))


def states() -> list[str]:
    return list(ScheduleRun.objects.order_by("due_at", "pk").values_list("state", flat=True))


def test_a_duty_of_the_installation_has_a_schedule_from_the_first_look_on() -> None:
    report = services.tick(at=NOON)
    schedule = Schedule.objects.get()
    assert (schedule.duty, schedule.company, schedule.every) == ("test.work", None, "day")
    assert (report.made, states()) == (1, ["pending"])
    assert schedule.next_at == dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
    services.tick(at=NOON)
    assert (Schedule.objects.count(), states()) == (1, ["pending"])


def test_runs_that_were_missed_are_made_up_for_once() -> None:
    services.run_due(at=NOON)
    later = NOON + dt.timedelta(days=9)
    services.run_due(at=later)
    services.run_due(at=later)
    assert (states(), done) == (["done", "done"], [NOON, later])
    assert Schedule.objects.get().next_at == dt.datetime(2026, 11, 30, 4, tzinfo=dt.UTC)


@pytest.mark.clone
def test_sixteen_schedulers_and_workers_do_each_run_once() -> None:
    for day in range(4):
        at = NOON + dt.timedelta(days=day)
        results = race([partial(services.run_due, at=at)] * 16)
        counts = [each for each in results if isinstance(each, int)]
        assert len(counts) == 16, results
        assert sum(counts) == 1
    assert (len(done), states()) == (4, ["done"] * 4)


def test_a_fault_is_tried_again_five_times_in_all_and_then_shown() -> None:
    trouble.append(ValueError("broken"))
    for attempt in range(1, 7):
        services.run_due(at=NOON)
        ScheduleRun.objects.filter(state="pending").update(leased_until=None)
        run = ScheduleRun.objects.get()
        assert run.attempts == min(attempt, 5)
    run = ScheduleRun.objects.get()
    assert (run.state, done) == ("failed", [])
    assert "ValueError: broken" in run.result


def test_a_fault_that_passes_leaves_a_run_that_is_done() -> None:
    trouble.append(ValueError("broken"))
    services.run_due(at=NOON)
    assert services.run_due(at=NOON) == 0  # it waits a little
    trouble.clear()
    ScheduleRun.objects.update(leased_until=None)
    services.run_due(at=NOON)
    run = ScheduleRun.objects.get()
    assert (run.state, run.attempts, run.result, len(done)) == ("done", 2, "ok", 1)


def test_a_refusal_ends_the_run_at_once() -> None:
    trouble.append(InvalidInput("no", "Not today."))
    services.run_due(at=NOON)
    run = ScheduleRun.objects.get()
    assert (run.state, run.attempts, run.result) == ("failed", 1, "Not today.")


def test_a_worker_that_died_lets_another_one_do_the_run() -> None:
    services.tick(at=NOON)
    run = ScheduleRun.objects.get()
    ScheduleRun.objects.update(attempts=1, leased_until=Now() + dt.timedelta(minutes=10))
    assert not services.run_duty(run.pk, at=NOON)
    ScheduleRun.objects.update(leased_until=Now() - dt.timedelta(seconds=1))
    assert services.run_duty(run.pk, at=NOON)
    assert states() == ["done"]


def test_a_run_that_kills_its_workers_ends_as_failed() -> None:
    services.tick(at=NOON)
    run = ScheduleRun.objects.get()
    ScheduleRun.objects.update(attempts=5, leased_until=Now() - dt.timedelta(seconds=1))
    assert not services.run_duty(run.pk, at=NOON)
    assert (states(), done) == (["failed"], [])


def test_workers_are_told_again_of_a_run_that_was_forgotten() -> None:
    assert services.tick(at=NOON).told == 1
    assert services.tick(at=NOON).told == 0
    ScheduleRun.objects.update(hinted_at=Now() - dt.timedelta(minutes=1))
    assert services.tick(at=NOON).told == 1
    ScheduleRun.objects.update(
        hinted_at=Now() - dt.timedelta(minutes=1), leased_until=Now() + dt.timedelta(minutes=1)
    )
    assert services.tick(at=NOON).told == 0


def test_a_duty_that_this_release_does_not_know_waits_for_one_that_does() -> None:
    services.tick(at=NOON)
    spec = DUTIES.pop("test.work")
    assert services.tick(at=NOON + dt.timedelta(days=3)).made == 0
    assert services.run_due(at=NOON) == 0
    DUTIES["test.work"] = spec
    assert services.run_due(at=NOON + dt.timedelta(days=3)) == 2  # the old run and the missed one


def test_a_company_schedules_its_duty_by_business_days(payroll_duty: Duty) -> None:
    company = make_company()
    schedule = services.create_schedule(
        system(company),
        duty="hr.payroll.open_month",
        every="nth_business_day",
        number=1,
        minute=480,
    )
    assert schedule.next_at == dt.datetime(2026, 12, 1, 11, tzinfo=dt.UTC)
    services.run_due(at=schedule.next_at)
    run = PayrollRun.objects.get(company=company)
    assert (run.competence, run.number) == (dt.date(2026, 12, 1), "FP-2026/001")
    assert ScheduleRun.objects.get(schedule=schedule).result == "FP-2026/001"
    services.run_schedule_now(moment(company, schedule.next_at), schedule_id=schedule.pk)
    services.run_due(at=schedule.next_at)
    assert PayrollRun.objects.filter(company=company).count() == 1
    assert "12/2026" in ScheduleRun.objects.filter(schedule=schedule).latest("pk").result


def moment(company: Company, at: dt.datetime) -> Context:
    """The system at another time."""
    return replace(system(company), at=at)


def make_schedule(company: Company, **over: Any) -> Schedule:
    given: dict[str, Any] = {"duty": "hr.payroll.open_month", "every": "day"} | over
    return services.create_schedule(system(company), **given)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"duty": "test.work"}, "no_such_duty"),
        ({"duty": "nothing"}, "no_such_duty"),
        ({"every": "seconds", "number": 60}, "bad_rhythm"),
        ({"every": "month_day", "number": 40}, "bad_rhythm"),
        ({"every": "sometimes"}, "bad_rhythm"),
        ({"every": "business_day", "state": "XX"}, "bad_rhythm"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(
    payroll_duty: Duty, over: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_schedule(make_company(), **over)
    assert refusal.value.code == code
    assert not Schedule.objects.exists()


def test_a_paused_schedule_makes_no_runs_and_makes_up_for_none(payroll_duty: Duty) -> None:
    company = make_company()
    schedule = make_schedule(company)
    key = {"schedule_id": schedule.pk}
    services.pause_schedule(system(company), **key)
    with pytest.raises(WrongState):
        services.pause_schedule(system(company), **key)
    late = NOON + dt.timedelta(days=30)
    services.tick(at=late)
    assert not ScheduleRun.objects.filter(schedule=schedule).exists()
    services.resume_schedule(moment(company, late), **key)
    with pytest.raises(WrongState):
        services.resume_schedule(system(company), **key)
    services.tick(at=late)
    assert not ScheduleRun.objects.filter(schedule=schedule).exists()
    schedule.refresh_from_db()
    assert schedule.next_at > late


def test_another_rhythm_counts_from_now_on(payroll_duty: Duty) -> None:
    company = make_company()
    schedule = make_schedule(company)
    changed = services.change_schedule(
        system(company),
        schedule_id=schedule.pk,
        every="last_business_day",
        number=0,
        minute=600,
        shift="",
        state="sp",
    )
    assert changed.next_at == dt.datetime(2026, 11, 30, 13, tzinfo=dt.UTC)
    assert changed.state == "SP"


def test_a_run_that_waits_is_not_asked_for_twice(payroll_duty: Duty) -> None:
    company = make_company()
    schedule = make_schedule(company)
    services.run_schedule_now(system(company), schedule_id=schedule.pk)
    with pytest.raises(WrongState):
        services.run_schedule_now(system(company), schedule_id=schedule.pk)
    assert Event.objects.filter(action="backoffice.schedule.run_asked").count() == 1


def test_what_belongs_to_the_installation_or_to_others_is_left_alone(payroll_duty: Duty) -> None:
    services.tick(at=NOON)
    company = make_company()
    theirs = make_schedule(make_company())
    of_all = Schedule.objects.get(company=None, duty="test.work")
    ctx = acting_as(make_user(company, "owner"), company)
    for act in (services.pause_schedule, services.resume_schedule, services.run_schedule_now):
        with pytest.raises(NotFound):
            act(ctx, schedule_id=theirs.pk)
    for act in (services.pause_schedule, services.resume_schedule):
        with pytest.raises(NotAllowed):
            act(ctx, schedule_id=of_all.pk)
    ScheduleRun.objects.filter(schedule=of_all).update(state="done", ended_at=NOON)
    services.run_schedule_now(ctx, schedule_id=of_all.pk)
    assert of_all.runs.filter(state="pending").count() == 1


def test_ended_jobs_old_runs_and_expired_sessions_are_forgotten(settings: Any) -> None:
    settings.JOBS_KEEP_DAYS = 30
    company = make_company()

    def job(days: int, state: str = "done") -> Job:
        ended = None if state == "pending" else NOON - dt.timedelta(days=days)
        return Job.objects.create(
            company=company,
            kind="x",
            title="x",
            total=1,
            state=state,
            created_at=NOON,
            finished_at=ended,
        )

    kept = [job(29), job(31, "pending")]
    job(31).chunks.create(seq=1, payload={})
    assert services.forget_old_jobs(at=NOON) == 1
    assert list(Job.objects.order_by("pk")) == kept
    often = Schedule.objects.create(duty="a", every="seconds", number=60, next_at=NOON)
    rare = Schedule.objects.create(duty="b", every="day", next_at=NOON)
    for schedule in (often, rare):
        for days in (1, 3, 91):
            at = NOON - dt.timedelta(days=days)
            schedule.runs.create(due_at=at, state="done", ended_at=at)
    assert services.forget_old_runs(at=NOON) == 3
    assert (often.runs.count(), rare.runs.count()) == (1, 2)
    old = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Session.objects.create(session_key="old", session_data="", expire_date=old)
    new = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
    Session.objects.create(session_key="new", session_data="", expire_date=new)
    services.forget_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_bulk_work_waits_behind_everything_else(settings: Any) -> None:
    from celery import current_app

    queue = "test-priorities"
    publish([Hint(RUN_CHUNK, 1, queue, BULK), Hint(RUN_CHUNK, 2, queue)])
    with current_app.connection_for_read() as broker:
        known: Any = current_app.amqp.queues.new_missing(queue)
        waiting = broker.SimpleQueue(known, no_ack=True)
        order = [waiting.get(timeout=5).payload[1]["chunk_id"] for _ in range(2)]
    assert order == [2, 1]


def test_the_page_of_the_operation_shows_what_waits_and_what_failed() -> None:
    company = make_company()
    services.tick(at=NOON)
    ScheduleRun.objects.update(state="failed", ended_at=Now())
    services.record_beat("celery@one", ["default"])
    text = browser(make_user(company, "administrator"), company).get("/backoffice/operation/")
    page = text.content.decode()
    assert "celery@one" in page
    assert "payroll" in page
    assert "/backoffice/schedules/" in page
