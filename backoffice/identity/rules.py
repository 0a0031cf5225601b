"""What a person may do, and for whose rows: pure sets and comparisons, default deny."""

import datetime as dt
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any

from typing_extensions import override

TOKEN_MARK = "rtg_"  # noqa: S105  what every token begins with, so that scanners find leaked ones


class Scope(IntEnum):
    """For whose rows a role counts; each one also counts for one's own."""

    OWN = 1
    TEAM = 2
    BRANCH = 3
    COMPANY = 4


@dataclass(frozen=True, slots=True)
class Granted:
    """One role in force: for which rows, and what it permits."""

    scope: Scope
    branch_id: int | None
    permissions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows of one permission: always one's own, and more where a role says so."""

    company: bool = False
    team: bool = False
    branch_ids: frozenset[int] = frozenset()

    @property
    def scope(self) -> Scope:
        """The widest of its parts."""
        if self.company:
            return Scope.COMPANY
        if self.branch_ids:
            return Scope.BRANCH
        return Scope.TEAM if self.team else Scope.OWN

    def __and__(self, other: "Reach") -> "Reach":
        """What both reach; a team is never matched with a branch, so it errs on the narrow side."""
        if self.company:
            return other
        if other.company:
            return self
        return Reach(team=self.team and other.team, branch_ids=self.branch_ids & other.branch_ids)


class StandInKind(StrEnum):
    """Why somebody acts with the rights of another person."""

    DELEGATION = "delegation"
    IMPERSONATION = "impersonation"


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """For whom one acts, and until when.

    Attributes:
        kind: By delegation, or looking through somebody's eyes.
        id: The row that allows it.
        for_user_id: Whose rights these are.
        for_name: The name of that person.
        until: The last day of a delegation; None for an impersonation, which ends within the hour.
        reason: Why, as it was written down.
    """

    kind: StandInKind
    id: int
    for_user_id: int
    for_name: str
    until: dt.date | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Access:
    """What one person (or token) may do in one company on one day; an ``Actor`` of commands.

    Attributes:
        user_id: The person's account; 0 for nobody.
        company_id: The company; 0 when the account has no role in any: it matches no row.
        person_id: The party behind the account, whose rows are their "own".
        on: The day on which roles and teams are read.
        grants: Permission to widest scope.
        branches: Permission to the branches for which it is held.
        teams: Permissions held for the team beside a wider, branch-wise scope.
        token_id: The API token that narrowed the rights, if any.
        guarded: Permissions that ask for a fresh proof of identity.
        proved_until: Until when the last proof (password, second factor) counts as fresh.
        stand_in: For whom the person acts now, if it is not for themselves.
        zone: The company's time zone, by which it is that day there; empty where there is no company.
        memo: What was read for this access; lives as long as the request.
    """

    user_id: int
    company_id: int
    person_id: int | None
    on: dt.date
    grants: Mapping[str, Scope]
    branches: Mapping[str, frozenset[int]] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()
    token_id: int | None = None
    guarded: frozenset[str] = frozenset()
    proved_until: dt.datetime | None = None
    stand_in: StandIn | None = None
    zone: str = field(default="", compare=False)
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> Hashable:
        """Everything that decides which rows are seen; equal keys see the same rows."""
        return (
            *(self.user_id, self.company_id, self.person_id, self.on, self.token_id),
            *(frozenset(self.grants.items()), frozenset(self.branches.items())),
            *(self.teams, self.guarded, self.proved_until, self.stand_in),
        )

    def can(self, permission: str) -> bool:
        """Whether the permission is held, for any rows at all."""
        return permission in self.grants

    def must_prove(self, permission: str, at: dt.datetime) -> bool:
        """Whether the permission asks for a proof of identity, and the last one is too old."""
        fresh = self.proved_until is not None and at < self.proved_until
        return permission in self.guarded and not fresh

    def scope(self, permission: str) -> Scope | None:
        """The widest scope of the permission; None when it is not held."""
        return self.grants.get(permission)

    def reach(self, permission: str) -> Reach | None:
        """Exactly whose rows the permission covers; None when it is not held."""
        scope = self.grants.get(permission)
        if scope is None:
            return None
        return Reach(
            company=scope is Scope.COMPANY,
            team=scope is Scope.TEAM or permission in self.teams,
            branch_ids=self.branches.get(permission, frozenset()),
        )

    def narrowed(self, permission: str, to: str) -> "Access":
        """The same access with ``permission`` covering only rows that ``to`` covers as well."""
        mine, limit = self.reach(permission), self.reach(to)
        others = {name: scope for name, scope in self.grants.items() if name != permission}
        if mine is None or limit is None:
            return replace(self, grants=others)
        both = mine & limit
        return replace(
            self,
            grants={**others, permission: both.scope},
            branches={**self.branches, permission: both.branch_ids},
            teams=self.teams | {permission} if both.team else self.teams - {permission},
        )

    def limited_to(
        self, permissions: Iterable[str], *, token_id: int, proved_until: dt.datetime | None
    ) -> "Access":
        """The rights of a token: those of its owner that it was given, and never more."""
        allowed = frozenset(permissions)
        return replace(
            self,
            grants={name: scope for name, scope in self.grants.items() if name in allowed},
            token_id=token_id,
            proved_until=proved_until,
        )

    def standing_in(
        self, giver: "Access", stand_in: StandIn, lent: Iterable[str], own: Iterable[str] = ()
    ) -> "Access":
        """The rights with which this person acts for ``giver``: those of ``lent`` that it has.

        ``own`` are permissions on what the person does in this time, such as the jobs they start.
        """
        given = {name: giver.grants[name] for name in lent if name in giver.grants}
        mine = {name: Scope.OWN for name in own if name in self.grants and name not in given}
        return replace(
            giver,
            user_id=self.user_id,
            grants={**mine, **given},
            branches={name: ids for name, ids in giver.branches.items() if name in given},
            teams=giver.teams & given.keys(),
            guarded=self.guarded,
            proved_until=self.proved_until,
            stand_in=stand_in,
            memo={},
        )


