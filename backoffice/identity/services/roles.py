"""Commands on roles: who holds which one, where, and for whose records."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import Role, RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.identity.services.guards import (
    keep_administrators,
    locked_user,
    require_company_wide,
)
from backoffice.organization.models import Branch


@dataclass(frozen=True, kw_only=True, slots=True)
class NewGrant:
    """A role as it is asked for: which, for whose records, and from when to when."""

    role_id: int
    scope: int = Scope.OWN
    branch_id: int | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@command("backoffice.role_grant.assign")
def assign_role(
    ctx: Context,
    *,
    user_id: int,
    role_id: int,
    scope: int,
    branch_id: int | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> RoleGrant:
    """Give an account a role in the company of the context; it counts with this commit.

    ``scope`` says for whose records (``Scope``; ``BRANCH`` needs a branch). ``valid_from`` is today
    when None, ``valid_to`` a planned last day, None for no end.

    Raises:
        NotFound: No such account in the companies in which the actor gives roles.
        NotAllowed: The actor's own account: nobody gives themselves a role.
        InvalidInput: No such role, scope or branch, dates in the past or out of order, or the role
            is already held on these days.
    """
    user = locked_user(ctx, user_id, "backoffice.role_grant.assign")
    grant = NewGrant(
        role_id=role_id, scope=scope, branch_id=branch_id, valid_from=valid_from, valid_to=valid_to
    )
    return give_role(ctx, user=user, grant=grant)


@step
def give_role(ctx: Context, *, user: User, grant: NewGrant) -> RoleGrant:
    """Give a role inside a command that has found and locked (or just made) the account.

    Raises:
        NotAllowed: The actor's own account, or no right to give roles for the whole company.
        InvalidInput: As in ``assign_role``.
    """
    if user.pk == ctx.actor_id:
        raise NotAllowed("own_roles", _("Nobody changes their own roles."))
    require_company_wide(ctx, "backoffice.role_grant.assign")
    if not user.is_active:
        raise WrongState("user_inactive", _("This account is closed."))
    mine = Q(company=None) | Q(company=ctx.company)
    role = Role.objects.filter(mine, active=True, pk=grant.role_id).first()
    if role is None:
        raise _wrong("role_id", "no_such_role", _("There is no such role."))
    row = RoleGrant(
        company_id=ctx.company,
        user=user,
        role=role,
        scope=_scope(grant.scope),
        branch_id=_branch(ctx, grant),
        valid_from=_first_day(ctx, grant),
        valid_to=grant.valid_to,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as error:  # held already, as the exclusion constraint tells
        message = _("The user already has this role on these days.")
        raise InvalidInput("role_held", message, fields={"role_id": message}) from error
    ctx.record("backoffice.role_grant.assigned", target=row, data=_facts(row))
    return row


@command("backoffice.role_grant.end")
def end_role(ctx: Context, *, role_grant_id: int) -> RoleGrant:
    """Take a role away; it stops counting with this commit.

    Raises:
        NotFound: No such role of an account in this company.
        NotAllowed: One's own role.
        WrongState: It has ended, or the company would be left without anybody who gives roles.
    """
    found = RoleGrant.objects.filter(pk=role_grant_id, company_id=ctx.company).first()
    if found is None:
        raise NotFound("not_found", _("There is no such record."))
    if found.user_id == ctx.actor_id:
        raise NotAllowed("own_roles", _("Nobody changes their own roles."))
    require_company_wide(ctx, "backoffice.role_grant.end")
    today = timezone.localdate(ctx.at)
    keep_administrators([ctx.company], on=today, without_grant=found.pk)
    grant = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("role").get(pk=found.pk)
    )
    if grant.ended_at is not None:
        raise WrongState("already_ended", _("This role has already ended."))
    grant.ended_at = ctx.at
    grant.save(update_fields=["ended_at"])
    ctx.record("backoffice.role_grant.ended", target=grant, data=_facts(grant))
    return grant


def _wrong(field: str, code: str, message: str | Promise) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _scope(value: int) -> int:
    if value not in {scope.value for scope in Scope}:
        raise _wrong("scope", "no_such_scope", _("Choose for whose records the role counts."))
    return value


def _branch(ctx: Context, grant: NewGrant) -> int | None:
    branch_id = grant.branch_id
    if (grant.scope == Scope.BRANCH) != (branch_id is not None):
        message = _("Choose a branch, and only for the scope “Branch”.")
        raise _wrong("branch_id", "branch_iff_scope", message)
    if branch_id and not Branch.objects.filter(company_id=ctx.company, pk=branch_id).exists():
        raise _wrong("branch_id", "no_such_branch", _("There is no such branch."))
    return branch_id


def _first_day(ctx: Context, grant: NewGrant) -> dt.date:
    """The first day; only the system may say that a role began in the past."""
    today = timezone.localdate(ctx.at)
    first = grant.valid_from or today
    if first < today and ctx.actor is not None:
        raise _wrong("valid_from", "in_the_past", _("A role cannot begin in the past."))
    if grant.valid_to is not None and grant.valid_to < first:
        raise _wrong("valid_to", "dates_out_of_order", _("The end comes before the start."))
    return first


def _facts(grant: RoleGrant) -> dict[str, object]:
    return {
        "user_id": grant.user_id,
        "role": grant.role.code,
        "scope": Scope(grant.scope).name.lower(),
        "branch_id": grant.branch_id,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
    }
