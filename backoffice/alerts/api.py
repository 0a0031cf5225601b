"""Notifications over REST: what the caller was told, and that it was read."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.database.keyset import Sort, page
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access
from backoffice.notifications.models import Mail, Notification
from backoffice.notifications.selectors import notifications_of, unread_count
from backoffice.notifications.services import read_notifications

PAGE_SIZE = 50


class MailSerializer(serializers.ModelSerializer[Mail]):
    """A mail and what became of it; its text is only on the page."""

    class Meta:
        model = Mail
        fields: ClassVar = [
            "id",
            "message_id",
            "recipient",
            "subject",
            "state",
            "attempts",
            "due_at",
            "ended_at",
            "error",
            "created_at",
        ]
        read_only_fields = fields


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """One thing that the caller was told."""

    class Meta:
        model = Notification
        fields: ClassVar = ["id", "kind", "text", "url", "at", "read_at"]
        read_only_fields = fields


class NotificationPageSerializer(serializers.Serializer[Any]):
    """One page of notifications, how many are unread, and the cursor of the next page."""

    results = NotificationSerializer(many=True, read_only=True)
    unread = serializers.IntegerField(read_only=True)
    next = serializers.CharField(allow_null=True, read_only=True)


class ReadInput(serializers.Serializer[Any]):
    """Which notifications were read."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=500)


class NotificationList(APIView):
    """What the caller was told, newest first."""

    permission = "backoffice.notification.view"

    @property
    def access(self) -> Access:
        """Who asks."""
        return cast("Prepared", self.request).access

    @extend_schema(
        operation_id="backoffice_notification_list",
        tags=["backoffice.notification"],
        parameters=[OpenApiParameter("after", str, description="Cursor from `next`")],
        responses=NotificationPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """One page."""
        rows = notifications_of(self.access)
        order = Sort("-id", "pk", nullable=False)
        found = page(
            rows, ["pk"], order, limit=PAGE_SIZE, after=request.query_params.get("after", "")
        )
        shown = rows.filter(pk__in=[pk for (pk,) in found.rows])
        return Response(
            {
                "results": NotificationSerializer(shown, many=True).data,
                "unread": unread_count(self.access),
                "next": found.next or None,
            }
        )


class NotificationRead(APIView):
    """Mark notifications as read."""

    permission = "backoffice.notification.view"

    @extend_schema(
        operation_id="backoffice_notification_read",
        tags=["backoffice.notification"],
        request=ReadInput,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        """Those of the ids that are the caller's own."""
        given = ReadInput(data=request.data)
        given.is_valid(raise_exception=True)
        read_notifications(context_of(request), ids=given.validated_data["ids"])
        return Response(status=204)
