"""Acting for another: whose rights a person can use today, and how the access then looks."""

import datetime as dt

from django.db.models import Q, QuerySet

from backoffice.identity import catalogue
from backoffice.identity.models import Delegation, Impersonation, User
from backoffice.identity.rules import Access, Scope, StandIn, StandInKind, lent_by, seen_as
from backoffice.identity.selectors.access import access_of, open_accounts


def delegations_on(on: dt.date) -> QuerySet[Delegation]:
    """The delegations in force on a day, between accounts that are open."""
    return Delegation.objects.filter(
        open_accounts("giver__", on),
        open_accounts("taker__", on),
        valid_from__lte=on,
        valid_to__gte=on,
        ended_at__isnull=True,
    )


def delegations_to(user: User, on: dt.date) -> QuerySet[Delegation]:
    """For whom a person can act on a day, by name."""
    return (
        delegations_on(on)
        .filter(taker_id=user.pk)
        .select_related("giver", "company")
        .order_by("giver__name", "pk")
    )


def delegations_from(user: User, on: dt.date) -> QuerySet[Delegation]:
    """Who can act for a person on a day or later."""
    return (
        Delegation.objects.filter(giver_id=user.pk, valid_to__gte=on, ended_at__isnull=True)
        .select_related("taker", "company")
        .order_by("valid_from", "pk")
    )


def acting_by_delegation(access: Access, delegation_id: int) -> Access | None:
    """The access of a stand-in; None when the delegation is not theirs or not in force.

    It is the giver's access of this very day, cut down to what was delegated: what the giver loses
    the stand-in loses with the next click.
    """
    row = (
        delegations_on(access.on)
        .select_related("giver")
        .filter(taker_id=access.user_id, pk=delegation_id)
        .first()
    )
    if row is None:
        return None
    giver = access_of(row.giver, row.company_id, access.on)
    stand_in = StandIn(
        kind=StandInKind.DELEGATION,
        id=row.pk,
        for_user_id=row.giver_id,
        for_name=row.giver.name,
        until=row.valid_to,
        reason=row.reason,
    )
    lent = lent_by(giver, catalogue.lendable() & set(row.permissions))
    return access.standing_in(giver, stand_in, lent, own=catalogue.of_the_hand())


def access_for(user: User, company_id: int, on: dt.date, *, on_behalf_of_id: int | None) -> Access:
    """The access of work that goes on without its person, such as a job.

    For somebody who started it as a stand-in it is what they may do for that person today; it is
    their own where no delegation is in force.
    """
    own = access_of(user, company_id, on)
    if on_behalf_of_id is None:
        return own
    rows = delegations_on(on).filter(
        taker_id=user.pk, giver_id=on_behalf_of_id, company_id=company_id
    )
    first = rows.order_by("pk").values_list("pk", flat=True).first()
    return (acting_by_delegation(own, first) if first else None) or own


def acting_by_impersonation(
    access: Access, impersonation_id: int, at: dt.datetime
) -> Access | None:
    """The access of somebody who looks through another's eyes; None when that has ended.

    Never more than the viewer reaches, and nothing that asks for a proof of identity. It ends when
    the viewer loses the permission, or the other person gets rights that the viewer lacks.
    """
    row = (
        Impersonation.objects.select_related("target")
        .filter(
            pk=impersonation_id,
            actor_id=access.user_id,
            ended_at__isnull=True,
            expires_at__gt=at,
            target__is_active=True,
        )
        .first()
    )
    if row is None or not access.can("backoffice.user.impersonate"):
        return None
    target = access_of(row.target, row.company_id, access.on)
    common, more = seen_as(access, target)
    if more or access.company_id != row.company_id:
        return None
    stand_in = StandIn(
        kind=StandInKind.IMPERSONATION,
        id=row.pk,
        for_user_id=row.target_id,
        for_name=row.target.name,
        until=None,
        reason=row.reason,
    )
    seen = common & catalogue.lendable() - catalogue.guarded()
    return access.standing_in(target, stand_in, seen, own=catalogue.of_the_hand())


def lendable_by(access: Access) -> frozenset[str]:
    """What a person can let a stand-in do: what they may do beyond their own rows."""
    return lent_by(access, catalogue.lendable())


def without_stand_in(access: Access, user: User) -> Access:
    """The person's own access again, while they act for another."""
    if access.stand_in is None:
        return access
    return access_of(user, access.company_id, access.on, proved_until=access.proved_until)


def delegations_visible_to(access: Access) -> QuerySet[Delegation]:
    """One's own in the company, given and taken; all of it for who names stand-ins."""
    rows = Delegation.objects.filter(company_id=access.company_id)
    if access.scope("backoffice.delegation.create_for") is Scope.COMPANY:
        return rows
    return rows.filter(Q(giver_id=access.user_id) | Q(taker_id=access.user_id))
