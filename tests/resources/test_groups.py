"""Groups of lists: their counts are the rows behind them, their sums those of the table."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.resources.records import Resource
from tests.resources.scene import Scene


@pytest.fixture(autouse=True)
def grouped(resource: Resource) -> None:
    """Only for lists that can be grouped."""
    if not resource.table.groups:
        pytest.skip("no groups")


def test_every_group_opens_exactly_its_rows(scene: Scene, resource: Resource) -> None:
    for _ in range(3):
        scene.record()
    client = scene.owner
    everything = client.get(scene.url()).context["count"]
    for key in resource.table.groups:
        page = client.get(f"{scene.url()}?group={key}")
        assert page.status_code == 200
        groups = page.context["lines"]
        assert page.context["count"] == everything == sum(group.count for group in groups)
        for group in groups:
            inside = client.get(group.url)
            assert inside.status_code == 200
            assert inside.context["count"] == group.count, (key, group)
            chip = inside.context["chips"][0]
            assert str(chip["value"]) == group.label
            assert client.get(chip["remove_url"]).context["count"] == everything


def test_the_sums_of_the_groups_are_the_totals_of_the_table(
    scene: Scene, resource: Resource
) -> None:
    added = [column for column in resource.table.columns if column.total]
    if not added:
        pytest.skip("nothing to add up")
    for _ in range(2):
        scene.record()
    client = scene.owner
    footer = client.get(f"{scene.url()}?totals=1").context["footer"]
    table = dict(zip([c.key for c in resource.table.columns], footer, strict=True))
    page = client.get(f"{scene.url()}?group={resource.table.groups[0]}")
    assert [html for _label, html in page.context["totals"]] == [table[c.key][1] for c in added]


def test_groups_take_no_more_statements_than_the_table(scene: Scene, resource: Resource) -> None:
    scene.record()
    counts = []
    for address in (scene.url(), f"{scene.url()}?group={resource.table.groups[0]}"):
        scene.owner.get(address)
        with CaptureQueriesContext(connection) as captured:
            scene.owner.get(address)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


def test_what_is_no_group_is_refused(scene: Scene, resource: Resource) -> None:
    for question in ("group=password", "group=id", "view=password"):
        assert scene.owner.get(f"{scene.url()}?{question}").status_code == 400
    dated = [
        c.key for c in resource.table.columns if c.kind.dated and c.key in resource.table.groups
    ]
    for key in dated:
        assert scene.owner.get(f"{scene.url()}?group={key}&in=2026-13").status_code == 400
    assert scene.owner.get(f"{scene.api()}?group={resource.table.groups[0]}").status_code == 400
