"""Named reads: what a person may do where, whose rows they see, who holds which role."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backoffice.identity import catalogue
from backoffice.identity.models import ApiToken, Role, RoleGrant, User
from backoffice.identity.rules import (
    Access,
    Granted,
    Reach,
    Scope,
    Secret,
    merge_grants,
    token_digest,
)
from backoffice.organization.models import Company
from backoffice.organization.selectors import placements_on, team_person_ids

__all__ = [
    "Access",
    "HeldRole",
    "Matrix",
    "MatrixRow",
    "Reach",
    "Scope",
    "access_of",
    "access_of_token",
    "companies_of",
    "grants_on",
    "held_roles",
    "in_scope",
    "nobody",
    "role_matrix",
    "team_of",
    "tokens_of",
    "usable_token",
    "users_visible_to",
]

M = TypeVar("M", bound=Model)


def grants_on(on: dt.date) -> QuerySet[RoleGrant]:
    """The roles in force on a day, of active accounts."""
    return RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        valid_from__lte=on,
        ended_at__isnull=True,
        user__is_active=True,
    )


def nobody(on: dt.date) -> Access:
    """The access of who is not logged in: none."""
    return Access(user_id=0, company_id=0, person_id=None, on=on, grants={})


def access_of(user: User, company_id: int | None, on: dt.date) -> Access:
    """What a person may do in a company on a day, in one statement.

    Nothing is kept between requests: a role that was given or taken away counts at once. For no
    company, or one in which the person has no role, the answer has the company 0 and only what
    every account may do for itself.
    """
    granted = [
        Granted(Scope(scope), branch_id, permissions)
        for scope, branch_id, permissions in grants_on(on)
        .filter(user_id=user.pk, company_id=company_id or 0)
        .values_list("scope", "branch_id", "role__permissions")
    ]
    mine = catalogue.everyone() if user.is_active else ()
    scopes, branches, teams = merge_grants(granted, mine)
    return Access(
        user_id=user.pk,
        company_id=(company_id or 0) if granted else 0,
        person_id=user.person_id,
        on=on,
        grants=scopes,
        branches=branches,
        teams=teams,
    )


def access_of_token(token: ApiToken, on: dt.date) -> Access:
    """What a token may do: its owner's rights of this day, cut down to its scopes."""
    allowed = {
        name
        for name in token.scopes
        if (known := catalogue.permissions().get(name)) is not None and known.tokens
    }
    access = access_of(token.user, token.company_id, on)
    return access.limited_to(allowed, token_id=token.pk)


def usable_token(secret: Secret, at: dt.datetime) -> ApiToken | None:
    """The token with this secret, with its owner, if it may be used at that moment."""
    return (
        ApiToken.objects.select_related("user")
        .filter(
            digest=token_digest(secret),
            revoked_at__isnull=True,
            expires_at__gt=at,
            user__is_active=True,
        )
        .first()
    )


def companies_of(user: User, on: dt.date) -> QuerySet[Company]:
    """The companies in which a person has a role on a day, by name."""
    return Company.objects.filter(
        pk__in=grants_on(on).filter(user_id=user.pk).values("company_id")
    ).order_by("trade_name", "pk")


def team_of(access: Access) -> frozenset[int]:
    """Persons below the one behind the access, through all levels, read once for each request."""
    if access.person_id is None:
        return frozenset()
    if "team" not in access.memo:
        access.memo["team"] = team_person_ids(access.company_id, access.person_id, access.on)
    team: frozenset[int] = access.memo["team"]
    return team


def in_scope(
    queryset: QuerySet[M], access: Access, permission: str, *, person: str = ""
) -> QuerySet[M]:
    """The rows of the company that ``permission`` lets this person reach; none without it.

    The model has ``company``; ``person`` as in ``reached``.
    """
    rows = queryset.filter(company_id=access.company_id)
    among = reached(access, permission, person=person)
    return rows.filter(among) if isinstance(among, Q) else rows if among else rows.none()


