"""What every change of accounts and roles checks first, under lock."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, require_transaction
from backoffice.errors import NotAllowed, NotFound, WrongState
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.selectors import grants_on
from backoffice.organization.models import Company

ADMINISTERS = "backoffice.role_grant.assign"


def administering(ctx: Context) -> QuerySet[RoleGrant]:
    """The roles by which the actor gives roles, in whatever companies."""
    held = grants_on(timezone.localdate(ctx.at))
    return held.filter(user_id=ctx.actor_id or 0, role__permissions__contains=[ADMINISTERS])


def locked_user(ctx: Context, user_id: int, *, everywhere: bool = False) -> User:
    """An account that the actor may administer, locked until the end of the transaction.

    With ``everywhere`` the actor must give roles in every company where the account has one, because
    the change counts there as well.

    Raises:
        NotFound: It has no role in any company in which the actor gives roles.
        NotAllowed: It has a role in a company in which the actor gives none.
    """
    require_transaction()
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise _no_such_user()
    if ctx.actor is None:
        return user
    mine = administering(ctx).values("company_id")
    grants = RoleGrant.objects.filter(user_id=user_id)
    if not grants.filter(company_id__in=mine).exists():
        raise _no_such_user()
    if everywhere and grants.filter(ended_at=None).exclude(company_id__in=mine).exists():
        raise NotAllowed(
            "roles_elsewhere", _("This user has roles in a company that you do not administer.")
        )
    return user


def keep_administrators(
    company_ids: Iterable[int],
    *,
    on: dt.date,
    without_user: int | None = None,
    without_grant: int | None = None,
) -> None:
    """Refuse a change after which a company would have nobody left to give roles.

    The companies' rows are locked, in order of their keys, so that two administrators who remove
    each other at the same moment do so one after the other.

    Raises:
        WrongState: The last active account whose right to give roles has no end would go.
    """
    require_transaction()
    companies = Company.objects.select_for_update(no_key=True).filter(pk__in=set(company_ids))
    for company in companies.order_by("pk"):
        administrators = grants_on(on).filter(
            company=company, valid_to=None, role__permissions__contains=[ADMINISTERS]
        )
        if not administrators.exists():
            continue  # there was none before either
        if without_user is not None:
            administrators = administrators.exclude(user_id=without_user)
        if without_grant is not None:
            administrators = administrators.exclude(pk=without_grant)
        if not administrators.exists():
            raise WrongState(
                "last_administrator",
                _("%(company)s would be left without anybody who gives roles.")
                % {"company": company},
            )


def _no_such_user() -> NotFound:
    return NotFound("not_found", _("There is no such user."))
