"""Exports over REST: a job that makes the file, which is fetched from the job."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.exchange.cells import Format
from backoffice.exchange.services import exports
from backoffice.identity.requests import context_of

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
        job = exports.export_list(
            context_of(request),
            resource=asked["object"],
            query=asked["query"],
            format=asked["format"],
        )
        answer = Response({"job": job.pk, "rows": job.total}, status=202)
        answer["Location"] = f"/api/v1/jobs/{job.pk}/"
        return answer
