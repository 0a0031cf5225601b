"""Two people change one record: what only one changed is kept from both, the rest is chosen field by field."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from backoffice.identity.selectors import access_of
from backoffice.resources import forms
from backoffice.resources.api import read_form
from backoffice.resources.records import Command, Resource
from tests.factories import identity
from tests.factories.people import AT
from tests.resources.scene import Scene
from tests.resources.test_commands import _as_typed


@pytest.fixture
def stale(scene: Scene, resource: Resource, command: Command) -> dict[str, Any]:
    """A form that was opened before somebody else saved: client, record, what each typed."""
    if command is not resource.update:
        pytest.skip("only changes of the record itself")
    record = scene.record(command)
    owner = identity.make_user(scene.company, "owner")
    client = identity.browser(owner, scene.company)
    access = access_of(owner, scene.company.pk, AT.date())
    address = scene.page_of(command, record.pk)
    page = client.get(address).content.decode()
    hidden = {name: _hidden(page, name) for name in ("version", "loaded")}
    untouched = _as_typed(read_form(command, access, record, {}))
    mine = _as_typed(read_form(command, access, record, scene.body(command, record)))
    theirs = scene.body(command, record)
    assert scene.send(client, command, record, theirs).status_code == 200
    now = _as_typed(_form(command, access, scene, record))
    return {
        "client": client,
        "address": address,
        "hidden": hidden,
        "untouched": untouched,
        "mine": mine,
        "now": now,
        "read": lambda: _as_typed(_form(command, access, scene, record)),
    }


def _form(command: Command, access: Any, scene: Scene, record: Model) -> Any:
    fresh = scene.resource.queryset(access).get(pk=record.pk)
    return forms.make_form(command, access, fresh)


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def _again(client: Client, stale: dict[str, Any], typed: dict[str, Any]) -> Any:
    """Save against the version that the refusal showed."""
    refused = client.post(stale["address"], {**typed, **stale["hidden"]})
    assert refused.status_code == 409
    page = refused.content.decode()
    hidden = {name: _hidden(page, name) for name in ("version", "loaded")}
    return refused, hidden


def test_what_only_the_others_changed_is_taken_over(stale: dict[str, Any]) -> None:
    client = stale["client"]
    refused, hidden = _again(client, stale, stale["untouched"])
    assert [row.both for row in refused.context["disagreements"]] == [False] * len(
        refused.context["disagreements"]
    )
    assert len(refused.context["disagreements"]) > 0
    shown = _as_typed(refused.context["form"])
    answer = client.post(stale["address"], {**shown, **hidden})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert stale["read"]() == stale["now"]


@pytest.mark.parametrize("choice", ["theirs", "yours"])
def test_where_both_changed_a_field_one_is_chosen(stale: dict[str, Any], choice: str) -> None:
    client = stale["client"]
    if stale["mine"] == stale["now"]:
        pytest.skip("both wrote the same")
    refused, hidden = _again(client, stale, stale["mine"])
    both = [row.name for row in refused.context["disagreements"] if row.both]
    assert both
    page = refused.content.decode()
    chosen = {f"merge-{name}": choice for name in both}
    assert all(f'name="{name}" value="{choice}" form="command-form"' in page for name in chosen)
    shown = _as_typed(refused.context["form"])
    answer = client.post(stale["address"], {**shown, **hidden, **chosen})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    wanted = stale["now"] if choice == "theirs" else stale["mine"]
    found = stale["read"]()
    assert {name: found.get(name) for name in both} == {name: wanted.get(name) for name in both}


def test_save_and_new_saves_and_opens_an_empty_form(
    scene: Scene, resource: Resource, command: Command
) -> None:
    if command is not resource.create or "create" in resource.views:
        pytest.skip("only what makes a record on the usual page")
    owner = identity.make_user(scene.company, "owner")
    access = access_of(owner, scene.company.pk, AT.date())
    typed = _as_typed(read_form(command, access, None, scene.body(command, None)))
    client = identity.browser(owner, scene.company)
    assert 'name="again"' in client.get(scene.url("create")).content.decode()
    answer = client.post(scene.url("create"), {**typed, "again": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, scene.url("create"))
