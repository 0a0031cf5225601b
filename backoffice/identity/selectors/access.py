"""What a person or token may do where, and whose rows they see."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    F,
    Model,
    Q,
    QuerySet,
)
from django.utils import timezone

from backoffice.database.statements import Slot, Statement
from backoffice.identity import catalogue
from backoffice.identity.models import ApiToken, RoleGrant, User
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

M = TypeVar("M", bound=Model)


def grants_on(on: dt.date | Slot) -> QuerySet[RoleGrant]:
    """The roles in force on a day, of accounts that are open on it."""
    return RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        open_accounts("user__", on),
        valid_from__lte=on,
        ended_at__isnull=True,
    )


def open_accounts(path: str, on: dt.date | Slot) -> Q:
    """Accounts at ``path`` that are active; a program only until its last day, with its owner."""
    return (
        Q(**{f"{path}is_active": True})
        & (Q(**{f"{path}expires_on__isnull": True}) | Q(**{f"{path}expires_on__gte": on}))
        & (Q(**{f"{path}owner__isnull": True}) | Q(**{f"{path}owner__is_active": True}))
    )


def nobody(on: dt.date) -> Access:
    """The access of who is not logged in: none."""
    return Access(user_id=0, company_id=0, person_id=None, on=on, grants={})


def access_of(
    user: User, company_id: int | None, on: dt.date, *, proved_until: dt.datetime | None = None
) -> Access:
    """What a person may do in a company on a day, in one statement.

    Nothing is kept between requests: a role that was given or taken away counts at once. For no
    company, or one in which the person has no role, the answer has the company 0 and only what
    every account may do for itself.
    """
    rows = _granted().rows(on=on, user=user.pk, company=company_id or 0)
    granted = [
        Granted(Scope(scope), branch_id, permissions)
        for scope, branch_id, permissions, _zone in rows
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
        guarded=catalogue.guarded(),
        proved_until=proved_until,
        zone=rows[0][3] if rows else "",
    )


def access_today(find: Callable[[dt.date], Access], at: dt.datetime) -> Access:
    """The access of the day that it is in its company at a moment; that clock counts from then on.

    A company in Acre is two hours behind São Paulo. Whoever calls puts the clock back afterwards.
    """
    on = timezone.localdate(at)
    access = find(on)
    if access.zone and access.zone != timezone.get_current_timezone_name():
        timezone.activate(access.zone)
        if timezone.localdate(at) != on:
            access = find(timezone.localdate(at))
    return access


@cache
def _granted() -> Statement:
    """The roles of one person in one company on a day; asked at every request."""
    return Statement(
        grants_on(Slot("on", DateField()))
        .filter(
            user_id=Slot("user", BigIntegerField()), company_id=Slot("company", BigIntegerField())
        )
        .values_list("scope", "branch_id", "role__permissions", "company__time_zone")
    )


def access_of_token(token: ApiToken, on: dt.date) -> Access:
    """What a token may do: its owner's rights of this day, cut down to its scopes.

    Permissions that ask for a fresh proof count only while the owner has unlocked the token.
    """
    allowed = {
        name
        for name in token.scopes
        if (known := catalogue.permissions().get(name)) is not None and known.tokens
    }
    access = access_of(token.user, token.company_id, on)
    return access.limited_to(allowed, token_id=token.pk, proved_until=token.proved_until)


def usable_token(secret: Secret, at: dt.datetime) -> ApiToken | None:
    """The token with this secret, with its owner, if it may be used at that moment."""
    found = _usable_tokens().rows(digest=token_digest(secret), at=at)
    if not found:
        return None
    names, owner_names = _attributes(ApiToken), _attributes(User)
    token = ApiToken.from_db(DEFAULT_DB_ALIAS, names, found[0][: len(names)])
    token.user = User.from_db(DEFAULT_DB_ALIAS, owner_names, found[0][len(names) :])
    return token


@cache
def _usable_tokens() -> Statement:
    return Statement(
        ApiToken.objects.filter(
            digest=Slot("digest", CharField()),
            revoked_at__isnull=True,
            expires_at__gt=Slot("at", DateTimeField()),
            user__is_active=True,
        ).values_list(*_attributes(ApiToken), *(f"user__{name}" for name in _attributes(User)))
    )


@cache
def _attributes(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def companies_of(user: User, on: dt.date) -> QuerySet[Company]:
    """The companies in which a person has a role on a day, by name."""
    return Company.objects.filter(
        pk__in=grants_on(on).filter(user_id=user.pk).values("company_id")
    ).order_by("trade_name", "pk")


def own_companies(user: User, access: Access) -> list[Company]:
    """The companies of who asks, read once for each request."""
    if "companies" not in access.memo:
        access.memo["companies"] = list(companies_of(user, access.on))
    found: list[Company] = access.memo["companies"]
    return found


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


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's own tokens and those of their programs, usable ones first, then the newest."""
    return (
        ApiToken.objects.filter(Q(user_id=user.pk) | Q(user__owner_id=user.pk))
        .select_related("company", "user")
        .order_by(F("revoked_at").desc(nulls_first=True), "-pk")
    )
