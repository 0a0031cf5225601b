"""From a record to its neighbours in the list, in the list's own order; a look into a row."""

from backoffice.resources.records import Resource
from tests.resources.scene import Scene


def test_following_next_goes_through_the_list_in_its_order(
    scene: Scene, resource: Resource
) -> None:
    for _ in range(3):
        scene.record()
    client = scene.owner
    for question in ("", f"?sort=-{resource.table.order.removeprefix('-')}"):
        lines = client.get(f"{scene.url()}{question}").context["lines"]
        for place, line in enumerate(lines[:4]):
            beside = client.get(f"{line.url}neighbours/{question}").context
            before = lines[place - 1].url if place else ""
            after = lines[place + 1].url if place + 1 < len(lines) else beside["next_url"]
            assert (beside["previous_url"], beside["next_url"]) == (before, after)


def test_a_record_outside_the_question_has_no_neighbours(scene: Scene, resource: Resource) -> None:
    record = scene.record()
    if resource.table.search:
        beside = scene.owner.get(f"{scene.url('detail', record.pk)}neighbours/?q=zzzzzz").context
        assert (beside["previous_url"], beside["next_url"]) == ("", "")
    assert scene.owner.get(f"{scene.url('detail', 10**12)}neighbours/").status_code == 404


def test_a_look_into_a_row_shows_the_record_alone(scene: Scene) -> None:
    record = scene.record()
    address = scene.url("detail", record.pk)
    peek = scene.owner.get(address, headers={"HX-Request": "true", "HX-Target": "drawer-content"})
    shown = peek.content.decode()
    assert peek.status_code == 200
    assert "<html" not in shown
    assert f'href="{address}"' in shown
