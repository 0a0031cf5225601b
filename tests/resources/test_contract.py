"""The API is what its OpenAPI document says, and its fast lists are what its serializers say."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from drf_spectacular.generators import SchemaGenerator
from rest_framework.utils.encoders import JSONEncoder

from backoffice.identity.selectors import access_of
from backoffice.numbering.registry import SERIES
from backoffice.resources import registry
from backoffice.resources.records import Resource
from tests.factories import identity
from tests.resources.scene import Scene


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the installation."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def validate(value: object, schema: dict[str, Any]) -> None:
    """Check a value against a schema of the document."""
    whole = {**schema, "components": document()["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def answer_schema(address: str, method: str = "get", status: str = "200") -> dict[str, Any]:
    """The schema of an answer."""
    content = document()["paths"][address][method]["responses"][status]["content"]
    schema: dict[str, Any] = next(iter(content.values()))["schema"]
    return schema


def template(resource: Resource, *tail: str) -> str:
    """The address as the document has it."""
    return "/".join(["", "api", "v1", resource.area, resource.slug, *tail, ""])


def test_lists_and_records_are_as_the_document_says(scene: Scene) -> None:
    record = scene.record()
    listed = scene.owner.get(scene.api()).json()
    validate(listed, answer_schema(template(scene.resource)))
    single = scene.owner.get(scene.api(record.pk)).json()
    validate(single, answer_schema(template(scene.resource, "{id}")))


def test_the_fast_list_says_what_the_serializer_says(scene: Scene, resource: Resource) -> None:
    record = scene.record()
    owner = identity.make_user(scene.company, "owner")
    client = identity.browser(owner, scene.company)
    rows = {row["id"]: row for row in client.get(f"{scene.api()}?limit=200").json()["results"]}

    access = access_of(owner, scene.company.pk, timezone.localdate())
    instance = resource.queryset(access).get(pk=record.pk)
    slow = json.loads(json.dumps(resource.serializer(instance).data, cls=JSONEncoder))
    assert rows[record.pk] == slow
    if resource.detail_serializer is None:
        assert client.get(scene.api(record.pk)).json() == slow


def test_problems_are_as_the_document_says(scene: Scene, client: Client) -> None:
    asked = [
        (client.get(scene.api()), "401"),
        (scene.owner.get(scene.api(999_999_999)), "404"),
        (scene.owner.get(f"{scene.api()}?sort=x"), "400"),
    ]
    for answer, status in asked:
        assert answer.status_code == int(status)
        assert answer.headers["Content-Type"] == "application/problem+json"
        tail = () if status != "404" else ("{id}",)
        validate(answer.json(), answer_schema(template(scene.resource, *tail), status="4XX"))


def test_every_command_has_an_operation_with_its_form_as_body(resource: Resource) -> None:
    for command in registry.commands_of(resource):
        if command is resource.create:
            operation = document()["paths"][template(resource)]["post"]
        elif command is resource.update:
            operation = document()["paths"][template(resource, "{id}")]["patch"]
        else:
            operation = document()["paths"][template(resource, "{id}", command.slug)]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert body["additionalProperties"] is False
        names = set(getattr(command.form, "base_fields", {}))
        assert set(body["properties"]) == names
        assert operation["operationId"].startswith(resource.name.replace(".", "_"))
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
        assert "Idempotency-Key" in declared


@pytest.mark.parametrize("method", ["put", "delete"])
def test_methods_that_do_not_exist_are_problems_too(scene: Scene, method: str) -> None:
    answer = getattr(scene.owner, method)(scene.api(), {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_the_file_in_the_documentation_is_the_present_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a change: manage.py spectacular --format openapi-json --lang en --file <the file>."""
    for name in [name for name in SERIES if name.startswith(("sample.", "test."))]:
        monkeypatch.delitem(SERIES, name)  # of other tests in this process
    with translation.override("en"):
        present = SchemaGenerator().get_schema(request=None, public=True)
    kept = json.loads((Path(settings.BASE_DIR) / "docs/reference/openapi.json").read_text())
    assert json.loads(json.dumps(present)) == kept
