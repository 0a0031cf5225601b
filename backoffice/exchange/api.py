"""Files over REST: exports are jobs whose result is fetched; imports are checked before they apply."""

from dataclasses import replace
from typing import Any, ClassVar, cast

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.errors import InvalidInput
from backoffice.errors.limits import FlatJSONField, count
from backoffice.exchange.asking import object_named
from backoffice.exchange.cells import Format
from backoffice.exchange.models import DataImport, ImportRow, SavedView, Sharing, Verdict
from backoffice.exchange.selectors import IMPORT, may_open, visible_imports
from backoffice.exchange.services import (
    change_view,
    check_import,
    exports,
    fix_row,
    remove_view,
    save_view,
    skip_row,
    start_import,
)
from backoffice.exchange.services.saved_views import CHANGE
from backoffice.exchange.tabs import views_of
from backoffice.files.rules import safe_name
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access

ROWS = 200

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request under the same key gives the first answer again.",
)


class ExportInput(serializers.Serializer[Any]):
    """Which list is saved (`hr.employee`), of which question (`situation=active`), and as what."""

    object = serializers.CharField(max_length=100)
    query = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)
    format = serializers.ChoiceField(choices=[(each.value, str(each.value)) for each in Format])


class ExportStarted(serializers.Serializer[Any]):
    """The job that makes the file; the file will be at `/api/v1/jobs/{job}/result/`."""

    job = serializers.IntegerField(read_only=True)
    rows = serializers.IntegerField(read_only=True)


