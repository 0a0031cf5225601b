"""The search in the API: the same records, in the same order, as on the page."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.database.keyset import BadQuery
from backoffice.errors.limits import count
from backoffice.identity.requests import Request as Prepared
from backoffice.resources import api
from backoffice.search import selectors, sources

LIMIT = 10
MOST = 50


class HitSerializer(serializers.Serializer[Any]):
    """One record that was found; ``similar`` when only with a typing error put right."""

    object = serializers.CharField(read_only=True)
    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField(read_only=True)
    hint = serializers.CharField(read_only=True)
    similar = serializers.BooleanField(read_only=True)
    url = serializers.CharField(read_only=True)


class KindSerializer(serializers.Serializer[Any]):
    """The best records of one object, and how many there are."""

    object = serializers.CharField(read_only=True)
    total = serializers.IntegerField(read_only=True)
    results = HitSerializer(many=True, read_only=True)


class FoundSerializer(serializers.Serializer[Any]):
    """What was found, the object that fits best first."""

    kinds = KindSerializer(many=True, read_only=True)


class SearchEndpoint(APIView):
    """GET: records of every object whose texts match, within what the caller may see."""

    permission = "backoffice.search.use"

    @extend_schema(
        operation_id="search",
        tags=["backoffice"],
        parameters=[
            OpenApiParameter("q", str, required=True, description="Words in any order."),
            OpenApiParameter("object", str, description="Only this object: `hr.employee`."),
            OpenApiParameter(
                "limit", int, description="Records of each object, 1 to 50; 10 without it."
            ),
        ],
        responses={200: FoundSerializer},
    )
    def get(self, request: Request) -> Response:
        """The best records of each object."""
        asked = request.query_params
        unknown = sorted(asked.keys() - {"q", "object", "limit"})
        if unknown:
            text = _("Unknown parameters: %(names)s.") % {"names": ", ".join(unknown)}
            raise BadQuery("unknown_parameter", text)
        if not asked.get("q", "").strip():
            message = _("Say what to look for.")
            raise BadQuery("nothing_asked", message, fields={"q": message})
        kind = asked.get("object", "")
        if kind and kind not in sources.names():
            message = _("There is no such object to look for.")
            raise BadQuery("unknown_object", message, fields={"object": message})
        access = cast("Prepared", request).access
        count("search", access.user_id)
        found = selectors.find(
            access, asked["q"], kinds=[kind] if kind else (), limit=_limit(asked.get("limit", ""))
        )
        return Response({"kinds": [_kind(group) for group in found]})


def _kind(group: selectors.Group) -> dict[str, Any]:
    resource = group.resource
    hits = [
        {
            "object": resource.name,
            "id": hit.pk,
            "title": hit.title,
            "hint": hit.hint,
            "similar": hit.similar,
            "url": api.api_url(resource, hit.pk),
        }
        for hit in group.hits
    ]
    return {"object": resource.name, "total": group.total, "results": hits}


def _limit(text: str) -> int:
    if not text:
        return LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MOST):
        message = _("“limit” is a number from 1 to %(most)s.") % {"most": MOST}
        raise BadQuery("bad_limit", message, fields={"limit": message})
    return int(text)
