"""Shapes in which the API shows letters and templates, and the PDF of a letter."""

from typing import ClassVar, cast

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.identity.requests import Request as Prepared
from backoffice.letters import views
from backoffice.letters.models import Letter, LetterTemplate, LetterTemplateVersion
from backoffice.letters.selectors import VIEW, visible_letters


class TemplateSerializer(serializers.ModelSerializer[LetterTemplate]):
    """A template of letters."""

    state = serializers.CharField(read_only=True)

    class Meta:
        model = LetterTemplate
        fields: ClassVar = ["id", "name", "subject", "state", "latest", "active", "retired_at"]
        read_only_fields = fields


class VersionSerializer(serializers.ModelSerializer[LetterTemplateVersion]):
    """One text of a template."""

    by = serializers.CharField(source="by.name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = LetterTemplateVersion
        fields: ClassVar = ["number", "heading", "body", "note", "restored_from", "at", "by"]
        read_only_fields = fields


class TemplateDetailSerializer(TemplateSerializer):
    """A template with all its texts, newest first."""

    versions = serializers.SerializerMethodField()

    class Meta(TemplateSerializer.Meta):
        fields: ClassVar = [*TemplateSerializer.Meta.fields, "versions"]
        read_only_fields = fields

    @extend_schema_field(VersionSerializer(many=True))
    def get_versions(self, template: LetterTemplate) -> list[object]:
        """Every version."""
        rows = template.versions.select_related("by").order_by("-number")
        return [VersionSerializer(row).data for row in rows]


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """A letter as it was issued, without its text."""

    template = serializers.IntegerField(source="version.template_id", read_only=True)
    template_version = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Letter
        fields: ClassVar = [
            "id",
            "number",
            "heading",
            "template",
            "template_version",
            "subject_type",
            "subject_id",
            "subject_name",
            "issued_on",
            "issued_at",
            "state",
            "voided_at",
            "void_reason",
        ]
        read_only_fields = fields


class LetterDetailSerializer(LetterSerializer):
    """A letter with its text (Markdown) and the answers that were given."""

    class Meta(LetterSerializer.Meta):
        fields: ClassVar = [*LetterSerializer.Meta.fields, "text", "answers"]
        read_only_fields = fields


class LetterTextEndpoint(APIView):
    """GET: a letter word by word."""

    permission = VIEW

    @extend_schema(
        operation_id="backoffice_letters_text",
        tags=["backoffice.letter"],
        responses={200: LetterDetailSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The letter with its text; that it was read is written down."""
        access = cast("Prepared", request).access
        letter = get_object_or_404(visible_letters(access), pk=pk)
        views.log_letters(request, [pk])
        return Response(LetterDetailSerializer(letter).data)


class LetterPdfEndpoint(APIView):
    """GET: a letter as PDF."""

    permission = VIEW

    @extend_schema(
        operation_id="backoffice_letters_pdf",
        tags=["backoffice.letter"],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The file as it was printed; 404 until a worker has printed it."""
        return views.send(request, pk)
