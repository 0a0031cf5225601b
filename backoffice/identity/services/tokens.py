"""Commands on API tokens: make, revoke, and note their use."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import CHECKED_INSIDE, Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import catalogue
from backoffice.identity.models import ApiToken, User
from backoffice.identity.selectors import access_of

LONGEST_LIFE = dt.timedelta(days=366)
PROVED_FOR = dt.timedelta(hours=1)
USE_NOTED_EVERY = dt.timedelta(minutes=1)


@command("backoffice.api_token.create")
def create_token(
    ctx: Context,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: dt.datetime,
    prefix: str,
    digest: str,
) -> ApiToken:
    """Make a token with which a program acts for the actor in the company of the context.

    The door draws the token (``rules.new_token``) and shows its secret once; only prefix and digest
    come here, so that nothing that is kept contains it. ``scopes`` are permissions of the actor; the token's rights
    never exceed the actor's at the moment of use. It expires at most 366 days ahead.

    Raises:
        InvalidInput: No name, no scope, one the actor lacks or that no token may carry, or an
            expiry in the past or too far ahead.
    """
    if ctx.actor_id is None or ctx.token_id is not None or ctx.on_behalf_of_id is not None:
        raise NotAllowed("person_needed", _("Only a person who is logged in makes tokens."))
    token = ApiToken(
        company_id=ctx.company,
        user_id=ctx.actor_id,
        name=_name(name),
        prefix=prefix,
        digest=digest,
        scopes=_scopes(scopes, held=ctx.can),
        created_at=ctx.at,
        expires_at=_expiry(ctx, expires_at),
    )
    return _created(ctx, token)


@command("backoffice.api_token.create_for_program", permission=CHECKED_INSIDE)
def create_program_token(
    ctx: Context,
    *,
    user_id: int,
    name: str,
    scopes: Sequence[str],
    expires_at: dt.datetime,
    prefix: str,
    digest: str,
) -> ApiToken:
    """Make a token for a program: by its owner, or by who keeps the programs of the company.

    ``scopes`` are permissions of the program's own roles; the token never outlives the program.

    Raises:
        NotFound: No such program of the company, or not one of the actor's.
        NotAllowed: Nobody is logged in, or it is somebody acting for another.
        InvalidInput: As in ``create_token``.
    """
    ctx.require("backoffice.api_token.create")
    if ctx.actor_id is None or ctx.token_id is not None or ctx.on_behalf_of_id is not None:
        raise NotAllowed("person_needed", _("Only a person who is logged in makes tokens."))
    keeps = ctx.can("backoffice.service_account.change")
    mine = Q(kind="service") & (Q() if keeps else Q(owner_id=ctx.actor_id))
    program = User.objects.select_for_update(no_key=True, of=("self",)).filter(mine, pk=user_id)
    found = program.filter(role_grants__company_id=ctx.company).first() if user_id else None
    if found is None:
        raise NotFound("not_found", _("There is no such program."))
    access = access_of(found, ctx.company, timezone.localdate(ctx.at))
    last_day = found.expires_on or timezone.localdate(ctx.at)
    last = timezone.make_aware(dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time()))
    token = ApiToken(
        company_id=ctx.company,
        user=found,
        name=_name(name),
        prefix=prefix,
        digest=digest,
        scopes=_scopes(scopes, held=access.can),
        created_at=ctx.at,
        expires_at=min(_expiry(ctx, expires_at), last),
    )
    return _created(ctx, token)


@command("backoffice.api_token.prove")
def prove_token(ctx: Context, *, api_token_id: int) -> ApiToken:
    """Let a token use its dangerous permissions for an hour: one's own, or of one's own program.

    Raises:
        NotFound: No such token of the actor.
        WrongState: It is revoked or has expired.
    """
    mine = Q(user_id=ctx.actor_id) | Q(user__owner_id=ctx.actor_id)
    token = ApiToken.objects.select_for_update(of=("self",)).filter(mine, pk=api_token_id).first()
    if token is None or ctx.token_id is not None:
        raise NotFound("not_found", _("There is no such token."))
    if token.revoked_at is not None or token.expires_at <= ctx.at:
        raise WrongState("not_usable", _("This token is not usable any more."))
    token.proved_until = min(ctx.at + PROVED_FOR, token.expires_at)
    token.save(update_fields=["proved_until"])
    ctx.record("backoffice.api_token.proved", target=token, data={"until": token.proved_until})
    return token


@command("backoffice.api_token.revoke")
def revoke_token(ctx: Context, *, api_token_id: int) -> ApiToken:
    """Make a token useless, at once and for ever: one's own, one's program's, or in the company.

    The last one needs ``revoke_any``.

    Raises:
        NotFound: No such token of the actor (or in the company, with ``revoke_any``).
        WrongState: It is already revoked.
    """
    mine = Q(user_id=ctx.actor_id) | Q(user__owner_id=ctx.actor_id)
    if ctx.can("backoffice.api_token.revoke_any"):
        mine |= Q(company_id=ctx.company_id)
    token = ApiToken.objects.select_for_update(of=("self",)).filter(mine, pk=api_token_id).first()
    if token is None:
        raise NotFound("not_found", _("There is no such token."))
    if token.revoked_at is not None:
        raise WrongState("already_revoked", _("This token is already revoked."))
    token.revoked_at = ctx.at
    token.save(update_fields=["revoked_at"])
    ctx.record("backoffice.api_token.revoked", target=token, data={"name": token.name})
    return token


@step
def mark_used(ctx: Context, *, api_token_id: int) -> None:
    """Note that a token was used, at most once a minute, so that reading does not become writing."""
    ApiToken.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lt=ctx.at - USE_NOTED_EVERY), pk=api_token_id
    ).update(last_used_at=ctx.at)


def _wrong(field: str, code: str, message: str | Promise) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not 1 <= len(name) <= 80:
        message = _("Enter a name of up to 80 letters that tells what the token is for.")
        raise _wrong("name", "bad_name", message)
    return name


def _created(ctx: Context, token: ApiToken) -> ApiToken:
    token.save(force_insert=True)
    ctx.record(
        "backoffice.api_token.created",
        target=token,
        data={
            "name": token.name,
            "user_id": token.user_id,
            "scopes": token.scopes,
            "expires_at": token.expires_at,
        },
    )
    return token


def _scopes(wanted: Sequence[str], *, held: Callable[[str], bool]) -> list[str]:
    known = catalogue.permissions()
    allowed = {name for name, permission in known.items() if permission.tokens and held(name)}
    scopes = sorted(set(wanted))
    if not scopes:
        raise _wrong("scopes", "no_scopes", _("Choose at least one permission."))
    refused = [name for name in scopes if name not in allowed]
    if refused:
        message = _("You cannot give a token these permissions: %(names)s.") % {
            "names": ", ".join(refused)
        }
        raise _wrong("scopes", "scope_not_held", message)
    return scopes


def _expiry(ctx: Context, expires_at: dt.datetime) -> dt.datetime:
    if not ctx.at < expires_at <= ctx.at + LONGEST_LIFE:
        message = _("The expiry must lie in the future, at most one year ahead.")
        raise _wrong("expires_at", "bad_expiry", message)
    return expires_at
