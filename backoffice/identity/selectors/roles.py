"""Who holds which role, and what each role may do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from backoffice.identity import catalogue
from backoffice.identity.models import SCOPES, Role, RoleGrant, User
from backoffice.identity.rules import lent_by
from backoffice.identity.selectors.access import access_of, grants_on
from backoffice.identity.selectors.standing import delegations_on


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


@dataclass(frozen=True, slots=True)
class Source:
    """Where a right comes from: a role that somebody holds, or a person they stand in for."""

    label: str
    scope: str
    since: dt.date
    until: dt.date | None
    by_delegation: bool


@dataclass(frozen=True, slots=True)
class Right:
    """One permission that somebody has, and why."""

    name: str
    label: str
    guarded: bool
    sources: Sequence[Source]


def effective_permissions(
    user: User, company_id: int, on: dt.date
) -> list[tuple[str, list[Right]]]:
    """Every permission of an account in a company on a day, with its sources, by area.

    What everybody may do for themselves is left out. What a delegation lends stands beside the
    person's own roles, and counts only while they act for the other.
    """
    sources: dict[str, list[Source]] = {}
    held = grants_on(on).filter(user_id=user.pk, company_id=company_id)
    for grant in held.select_related("role", "branch").order_by("role__code", "pk"):
        scope = grant.get_scope_display() + (f": {grant.branch}" if grant.branch else "")
        found = Source(
            str(grant.role), scope, grant.valid_from, grant.valid_to, by_delegation=False
        )
        for name in grant.role.permissions:
            sources.setdefault(name, []).append(found)
    lent = delegations_on(on).filter(taker_id=user.pk, company_id=company_id)
    for row in lent.select_related("giver"):
        giver = access_of(row.giver, company_id, on)
        for name in lent_by(giver, catalogue.lendable() & set(row.permissions)):
            scope = str(dict(SCOPES)[giver.grants[name].value])
            found = Source(str(row.giver), scope, row.valid_from, row.valid_to, by_delegation=True)
            sources.setdefault(name, []).append(found)
    areas: dict[str, list[Right]] = {}
    for name, known in catalogue.permissions().items():
        if name in sources:
            right = Right(name, str(known.label), known.guarded, sources[name])
            areas.setdefault(known.area, []).append(right)
    return [(str(catalogue.area_label(area)), rows) for area, rows in areas.items()]