class ExportEndpoint(APIView):
    """Save a list as a file."""

    permission: str = exports.EXPORT
    serializer_class = ExportInput

    @extend_schema(
        operation_id="backoffice_export_create",
        tags=["backoffice.export"],
        request=ExportInput,
        responses={202: ExportStarted},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Start the job; lists about people ask for `backoffice.export.create_personal`."""
        given = ExportInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        count("export", context_of(request).actor_id or 0)
        job = exports.export_list(
            context_of(request),
            resource=asked["object"],
            query=asked["query"],
            format=asked["format"],
        )
        answer = Response({"job": job.pk, "rows": job.total}, status=202)
        answer["Location"] = f"/api/v1/jobs/{job.pk}/"
        return answer


class DataImportSerializer(serializers.ModelSerializer[DataImport]):
    """An import; its rows are at `/api/v1/imports/{id}/rows/` for who may import them."""

    created_by_name = serializers.CharField(source="created_by.name", read_only=True)

    class Meta:
        model = DataImport
        fields: ClassVar = [
            "id",
            "object_name",
            "source",
            "sha256",
            "state",
            "created_by_name",
            "created_at",
            "applied_at",
            "undone_at",
        ]
        read_only_fields = fields


class ImportInput(serializers.Serializer[Any]):
    """A file, the object that its rows become, and what its columns are where that is not guessed."""

    object = serializers.CharField(max_length=100)
    file = serializers.FileField()
    sheet = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    mapping = FlatJSONField(required=False, default=None)


class ImportStarted(serializers.Serializer[Any]):
    """The import, what its columns were taken for, and the job that checks its rows."""

    id = serializers.IntegerField(read_only=True)
    mapping = serializers.DictField(child=serializers.CharField(), read_only=True)
    job = serializers.IntegerField(read_only=True)


class RowSerializer(serializers.ModelSerializer[ImportRow]):
    """One row: its cells, what it would do or did, and what is wrong with it."""

    class Meta:
        model = ImportRow
        fields: ClassVar = [
            "line",
            "cells",
            "verdict",
            "errors",
            "before",
            "after",
            "record_id",
            "applied_at",
            "undone_at",
            "kept_because",
        ]
        read_only_fields = fields


class RowsAnswer(serializers.Serializer[Any]):
    """Rows in the order of the file."""

    results = RowSerializer(many=True, read_only=True)
    next = serializers.IntegerField(allow_null=True, read_only=True)


class ImportEndpoint(APIView):
    """Bring a file in."""

    permission: str = IMPORT
    serializer_class = ImportInput
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="backoffice_data_import_create",
        tags=["backoffice.data_import"],
        request={"multipart/form-data": ImportInput},
        responses={202: ImportStarted},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Keep its rows and start to check them; nothing is written before it is applied."""
        count("upload", cast("Prepared", request).access.user_id)
        given = ImportInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        file = asked["file"]
        if file.size > settings.FILES_MAX_BYTES:
            raise InvalidInput("file_too_large", _("The file is too large."))
        ctx = context_of(request)
        made = start_import(
            ctx,
            object_name=asked["object"],
            name=safe_name(file.name, ""),
            content=file.read(),
            sheet=asked["sheet"],
        )
        mapping = asked["mapping"] if asked["mapping"] is not None else made.mapping
        if not isinstance(mapping, dict):
            message = _("There is no such column or field.")
            raise InvalidInput("unknown_field", message, fields={"mapping": message})
        named = {str(number): str(field) for number, field in mapping.items()}
        checking = replace(ctx, key=f"{ctx.key[:190]}:check" if ctx.key else None)
        job = check_import(checking, import_id=made.pk, mapping=named)
        where = {"Location": f"/api/v1/backoffice/imports/{made.pk}/"}
        return Response({"id": made.pk, "mapping": named, "job": job.pk}, 202, headers=where)


class ImportRowsEndpoint(APIView):
    """The rows of an import."""

    permission: str = IMPORT
    serializer_class = RowSerializer

    @extend_schema(
        operation_id="backoffice_data_import_rows",
        tags=["backoffice.data_import"],
        responses={200: RowsAnswer},
        parameters=[
            OpenApiParameter("verdict", str, enum=Verdict.values),
            OpenApiParameter("after", int, description="The line after which to go on."),
        ],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Up to 200 rows, in the order of the file."""
        found = may_see(request, pk)
        query = RowsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = found.rows.filter(line__gt=query.validated_data["after"]).order_by("line")
        if query.validated_data["verdict"]:
            rows = rows.filter(verdict=query.validated_data["verdict"])
        shown = list(rows[: ROWS + 1])
        more = shown[ROWS - 1].line if len(shown) > ROWS else None
        return Response({"results": RowSerializer(shown[:ROWS], many=True).data, "next": more})


class RowsQuery(serializers.Serializer[Any]):
    """Which rows."""

    verdict = serializers.ChoiceField(
        choices=Verdict.choices, required=False, default="", allow_blank=True
    )
    after = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10**6)


class FixInput(serializers.Serializer[Any]):
    """Other texts for cells of a row, or that it is left out."""

    texts = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    skip = serializers.BooleanField(required=False, allow_null=True, default=None)


class ImportRowEndpoint(APIView):
    """One row of an import."""

    permission: str = IMPORT
    serializer_class = FixInput

    @extend_schema(
        operation_id="backoffice_data_import_fix_row",
        tags=["backoffice.data_import"],
        request=FixInput,
        responses={200: RowSerializer},
        parameters=[KEY],
    )
    def patch(self, request: Request, pk: int, line: int) -> Response:
        """Write other texts into the row and check it again, or leave it out."""
        may_see(request, pk)
        given = FixInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        ctx = context_of(request)
        if asked["skip"] is not None:
            row = skip_row(ctx, import_id=pk, line=line, skip=asked["skip"])
        else:
            row = fix_row(ctx, import_id=pk, line=line, texts=asked.get("texts", {}))
        return Response(RowSerializer(row).data)


def may_see(request: Request, pk: int) -> DataImport:
    """An import whose rows the caller may see; 404 for everybody else."""
    access = cast("Prepared", request).access
    found = visible_imports(access).filter(pk=pk).first()
    if found is None or not may_open(access, found):
        raise Http404
    return found


class ViewSerializer(serializers.ModelSerializer[SavedView]):
    """A view of a list."""

    object = serializers.CharField(source="object_name", read_only=True)
    mine = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields: ClassVar = [
            "id",
            "object",
            "name",
            "query",
            "sharing",
            "role_ids",
            "is_default",
            "mine",
        ]
        read_only_fields = fields

    def get_mine(self, view: SavedView) -> bool:
        """Whether the caller keeps it."""
        return bool(view.owner_id == self.context["user_id"])


class ViewInput(serializers.Serializer[Any]):
    """What a view is called, and for whom it is."""

    name = serializers.CharField(max_length=60)
    sharing = serializers.ChoiceField(choices=Sharing.choices, required=False, default=Sharing.MINE)
    role_ids = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)
    is_default = serializers.BooleanField(required=False, default=False)


class NewViewInput(ViewInput):
    """The same with the list and its question."""

    object = serializers.CharField(max_length=100)
    query = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)


class ViewsAnswer(serializers.Serializer[Any]):
    """Views that the caller sees."""

    results = ViewSerializer(many=True, read_only=True)


class ViewsEndpoint(APIView):
    """The views of a list."""

    permission: str = CHANGE
    serializer_class = ViewSerializer

    @extend_schema(
        operation_id="backoffice_saved_view_list",
        tags=["backoffice.saved_view"],
        responses={200: ViewsAnswer},
        parameters=[OpenApiParameter("object", str, required=True)],
    )
    def get(self, request: Request) -> Response:
        """Own and shared views of one list."""
        access = cast("Prepared", request).access
        resource = object_named(request.query_params.get("object", ""), access)
        views = views_of(resource.name, access)
        return Response({"results": [_shown(view, access) for view in views]})

    @extend_schema(
        operation_id="backoffice_saved_view_create",
        tags=["backoffice.saved_view"],
        request=NewViewInput,
        responses={201: ViewSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Keep a view."""
        given = NewViewInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        name = asked.pop("object")
        view = save_view(context_of(request), object_name=name, **asked)
        return Response(_shown(view, cast("Prepared", request).access), status=201)


class ViewEndpoint(APIView):
    """One view of a list."""

    permission: str = CHANGE
    serializer_class = ViewSerializer

    @extend_schema(
        operation_id="backoffice_saved_view_change",
        tags=["backoffice.saved_view"],
        request=ViewInput,
        responses={200: ViewSerializer},
        parameters=[KEY],
    )
    def put(self, request: Request, pk: int) -> Response:
        """Change what it is called, for whom it is, and whether the list opens with it."""
        given = ViewInput(data=request.data)
        given.is_valid(raise_exception=True)
        view = change_view(context_of(request), view_id=pk, **given.validated_data)
        return Response(_shown(view, cast("Prepared", request).access))

    @extend_schema(
        operation_id="backoffice_saved_view_remove",
        tags=["backoffice.saved_view"],
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Forget it."""
        remove_view(context_of(request), view_id=pk)
        return Response(status=204)


def _shown(view: SavedView, access: Access) -> Any:  # noqa: ANN401  JSON
    return ViewSerializer(view, context={"user_id": access.user_id}).data
