"""Work calendars as rows: what commands make of them, and what the database refuses."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.organization import services
from backoffice.organization.models import CalendarDay, Company, WorkCalendar, WorkWindow
from backoffice.organization.rules import read_spans, write_spans
from backoffice.organization.selectors import calendar_of, working_time
from tests.factories import identity
from tests.factories.people import make_company, system
from tests.harness.threads import race

pytestmark = pytest.mark.django_db

SINCE = dt.date(2026, 1, 1)
DAY = ((480, 720), (780, 1080))


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def calendar(company: Company) -> Any:
    made = services.create_work_calendar(system(company), code="SP", name="Lojas", state="sp")
    return services.set_hours(
        system(company),
        work_calendar_id=made.pk,
        weekdays=[0, 1, 2, 3, 4],
        spans=DAY,
        valid_from=SINCE,
    )


def seconds(calendar: WorkCalendar, start: str, end: str) -> Any:
    zone = ZoneInfo("America/Sao_Paulo")
    a, b = (dt.datetime.fromisoformat(each).replace(tzinfo=zone) for each in (start, end))
    return working_time(calendar.pk).business_seconds(a, b)


def test_the_rows_measure_as_the_pure_calendar(company: Company, calendar: WorkCalendar) -> None:
    services.set_hours(
        system(company),
        work_calendar_id=calendar.pk,
        weekdays=[5],
        spans=[(480, 720)],
        valid_from=SINCE,
    )
    services.add_day(
        system(company),
        work_calendar_id=calendar.pk,
        day=dt.date(2026, 12, 24),
        name="Véspera de Natal",
        kind="half",
        spans=[(0, 720)],
    )
    services.add_day(
        system(company),
        work_calendar_id=calendar.pk,
        day=dt.date(2026, 11, 22),
        name="Inventário",
        kind="open",
        spans=[(540, 720), (780, 900)],
    )
    services.add_day(
        system(company),
        work_calendar_id=calendar.pk,
        day=dt.date(2020, 8, 12),
        name="Aniversário da cidade",
        every_year=True,
    )
    hour = 3600
    assert seconds(calendar, "2026-11-23T00:00", "2026-11-30T00:00") == (45 + 4) * hour
    assert seconds(calendar, "2026-12-24T00:00", "2026-12-25T00:00") == 4 * hour
    assert seconds(calendar, "2026-11-22T00:00", "2026-11-23T00:00") == 5 * hour
    assert seconds(calendar, "2026-08-12T00:00", "2026-08-13T00:00") == 0
    assert seconds(calendar, "2026-07-09T00:00", "2026-07-10T00:00") == 0  # of the state


def test_new_hours_hold_from_their_day_on_and_the_past_stays(
    company: Company, calendar: WorkCalendar
) -> None:
    services.set_hours(
        system(company),
        work_calendar_id=calendar.pk,
        weekdays=[0],
        spans=[(540, 1080)],
        valid_from=dt.date(2026, 6, 1),
    )
    services.set_hours(
        system(company),
        work_calendar_id=calendar.pk,
        weekdays=[0],
        spans=[],
        valid_from=dt.date(2026, 9, 1),
    )
    mondays = {
        day: write_spans(working_time(calendar.pk).spans_on(day))
        for day in (dt.date(2026, 5, 25), dt.date(2026, 6, 8), dt.date(2026, 9, 14))
    }
    assert list(mondays.values()) == ["08:00-12:00 13:00-18:00", "09:00-18:00", ""]


def test_the_first_calendar_is_the_standard_and_only_one_is(
    company: Company, calendar: WorkCalendar
) -> None:
    assert calendar.standard
    branch = identity.make_branch(company)
    second = services.create_work_calendar(system(company), code="PR", name="Curitiba", state="PR")
    assert not second.standard
    assert calendar_of(company.pk, branch.pk) == calendar
    services.make_standard(system(company), work_calendar_id=second.pk)
    assert calendar_of(company.pk, branch.pk) == second
    services.change_branch(
        system(company),
        branch_id=branch.pk,
        code=branch.code,
        name=branch.name,
        cnpj=branch.cnpj,
        municipality="Santos",
        state="SP",
        address="",
        work_calendar_id=calendar.pk,
    )
    assert calendar_of(company.pk, branch.pk) == calendar
    assert calendar_of(company.pk) == second
    with pytest.raises(WrongState):
        services.make_standard(system(company), work_calendar_id=second.pk)
    assert calendar_of(make_company().pk) is None


@pytest.mark.clone
def test_sixteen_wishes_at_once_leave_one_standard() -> None:
    company = make_company()
    made = [
        services.create_work_calendar(system(company), code=str(n), name=str(n)) for n in range(8)
    ]

    def wish(number: int) -> Any:
        return lambda: (
            services.make_standard(system(company), work_calendar_id=made[number % 8].pk).pk
        )

    results = race([wish(number) for number in range(16)])
    assert all(isinstance(each, int | WrongState) for each in results), results
    assert WorkCalendar.objects.filter(company=company, standard=True).count() == 1


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"weekdays": []}, "no_weekday"),
        ({"spans": [(720, 480)]}, "bad_hours"),
        ({"spans": [(0, 1441)]}, "bad_hours"),
        ({"spans": [(480, 720), (700, 800)]}, "hours_overlap"),
    ],
)
def test_hours_that_are_none_are_refused(
    company: Company, calendar: WorkCalendar, over: dict[str, Any], code: str
) -> None:
    given: dict[str, Any] = {"weekdays": [0], "spans": DAY, "valid_from": SINCE} | over
    with pytest.raises(InvalidInput) as refusal:
        services.set_hours(system(company), work_calendar_id=calendar.pk, **given)
    assert refusal.value.code == code
    assert WorkWindow.objects.filter(calendar=calendar).count() == 10


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"kind": "half"}, "hours_iff_open"),
        ({"kind": "closed", "spans": DAY}, "hours_iff_open"),
        ({"kind": "open", "spans": DAY, "every_year": True}, "yearly_is_closed"),
    ],
)
def test_a_special_day_that_says_two_things_is_refused(
    company: Company, calendar: WorkCalendar, over: dict[str, Any], code: str
) -> None:
    given: dict[str, Any] = {"day": dt.date(2026, 12, 24), "name": "Ponte"} | over
    with pytest.raises(InvalidInput) as refusal:
        services.add_day(system(company), work_calendar_id=calendar.pk, **given)
    assert refusal.value.code == code
    assert not CalendarDay.objects.exists()


def test_a_day_differs_once_and_can_be_as_usual_again_until_it_has_passed(
    company: Company, calendar: WorkCalendar
) -> None:
    ctx, day = system(company), dt.date(2026, 12, 24)
    services.add_day(ctx, work_calendar_id=calendar.pk, day=day, name="Ponte")
    with pytest.raises(InvalidInput):
        services.add_day(ctx, work_calendar_id=calendar.pk, day=day, name="Outra")
    services.remove_day(ctx, work_calendar_id=calendar.pk, day=day)
    with pytest.raises(NotFound):
        services.remove_day(ctx, work_calendar_id=calendar.pk, day=day)
    passed = dt.date(2026, 11, 3)
    services.add_day(ctx, work_calendar_id=calendar.pk, day=passed, name="Luto")
    with pytest.raises(WrongState):
        services.remove_day(ctx, work_calendar_id=calendar.pk, day=passed)


def test_the_calendar_of_another_company_is_not_there(
    company: Company, calendar: WorkCalendar
) -> None:
    stranger = system(make_company())
    for act, given in (
        (services.set_hours, {"weekdays": [0], "spans": DAY, "valid_from": SINCE}),
        (services.add_day, {"day": dt.date(2026, 12, 24), "name": "Ponte"}),
        (services.remove_day, {"day": dt.date(2026, 12, 24)}),
        (services.make_standard, {}),
    ):
        with pytest.raises(NotFound):
            act(stranger, work_calendar_id=calendar.pk, **given)
    assert WorkWindow.objects.filter(calendar=calendar).count() == 10


def test_what_a_calendar_is_made_of_must_exist(company: Company) -> None:
    cases: list[dict[str, Any]] = [{"state": "XX"}, {"time_zone": "Mars"}]
    for wrong in cases:
        with pytest.raises(InvalidInput) as refusal:
            services.create_work_calendar(system(company), code="A", name="A", **wrong)
        assert list(refusal.value.fields) == list(wrong)


def test_the_database_refuses_hours_that_overlap_or_belong_to_another_company(
    company: Company, calendar: WorkCalendar
) -> None:
    window = {"calendar": calendar, "weekday": 0, "valid_from": SINCE}
    with pytest.raises(IntegrityError, match="work_window_once"), transaction.atomic():
        WorkWindow.objects.create(company=company, opens=700, closes=800, **window)
    with pytest.raises(IntegrityError, match="span_in_order"), transaction.atomic():
        WorkWindow.objects.create(company=company, opens=100, closes=50, **window)
    with pytest.raises(IntegrityError, match="same_company"), transaction.atomic():
        WorkWindow.objects.create(company=make_company(), opens=0, closes=10, **window)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("08:00-12:00 13:00-18:00", [(480, 720), (780, 1080)]),
        ("8-12, 13-18", [(480, 720), (780, 1080)]),
        ("8h – 12h30; 13h30-24:00", [(480, 750), (810, 1440)]),
        ("22:00 - 24:00 e 0-6", [(1320, 1440), (0, 360)]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, spans: Any) -> None:
    assert list(read_spans(text)) == spans
    assert list(read_spans(write_spans(spans))) == spans


@pytest.mark.parametrize("text", ["8", "8-", "25-26", "8:70-9", "oito-nove", "08:00-24:01"])
def test_what_are_no_hours_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        read_spans(text)
