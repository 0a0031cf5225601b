"""The OpenAPI document of every object, derived from its record, serializer and forms."""

import datetime as dt
from dataclasses import replace
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from typing_extensions import override

from backoffice.commands import COMMANDS
from backoffice.errors.problems import MEDIA_TYPE, Problem
from backoffice.identity.selectors import nobody
from backoffice.resources import api, forms, listing
from backoffice.resources.fields import CommandInput, CompetenceField, JsonField, json_field
from backoffice.resources.records import Command

JSON = "application/json"
MANY = {
    "type": "object",
    "properties": {
        "done": {"type": "array", "items": {"type": "integer"}},
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": kind} for name, kind in (
                    ("id", "integer"), ("code", "string"), ("detail", "string"),
                )},
                "required": ["id", "code", "detail"],
            },
        },
    },
    "required": ["done", "refused"],
}  # fmt: skip
A_JOB = {"type": "object", "properties": {"job": {"type": "integer"}}, "required": ["job"]}
READING = (401, 403, 404, 406, 429)
WRITING = (400, 409, 412, 413, 415, 422)


class ResourceSchema(AutoSchema):
    """Describes the endpoints of objects; other views as drf-spectacular does."""

    @property
    def endpoint(self) -> api.ResourceView | None:
        """The view, when it belongs to an object."""
        return self.view if isinstance(self.view, api.ResourceView) else None

    @property
    def command(self) -> Command | None:
        """The command that the operation runs."""
        return None if self.method == "GET" else getattr(self.view, "command", None)

    @property
    def many(self) -> bool:
        """Whether the operation runs the command for many records."""
        return bool(getattr(self.view, "many", False))

    @override
    def is_excluded(self) -> bool:
        """Methods whose command the object does not have."""
        if self.endpoint is None:
            return bool(super().is_excluded())
        return self.method != "GET" and self.command is None

    @override
    def get_operation_id(self) -> str:
        """``hr_employee_list``, ``hr_employee_hire``."""
        if self.endpoint is None:
            return str(super().get_operation_id())
        reading = "list" if isinstance(self.view, api.ListView) else "retrieve"
        verb = self.command.name.rpartition(".")[2] if self.command else reading
        many = "_many" if self.many else ""
        return f"{self.endpoint.resource.name.replace('.', '_')}_{verb}{many}"

    @override
    def get_tags(self) -> list[str]:
        """The object's name."""
        return [self.endpoint.resource.name] if self.endpoint else super().get_tags()

    @override
    def get_summary(self) -> str | None:
        """The label of the command, or of what is read."""
        if self.endpoint is None:
            summary: str | None = super().get_summary()
            return summary
        resource = self.endpoint.resource
        if self.command is not None:
            return f"{self.command.label} ({resource.label})"
        return str(resource.label_plural if isinstance(self.view, api.ListView) else resource.label)

    @override
    def get_description(self) -> str:  # type: ignore[override]  # as in drf-spectacular
        """What the object is for, or what the command does and asks for."""
        if self.endpoint is None:
            return str(super().get_description())
        resource = self.endpoint.resource
        if self.command is None:
            return f"{resource.empty}\n\nPermission: `{resource.view_permission}`."
        spec = COMMANDS[self.command.name]
        states = ", ".join(f"`{state}`" for state in sorted(self.command.states or ()))
        parts = [
            (getdoc(spec.function) or "").partition("\n\nRaises:")[0].partition("\n\nArgs:")[0],
            f"Permission: `{spec.permission}`." if spec.permission else "",
            f"Possible in the states {states}." if states else "",
        ]
        return "\n\n".join(part for part in parts if part)

    @override
    def get_override_parameters(self) -> list[Any]:
        """Paging, order, search and filters of lists; the headers of commands."""
        if self.endpoint is None:
            return list(super().get_override_parameters())
        if self.many:
            paging = {"limit", "after", "sort"}
            asked = [p for p in self._list_parameters(self.endpoint) if p.name not in paging]
            return [*asked, self._header_parameters()[0]]
        etag = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201])
        if isinstance(self.view, api.ListView) and self.command is None:
            return self._list_parameters(self.endpoint)
        return [*(self._header_parameters() if self.command else ()), etag]

    def _header_parameters(self) -> list[OpenApiParameter]:
        key = OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "maxLength": 200},
            OpenApiParameter.HEADER,
            description="Repeating a request under the same key gives the first answer again.",
        )
        match = OpenApiParameter(
            "If-Match",
            str,
            OpenApiParameter.HEADER,
            required=self.method == "PATCH",
            description="The ETag that was read; another version is refused with 412.",
        )
        return [key] if isinstance(self.view, api.ListView) else [key, match]

    def _list_parameters(self, view: api.ResourceView) -> list[OpenApiParameter]:
        resource = view.resource
        keys = ["id", *(column.key for column in resource.table.columns if column.sortable)]
        orders = [order for key in keys for order in (key, f"-{key}")]
        limit = {"type": "integer", "minimum": 1, "maximum": api.MAX_LIMIT}
        given: list[tuple[str, dict[str, Any], str]] = [
            ("limit", {**limit, "default": listing.PAGE_SIZE}, "Rows on a page."),
            ("after", {"type": "string"}, "Cursor from `next`: rows behind it."),
            ("sort", {"type": "string", "enum": orders, "default": "id"}, "Order of the rows."),
        ]
        if resource.table.search:
            text = {"type": "string", "maxLength": listing.MAX_SEARCH}
            given.append(("q", text, "Words to look for, without regard to accents and case."))
        if resource.filters is not None:
            given += [(name, self._of(field), label) for name, field, label in _filters(resource)]
        return [
            OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=text)
            for name, schema, text in given
        ]

    @override
    def get_request_serializer(self) -> Any:
        """The body of a command: its form in JSON."""
        if self.endpoint is None:
            return super().get_request_serializer()
        if self.command is None:
            return None
        form = forms.make_form(replace(self.command, initial=None), nobody(dt.date.min), None)
        properties = {name: self._of(field) for name, field in CommandInput(form).fields.items()}
        required = sorted(
            name
            for name, field in CommandInput(form).fields.items()
            if field.required and self.command.initial is None
        )
        schema: dict[str, Any] = {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }
        whole = {**schema, "required": required} if required else schema
        return {JSON: _for_many(schema) if self.many else whole}

    @override
    def get_response_serializers(self) -> Any:
        """The record or the page of rows; problems are added to all."""
        if self.endpoint is None:
            return super().get_response_serializers()
        if self.many:
            return {(200, JSON): MANY, (202, JSON): A_JOB}
        is_list = isinstance(self.view, api.ListView)
        resource = self.endpoint.resource
        if is_list and self.command is None:
            return {(200, JSON): self._page(self._component(resource.serializer))}
        whole = self._component(resource.detail_serializer or resource.serializer)
        if self.command is None:
            return {(200, JSON): whole}
        gone = OpenApiResponse(description="Done; the record is not among the caller's rows.")
        return {(201 if is_list else 200, JSON): whole, 204: gone}

    @override
    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        """Every answer, and every problem that can come instead."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = [*READING, *(WRITING if self.method != "GET" else (400,))]
        if self.method == "PATCH":
            codes.append(428)
        named = ", ".join(f"{code} {HTTPStatus(code).phrase}" for code in sorted(codes))
        schema = self.resolve_serializer(Problem, "response").ref
        bodies["4XX"] = {"description": named, "content": {MEDIA_TYPE: {"schema": schema}}}
        return bodies

    def _component(self, serializer: Any) -> dict[str, Any]:  # noqa: ANN401  a serializer class
        """Reference to the object's shape, in which restricted fields may be absent."""
        component = self.resolve_serializer(serializer, "response")
        restricted = self.endpoint.resource.restricted if self.endpoint else {}
        needed = [name for name in component.schema.get("required", []) if name not in restricted]
        component.schema["required"] = needed
        for name in restricted.keys() & component.schema["properties"].keys():
            _allow(component.schema["properties"][name], None)
        reference: dict[str, Any] = component.ref
        return reference

    def _page(self, row: dict[str, Any]) -> dict[str, Any]:
        following = {"type": ["string", "null"], "format": "uri", "description": "The next page."}
        return {
            "type": "object",
            "properties": {"results": {"type": "array", "items": row}, "next": following},
            "required": ["results", "next"],
        }

    def _of(self, field: Any) -> dict[str, Any]:  # noqa: ANN401  any field of DRF
        """JSON schema of one field of a body or one parameter."""
        schema: dict[str, Any] = self._map_serializer_field(field, "request")
        self._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        schema.pop("readOnly", None)
        return schema

    @override
    def _map_serializer_field(
        self,
        field: JsonField,
        direction: str,
        bypass_extensions: bool = False,
    ) -> Any:
        if isinstance(field, CompetenceField):
            month = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "example": "2026-11"}
            return {**month, "type": ["string", "null"]} if field.allow_null else month
        if direction == "response" and isinstance(field, serializers.ChoiceField) and _blank(field):
            schema = super()._map_serializer_field(  # type: ignore[no-untyped-call]
                field, direction, bypass_extensions
            )
            _allow(schema, "")
            return schema
        return super()._map_serializer_field(  # type: ignore[no-untyped-call]
            field, direction, bypass_extensions
        )


