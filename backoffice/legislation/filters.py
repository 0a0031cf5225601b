"""What the list of legal tables can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.law.models import KIND_TITLES, Certainty, LegalTable
from backoffice.law.rules import DUTY_PREFIX

STATES: dict[str, str | Promise] = {
    "draft": _("Draft"),
    "current": _("In force"),
    "ended": _("Ended"),
    "replaced": _("Replaced"),
}
DUTIES = "duties"


def of_kind(rows: QuerySet[LegalTable], _name: str, value: str) -> QuerySet[LegalTable]:
    """The versions of one table, or the rules of all duties."""
    return rows.filter(kind__startswith=DUTY_PREFIX) if value == DUTIES else rows.filter(kind=value)


class LegalTableFilter(django_filters.FilterSet):
    """Tables of one kind, in one state, as sure as one says."""

    kind = django_filters.ChoiceFilter(
        label=_("Table"),
        method=of_kind,
        choices=[*KIND_TITLES.items(), (DUTIES, _("Duties"))],
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(STATES.items()))
    certainty = django_filters.ChoiceFilter(label=_("Certainty"), choices=Certainty.choices)

    class Meta:
        model = LegalTable
        fields: list[Any] = []