def reached(access: Access, permission: str, *, person: str = "") -> Q | bool:
    """Which of the company's rows ``permission`` reaches: a condition, or simply all or none.

    Args:
        access: Who asks.
        permission: What they want to do with the rows.
        person: The path to the key of the party whose row it is, such as ``employee__party_id``;
            without it the rows are nobody's own, and only the scope "whole company" reaches them.
    """
    reach = access.reach(permission)
    if reach is None or reach.company:
        return reach is not None
    return _people(access, reach, person) if person else False


def _people(access: Access, reach: Reach, person: str) -> Q:
    """Own rows, those of the team, and those of whoever is placed in a branch today."""
    reached: set[int] = set() if access.person_id is None else {access.person_id}
    if reach.team:
        reached |= team_of(access)
    people = Q(**{f"{person}__in": reached})
    if reach.branch_ids:
        placed: Any = (
            placements_on(access.company_id, access.on)
            .filter(branch_id__in=reach.branch_ids)
            .values("person_id")
        )
        people |= Q(**{f"{person}__in": placed})
    return people


def users_visible_to(access: Access) -> QuerySet[User]:
    """Accounts that have, or once had, a role in the company, if the person may see users."""
    if access.scope("backoffice.user.view") is not Scope.COMPANY:
        return User.objects.none()
    return User.objects.filter(
        pk__in=RoleGrant.objects.filter(company_id=access.company_id).values("user_id")
    )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as its holder reads it: what it is, for whose records, and what it allows."""

    grant: RoleGrant
    permissions: list[str]

    @property
    def scope_label(self) -> str:
        """For whose records it counts."""
        return self.grant.get_scope_display()


def held_roles(user: User, on: dt.date) -> list[HeldRole]:
    """The roles that a person holds on a day, with the words for what each may do."""
    rows = (
        grants_on(on)
        .filter(user_id=user.pk)
        .select_related("role", "company", "branch")
        .order_by("company__trade_name", "role__code", "pk")
    )
    known = catalogue.permissions()
    return [
        HeldRole(row, [str(known[name].label) for name in row.role.permissions if name in known])
        for row in rows
    ]


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's own tokens, usable ones first, then the newest."""
    return (
        ApiToken.objects.filter(user_id=user.pk)
        .select_related("company")
        .order_by(F("revoked_at").desc(nulls_first=True), "-pk")
    )


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One permission, and for each role of the matrix whether it is in it."""

    name: str
    label: str
    cells: Sequence[tuple[Role, bool]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which role may do what: roles with the number of their holders, and rows by area."""

    roles: Sequence[Role]
    areas: list[tuple[str, list[MatrixRow]]]


def role_matrix(company_id: int, on: dt.date) -> Matrix:
    """The standard roles and those of a company against every permission that a role can carry.

    Each role has ``holders``: how many active people hold it in the company on the day.
    """
    holding = grants_on(on).filter(company_id=company_id, role_id=OuterRef("pk")).order_by()
    counted = holding.values("role_id").annotate(n=Count("user_id", distinct=True)).values("n")
    order = {role.code: place for place, role in enumerate(catalogue.STANDARD_ROLES)}
    roles = sorted(
        Role.objects.filter(Q(company=None) | Q(company_id=company_id)).annotate(
            holders=Coalesce(Subquery(counted), 0)
        ),
        key=lambda role: (role.company_id is not None, order.get(role.code, 99), role.code),
    )
    areas: dict[str, list[MatrixRow]] = {}
    for permission in catalogue.permissions().values():
        if not permission.everyone:
            cells = [(role, permission.name in role.permissions) for role in roles]
            row = MatrixRow(permission.name, str(permission.label), cells)
            areas.setdefault(permission.area, []).append(row)
    return Matrix(roles, [(str(catalogue.area_label(area)), rows) for area, rows in areas.items()])
