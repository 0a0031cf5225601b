"""Commands for many records: numbers before, one result for each row after, no row beyond one's reach."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from backoffice.audit.models import Event
from backoffice.commands import COMMANDS
from backoffice.jobs.models import Job, JobState
from backoffice.jobs.services import run_pending
from backoffice.lists import bulk
from backoffice.resources.records import Command
from tests.factories.people import AT
from tests.resources.scene import Scene, role_without
from tests.resources.test_commands import TOLD_ELSEWHERE


@pytest.fixture(autouse=True)
def offered(command: Command) -> None:
    """Only for commands that lists offer."""
    if not command.bulk or command.name in TOLD_ELSEWHERE:
        pytest.skip("not offered for many records, or told in the scenarios of the area")


def address(scene: Scene, command: Command, *records: Model) -> str:
    """The page of the command for these rows."""
    chosen = "&".join(f"ids={record.pk}" for record in records)
    return f"{scene.url()}bulk/{command.slug}/?{chosen}"


def body(scene: Scene, command: Command, record: Model, rows: int) -> dict[str, Any]:
    """What a browser sends."""
    given = scene.body(command, record)
    return {**given, "expected": str(rows), "idempotency_key": "once"}


def endpoint(scene: Scene, command: Command) -> str:
    """The address in the API."""
    return f"{scene.api()}bulk/{command.slug}/"


def ask(client: Client, scene: Scene, command: Command, ids: list[int], given: object) -> Any:
    """Run the command through the API."""
    return client.post(
        endpoint(scene, command),
        {"ids": ids, "arguments": given},
        content_type="application/json",
        headers={"Idempotency-Key": "once"},
    )


def test_the_list_offers_it_and_the_page_says_how_many_can(scene: Scene, command: Command) -> None:
    record = scene.record(command)
    page = scene.owner.get(f"{scene.url()}?sort=id").content.decode()
    assert f'formaction="{scene.url()}bulk/{command.slug}/"' in page
    assert 'name="ids"' in page
    shown = scene.owner.get(address(scene, command, record))
    assert shown.status_code == 200
    assert (shown.context["preview"].total, shown.context["preview"].possible) == (1, 1)


def test_each_row_has_its_result_and_a_row_out_of_reach_is_refused_alone(
    scene: Scene, elsewhere: Scene, command: Command
) -> None:
    record, foreign = scene.record(command), elsewhere.record(command)
    if scene.owner.get(scene.api(foreign.pk)).status_code == 200:
        pytest.skip("rows of the installation belong to everybody")
    answer = scene.owner.post(
        address(scene, command, record, foreign), body(scene, command, record, 2)
    )
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    results = {row.pk: row.code for row in answer.context["rows"]}
    assert results == {record.pk: "", foreign.pk: "not_found"}


def test_repeating_the_request_gives_the_same_answer_and_does_nothing_twice(
    scene: Scene, command: Command
) -> None:
    record = scene.record(command)
    given = scene.body(command, record)
    first = ask(scene.owner, scene, command, [record.pk], given)
    assert (first.status_code, first.json()["done"]) == (200, [record.pk]), first.content
    before = Event.objects.count()
    again = ask(scene.owner, scene, command, [record.pk], given)
    assert again.json() == first.json()
    assert Event.objects.count() == before


def test_who_may_not_run_the_command_cannot_run_it_for_many(scene: Scene, command: Command) -> None:
    permission = COMMANDS[command.name].permission
    if not permission:
        pytest.skip("the command checks inside, by the record")
    client = scene.somebody(role_without(permission))
    record = scene.record(command)
    assert client.get(address(scene, command, record)).status_code == 403
    assert ask(client, scene, command, [record.pk], {}).status_code == 403
    listed = client.get(scene.url())
    if listed.status_code == 200:
        assert f"bulk/{command.slug}/" not in listed.content.decode()


def test_many_rows_become_a_job_whose_refused_items_can_be_tried_again(
    scene: Scene, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    record = scene.record(command)
    answer = ask(scene.owner, scene, command, [record.pk, 10**12], scene.body(command, record))
    assert answer.status_code == 202, answer.content
    job = Job.objects.get(pk=answer.json()["job"])
    run_pending(worker="test", clock=lambda: AT)
    job.refresh_from_db()
    assert job.state == JobState.DONE_WITH_ERRORS
    assert sum(chunk.done for chunk in job.chunks.all()) == 1
    assert [error.key for error in job.item_errors.all()] == [str(10**12)]
    page = scene.owner.get(job.get_absolute_url()).content.decode()
    assert f"{scene.url()}{10**12}/" in page


def test_nothing_selected_and_a_changed_selection_are_refused(
    scene: Scene, command: Command
) -> None:
    record = scene.record(command)
    assert ask(scene.owner, scene, command, [], {}).status_code == 422
    changed = scene.owner.post(
        address(scene, command, record), body(scene, command, record, rows=5)
    )
    assert changed.status_code == 422
    again = scene.owner.get(address(scene, command, record))  # nothing was run
    assert again.context["preview"].possible == 1


def test_everything_that_the_filter_finds_can_be_chosen(scene: Scene, command: Command) -> None:
    scene.record(command)
    listed = scene.owner.get(scene.url()).context["count"]
    shown = scene.owner.get(f"{scene.url()}bulk/{command.slug}/?all=1")
    assert shown.context["preview"].total == listed
