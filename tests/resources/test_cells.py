"""Cells that are changed in the list itself: by the object's own command, never past its refusals."""

import pytest
from django import forms as django_forms

from backoffice.audit.models import Event
from backoffice.commands import COMMANDS
from backoffice.resources import forms
from backoffice.resources.records import Resource
from tests.resources.scene import Scene, role_without


@pytest.fixture(autouse=True)
def inline(resource: Resource) -> None:
    """Only for lists with such cells."""
    if not resource.inline:
        pytest.skip("nothing is changed in the list")


def address(scene: Scene, pk: int, key: str) -> str:
    """Of the form in the cell."""
    return f"{scene.url('detail', pk)}cell/{key}/"


def test_every_declared_cell_shows_its_form_and_saves(scene: Scene, resource: Resource) -> None:
    assert resource.update is not None
    record = scene.record()
    client = scene.owner
    listed = client.get(scene.url()).content.decode()
    for key in resource.inline:
        cell = address(scene, record.pk, key)
        assert f'hx-get="{cell}"' in listed
        page = client.get(cell)
        assert page.status_code == 200
        bound = page.context["bound"]
        assert isinstance(bound.field, django_forms.Field)
        body = {key: bound.initial, "version": page.context["record"].row_version}
        saved = client.post(cell, body)
        assert saved.status_code == 200, saved.content
        assert f'hx-get="{cell}"' in saved.content.decode()
        assert client.get(f"{cell}?shown=1").content == saved.content


def test_a_refusal_and_a_stale_row_stand_in_the_cell(scene: Scene, resource: Resource) -> None:
    record = scene.record()
    key = resource.inline[0]
    cell = address(scene, record.pk, key)
    now = scene.owner.get(cell).context
    label = record._meta.label_lower
    events = Event.objects.filter(target_type=label, target_id=record.pk)
    before = events.count()
    empty = scene.owner.post(cell, {key: "", "version": now["record"].row_version})
    assert (empty.status_code, bool(empty.context["refusal"])) == (422, True)
    stale = scene.owner.post(cell, {key: now["bound"].initial, "version": "1"})
    assert (stale.status_code, bool(stale.context["refusal"])) == (409, True)
    assert events.count() == before


def test_other_columns_other_people_and_other_companies_get_no_form(
    scene: Scene, elsewhere: Scene, resource: Resource
) -> None:
    assert resource.update is not None
    record, foreign = scene.record(), elsewhere.record()
    key = resource.inline[0]
    assert scene.owner.get(address(scene, record.pk, "password")).status_code == 404
    assert scene.owner.get(address(scene, foreign.pk, key)).status_code == 404
    permission = COMMANDS[resource.update.name].permission
    client = scene.somebody(role_without(permission))
    assert client.get(address(scene, record.pk, key)).status_code == 403
    listed = client.get(scene.url())
    assert listed.status_code == 403 or "cell-edit" not in listed.content.decode()


def test_a_cell_is_a_field_of_the_form_of_the_record(scene: Scene, resource: Resource) -> None:
    assert resource.update is not None
    record = scene.record()
    access = scene.owner.get(scene.url()).wsgi_request.access  # type: ignore[attr-defined]
    row = forms.with_version(resource.queryset(access)).get(pk=record.pk)
    form = forms.make_form(resource.update, access, row)
    assert set(resource.inline) <= form.fields.keys()
    assert set(resource.inline) <= {column.key for column in resource.table.columns}
    assert not set(resource.inline) & resource.restricted.keys()
