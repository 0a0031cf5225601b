"""Commands on second factors: a telephone's codes, passkeys, recovery codes."""

import base64
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.rules import totp_match
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Secret
from backoffice.identity.services.warnings import warn

Type = Authenticator.Type
CHANGE = "backoffice.account.change_factors"
NAME_LENGTH = 60


@command("backoffice.account.add_totp", permission=CHANGE)
def add_totp(ctx: Context, *, secret: Secret, code: Secret) -> None:
    """Make a telephone's codes the second factor of the actor; also draws recovery codes.

    ``secret`` is the key that the telephone was given (base32), ``code`` what it shows now: the
    proof that it has the key.

    Raises:
        WrongState: There is one already.
        InvalidInput: The code is not one of now.
    """
    user = _locked(ctx)
    if Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).exists():
        raise WrongState("totp_exists", _("A telephone is already set up. Remove it first."))
    step_used = totp_match(_key(secret.value), code.value, ctx.at.timestamp(), used=0)
    if step_used is None:
        raise _wrong_code()
    row = TOTP.activate(user, secret.value).instance
    row.data["step"] = step_used
    row.save(update_fields=["data"])
    _added(ctx, user, row)


@command("backoffice.account.add_passkey", permission=CHANGE)
def add_passkey(ctx: Context, *, name: str, credential: dict[str, Any]) -> None:
    """Keep a passkey of the actor; the door has checked the browser's answer.

    Raises:
        InvalidInput: No name, or a name that is too long.
    """
    user = _locked(ctx)
    label = " ".join(name.split())
    if not 1 <= len(label) <= NAME_LENGTH:
        message = _("Enter a name of up to 60 letters.")
        raise InvalidInput("bad_name", message, fields={"name": message})
    _added(ctx, user, WebAuthn.add(user, label, credential).instance)


@command("backoffice.account.remove_factor", permission=CHANGE)
def remove_factor(ctx: Context, *, factor_id: int) -> None:
    """Take a second factor away; with the last one go the recovery codes.

    Raises:
        NotFound: No such factor of the actor.
    """
    user = _locked(ctx)
    row = Authenticator.objects.filter(
        pk=factor_id, user_id=user.pk, type__in=[Type.TOTP, Type.WEBAUTHN]
    ).first()
    if row is None:
        raise NotFound("not_found", _("There is no such record."))
    kind, label = row.type, str(row)
    row.delete()
    rest = Authenticator.objects.filter(user_id=user.pk)
    if not rest.exclude(type=Type.RECOVERY_CODES).exists():
        rest.delete()
    ctx.record("backoffice.account.factor_removed", target=user, data={"kind": kind, "name": label})
    warn(user, _("A second factor was removed from your account."))


@command("backoffice.account.new_recovery_codes", permission=CHANGE)
def new_recovery_codes(ctx: Context) -> None:
    """Draw new recovery codes; those on paper do not work any more.

    Raises:
        WrongState: There is no second factor that they could replace.
    """
    user = _locked(ctx)
    rows = Authenticator.objects.filter(user_id=user.pk)
    if not rows.exclude(type=Type.RECOVERY_CODES).exists():
        raise WrongState("no_factor", _("Set up a second factor first."))
    rows.filter(type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    ctx.record("backoffice.account.recovery_codes_drawn", target=user)
    warn(user, _("New recovery codes were drawn for your account."))


@step
def drop_factors(ctx: Context, *, user: User) -> int:
    """Take every second factor of an account away, for who lost all of them; how many."""
    found: int
    found, _kinds = Authenticator.objects.filter(user_id=user.pk).delete()
    warn(user, _("The second factors of your account were reset by two administrators."))
    return found


@step
def use_code(ctx: Context, *, user_id: int, code: Secret) -> Authenticator | None:
    """Use up a typed code of an account: of the telephone, or a recovery code; None for neither.

    The row is locked, so that of two requests with the same code one is refused, whichever process
    they reach.
    """
    rows = Authenticator.objects.select_for_update(no_key=True).filter(
        user_id=user_id, type__in=[Type.TOTP, Type.RECOVERY_CODES]
    )
    for row in rows.order_by("-type"):  # "totp" before "recovery_codes"
        if _matches(ctx, row, code):
            row.last_used_at = ctx.at
            row.save(update_fields=["data", "last_used_at"])
            return row
    return None


def _matches(ctx: Context, row: Authenticator, code: Secret) -> bool:
    if row.type == Type.RECOVERY_CODES:
        used: bool = row.wrap().validate_code(code.value.strip())
        row.refresh_from_db(fields=["data"])
        return used
    key = _key(decrypt(row.data["secret"]))
    found = totp_match(key, code.value, ctx.at.timestamp(), used=row.data.get("step", 0))
    if found is not None:
        row.data["step"] = found
    return found is not None


def _added(ctx: Context, user: User, row: Authenticator) -> None:
    RecoveryCodes.activate(user)
    ctx.record(
        "backoffice.account.factor_added", target=user, data={"kind": row.type, "name": str(row)}
    )
    warn(user, _("A second factor was added to your account."))


def _locked(ctx: Context) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=ctx.actor_id or 0)


def _key(base32: str) -> bytes:
    return base64.b32decode(base32, casefold=True)


def _wrong_code() -> InvalidInput:
    message = _("This code is not right. Codes change every half minute; each works once.")
    return InvalidInput("wrong_code", message, fields={"code": message})
