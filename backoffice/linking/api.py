"""Links over REST: those of one record, a new one, and the end of one."""

from typing import Any, ClassVar, cast

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access
from backoffice.linking.selectors import as_shown, shown_links
from backoffice.links import services
from backoffice.links.fields import read, written
from backoffice.links.selectors import MANAGE, VIEW, Linked
from backoffice.links.services import RecordRef

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request under the same key gives the first answer again.",
)
RECORD = OpenApiParameter(
    "record", str, required=True, description="Object and key, such as `hr.employee:7`."
)


class LinkSerializer(serializers.Serializer[Linked]):
    """A link as it looks from one of its records."""

    id = serializers.IntegerField(source="link.pk")
    kind = serializers.CharField(source="link.kind")
    words = serializers.CharField()
    forward = serializers.BooleanField()
    record = serializers.SerializerMethodField()
    title = serializers.CharField()
    since = serializers.DateField(source="link.since")
    note = serializers.CharField(source="link.note")
    removable = serializers.BooleanField()

    def get_record(self, shown: Linked) -> str:
        """The record at the other end, such as ``hr.employee:7``."""
        return written(RecordRef(shown.kind.name, shown.pk))


class NewLinkSerializer(serializers.Serializer[Any]):
    """A new link: records as object and key, such as ``hr.employee:7``."""

    kind = serializers.CharField(max_length=80)
    source = serializers.CharField(max_length=100)  # type: ignore[assignment]  # a field, not ours
    target = serializers.CharField(max_length=100)
    since = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class RemovalSerializer(serializers.Serializer[Any]):
    """Why a link is taken away."""

    why = serializers.CharField(max_length=300, default="", allow_blank=True)


class LinksEndpoint(APIView):
    """The links of a record, and what makes one."""

    permission: ClassVar = {"GET": VIEW, "POST": MANAGE}

    @extend_schema(
        operation_id="backoffice_links_list",
        tags=["backoffice"],
        parameters=[RECORD],
        responses={200: LinkSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Links of one record to records that the caller sees."""
        record = _ref("record", request.query_params.get("record", ""))
        shown = shown_links(_access(request), record)
        if shown is None:
            raise Http404
        return Response([LinkSerializer(each).data for each in shown])

    @extend_schema(
        operation_id="backoffice_links_add",
        tags=["backoffice"],
        request=NewLinkSerializer,
        parameters=[KEY],
        responses={201: LinkSerializer},
    )
    def post(self, request: Request) -> Response:
        """Tie two records together."""
        body = NewLinkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        source, target = (_ref(name, given.pop(name)) for name in ("source", "target"))
        link = services.add_link(context_of(request), source=source, target=target, **given)
        return Response(LinkSerializer(as_shown(_access(request), link)).data, status=201)


class RemoveLinkEndpoint(APIView):
    """POST: take a link away."""

    permission = MANAGE

    @extend_schema(
        operation_id="backoffice_links_remove",
        tags=["backoffice"],
        request=RemovalSerializer,
        parameters=[KEY],
        responses={204: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take it away; the record keeps that it was there."""
        body = RemovalSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.remove_link(context_of(request), link_id=pk, why=body.validated_data["why"])
        return Response(status=204)


def _access(request: Request) -> Access:
    return cast("Prepared", request).access


def _ref(name: str, text: str) -> RecordRef:
    found = read(text)
    if found is None:
        message = _("Write the object and the key, such as hr.employee:7.")
        raise exceptions.ValidationError({name: [exceptions.ErrorDetail(str(message), "invalid")]})
    return found
