"""REST of every object: list, record, and one endpoint for each command."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from django import forms as django_forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict
from django.urls import URLPattern, path
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from backoffice.commands import COMMANDS
from backoffice.database.keyset import BadQuery, Pages
from backoffice.database.statements import Statements
from backoffice.errors import Stale
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access
from backoffice.resources import fields, forms, listing, registry
from backoffice.resources.listing import Sight
from backoffice.resources.records import Command, Resource, Row

MAX_LIMIT = 200

Json = Any
T = TypeVar("T")

STATEMENTS: Statements[Any] = Statements()

Part = tuple[str, str, Callable[[Any], Any] | None]


class ResourceView(APIView):
    """An endpoint of one object, for people and tokens that may read it."""

    resource: Resource = cast("Resource", None)

    @property
    def permission(self) -> str:
        """What every request needs; commands ask for theirs as well."""
        return self.resource.view_permission

    @property
    def access(self) -> Access:
        """Who asks."""
        return cast("Prepared", self.request).access

    def record(self, pk: int, permission: str = "") -> Row:
        """The record with its version, within the reach of ``permission``; else 404."""
        rows = listing.reachable(self.resource, self.access, permission)
        found = forms.with_version(rows).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def shown(self, record: Row, status: int = 200) -> Response:
        """The answer that shows one record, with its version as ETag."""
        listing.log_reading(
            self.request, self.resource, self.access, self.resource.serializer().fields, [record.pk]
        )
        answer = Response(represent(self.resource, self.access, record), status=status)
        answer["ETag"] = f'"{record.row_version}"'
        return answer


class ListView(ResourceView):
    """Rows of one object, by key; and what creates one."""

    command: Command | None = None

    def get(self, request: Request) -> Response:
        """One page of rows, and the address of the next one."""
        limit = _limit(request)
        shape, pages = _kept(
            request, self.resource, self.access, limit, lambda: self._prepare(request, limit)
        )
        page = pages.page(after=request.query_params.get("after", ""))
        rows = [_as_json(shape, row[1:]) for row in page.rows]
        names = [name for name, _source, _write in shape]
        listing.log_reading(request, self.resource, self.access, names, [r[0] for r in page.rows])
        return Response({"results": rows, "next": _next_address(request, page.next)})

    def post(self, request: Request) -> Response:
        """Run the command that creates a record."""
        if self.command is None:
            raise exceptions.MethodNotAllowed(str(request.method))
        return run(self, request, self.command, None)

    def _prepare(self, request: Request, limit: int) -> tuple[list[Part], Pages]:
        """What the rows look like, and their pages."""
        self._refuse_unknown(request)
        asked = listing.read(request, self.resource, self.access, sort="id")
        shape = shape_of(self.resource, self.access)
        rows, paths = shaped(self.resource, self.access, asked.rows, shape)
        return shape, Pages(rows, ["pk", *paths], asked.sort, limit=limit)

    def _refuse_unknown(self, request: Request) -> None:
        """Nothing that the caller asked for is silently left out."""
        known = {"sort", "after", "limit"} | ({"q"} if self.resource.table.search else set())
        if self.resource.filters is not None and request.query_params.keys() - known:
            filters = listing.allowed_filters(self.resource, self.access)
            known.update(listing.parameter_names(filters))
        unknown = sorted(request.query_params.keys() - known)
        if unknown:
            raise BadQuery(
                "unknown_parameter",
                _("Unknown parameters: %(names)s.") % {"names": ", ".join(unknown)},
                fields=dict.fromkeys(unknown, _("Unknown parameter.")),
            )


class RecordView(ResourceView):
    """One record, and its change."""

    command: Command | None = None

    def get(self, request: Request, pk: int) -> Response:
        """The record; its ETag is what a change must name in If-Match."""
        return self.shown(self.record(pk))

    def patch(self, request: Request, pk: int) -> Response:
        """Run the command that changes the record; what is not given stays as it is."""
        if self.command is None:
            raise exceptions.MethodNotAllowed(str(request.method))
        if "If-Match" not in request.headers:
            raise NoVersion
        return run(self, request, self.command, pk)


class CommandView(ResourceView):
    """One command of a record."""

    command: Command = cast("Command", None)

    def post(self, request: Request, pk: int) -> Response:
        """Run the command."""
        return run(self, request, self.command, pk)


class NoVersion(exceptions.APIException):
    """A change must say which version of the record it is based on."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Send the record's ETag in If-Match.")


class NotThisVersion(Stale):
    """If-Match names another version than the record has."""

    status = 412


def run(view: ResourceView, request: Request, command: Command, pk: int | None) -> Response:
    """Run a command with the JSON body as its form, and show the record as it then is."""
    permission = COMMANDS[command.name].permission
    if permission and not view.access.can(permission):
        view.permission_denied(request)
    record = None if pk is None else view.record(pk, permission)
    form = read_form(command, view.access, record, request.data)
    version = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    try:
        result = forms.run(
            view.resource, command, context_of(request), form, record, version.removeprefix("*")
        )
    except Stale as refusal:
        raise NotThisVersion(refusal.code, refusal.message) from refusal
    made = result if isinstance(result, Model) else None
    if record is None:
        shown = made if isinstance(made, view.resource.model) else None
        return _created(view, shown)
    answer = _after(view, record.pk)
    other = registry.of(made) if made is not None else None
    if made is not None and other is not None and other is not view.resource:
        answer["Location"] = api_url(other, made.pk)
    return answer


def _created(view: ResourceView, made: Model | None) -> Response:
    if made is None:
        return Response(status=204)
    answer = _after(view, made.pk, status=201)
    answer["Location"] = api_url(view.resource, made.pk)
    return answer


