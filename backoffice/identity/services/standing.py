"""Commands on acting for another: delegations, and looking through somebody's eyes."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import CHECKED_INSIDE, Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import catalogue
from backoffice.identity.models import Delegation, Impersonation, User
from backoffice.identity.rules import lent_by, seen_as
from backoffice.identity.selectors import access_of, grants_on
from backoffice.identity.services.guards import locked_user, require_company_wide
from backoffice.identity.services.warnings import warn

LONGEST = dt.timedelta(days=366)
LOOK_LASTS = dt.timedelta(hours=1)
REASON_LENGTH = 200


@command("backoffice.delegation.create")
def create_delegation(
    ctx: Context,
    *,
    taker_id: int,
    permissions: Sequence[str],
    valid_from: dt.date,
    valid_to: dt.date,
    reason: str,
    giver_id: int | None = None,
) -> Delegation:
    """Let another person of the company act in one's place, from one day to another.

    Without ``giver_id`` the actor is the one who is stood in for; with it (for somebody who is
    absent) the actor needs ``backoffice.delegation.create_for`` and is never the stand-in. What the
    stand-in may do is cut down to the giver's rights at each use.

    Raises:
        NotAllowed: Acting for somebody oneself, or for an absent person without the permission.
        InvalidInput: No such person, dates in the past, out of order or over a year, no reason, or
            a permission that the giver lacks or that nobody lends.
    """
    giver = _giver(ctx, giver_id)
    today = timezone.localdate(ctx.at)
    _check_dates(today, valid_from, valid_to)
    taker = (
        User.objects.filter(
            pk__in=grants_on(today).filter(company_id=ctx.company).values("user_id"),
            kind="person",
        )
        .exclude(pk=giver.pk)
        .filter(pk=taker_id)
        .first()
    )
    if taker is None or (giver_id is not None and taker.pk == ctx.actor_id):
        raise _wrong("taker_id", "no_such_taker", _("Choose another person of this company."))
    row = Delegation.objects.create(
        company_id=ctx.company,
        giver=giver,
        taker=taker,
        permissions=_lendable(ctx, giver, permissions),
        valid_from=valid_from,
        valid_to=valid_to,
        reason=_reason(reason),
        created_at=ctx.at,
    )
    ctx.record(
        "backoffice.delegation.created",
        target=row,
        data={
            "giver_id": giver.pk,
            "taker_id": taker.pk,
            "permissions": row.permissions,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "reason": row.reason,
        },
    )
    warn(taker, _("Somebody made you their stand-in."))
    if giver.pk != ctx.actor_id:
        warn(giver, _("An administrator named a stand-in for you."))
    return row


@command("backoffice.delegation.end")
def end_delegation(ctx: Context, *, delegation_id: int) -> Delegation:
    """End a delegation with this commit: by either side, or by who names stand-ins.

    Raises:
        NotFound: No such delegation of the actor, or in the company.
        WrongState: It has ended.
    """
    row = (
        Delegation.objects.select_for_update(of=("self",))
        .filter(pk=delegation_id, company_id=ctx.company)
        .first()
    )
    anybody = ctx.can("backoffice.delegation.create_for")
    if row is None or not (anybody or ctx.actor_id in {row.giver_id, row.taker_id}):
        raise NotFound("not_found", _("There is no such record."))
    if row.ended_at is not None:
        raise WrongState("already_ended", _("This delegation has already ended."))
    row.ended_at = ctx.at
    row.save(update_fields=["ended_at"])
    ctx.record("backoffice.delegation.ended", target=row)
    return row


@command("backoffice.user.impersonate")
def begin_impersonation(ctx: Context, *, user_id: int, reason: str) -> Impersonation:
    """Look at the company through the eyes of another account, for an hour at most.

    Everything done meanwhile is recorded under both. It never shows more than the actor may see,
    and does nothing that asks for a proof of identity, no vote, and nothing on the account itself.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: The actor acts for another already, it is their own account, or it has rights
            that the actor lacks.
        InvalidInput: No reason.
    """
    if ctx.on_behalf_of_id is not None or ctx.token_id is not None or ctx.actor_id is None:
        raise NotAllowed("person_needed", _("Act for yourself first."))
    target = locked_user(ctx, user_id, "backoffice.user.impersonate")
    if target.pk == ctx.actor_id:
        raise NotAllowed("own_account", _("You are this person already."))
    on = timezone.localdate(ctx.at)
    mine = access_of(User.objects.get(pk=ctx.actor_id), ctx.company, on)
    theirs = access_of(target, ctx.company, on)
    if not theirs.company_id:
        raise WrongState("no_role", _("This account has no role in this company today."))
    if seen_as(mine, theirs)[1]:
        raise NotAllowed(
            "more_rights", _("This account may do more than yours. Ask somebody who may do both.")
        )
    row = Impersonation.objects.create(
        company_id=ctx.company,
        actor_id=ctx.actor_id,
        target=target,
        reason=_reason(reason),
        began_at=ctx.at,
        expires_at=ctx.at + LOOK_LASTS,
    )
    ctx.record(
        "backoffice.user.impersonated",
        target=target,
        data={"impersonation_id": row.pk, "reason": row.reason},
    )
    warn(target, _("An administrator looked at the company as you see it, to help or to check."))
    return row


@command("backoffice.user.end_impersonation", permission=CHECKED_INSIDE)
def end_impersonation(ctx: Context, *, impersonation_id: int) -> Impersonation:
    """See with one's own eyes again.

    Raises:
        NotFound: Not one of the actor's, or it has ended.
    """
    row = (
        Impersonation.objects.select_for_update(of=("self",))
        .filter(pk=impersonation_id, actor_id=ctx.actor_id, ended_at__isnull=True)
        .first()
    )
    if row is None:
        raise NotFound("not_found", _("There is no such record."))
    row.ended_at = ctx.at
    row.save(update_fields=["ended_at"])
    ctx.record("backoffice.user.impersonation_ended", data={"impersonation_id": row.pk})
    return row


def _wrong(field: str, code: str, message: str | Promise) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _giver(ctx: Context, giver_id: int | None) -> User:
    """Who is stood in for: the actor, or an absent person of the company."""
    if ctx.on_behalf_of_id is not None or ctx.token_id is not None:
        raise NotAllowed("person_needed", _("Act for yourself first."))
    if giver_id is None or giver_id == ctx.actor_id:
        return User.objects.get(pk=ctx.actor_id or 0)
    require_company_wide(ctx, "backoffice.delegation.create_for")
    return locked_user(ctx, giver_id, "backoffice.delegation.create_for")


def _lendable(ctx: Context, giver: User, wanted: Sequence[str]) -> list[str]:
    access = access_of(giver, ctx.company, timezone.localdate(ctx.at))
    chosen = sorted(set(wanted))
    if not chosen:
        raise _wrong("permissions", "no_permissions", _("Choose at least one permission."))
    refused = set(chosen) - lent_by(access, catalogue.lendable())
    if refused:
        message = _("Nobody can stand in for these permissions: %(names)s.") % {
            "names": ", ".join(sorted(refused))
        }
        raise _wrong("permissions", "not_lendable", message)
    return chosen


def _check_dates(today: dt.date, first: dt.date, last: dt.date) -> None:
    if first < today:
        raise _wrong("valid_from", "in_the_past", _("A delegation cannot begin in the past."))
    if last < first:
        raise _wrong("valid_to", "dates_out_of_order", _("The end comes before the start."))
    if last - first >= LONGEST:
        raise _wrong("valid_to", "too_long", _("A delegation lasts one year at most."))


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise _wrong("reason", "reason_needed", _("Say why, in up to 200 letters."))
    return reason
