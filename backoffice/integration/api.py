"""Shapes of webhooks and deliveries, and the feed of changes."""

from typing import Any, ClassVar, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.database.keyset import BadQuery
from backoffice.identity.requests import Request as Prepared
from backoffice.integration.selectors import changes_after, event_json
from backoffice.outbox.models import Webhook, WebhookDelivery
from backoffice.outbox.rules import START, Position
from backoffice.outbox.selectors import horizon

LIMIT = 100
MOST = 1_000
LATEST = "latest"


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook; its secret is shown on its own page only."""

    waiting = serializers.IntegerField(read_only=True)
    failed = serializers.IntegerField(read_only=True)
    objects_told = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Webhook
        fields: ClassVar = [
            "id",
            "name",
            "url",
            "objects_told",
            "active",
            "stopped_because",
            "owner",
            "created_at",
            "waiting",
            "failed",
        ]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """An event on its way to a webhook."""

    class Meta:
        model = WebhookDelivery
        fields: ClassVar = [
            "id",
            "webhook",
            "event_id",
            "action",
            "event_at",
            "state",
            "attempts",
            "due_at",
            "status",
            "delivered_at",
        ]
        read_only_fields = fields


class ChangeSerializer(serializers.Serializer[Any]):
    """Something that happened to a record."""

    id = serializers.IntegerField(read_only=True)
    type = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    company = serializers.IntegerField(read_only=True, allow_null=True)
    object = serializers.CharField(read_only=True)
    object_id = serializers.IntegerField(read_only=True, allow_null=True)
    url = serializers.CharField(read_only=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """Changes in order; ask again with ``next`` as ``after``, at once when there is ``more``."""

    results = ChangeSerializer(many=True, read_only=True)
    next = serializers.CharField(read_only=True)
    more = serializers.BooleanField(read_only=True)


class ChangesEndpoint(APIView):
    """GET: what happened in the company, in an order in which nothing is ever skipped."""

    permission = "backoffice.change.view"

    @extend_schema(
        operation_id="changes_list",
        tags=["backoffice"],
        parameters=[
            OpenApiParameter(
                "after", str, description="The last `next`; without it from the start; or `latest`."
            ),
            OpenApiParameter(
                "limit", int, description="At most so many, 1 to 1000; 100 without it."
            ),
        ],
        responses={200: ChangesSerializer},
    )
    def get(self, request: Request) -> Response:
        """The changes behind a place that the caller may see."""
        asked = request.query_params
        unknown = sorted(asked.keys() - {"after", "limit"})
        if unknown:
            message = _("Unknown parameters: %(names)s.") % {"names": ", ".join(unknown)}
            raise BadQuery("unknown_parameter", message)
        if asked.get("after") == LATEST:
            return Response({"results": [], "next": str(horizon()), "more": False})
        access = cast("Prepared", request).access
        page = changes_after(access, _after(asked.get("after", "")), _limit(asked.get("limit", "")))
        rows = [event_json(event) for event in page.events]
        return Response({"results": rows, "next": str(page.next), "more": page.more})


def _after(text: str) -> Position:
    try:
        return Position.read(text) if text else START
    except ValueError:
        message = _("“after” is the “next” of an earlier answer.")
        raise BadQuery("bad_position", message, fields={"after": message}) from None


def _limit(text: str) -> int:
    if not text:
        return LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        message = _("“limit” is a number from 1 to %(most)s.") % {"most": MOST}
        raise BadQuery("bad_limit", message, fields={"limit": message})
    return int(text)
