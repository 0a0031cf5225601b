"""What the pages of people and their roles show."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import Invitation
from backoffice.accounts.selectors import asked_reset, attempts_on, factors_of, linked_to_company
from backoffice.br.tax_id import format as format_cpf
from backoffice.identity import catalogue
from backoffice.identity.catalogue import STANDARD_ROLES
from backoffice.identity.models import Delegation, Role, RoleGrant, User, UserKind
from backoffice.identity.rules import Access, Scope
from backoffice.identity.selectors import (
    delegations_visible_to,
    grants_on,
    in_scope,
    tokens_of,
    users_visible_to,
)


def visible_users(access: Access) -> QuerySet[User]:
    """People with a role in the company, now or once, with their ``state``."""
    return _with_state(users_visible_to(access).filter(kind=UserKind.PERSON))


def visible_programs(access: Access) -> QuerySet[User]:
    """Programs with a role in the company, now or once, with their ``state``."""
    return _with_state(users_visible_to(access).filter(kind=UserKind.SERVICE))


def _with_state(rows: QuerySet[User]) -> QuerySet[User]:
    return rows.select_related("person", "owner").annotate(
        state=Case(
            When(is_active=True, then=Value("active")),
            default=Value("inactive"),
            output_field=CharField(),
        )
    )


def _standard(path: str, what: str) -> list[When]:
    """The translated words of the standard roles."""
    return [
        When(
            **{f"{path}company": None, f"{path}code": role.code},
            then=Value(str(getattr(role, what))),
        )
        for role in STANDARD_ROLES
    ]


def visible_roles(access: Access) -> QuerySet[Role]:
    """Standard roles and those of the company, for who sees roles company-wide.

    With ``role_label`` and ``role_explanation`` to read, ``state`` (standard, own, retired), ``size``
    (how many permissions) and ``holders`` (people who hold it in the company today).
    """
    here = Q(company=None) | Q(company_id=access.company_id)
    holding = grants_on(access.on).filter(company_id=access.company_id, role_id=OuterRef("pk"))
    counted = (
        holding.order_by().values("role_id").annotate(n=Count("user_id", distinct=True)).values("n")
    )
    rows = Role.objects.filter(here).annotate(
        role_label=Case(*_standard("", "name"), default=F("name"), output_field=CharField()),
        role_explanation=Case(
            *_standard("", "description"), default=F("description"), output_field=CharField()
        ),
        state=Case(
            When(company=None, then=Value("standard")),
            When(active=False, then=Value("retired")),
            default=Value("own"),
            output_field=CharField(),
        ),
        size=Coalesce(
            Func(F("permissions"), function="cardinality"), 0, output_field=IntegerField()
        ),
        holders=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )
    return rows if access.scope("backoffice.role.view") is Scope.COMPANY else rows.none()


def visible_delegations(access: Access) -> QuerySet[Delegation]:
    """One's own delegations, or all of the company, with their ``situation`` today."""
    rows = (
        delegations_visible_to(access)
        .select_related("giver", "taker")
        .annotate(situation=_situation(access.on))
    )
    return rows if access.can("backoffice.delegation.view") else rows.none()


def _situation(today: dt.date) -> Case:
    return Case(
        When(Q(ended_at__isnull=False) | Q(valid_to__lt=today), then=Value("ended")),
        When(valid_from__gt=today, then=Value("planned")),
        default=Value("current"),
        output_field=CharField(),
    )


def permissions_panel(record: Role | Delegation, _access: Access) -> dict[str, Any]:
    """What a role or a delegation allows, in words, by area."""
    known = catalogue.permissions()
    groups: dict[str, list[str]] = defaultdict(list)
    for name in record.permissions:
        if name in known:
            groups[str(catalogue.area_label(known[name].area))].append(str(known[name].label))
    return {"groups": [(area, sorted(labels)) for area, labels in groups.items()]}


def program_tokens_panel(record: User, access: Access) -> dict[str, Any]:
    """The tokens of a program, and whether this person may make one."""
    keeps = access.can("backoffice.service_account.change")
    return {
        "tokens": tokens_of(record),
        "now": dt.datetime.combine(access.on, dt.time(), dt.UTC),
        "may_make": record.is_active and (keeps or record.owner_id == access.user_id),
        "tokens_title": _("Tokens"),
    }


