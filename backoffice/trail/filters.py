"""What the logs can be narrowed by: who, what, when, and which record."""

from decimal import Decimal

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.audit.models import Event, ReadLog


def _day(label: object, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        field_name="at",
        lookup_expr=f"date__{lookup}",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class EventFilter(django_filters.FilterSet):
    """Events by person, action, day and record."""

    user = django_filters.NumberFilter(label=_("User"), field_name="actor_id")
    action = django_filters.CharFilter(label=_("Action begins with"), lookup_expr="startswith")
    since = _day(_("From"), "gte")
    until = _day(_("Until"), "lte")
    record_type = django_filters.CharFilter(label=_("Kind of record"), field_name="target_type")
    record = django_filters.NumberFilter(label=_("Key of the record"), field_name="target_id")
    request_id = django_filters.CharFilter(label=_("Request"))

    class Meta:
        model = Event
        fields = ["user", "action", "since", "until", "record_type", "record", "request_id"]


class ReadingFilter(django_filters.FilterSet):
    """Readings by person, kind of record, day and record."""

    user = django_filters.NumberFilter(label=_("User"), field_name="user_id")
    kind = django_filters.CharFilter(label=_("Kind of record"))
    since = _day(_("From"), "gte")
    until = _day(_("Until"), "lte")
    record = django_filters.NumberFilter(label=_("Key of the record"), method="by_record")

    class Meta:
        model = ReadLog
        fields = ["user", "kind", "since", "until", "record"]

    def by_record(self, rows: QuerySet[ReadLog], _name: str, key: Decimal) -> QuerySet[ReadLog]:
        """Readings that showed the record, alone or among others."""
        return rows.filter(ids__contains=[int(key)])