def lent_by(giver: Access, permissions: Iterable[str]) -> frozenset[str]:
    """Of the named permissions, those that a stand-in gets from ``giver``.

    What the giver may only do for their own rows stays with the giver: nobody reads another's
    payslip by delegation.
    """
    return frozenset(name for name in permissions if giver.scope(name) not in {None, Scope.OWN})


def seen_as(viewer: Access, target: Access) -> tuple[frozenset[str], frozenset[str]]:
    """What somebody may do who looks through the eyes of ``target``, and what stands against it.

    Returns:
        The permissions of the target whose rows the viewer reaches as well; and those of the
        target, beyond its own rows, that reach further: with any of these nobody looks at all.
    """
    common, more = set(), set()
    for name, scope in target.grants.items():
        mine, theirs = viewer.reach(name), target.reach(name)
        if mine is not None and theirs is not None and _covers(mine, theirs):
            common.add(name)
        elif scope is not Scope.OWN:
            more.add(name)
    return frozenset(common), frozenset(more)


def _covers(mine: Reach, theirs: Reach) -> bool:
    """Whether one reach has all rows of another person's; teams and own rows differ by person."""
    if mine.company:
        return True
    branches = theirs.branch_ids
    return theirs.scope is Scope.BRANCH and not theirs.team and branches <= mine.branch_ids


def role_code(name: str) -> str:
    """The code of a role of a company's own making, from its name; empty when nothing is left.

    >>> role_code("Folha – Conferência")
    'folha_conferencia'
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")[:40].rstrip("_")


def merge_grants(
    granted: Iterable[Granted], everyone: Iterable[str]
) -> tuple[dict[str, Scope], dict[str, frozenset[int]], frozenset[str]]:
    """Put all roles of a person together, permission by permission.

    A permission held for one branch never spreads to a branch for which another role was given.

    Args:
        granted: The roles in force.
        everyone: Permissions that every account has for its own rows.

    Returns:
        Widest scope, branches, and the permissions held for the team.
    """
    scopes = dict.fromkeys(everyone, Scope.OWN)
    branches: dict[str, set[int]] = {}
    teams: set[str] = set()
    for grant in granted:
        for name in grant.permissions:
            scopes[name] = max(scopes.get(name, Scope.OWN), grant.scope)
            if grant.scope is Scope.BRANCH and grant.branch_id is not None:
                branches.setdefault(name, set()).add(grant.branch_id)
            if grant.scope is Scope.TEAM:
                teams.add(name)
    return scopes, {name: frozenset(ids) for name, ids in branches.items()}, frozenset(teams)


class Secret:
    """A password or token on its way to being hashed.

    Neither a string nor a dataclass, so that it cannot be logged, printed, or turned into the
    request hash that is kept under an idempotency key.
    """

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    @override
    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, slots=True)
class FreshToken:
    """A new API token: the secret that its owner sees once, and what is kept of it.

    Attributes:
        secret: Shown once, then forgotten.
        prefix: Its beginning, by which the owner recognises it; far too short to guess the rest.
        digest: SHA-256, enough for 256 random bits (a password needs a slow hash).
    """

    secret: Secret
    prefix: str
    digest: str


def new_token() -> FreshToken:
    """Draw a new token: 256 random bits behind the mark of our tokens."""
    secret = Secret(TOKEN_MARK + secrets.token_urlsafe(32))
    return FreshToken(secret, secret.value[: len(TOKEN_MARK) + 6], token_digest(secret))


def token_digest(secret: Secret) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.value.encode()).hexdigest()
