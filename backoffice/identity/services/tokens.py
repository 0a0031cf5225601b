"""Commands on API tokens: make, revoke, and note their use."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import catalogue
from backoffice.identity.models import ApiToken

LONGEST_LIFE = dt.timedelta(days=366)
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
    if ctx.actor_id is None or ctx.token_id is not None:
        raise NotAllowed("person_needed", _("Only a person who is logged in makes tokens."))
    token = ApiToken.objects.create(
        company_id=ctx.company,
        user_id=ctx.actor_id,
        name=_name(name),
        prefix=prefix,
        digest=digest,
        scopes=_scopes(ctx, scopes),
        created_at=ctx.at,
        expires_at=_expiry(ctx, expires_at),
    )
    ctx.record(
        "backoffice.api_token.created",
        target=token,
        data={"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at},
    )
    return token


@command("backoffice.api_token.revoke")
def revoke_token(ctx: Context, *, api_token_id: int) -> ApiToken:
    """Make a token useless, at once and for ever: one's own, or anybody's with ``revoke_any``.

    Raises:
        NotFound: No such token of the actor (or in the company, with ``revoke_any``).
        WrongState: It is already revoked.
    """
    mine = Q(user_id=ctx.actor_id)
    if ctx.can("backoffice.api_token.revoke_any"):
        mine |= Q(company_id=ctx.company_id)
    token = ApiToken.objects.select_for_update().filter(mine, pk=api_token_id).first()
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


def _scopes(ctx: Context, wanted: Sequence[str]) -> list[str]:
    known = catalogue.permissions()
    allowed = {name for name, permission in known.items() if permission.tokens and ctx.can(name)}
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
