"""What lists of people and their roles can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.identity.models import Delegation, Role, RoleGrant, User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import grants_on

ROLE_STATES = (
    ("standard", _("Standard")),
    ("own", _("Of the company")),
    ("retired", _("Retired")),
)
STATES = (("active", _("Active")), ("inactive", _("Closed")))
SITUATIONS = (("current", _("In force")), ("planned", _("Planned")), ("ended", _("Ended")))


def _roles(request: object) -> QuerySet[Role]:
    """The roles of the company of the request."""
    company_id = getattr(getattr(request, "access", None), "company_id", 0)
    return Role.objects.filter(Q(company=None) | Q(company_id=company_id)).order_by("name")


class UserFilter(django_filters.FilterSet):
    """Accounts by state and by a role that they hold today."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES)
    role = django_filters.ModelChoiceFilter(label=_("Role"), queryset=_roles, method="by_role")

    class Meta:
        model = User
        fields = ["state", "role"]

    def by_role(self, rows: QuerySet[User], _name: str, role: Role) -> QuerySet[User]:
        """Accounts that hold the role in this company today."""
        access: Access = self.request.access
        holding = grants_on(access.on).filter(company_id=access.company_id, role=role)
        return rows.filter(pk__in=holding.values("user_id"))


class RoleGrantFilter(django_filters.FilterSet):
    """Roles of people by person, role and situation."""

    user = django_filters.NumberFilter(label=_("User"), field_name="user_id")
    role = django_filters.ModelChoiceFilter(label=_("Role"), queryset=_roles)
    situation = django_filters.ChoiceFilter(label=_("Situation"), choices=SITUATIONS)

    class Meta:
        model = RoleGrant
        fields = ["user", "role", "situation"]


class RoleFilter(django_filters.FilterSet):
    """Roles by kind."""

    state = django_filters.ChoiceFilter(label=_("Kind"), choices=ROLE_STATES)

    class Meta:
        model = Role
        fields = ["state"]


class ProgramFilter(django_filters.FilterSet):
    """Accounts of programs by state."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES)

    class Meta:
        model = User
        fields = ["state"]


class DelegationFilter(django_filters.FilterSet):
    """Delegations by situation."""

    situation = django_filters.ChoiceFilter(label=_("Situation"), choices=SITUATIONS)

    class Meta:
        model = Delegation
        fields = ["situation"]
