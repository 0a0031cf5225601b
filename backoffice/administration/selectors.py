"""What the pages of people and their roles show."""

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.identity.catalogue import STANDARD_ROLES
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope, users_visible_to


def visible_users(access: Access) -> QuerySet[User]:
    """Accounts with a role in the company, now or once, with their ``state``."""
    return (
        users_visible_to(access)
        .select_related("person")
        .annotate(
            state=Case(
                When(is_active=True, then=Value("active")),
                default=Value("inactive"),
                output_field=CharField(),
            )
        )
    )


def visible_grants(access: Access) -> QuerySet[RoleGrant]:
    """Roles of people in the company, with ``situation`` today and ``role_label`` to read."""
    today = access.on
    return (
        in_scope(RoleGrant.objects.all(), access, "backoffice.user.view")
        .select_related("user", "role", "branch")
        .annotate(
            role_label=Case(
                *(
                    When(role__company=None, role__code=role.code, then=Value(str(role.name)))
                    for role in STANDARD_ROLES
                ),
                default=F("role__name"),
                output_field=CharField(),
            ),
            situation=Case(
                When(Q(ended_at__isnull=False) | Q(valid_to__lt=today), then=Value("ended")),
                When(valid_from__gt=today, then=Value("planned")),
                default=Value("current"),
                output_field=CharField(),
            ),
        )
    )


def roles_of(record: User, access: Access) -> QuerySet[RoleGrant]:
    """The roles of one person in the company, the newest first."""
    return visible_grants(access).filter(user=record).order_by("-valid_from", "-pk")


def why_not_own_account(record: User, access: Access) -> Promise | None:
    """Why not, when it is the person's own account."""
    own = record.pk == access.user_id
    return _("Ask another administrator to change your account.") if own else None


def why_not_own_role(record: RoleGrant, access: Access) -> Promise | None:
    """Why not, when it is the person's own role."""
    return _("Nobody changes their own roles.") if record.user_id == access.user_id else None
