"""Shapes in which the API shows the logs."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.audit.models import Event, ReadLog


class EventSerializer(serializers.ModelSerializer[Event]):
    """One thing that happened."""

    actor = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Event
        fields: ClassVar = [
            "id",
            "at",
            "recorded_at",
            "action",
            "actor_id",
            "actor",
            "on_behalf_of_id",
            "token_id",
            "channel",
            "target_type",
            "target_id",
            "data",
            "reason",
            "request_id",
        ]
        read_only_fields = fields


class ReadingSerializer(serializers.ModelSerializer[ReadLog]):
    """One request that showed restricted data."""

    reader = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = ReadLog
        fields: ClassVar = [
            "id",
            "at",
            "kind",
            "ids",
            "user_id",
            "reader",
            "token_id",
            "channel",
            "request_id",
        ]
        read_only_fields = fields
