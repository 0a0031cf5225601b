"""Every record carries documents, for exactly who sees and changes it; or its object says why not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backoffice.files.models import Attachment
from backoffice.files.registry import OWNERS, named
from backoffice.resources import registry
from backoffice.resources.records import Resource
from tests.factories import files
from tests.resources.scene import Scene, role_without


def drop(client: Client, scene: Scene, pk: int) -> int:
    file = SimpleUploadedFile("Contrato.pdf", files.pdf(), "application/pdf")
    return client.post(f"/files/to/{scene.resource.name}/{pk}/drop/", {"file": file}).status_code


@pytest.fixture
def carrying(resource: Resource) -> None:
    if "attachments" in resource.lacks:
        assert resource.model._meta.label_lower not in OWNERS or registry.of(resource.model)
        pytest.skip(resource.lacks["attachments"])


def test_a_file_dropped_on_a_record_stands_on_its_page_and_in_its_form(
    carrying: None, scene: Scene, resource: Resource
) -> None:
    record = scene.record()
    assert drop(scene.owner, scene, record.pk) == 201
    made = Attachment.objects.get()
    assert (made.title, made.owner_id) == ("Contrato", record.pk)
    page = scene.owner.get(scene.url("detail", record.pk)).content.decode()
    assert f"/backoffice/attachments/{made.pk}/" in page
    panel = scene.owner.get(f"/files/of/{resource.name}/{record.pk}/").content.decode()
    assert "<html" not in panel
    assert "Contrato" in panel
    if resource.update is not None and "update" not in resource.views:
        form = scene.owner.get(scene.url("update", record.pk))
        possible = form.context["reason"] is None and form.context["form"].fields
        assert not possible or f"/files/{made.file.key}/1/1200/" in form.content.decode()
    listed = scene.owner.get("/backoffice/attachments/")
    assert "Contrato" in listed.content.decode()


def test_who_does_not_see_the_record_does_not_see_its_documents(
    carrying: None, scene: Scene, elsewhere: Scene, resource: Resource
) -> None:
    record = scene.record()
    assert drop(scene.owner, scene, record.pk) == 201
    made = Attachment.objects.get()
    blind = scene.without(resource.view_permission)
    for client in (blind, elsewhere.owner):
        answer = client.get(f"/backoffice/attachments/{made.pk}/")
        assert answer.status_code in {403, 404}
        assert client.get(f"/files/{made.file.key}/").status_code == 404
    assert drop(blind, scene, record.pk) == 404
    assert Attachment.objects.count() == 1


def test_who_may_not_change_the_record_adds_nothing(
    carrying: None, scene: Scene, resource: Resource
) -> None:
    kind = named(resource.name)
    assert kind is not None
    record = scene.record()
    role = role_without(kind.change)
    assert drop(scene.somebody(role), scene, record.pk) == 404
    assert drop(scene.somebody("auditor"), scene, record.pk) == 404
    assert not Attachment.objects.exists()


def test_a_file_that_is_refused_says_why_and_leaves_nothing(carrying: None, scene: Scene) -> None:
    record = scene.record()
    script = SimpleUploadedFile("x.pdf", b"<script>", "application/pdf")
    answer = scene.owner.post(
        f"/files/to/{scene.resource.name}/{record.pk}/drop/", {"file": script}
    )
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 10
    assert not Attachment.objects.exists()