def _for_many(arguments: dict[str, Any]) -> dict[str, Any]:
    """The body of a command for many records: which, and what is said for all of them."""
    ids = {"type": "array", "items": {"type": "integer", "minimum": 1}}
    everything = {"type": "boolean", "description": "All rows of the filter in the address."}
    return {
        "type": "object",
        "properties": {"ids": ids, "all": everything, "arguments": arguments},
        "additionalProperties": False,
    }


def _allow(schema: dict[str, Any], value: str | None) -> None:
    """Add null or the empty text to what a schema lets pass."""
    if "enum" in schema and value not in schema["enum"]:
        schema["enum"] = [*schema["enum"], value]
    kinds = schema.get("type")
    if value is None and isinstance(kinds, str):
        schema["type"] = [kinds, "null"]


def _blank(field: JsonField) -> bool:
    """Whether the model field behind an API field may be empty."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    try:
        return bool(model._meta.get_field(field.source).blank) if model else False
    except FieldDoesNotExist:
        return False


def _filters(resource: Any) -> list[tuple[str, Any, str]]:  # noqa: ANN401
    """Name, JSON field and label of each filter; both ends of a range."""
    found = []
    for name, each in resource.filters.base_filters.items():
        inner = getattr(each.field, "fields", [each.field])[0]
        twin = json_field(inner) or serializers.CharField()
        twin.allow_null = False
        names = listing.names_of(name, each.field)
        found += [(each_name, twin, str(each.label or name)) for each_name in names]
    return found
