"""Columns of lists: chosen and ordered by the person, never one that they may not see; totals."""

import pytest
from django.test import Client

from backoffice.identity.models import User
from backoffice.identity.rules import Access, Scope
from backoffice.resources import display, listing
from backoffice.resources.records import Kind, Resource
from tests.factories import identity
from tests.resources.scene import Scene


def headings(client: Client, address: str) -> list[str]:
    """The labels of the columns that a list shows."""
    return [heading.label for heading in client.get(address).context["headings"]]


def keys(resource: Resource) -> list[str]:
    """Every key that can be a column."""
    values = [*resource.table.columns, *listing.facts_of(resource)]
    return list(dict.fromkeys(value.key for value in values))


def test_every_column_and_fact_can_be_shown_in_any_order(scene: Scene, resource: Resource) -> None:
    scene.record()
    wanted = list(reversed(keys(resource)))
    answer = scene.owner.get(f"{scene.url()}?columns={','.join(wanted)}")
    assert answer.status_code == 200
    labels = {v.key: str(v.label) for v in listing.facts_of(resource)}
    labels |= {column.key: str(column.label) for column in resource.table.columns}
    shown = [heading.label for heading in answer.context["headings"]]
    assert shown == [labels[key] for key in wanted]
    if answer.context["lines"]:
        row = answer.context["lines"][0].html
        assert row.count("<td") - row.count('<td class="check-cell"') == len(wanted)


def test_the_link_is_never_left_out_and_unknown_columns_are_refused(
    scene: Scene, resource: Resource
) -> None:
    scene.record()
    link = next(c for c in resource.table.columns if c.kind is Kind.LINK)
    other = next(key for key in keys(resource) if key != link.key)
    assert headings(scene.owner, f"{scene.url()}?columns={other}")[0] == str(link.label)
    assert scene.owner.get(f"{scene.url()}?columns=password").status_code == 400
    assert scene.owner.get(f"{scene.api()}?columns={other}").status_code == 400


def test_a_choice_is_kept_for_the_person_and_carried_in_the_address(
    scene: Scene, resource: Resource
) -> None:
    scene.record()
    client = scene.owner
    chosen = keys(resource)[-2:]
    page = f"{scene.url()}columns/?q=a"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"order": chosen, "columns": chosen, "keep": "1"})
    assert answer["Location"] == f"{scene.url()}?q=a&columns={','.join(chosen)}"
    assert headings(client, scene.url()) == headings(client, answer["Location"])
    assert len(headings(client, scene.url())) <= 3
    assert headings(scene.somebody("owner"), scene.url()) == [
        str(column.label) for column in resource.table.columns
    ]
    client.post(page, {"order": chosen, "columns": chosen, "reset": "1"})
    assert len(headings(client, scene.url())) == len(resource.table.columns)


def test_a_column_moves_without_scripts(scene: Scene, resource: Resource) -> None:
    order = keys(resource)[:3]
    answer = scene.owner.post(
        f"{scene.url()}columns/", {"order": order, "columns": order, "down": order[0]}
    )
    moved = [order[1], order[0], *order[2:]]
    assert [choice.key for choice in answer.context["choices"]][: len(order)] == moved
    assert User.objects.exclude(lists={}).count() == 0


def test_restricted_columns_are_neither_offered_nor_shown_nor_added_up(
    scene: Scene, resource: Resource
) -> None:
    hidden = [key for key in keys(resource) if key in resource.restricted]
    if not hidden:
        pytest.skip("nothing restricted")
    record = scene.record()
    role = identity.make_role(scene.company, resource.view_permission)
    user = identity.make_user(scene.company)
    identity.services.assign_role(
        identity.system(scene.company), user_id=user.pk, role_id=role.pk, scope=Scope.COMPANY
    )
    client = identity.browser(user, scene.company)
    offered = {choice.key for choice in client.get(f"{scene.url()}columns/").context["choices"]}
    assert offered.isdisjoint(hidden)
    page = client.get(f"{scene.url()}?columns={','.join(keys(resource))}&totals=1")
    assert len(page.context["headings"]) == len(keys(resource)) - len(hidden)
    assert record.pk in [line.pk for line in page.context["lines"]]
    seen = [column.key for column in listing.visible(resource, resource.table.columns, of(client))]
    assert all(key not in seen for key in hidden)


def of(client: Client) -> Access:
    """What the person of a browser may do."""
    access: Access = client.get("/account/").wsgi_request.access  # type: ignore[attr-defined]
    return access


def test_totals_are_those_of_the_whole_filter_in_one_statement(
    scene: Scene, resource: Resource
) -> None:
    added = [c for c in resource.table.columns if c.total]
    if not added:
        pytest.skip("nothing to add up")
    for _ in range(3):
        scene.record()
    client = scene.owner
    page = client.get(f"{scene.url()}?totals=1")
    for place, column in enumerate(resource.table.columns):
        if column.total:
            rows = resource.queryset(of(client)).values_list(str(column.path), flat=True)
            written = display.writer(resource.model, column)(sum(value or 0 for value in rows))
            assert page.context["footer"][place][1] == written
    if resource.table.search:
        nothing = client.get(f"{scene.url()}?totals=1&q=zzzzzz").context
        assert (nothing["count"], nothing["lines"]) == (0, [])
