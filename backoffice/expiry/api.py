"""The radar over REST, with the same lines and refusals as the page."""

import datetime as dt
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.expiry import services
from backoffice.expiry.registry import EXPIRIES
from backoffice.expiry.rules import Group
from backoffice.expiry.selectors import Line, Narrowing, radar
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of


class LineSerializer(serializers.Serializer[Any]):
    """One thing that ends, as the caller sees it."""

    kind = serializers.CharField(help_text=_("Name of the kind: `hr.trial`"))
    kind_label = serializers.CharField()
    record = serializers.IntegerField()
    title = serializers.CharField()
    ends_on = serializers.DateField()
    days = serializers.IntegerField(
        help_text=_("Days until the last one; less than zero once it is past")
    )
    group = serializers.ChoiceField(choices=[each.value for each in Group])
    responsible = serializers.CharField(allow_blank=True)
    snoozed_until = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    noted = serializers.BooleanField(help_text=_("Somebody took note since the last warning"))
    url = serializers.CharField()
    renew_url = serializers.CharField(allow_blank=True)


class RadarSerializer(serializers.Serializer[Any]):
    """The lines, soonest first; at most 500."""

    results = LineSerializer(many=True)


class NoteInput(serializers.Serializer[Any]):
    """Which thing."""

    kind = serializers.CharField(max_length=80)
    record = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class SnoozeInput(NoteInput):
    """Which thing, until when, and why."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class WantedSerializer(serializers.Serializer[Any]):
    """What the radar is narrowed by."""

    kind = serializers.ChoiceField(choices=[], required=False, default="")
    until = serializers.DateField(required=False, default=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  the framework's own
        super().__init__(*args, **kwargs)
        self.fields["kind"] = serializers.ChoiceField(
            choices=sorted(EXPIRIES), required=False, default=""
        )


def as_json(line: Line) -> dict[str, Any]:
    """One line as the API and exports show it."""
    ending, mark = line.ending, line.mark
    return {
        "kind": ending.kind.name,
        "kind_label": str(ending.kind.label),
        "record": ending.pk,
        "title": ending.title,
        "ends_on": ending.ends_on,
        "days": line.days,
        "group": line.group.value,
        "responsible": line.responsible,
        "snoozed_until": mark.snoozed_until if mark else None,
        "reason": mark.reason if mark else "",
        "noted": line.noted,
        "url": ending.url,
        "renew_url": line.renew_url,
    }


class Radar(APIView):
    """What ends, soonest first."""

    permission = services.MARK

    @extend_schema(
        operation_id="backoffice_expiry_list",
        tags=["backoffice.expiry"],
        parameters=[
            OpenApiParameter("kind", str, description="Name of a kind"),
            OpenApiParameter("until", dt.date, description="Last day to look at"),
        ],
        responses=RadarSerializer,
    )
    def get(self, request: Request) -> Response:
        """All lines that the caller sees."""
        wanted = WantedSerializer(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        access = cast("Prepared", self.request).access
        lines = radar(access, Narrowing(kind=given["kind"], until=given["until"]))
        return Response({"results": [as_json(line) for line in lines]})


class SnoozeEndpoint(APIView):
    """Let one thing sleep."""

    permission = services.MARK

    @extend_schema(
        operation_id="backoffice_expiry_snooze",
        tags=["backoffice.expiry"],
        request=SnoozeInput,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        """Until a day, for a reason."""
        given = SnoozeInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        services.snooze(context_of(request), record_id=data.pop("record"), **data)
        return Response(status=204)


class NoteEndpoint(APIView):
    """Take note of one thing."""

    permission = services.MARK

    @extend_schema(
        operation_id="backoffice_expiry_acknowledge",
        tags=["backoffice.expiry"],
        request=NoteInput,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        """Until the next threshold."""
        given = NoteInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        services.acknowledge(context_of(request), kind=data["kind"], record_id=data["record"])
        return Response(status=204)