def _after(view: ResourceView, pk: int, status: int = 200) -> Response:
    """The record after a command; 204 when it is no longer among the caller's rows."""
    rows = forms.with_version(view.resource.queryset(view.access))
    found = rows.filter(pk=pk).first()
    return Response(status=204) if found is None else view.shown(found, status)


def read_form(
    command: Command, access: Access, record: Row | None, body: Json
) -> django_forms.Form:
    """The command's form, filled from JSON and valid.

    Raises:
        ValidationError: Wrong JSON types, unknown names, or what the form refuses.
    """
    empty = forms.make_form(command, access, record)
    given = fields.CommandInput(empty, body, partial=bool(empty.initial))
    given.is_valid(raise_exception=True)
    texts = {
        name: forms.form_text(empty.fields[name], empty.get_initial_for_field(field, name))
        for name, field in empty.fields.items()
    }
    for name, value in given.validated_data.items():
        texts[name] = forms.form_text(empty.fields[name], value)
    form = forms.make_form(command, access, record, texts)
    if not form.is_valid():
        raise exceptions.ValidationError(
            {
                "non_field_errors" if name == NON_FIELD_ERRORS else name: [
                    exceptions.ErrorDetail(each["message"], each["code"] or "invalid")
                    for each in errors
                ]
                for name, errors in form.errors.get_json_data().items()
            }
        )
    return form


# --- reading ------------------------------------------------------------------------------------


def _kept(
    request: Request,
    resource: Resource,
    access: "Access",
    limit: int,
    build: Callable[[], T],
) -> T:
    """What ``build`` makes of an address, kept for the same question of the same person.

    The cursor is no part of the question. Rights are read anew at each request and are part of it.
    """
    given: QueryDict = request.query_params
    if "\x00" in given.get("after", ""):
        raise BadQuery("bad_text", _("The address holds a character that no text has."))
    if access.memo:  # what was read for this request may already have gone into the rows
        return build()
    question = tuple((name, tuple(texts)) for name, texts in given.lists() if name != "after")
    place = (get_language(), get_current_timezone_name())
    found: T = STATEMENTS.get((resource.name, access.key, question, limit, *place), build)
    return found


def shape_of(resource: Resource, access: Access) -> list[Part]:
    """Name, ORM path and writer of each API field that this person may see of any rows."""
    return [
        part
        for part in _shape(resource)
        if listing.sight(resource, part[0], access) is not Sight.NONE
    ]


def shaped(
    resource: Resource, access: Access, rows: QuerySet[Any], shape: list[Part]
) -> tuple[QuerySet[Any], list[str]]:
    """Rows, and the path of each part; null where the person may see it of other rows only."""
    paths = []
    for name, source, _write in shape:
        guarded = listing.sight(resource, name, access) is Sight.SOME
        if guarded:
            rows = rows.annotate(**{f"api_{name}": listing.guard(resource, name, source, access)})
        paths.append(f"api_{name}" if guarded else source)
    return rows, paths


@cache
def _shape(resource: Resource) -> list[Part]:
    """The serializer as columns of ``values_list``: the same answer without a serializer per row."""
    shape: list[Part] = []
    for name, field in resource.serializer().fields.items():
        source = str(field.source).replace(".", "__")
        plain = isinstance(
            field,
            serializers.CharField
            | serializers.IntegerField
            | serializers.BooleanField
            | serializers.PrimaryKeyRelatedField
            | serializers.ChoiceField,
        )
        shape.append((name, source, None if plain else field.to_representation))
    return shape


def _as_json(shape: list[Part], values: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: value if write is None or value is None else write(value)
        for (name, _source, write), value in zip(shape, values, strict=True)
    }


def represent(resource: Resource, access: Access, record: Row) -> dict[str, Any]:
    """One record as the API shows it to this person."""
    if resource.detail_serializer is not None:
        whole = resource.detail_serializer(record, context={"access": access}).data
        return {
            name: value
            for name, value in whole.items()
            if listing.sees(resource, name, access, record.pk)
        }
    shape = shape_of(resource, access)
    rows, paths = shaped(resource, access, resource.queryset(access).filter(pk=record.pk), shape)
    return _as_json(shape, rows.values_list(*paths)[0])


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(listing.PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LIMIT):
        message = _("“limit” is a number from 1 to %(most)s.") % {"most": MAX_LIMIT}
        raise BadQuery("bad_limit", message, fields={"limit": message})
    return int(text)


def _next_address(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.query_params.copy()
    query["after"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


# --- addresses ----------------------------------------------------------------------------------


def api_url(resource: Resource, pk: int) -> str:
    """Address of a record in the API."""
    return f"/api/v1/{resource.area}/{resource.slug}/{pk}/"


class UnknownAddress(APIView):
    """Everything under the API's root that is no endpoint answers 404 as problem JSON."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    @override
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The same for every method."""
        self.http_method_not_allowed = self._unknown  # type: ignore[method-assign]
        return super().dispatch(request, *args, **kwargs)

    def _unknown(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        raise Http404


def api_urls() -> list[URLPattern]:
    """Addresses of the API of all objects; called once, when everything is registered."""
    found: list[URLPattern] = []
    for resource in registry.RESOURCES.values():
        base = f"{resource.area}/{resource.slug}/"
        found += [
            path(base, ListView.as_view(resource=resource, command=resource.create)),
            path(
                f"{base}<int:pk>/", RecordView.as_view(resource=resource, command=resource.update)
            ),
        ]
        found += [
            path(
                f"{base}<int:pk>/{command.slug}/",
                CommandView.as_view(resource=resource, command=command),
            )
            for command in resource.commands
        ]
    return found
