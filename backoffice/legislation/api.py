"""Shapes in which the API shows the law, and endpoints that are no objects."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.database.keyset import BadQuery
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.rules import Access
from backoffice.law.models import Certainty, LegalTable
from backoffice.legislation import selectors
from backoffice.legislation.duties import DueDuty, coming_duties
from backoffice.legislation.registry import Effect, effects_of
from backoffice.resources.fields import CompetenceField
from backoffice.web.fields import DateField

MOST_DAYS = 400
AHEAD = dt.timedelta(days=60)
FIRST_YEAR, LAST_YEAR = 1990, 2099


class LegalTableSerializer(serializers.ModelSerializer[LegalTable]):
    """A version of a legal table; figures are text, rates are fractions."""

    title = serializers.CharField(source="kind_title", read_only=True)
    state = serializers.CharField(read_only=True)
    entered_by = serializers.CharField(source="entered_by_name", read_only=True, allow_null=True)
    payload = serializers.JSONField(read_only=True)

    class Meta:
        model = LegalTable
        fields: ClassVar = [
            "id",
            "kind",
            "title",
            "state",
            "valid_from",
            "valid_to",
            "confirmed_through",
            "known_from",
            "act",
            "source",
            "certainty",
            "payload",
            "corrects",
            "replaced_on",
            "entered_by",
            "verified_by",
            "verified_on",
            "verified_at",
        ]
        read_only_fields = fields


class AmountSerializer(serializers.Serializer[Any]):
    """A difference in BRL, as text with two decimals, and what of."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a field, not ours
    amount = serializers.DecimalField(max_digits=15, decimal_places=2, read_only=True)


class EffectSerializer(serializers.Serializer[Effect]):
    """What a change of tables changes in one document."""

    title = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    count = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)
    amounts = AmountSerializer(many=True, read_only=True)
    note = serializers.CharField(read_only=True)


class EffectsSerializer(serializers.Serializer[Any]):
    """What a change of tables changes in all documents that this person may see."""

    results = EffectSerializer(many=True, read_only=True)


class DueDutySerializer(serializers.Serializer[DueDuty]):
    """A duty of one month and the day on which it is due."""

    code = serializers.CharField(read_only=True)
    name = serializers.CharField(source="rule.name", read_only=True)
    month = CompetenceField(read_only=True)
    due = serializers.DateField(read_only=True)
    responsible = serializers.CharField(source="rule.responsible", read_only=True)
    verified = serializers.BooleanField(read_only=True)
    legal_table = serializers.IntegerField(source="version.id", read_only=True)
    act = serializers.CharField(source="version.act", read_only=True)
    certainty = serializers.ChoiceField(
        Certainty.choices, source="version.certainty", read_only=True
    )
    amount = serializers.DecimalField(
        source="work.amount",
        max_digits=15,
        decimal_places=2,
        read_only=True,
        allow_null=True,
        default=None,
    )


class DueDutiesSerializer(serializers.Serializer[Any]):
    """The duties of a time, earliest first."""

    results = DueDutySerializer(many=True, read_only=True)


class LawEndpoint(APIView):
    """An endpoint for who may see legal tables."""

    permission = selectors.VIEW

    @property
    def access(self) -> Access:
        """Who asks."""
        return cast("Prepared", self.request).access


class EffectEndpoint(LawEndpoint):
    """GET: what verifying a draft, or confirming a table for longer, would change."""

    @extend_schema(
        operation_id="backoffice_legal_tables_effect",
        tags=["backoffice"],
        parameters=[OpenApiParameter("through", dt.date, description="Confirm through this day.")],
        responses={200: EffectsSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Compute the effect now, from the facts as they are; nothing is written."""
        row = get_object_or_404(selectors.visible_tables(self.access), pk=pk)
        _refuse_unknown(request.query_params, {"through"})
        if row.verified_on is None:
            proposal = selectors.verifying(row)
        else:
            through = _day(request.query_params, "through", None)
            proposal = selectors.confirming([row.pk], through)
        found = effects_of(self.access, proposal)
        return Response(EffectsSerializer({"results": found}).data)


class DutiesEndpoint(LawEndpoint):
    """GET: the duties of the company that fall due from one day to another."""

    @extend_schema(
        operation_id="backoffice_duties_list",
        tags=["backoffice"],
        parameters=[
            OpenApiParameter("from", dt.date, description="First due day; today without it."),
            OpenApiParameter("to", dt.date, description="Last due day; 60 days later without it."),
        ],
        responses={200: DueDutiesSerializer},
    )
    def get(self, request: Request) -> Response:
        """The duties, earliest first."""
        asked = request.query_params
        _refuse_unknown(asked, {"from", "to"})
        first = _day(asked, "from", self.access.on)
        last = _day(asked, "to", first + AHEAD)
        if not first <= last <= first + dt.timedelta(days=MOST_DAYS):
            message = _("Ask for at most %(days)s days.") % {"days": MOST_DAYS}
            raise BadQuery("bad_days", message, fields={"to": message})
        found = coming_duties(self.access, first, last)
        return Response(DueDutiesSerializer({"results": found}).data)


def _refuse_unknown(given: Mapping[str, str], known: set[str]) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        message = _("Unknown parameters: %(names)s.") % {"names": ", ".join(unknown)}
        fields = dict.fromkeys(unknown, _("Unknown parameter."))
        raise BadQuery("unknown_parameter", message, fields=fields)


def _day(given: Mapping[str, str], name: str, default: dt.date | None) -> dt.date:
    text = given.get(name, "")
    try:
        found: dt.date | None = DateField(required=False).clean(text) or default
    except ValidationError as error:
        raise BadQuery("bad_day", error.messages[0], fields={name: error.messages[0]}) from None
    if found is None:
        message = _("Say which day, such as 2026-12-31.")
        raise BadQuery("bad_day", message, fields={name: message})
    if not FIRST_YEAR <= found.year <= LAST_YEAR:  # holidays are known for these years
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        said = _("Choose a year between %(first)s and %(last)s.") % years
        raise BadQuery("bad_day", said, fields={name: said})
    return found
