"""Commands for people who cannot get in: locked after wrong passwords, or without their factors."""

from axes.models import AccessAttempt
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import FactorReset
from backoffice.accounts.selectors import attempts_on, factors_of
from backoffice.accounts.services.factors import drop_factors
from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotAllowed, WrongState
from backoffice.identity.models import User
from backoffice.identity.services.guards import locked_user


@command("backoffice.user.unlock")
def unlock_user(ctx: Context, *, user_id: int) -> User:
    """Let somebody try again at once who was locked after too many wrong passwords or codes.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: The actor's own account.
        WrongState: It is not locked.
    """
    user = locked_user(ctx, user_id, "backoffice.user.unlock")
    if user.pk == ctx.actor_id:
        raise NotAllowed("own_account", _("Ask another administrator to change your account."))
    keys = attempts_on(user, ctx.at).values_list("pk", flat=True)
    failures, _kinds = AccessAttempt.objects.filter(pk__in=list(keys)).delete()
    if not failures:
        raise WrongState("not_locked", _("This account is not locked."))
    ctx.record("backoffice.user.unlocked", target=user, data={"addresses": failures})
    return user


@command("backoffice.user.ask_factor_reset", permission="backoffice.user.reset_factors")
def ask_factor_reset(ctx: Context, *, user_id: int, reason: str) -> FactorReset:
    """Ask that the second factors of somebody who lost them be taken away; another person does it.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: The actor's own account, or one with roles where the actor may not do this.
        WrongState: It has no second factor, or this is asked already.
        InvalidInput: No reason.
    """
    user = locked_user(ctx, user_id, "backoffice.user.reset_factors", everywhere=True)
    if user.pk == ctx.actor_id:
        raise NotAllowed("own_account", _("Ask another administrator to change your account."))
    why = reason.strip()
    if not why:
        message = _("Say why, and how you know that it is this person who asks.")
        raise InvalidInput("reason_needed", message, fields={"reason": message})
    if not factors_of(user.pk).any:
        raise WrongState("no_factor", _("This account has no second factor."))
    try:
        row = FactorReset.objects.create(
            company_id=ctx.company,
            user=user,
            reason=why[:200],
            asked_by_id=ctx.actor_id,
            asked_at=ctx.at,
        )
    except IntegrityError as error:
        raise WrongState("already_asked", _("This is already asked.")) from error
    ctx.record("backoffice.user.factor_reset_asked", target=user, data={"reason": why})
    return row


@command("backoffice.user.reset_factors")
def reset_factors(ctx: Context, *, user_id: int) -> User:
    """Take the second factors of an account away, as another person asked; sessions stay.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: The actor asked themselves, or it is their own account.
        WrongState: Nobody asked.
    """
    user = locked_user(ctx, user_id, "backoffice.user.reset_factors", everywhere=True)
    row = (
        FactorReset.objects.select_for_update(of=("self",)).filter(user=user, done_at=None).first()
    )
    if row is None:
        raise WrongState("not_asked", _("Nobody asked for this."))
    if ctx.actor_id in {row.asked_by_id, user.pk}:
        raise NotAllowed("own_request", _("You asked for this; another person decides."))
    row.done_by_id, row.done_at = ctx.actor_id, ctx.at
    row.save(update_fields=["done_by", "done_at"])
    dropped = drop_factors(ctx, user=user)
    ctx.record(
        "backoffice.user.factors_reset",
        target=user,
        data={"factors": dropped, "asked_by": row.asked_by_id},
    )
    return user
