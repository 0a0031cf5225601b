"""What every change of accounts and roles checks first, under lock."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, require_transaction
from backoffice.errors import NotAllowed, NotFound, WrongState
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope, seen_as
from backoffice.identity.selectors import access_of, grants_on
from backoffice.organization.models import Company

ADMINISTERS = "backoffice.role_grant.assign"


def held_by_actor(ctx: Context, permission: str) -> QuerySet[RoleGrant]:
    """The roles by which the actor holds a permission for all rows of a company, of any company."""
    return _company_wide(permission, timezone.localdate(ctx.at)).filter(user_id=ctx.actor_id or 0)


def require_company_wide(ctx: Context, permission: str) -> None:
    """Refuse unless the actor holds the permission for all rows of the company of the context.

    Raises:
        NotAllowed: Held for own rows, a team or a branch only, which says nothing about roles.
    """
    ctx.require(permission)
    if ctx.actor is None:
        return
    if not held_by_actor(ctx, permission).filter(company_id=ctx.company).exists():
        raise NotAllowed("scope_too_narrow", _("Your role does not count for the whole company."))


def locked_user(ctx: Context, user_id: int, permission: str, *, everywhere: bool = False) -> User:
    """An account that the actor may administer, locked until the end of the transaction.

    That is one with a role in a company in which the actor holds ``permission`` company-wide. With
    ``everywhere`` the actor must hold it in every company where the account has a role, because the
    change counts there as well.

    Raises:
        NotFound: It has no role in any company of the actor.
        NotAllowed: It has a role elsewhere too.
    """
    require_transaction()
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise _no_such_user()
    if ctx.actor is None:
        return user
    mine = held_by_actor(ctx, permission).values("company_id")
    grants = RoleGrant.objects.filter(user_id=user_id)
    if not grants.filter(company_id__in=mine).exists():
        raise _no_such_user()
    if everywhere and grants.filter(ended_at=None).exclude(company_id__in=mine).exists():
        raise NotAllowed(
            "roles_elsewhere", _("This user has roles in a company that you do not administer.")
        )
    return user


def refuse_more_rights(ctx: Context, user: User) -> None:
    """Refuse what would hand an account over to the actor, if it may do more than the actor.

    An administrator sees no pay: neither by choosing the password of somebody who does.

    Raises:
        NotAllowed: The account has rights, in any company, that reach further than the actor's.
    """
    if ctx.actor is None:
        return
    actor, on = User.objects.get(pk=ctx.actor.user_id), timezone.localdate(ctx.at)
    for company_id in set(grants_on(on).filter(user=user).values_list("company_id", flat=True)):
        mine, theirs = access_of(actor, company_id, on), access_of(user, company_id, on)
        if seen_as(mine, theirs)[1]:
            raise NotAllowed(
                "more_rights",
                _("This account may do more than yours. Ask somebody who may do both."),
            )


def keep_administrators(
    company_ids: Iterable[int],
    *,
    on: dt.date,
    without_user: int | None = None,
    without_grant: int | None = None,
    without_role: int | None = None,
) -> None:
    """Refuse a change after which a company would have nobody left to give roles.

    Neither today nor, where somebody has that right without an end, on any later day. The companies'
    rows are locked, in order of their keys, so that two administrators who remove each other at the
    same moment do so one after the other.

    Raises:
        WrongState: The last active account that gives roles would go.
    """
    require_transaction()
    companies = Company.objects.select_for_update(no_key=True).filter(pk__in=set(company_ids))
    for company in companies.order_by("pk"):
        before = list(
            _company_wide(ADMINISTERS, on)
            .filter(company=company)
            .values_list("pk", "user_id", "role_id", "valid_to")
        )
        after = [
            (pk, user_id, role_id, valid_to)
            for pk, user_id, role_id, valid_to in before
            if pk != without_grant and user_id != without_user and role_id != without_role
        ]
        if _best(after) < _best(before):
            raise WrongState(
                "last_administrator",
                _("%(company)s would be left without anybody who gives roles.")
                % {"company": company},
            )


def _company_wide(permission: str, on: dt.date) -> QuerySet[RoleGrant]:
    return grants_on(on).filter(
        scope=Scope.COMPANY.value, role__permissions__contains=[permission], user__kind="person"
    )


def _best(grants: list[tuple[int, int, int, dt.date | None]]) -> int:
    """0: nobody gives roles, 1: somebody for a time, 2: somebody without an end."""
    return 2 if any(valid_to is None for *_who, valid_to in grants) else int(bool(grants))


def _no_such_user() -> NotFound:
    return NotFound("not_found", _("There is no such user."))
