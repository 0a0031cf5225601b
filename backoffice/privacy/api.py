"""Shapes of requests and holds, and the report about one person: a job that makes the file."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.identity.requests import context_of
from backoffice.privacy import services
from backoffice.privacy.models import LegalHold, PersonRequest

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request under the same key gives the first answer again.",
)


class ReportInput(serializers.Serializer[Any]):
    """About whom (the key of the party), and as what."""

    person_id = serializers.IntegerField(min_value=1)
    format = serializers.ChoiceField(
        choices=[(each.value, each.value) for each in services.ReportFormat]
    )


class ReportStarted(serializers.Serializer[Any]):
    """The job that makes the file; the file will be at `/api/v1/jobs/{job}/result/`."""

    job = serializers.IntegerField(read_only=True)


class ReportEndpoint(APIView):
    """Everything about one person."""

    permission: str = services.REPORT
    serializer_class = ReportInput

    @extend_schema(
        operation_id="backoffice_person_report_create",
        tags=["backoffice.person_report"],
        request=ReportInput,
        responses={202: ReportStarted},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Start the job."""
        given = ReportInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        job = services.create_report(
            context_of(request), person_id=asked["person_id"], format=asked["format"]
        )
        answer = Response({"job": job.pk}, status=202)
        answer["Location"] = f"/api/v1/jobs/{job.pk}/"
        return answer


class RequestSerializer(serializers.ModelSerializer[PersonRequest]):
    """A request of a data subject."""

    person_name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = PersonRequest
        fields: ClassVar = [
            "id",
            "person",
            "person_name",
            "kind",
            "said",
            "received_on",
            "due_on",
            "state",
            "answer",
            "answered_on",
        ]
        read_only_fields = fields


class HoldSerializer(serializers.ModelSerializer[LegalHold]):
    """A legal hold; without a person it covers the whole company."""

    state = serializers.CharField(read_only=True)
    person_name = serializers.CharField(
        source="person.name", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = LegalHold
        fields: ClassVar = [
            "id",
            "person",
            "person_name",
            "reason",
            "since",
            "until",
            "state",
            "placed_at",
            "released_at",
            "release_reason",
        ]
        read_only_fields = fields
