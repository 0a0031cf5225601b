"""What the list of parties can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party, PartyKind, PartyRole
from backoffice.parties.rules import ROLES

STATES: dict[str, str | Promise] = {
    "current": _("Current"),
    "ended": _("Ended"),
    "merged": _("Merged"),
}


class PartyFilter(django_filters.FilterSet):
    """Parties in a role, of one kind, still something to the company or not."""

    role = django_filters.ChoiceFilter(
        label=_("Role"), method="in_role", choices=list(ROLES.items())
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PartyKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(STATES.items()))

    class Meta:
        model = Party
        fields: list[Any] = []

    def in_role(self, rows: QuerySet[Party], _name: str, value: str) -> QuerySet[Party]:
        """Parties that are, or were, this to the company of the request."""
        company = self.request.access.company_id
        roles = PartyRole.objects.filter(company_id=company, party_id=OuterRef("pk"), kind=value)
        return rows.filter(Exists(roles))
