"""Jobs over REST: what runs, how far it is, what failed; cancel and retry."""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.commands import Context
from backoffice.database.keyset import BadQuery, Sort, page
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access
from backoffice.jobs import selectors, services
from backoffice.jobs.display import ShownJob, show
from backoffice.jobs.models import Job, JobItemError, JobResult, JobState
from backoffice.jobs.views import send_result

PAGE_SIZE = 50
MAX_LIMIT = 200
ERRORS_SHOWN = 200
PARAMETERS = frozenset({"state", "after", "limit"})


class JobSerializer(serializers.Serializer[ShownJob]):
    """A job and how far it is."""

    id = serializers.IntegerField(source="job.pk", read_only=True)
    kind = serializers.CharField(source="job.kind", read_only=True)
    title = serializers.CharField(source="job.title", read_only=True)
    state = serializers.ChoiceField(JobState.choices, source="job.state", read_only=True)
    total = serializers.IntegerField(source="progress.total", read_only=True)
    done = serializers.IntegerField(source="progress.done", read_only=True)
    failed = serializers.IntegerField(source="progress.failed", read_only=True)
    percent = serializers.IntegerField(source="progress.percent", read_only=True)
    remaining_seconds = serializers.IntegerField(allow_null=True, read_only=True)
    target_type = serializers.CharField(source="job.target_type", read_only=True)
    target_id = serializers.IntegerField(source="job.target_id", allow_null=True, read_only=True)
    started_by = serializers.IntegerField(
        source="job.started_by_id", allow_null=True, read_only=True
    )
    created_at = serializers.DateTimeField(source="job.created_at", read_only=True)
    started_at = serializers.DateTimeField(source="job.started_at", allow_null=True, read_only=True)
    finished_at = serializers.DateTimeField(
        source="job.finished_at", allow_null=True, read_only=True
    )
    stop_requested_at = serializers.DateTimeField(
        source="job.stop_requested_at", allow_null=True, read_only=True
    )
    stop_code = serializers.CharField(source="job.stop_code", read_only=True)
    stop_message = serializers.CharField(source="job.stop_message", read_only=True)


class JobItemErrorSerializer(serializers.ModelSerializer[JobItemError]):
    """An item that could not be done, and why."""

    class Meta:
        model = JobItemError
        fields: ClassVar = ["key", "label", "code", "message"]
        read_only_fields = fields


class JobResultSerializer(serializers.ModelSerializer[JobResult]):
    """The file that a job made; its bytes are at ``result/``."""

    content_type = serializers.CharField(source="file.content_type", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)

    class Meta:
        model = JobResult
        fields: ClassVar = ["name", "content_type", "size", "expires_at"]
        read_only_fields = fields


class JobDetailSerializer(JobSerializer):
    """A job with the first items that failed; without them for who may not see what it works on."""

    item_errors = JobItemErrorSerializer(many=True, read_only=True)
    result = JobResultSerializer(allow_null=True, read_only=True)


class JobPageSerializer(serializers.Serializer[Any]):
    """One page of jobs and the address of the next."""

    results = JobSerializer(many=True, read_only=True)
    next = serializers.CharField(allow_null=True, read_only=True)


class JobEndpoint(APIView):
    """What all endpoints of jobs share."""

    permission: str = selectors.VIEW

    @property
    def access(self) -> Access:
        """Who asks."""
        return cast("Prepared", self.request).access

    def answer(self, pk: int) -> Response:
        """The job as this person may see it; 404 when there is none."""
        job = selectors.with_counts(selectors.visible_jobs(self.access)).filter(pk=pk).first()
        if job is None:
            raise Http404
        shown: dict[str, Any] = dict(JobSerializer(show(job, now=timezone.now())).data)
        errors = (
            selectors.open_errors(job)[:ERRORS_SHOWN]
            if selectors.may_see_items(self.access, job)
            else ()
        )
        shown["item_errors"] = JobItemErrorSerializer(errors, many=True).data
        result = selectors.result_of(self.access, job)
        shown["result"] = None if result is None else JobResultSerializer(result).data
        return Response(shown)

    def run(self, command: Callable[..., Job], pk: int) -> Response:
        """Run a command of a job and show the job as it then is."""
        ctx: Context = context_of(self.request)
        command(ctx, job_id=pk)
        return self.answer(pk)


class JobList(JobEndpoint):
    """The jobs that the caller may see, newest first."""

    @extend_schema(
        operation_id="backoffice_job_list",
        tags=["backoffice.job"],
        parameters=[
            OpenApiParameter("state", str, enum=JobState.values),
            OpenApiParameter("after", str, description="Cursor from `next`"),
            OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}"),
        ],
        responses=JobPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """One page of jobs."""
        asked = request.query_params
        unknown = sorted(asked.keys() - PARAMETERS)
        if unknown:
            raise BadQuery(
                "unknown_parameter",
                _("Unknown parameters: %(names)s.") % {"names": ", ".join(unknown)},
                fields=dict.fromkeys(unknown, _("Unknown parameter.")),
            )
        rows = selectors.visible_jobs(self.access)
        if "state" in asked:
            rows = rows.filter(state=_state(asked["state"]))
        order = Sort("-id", "pk", nullable=False)
        found = page(rows, ["pk"], order, limit=_limit(asked), after=asked.get("after", ""))
        jobs = selectors.with_counts(rows.filter(pk__in=[pk for (pk,) in found.rows]))
        now: dt.datetime = timezone.now()
        results = [JobSerializer(show(job, now=now)).data for job in jobs]
        return Response({"results": results, "next": _next(request, found.next)})


class JobRecord(JobEndpoint):
    """One job."""

    @extend_schema(
        operation_id="backoffice_job_retrieve",
        tags=["backoffice.job"],
        responses=JobDetailSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """How far it is, and what failed."""
        return self.answer(pk)


class JobResultContent(JobEndpoint):
    """The file that a job made."""

    @extend_schema(
        operation_id="backoffice_job_result",
        tags=["backoffice.job"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The bytes, for who started the job."""
        job = selectors.visible_jobs(self.access).filter(pk=pk).first()
        if job is None:
            raise Http404
        return send_result(request, job)


class CancelJob(JobEndpoint):
    """Cancel a job."""

    permission = "backoffice.job.cancel"

    @extend_schema(
        operation_id="backoffice_job_cancel",
        tags=["backoffice.job"],
        request=None,
        responses=JobDetailSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Stop what has not started; what is done stays done."""
        return self.run(services.cancel_job, pk)


class RetryJob(JobEndpoint):
    """Try again what failed in a job."""

    permission = "backoffice.job.retry"

    @extend_schema(
        operation_id="backoffice_job_retry",
        tags=["backoffice.job"],
        request=None,
        responses=JobDetailSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Parts that were set aside or cancelled, and failed items, are done again."""
        return self.run(services.retry_failed, pk)


def _state(text: str) -> str:
    if text not in JobState.values:
        message = _("A job does not have this state.")
        raise BadQuery("unknown_state", message, fields={"state": message})
    return text


def _limit(asked: Any) -> int:  # noqa: ANN401  a QueryDict
    text = asked.get("limit", str(PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LIMIT):
        message = _("“limit” is a number from 1 to %(most)s.") % {"most": MAX_LIMIT}
        raise BadQuery("bad_limit", message, fields={"limit": message})
    return int(text)


def _next(request: Request, cursor: str) -> str | None:
    """The address of the next page, with everything else that was asked for."""
    if not cursor:
        return None
    query = request.query_params.copy()
    query["after"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