def program_url(program: User) -> str:
    """The page of a program."""
    return reverse("backoffice.service_account.detail", args=[program.pk])


def program_of(access: Access, pk: int) -> User | None:
    """A program for which this person makes tokens: their own, or any with the permission."""
    keeps = access.can("backoffice.service_account.change")
    mine = Q() if keeps else Q(owner_id=access.user_id)
    here = RoleGrant.objects.filter(company_id=access.company_id).values("user_id")
    return User.objects.filter(mine, pk=pk, kind=UserKind.SERVICE, pk__in=here).first()


def holders_of(role: Role) -> QuerySet[RoleGrant]:
    """Who holds a role of the company now or later, with their accounts."""
    return (
        RoleGrant.objects.filter(role=role, ended_at__isnull=True)
        .select_related("user")
        .order_by("user__name", "pk")
        .distinct()
    )


def access_panel(record: User, access: Access) -> dict[str, Any] | None:
    """How somebody gets in, and what can be done about it; for who may do any of it."""
    own = record.pk == access.user_id
    return {
        "invite": not own and record.is_active and access.can("backoffice.user.invite"),
        "look": not own and record.is_active and access.can("backoffice.user.impersonate"),
        "factors": factors_of(record.pk),
        "password": record.has_usable_password(),
        "login": record.email or (format_cpf(record.person.tax_id) if record.person else ""),
        "invitation": Invitation.objects.filter(
            user=record, used_at__isnull=True, revoked_at__isnull=True
        ).first(),
        "reset": asked_reset(record),
        "linked": linked_to_company(record),
    }


def visible_grants(access: Access) -> QuerySet[RoleGrant]:
    """Roles of people in the company, with ``situation`` today and ``role_label`` to read."""
    return (
        in_scope(RoleGrant.objects.all(), access, "backoffice.user.view")
        .select_related("user", "role", "branch")
        .annotate(
            role_label=Case(
                *_standard("role__", "name"), default=F("role__name"), output_field=CharField()
            ),
            situation=_situation(access.on),
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


def why_not_my_role(record: Role, access: Access) -> Promise | None:
    """Why not, when the person holds the role."""
    held = grants_on(access.on).filter(user_id=access.user_id, role_id=record.pk)
    return _("Nobody changes their own roles.") if held.exists() else None


def what_retiring(record: Role, _access: Access) -> str:
    """What retiring a role does and does not."""
    return ngettext(
        "The role cannot be given any more. %(holders)s person keeps it until it ends.",
        "The role cannot be given any more. %(holders)s people keep it until it ends.",
        record.holders,  # type: ignore[attr-defined]  # annotated
    ) % {"holders": record.holders}  # type: ignore[attr-defined]


def why_not_locked(record: User, access: Access) -> Promise | None:
    """Why nobody needs to unlock the account."""
    if record.pk == access.user_id:
        return _("Ask another administrator to change your account.")
    return (
        None if attempts_on(record, timezone.now()).exists() else _("This account is not locked.")
    )


def why_no_factor_reset(record: User, access: Access) -> Promise | None:
    """Why a reset of the second factors cannot be asked."""
    if record.pk == access.user_id:
        return _("Ask another administrator to change your account.")
    if not factors_of(record.pk).any:
        return _("This account has no second factor.")
    return _("This is already asked.") if asked_reset(record) else None


def why_not_reset(record: User, access: Access) -> Promise | None:
    """Why the second factors cannot be reset by this person now."""
    asked = asked_reset(record)
    if asked is None:
        return _("Nobody asked for this.")
    mine = access.user_id in {asked.asked_by_id, record.pk}
    return _("You asked for this; another person decides.") if mine else None


def what_reset(record: User, _access: Access) -> str:
    """Who asked for the reset, and why."""
    asked = asked_reset(record)
    if asked is None:
        return ""
    return gettext("%(name)s asked for this: %(reason)s") % {
        "name": asked.asked_by,
        "reason": asked.reason,
    }
