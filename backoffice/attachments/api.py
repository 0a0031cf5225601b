"""Documents over REST: what is said of them as any object; bytes come and go through their own doors."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms as django_forms
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from backoffice.attachments import forms, views
from backoffice.errors.limits import count
from backoffice.files import registry, services
from backoffice.files.models import Attachment
from backoffice.files.selectors import MANAGE, VIEW
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access
from backoffice.resources.api import api_url
from backoffice.resources.registry import RESOURCES

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request under the same key gives the first answer again.",
)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A document of a record, as it is now."""

    owner_name = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    file_key = serializers.UUIDField(source="file.key", read_only=True)
    content_type = serializers.CharField(source="file.content_type", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    received_sha256 = serializers.CharField(source="file.received_sha256", read_only=True)

    class Meta:
        model = Attachment
        fields: ClassVar = [
            "id",
            "owner_type",
            "owner_id",
            "owner_name",
            "title",
            "category",
            "note",
            "valid_until",
            "state",
            "version",
            "file_key",
            "file_name",
            "content_type",
            "size",
            "sha256",
            "received_sha256",
            "created_at",
            "changed_at",
        ]
        read_only_fields = fields


class AddInput(serializers.Serializer[Any]):
    """A document and the record that it is for."""

    owner = serializers.CharField()
    owner_id = serializers.IntegerField()
    file = serializers.FileField()
    category = serializers.CharField()
    title = serializers.CharField(required=False, allow_blank=True, max_length=150)
    valid_until = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class VersionInput(serializers.Serializer[Any]):
    """A new version of a document."""

    file = serializers.FileField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class FileEndpoint(APIView):
    """What all endpoints with files share."""

    permission: str = MANAGE
    parser_classes = (MultiPartParser,)

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count what is brought before anybody looks into it."""
        super().initial(request, *args, **kwargs)
        count("upload", self.access.user_id)

    @property
    def access(self) -> Access:
        """Who asks."""
        return cast("Prepared", self.request).access

    def answer(self, made: Attachment, status: int) -> Response:
        """The document as it now is."""
        resource = RESOURCES["backoffice.attachment"]
        row = resource.queryset(self.access).get(pk=made.pk)
        answer = Response(AttachmentSerializer(row).data, status=status)
        answer["Location"] = api_url(resource, made.pk)
        return answer


class AddEndpoint(FileEndpoint):
    """Attach a document to a record."""

    @extend_schema(
        operation_id="backoffice_attachment_add",
        tags=["backoffice.attachment"],
        request={"multipart/form-data": AddInput},
        responses={201: AttachmentSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Look into the file and attach it."""
        kind = registry.named(str(request.POST.get("owner", "")))
        owner_id = str(request.POST.get("owner_id", ""))
        known = owner_id.isascii() and owner_id.isdigit() and len(owner_id) < 19
        if kind is None or not known:
            wrong = "owner" if kind is None else "owner_id"
            raise exceptions.ValidationError({wrong: [_("There is no such record.")]})
        if not views.may_change(self.access, kind, int(owner_id)):
            raise Http404
        form = forms.AddForm(request.POST, request.FILES)
        forms.offer_categories(form, kind.categories)
        made = services.add_attachment(
            context_of(request), owner=kind.model, owner_id=int(owner_id), **_cleaned(form)
        )
        return self.answer(made, 201)


class VersionEndpoint(FileEndpoint):
    """Bring a new version of a document."""

    @extend_schema(
        operation_id="backoffice_attachment_replace",
        tags=["backoffice.attachment"],
        request={"multipart/form-data": VersionInput},
        responses={200: AttachmentSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Look into the file and make it the present version."""
        document = views.changeable(self.access, pk)
        form = forms.ReplaceForm(request.POST, request.FILES)
        made = services.replace_attachment(
            context_of(request), attachment_id=document.pk, **_cleaned(form)
        )
        return self.answer(made, 200)


class ContentEndpoint(APIView):
    """The bytes of one version of a document."""

    permission: str = VIEW

    @extend_schema(
        operation_id="backoffice_attachment_content",
        tags=["backoffice.attachment"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, key: UUID) -> HttpResponseBase:
        """The file, if this token may see the record that carries it."""
        return views.send(request, key)


def _cleaned(form: django_forms.Form) -> dict[str, Any]:
    """The cleaned values of a form.

    Raises:
        ValidationError: With every fault, by field.
    """
    if not form.is_valid():
        raise exceptions.ValidationError(
            {
                name: [exceptions.ErrorDetail(each["message"], each["code"]) for each in errors]
                for name, errors in form.errors.get_json_data().items()
            }
        )
    return form.cleaned_data
