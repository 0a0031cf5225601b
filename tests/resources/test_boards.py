"""Boards and calendars: every record where it belongs, moved only by its own commands."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.boards.cards import Lane, command_to, states_of
from backoffice.commands import COMMANDS
from backoffice.identity.rules import Access
from backoffice.resources.records import Resource
from tests.factories import people
from tests.resources.scene import Scene, role_without
from tests.resources.test_commands import TOLD_ELSEWHERE


def of(page: Any) -> Access:
    """What the person who asked for a page may do."""
    access: Access = page.wsgi_request.access
    return access


def events_of(record: Model) -> int:
    """How much has happened to a record."""
    label = record._meta.label_lower
    return Event.objects.filter(target_type=label, target_id=record.pk).count()


@pytest.fixture
def board(resource: Resource) -> str:
    """The question that asks for the board."""
    if resource.board is None:
        pytest.skip("no board")
    return "?view=board"


def lane_of(lanes: list[Lane], record: Model) -> Lane:
    """The column in which the card of a record stands."""
    return next(lane for lane in lanes if record.pk in [card.pk for card in lane.cards])


def test_every_record_stands_once_in_the_column_of_its_state(
    scene: Scene, resource: Resource, board: str
) -> None:
    records = [scene.record() for _ in range(3)]
    client = scene.owner
    page = client.get(scene.url() + board)
    assert page.status_code == 200
    lanes = page.context["lanes"]
    assert [lane.state for lane in lanes] == states_of(resource)
    assert sum(lane.count for lane in lanes) == client.get(scene.url()).context["count"]
    for record in records:
        row = resource.queryset(of(page)).get(pk=record.pk)
        assert lane_of(lanes, record).state == getattr(row, resource.state)


def test_a_board_takes_no_more_statements_than_the_table(scene: Scene, board: str) -> None:
    scene.record()
    counts = []
    for address in (scene.url(), scene.url() + board):
        scene.owner.get(address)
        with CaptureQueriesContext(connection) as captured:
            scene.owner.get(address)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


def test_a_card_moves_by_the_command_that_leads_there(
    db: None, resource: Resource, board: str
) -> None:
    assert resource.board is not None
    for to in resource.board.moves:
        command = command_to(resource.board, resource, to)
        assert command is not None, to
        assert to in states_of(resource)
        if command.name in TOLD_ELSEWHERE:
            continue
        own = Scene(people.make_company(), resource)
        record = own.record(command)
        events = events_of(record)
        answer = own.owner.post(f"{own.url()}board/move/", {"pk": record.pk, "to": to})
        assert answer.status_code == 204, answer.content
        page = own.url("command", record.pk, command.slug)
        if command.form or command.summary or command.danger:
            assert answer["HX-Redirect"] == page
            assert events_of(record) == events
        else:
            lanes = own.owner.get(own.url() + board).context["lanes"]
            assert lane_of(lanes, record).state == to


def test_nothing_moves_where_no_command_leads(scene: Scene, resource: Resource, board: str) -> None:
    assert resource.board is not None
    record = scene.record()
    move = f"{scene.url()}board/move/"
    nowhere = [state for state in states_of(resource) if state not in resource.board.moves]
    events = events_of(record)
    for to in (*nowhere, "password", ""):
        assert scene.owner.post(move, {"pk": record.pk, "to": to}).status_code == 422, to
    to = next(iter(resource.board.moves))
    assert scene.owner.post(move, {"pk": "x", "to": to}).status_code == 422
    command = command_to(resource.board, resource, to)
    assert command is not None
    if permission := COMMANDS[command.name].permission:
        client = scene.somebody(role_without(permission))
        assert client.post(move, {"pk": record.pk, "to": to}).status_code in {403, 404}
    assert events_of(record) == events


def test_a_record_of_another_company_does_not_move(
    scene: Scene, elsewhere: Scene, resource: Resource, board: str
) -> None:
    assert resource.board is not None
    foreign = elsewhere.record()
    for to in resource.board.moves:
        if scene.owner.get(scene.api(foreign.pk)).status_code == 200:
            pytest.skip("rows of the installation belong to everybody")
        answer = scene.owner.post(f"{scene.url()}board/move/", {"pk": foreign.pk, "to": to})
        assert answer.status_code == 404


@pytest.fixture
def calendar(resource: Resource) -> str:
    """The question that asks for the calendar."""
    if not resource.calendar:
        pytest.skip("no calendar")
    return "?view=calendar"


def test_every_record_stands_on_its_day(scene: Scene, resource: Resource, calendar: str) -> None:
    record = scene.record()
    page = scene.owner.get(scene.url() + calendar)
    assert page.status_code == 200
    column = next(c for c in resource.table.columns if c.key == resource.calendar)
    rows = resource.queryset(of(page))
    when = rows.filter(pk=record.pk).values_list(str(column.path), flat=True)[0]
    if when is None:
        return
    day = when.astimezone(_zone()).date() if isinstance(when, dt.datetime) else when
    sheet = scene.owner.get(f"{scene.url()}{calendar}&month={day:%Y-%m}").context["weeks"]
    shown = {d.date: [e.pk for e in (*d.entries, *d.more)] for week in sheet for d in week}
    assert record.pk in shown[day]
    assert sum(keys.count(record.pk) for keys in shown.values()) == 1
    assert [len(week) for week in sheet] == [7] * len(sheet)
    assert sheet[0][0].date.isoweekday() == 7


def _zone() -> dt.tzinfo:
    return timezone.get_current_timezone()


def test_impossible_months_are_refused(scene: Scene, calendar: str) -> None:
    for month in ("2026-13", "x", "9999-12", "0001-01"):
        assert scene.owner.get(f"{scene.url()}{calendar}&month={month}").status_code == 400
