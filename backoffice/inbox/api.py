"""Shapes in which the API shows approvals."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.work.models import Approval


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    """A request for approval, with the content that a vote must name by its hash."""

    class Meta:
        model = Approval
        fields: ClassVar = [
            "id",
            "permission",
            "title",
            "document_type",
            "document_id",
            "content",
            "content_hash",
            "mode",
            "required",
            "requested_by",
            "requested_at",
            "state",
            "decided_at",
            "voided_at",
        ]
        read_only_fields = fields
