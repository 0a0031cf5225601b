"""Commands on accounts of programs: no login, an owner who answers, a last day."""

import datetime as dt

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from backoffice.identity.models import User, UserKind
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import grants_on
from backoffice.identity.services.guards import locked_user
from backoffice.identity.services.roles import NewGrant, give_role

LONGEST = dt.timedelta(days=2 * 366)


@command("backoffice.service_account.create")
def create_program(
    ctx: Context,
    *,
    name: str,
    owner_id: int,
    expires_on: dt.date,
    role_id: int,
    scope: int = Scope.COMPANY,
    branch_id: int | None = None,
) -> User:
    """Make the account of a program and give it its first role in the company.

    It never logs in; its owner, or who keeps the programs, makes its tokens. When the last day is
    over or the owner's account is closed, nothing of it works any more.

    Raises:
        InvalidInput: No name, an owner who is not a person of the company, a last day in the past
            or more than two years ahead, or a role that does not fit.
    """
    program = User(
        kind=UserKind.SERVICE,
        name=_name(name),
        owner=_owner(ctx, owner_id),
        expires_on=_last_day(ctx, expires_on),
        created_at=ctx.at,
    )
    program.set_unusable_password()
    program.save(force_insert=True)
    ctx.record("backoffice.service_account.created", target=program, data=_facts(program))
    give_role(ctx, user=program, grant=NewGrant(role_id=role_id, scope=scope, branch_id=branch_id))
    return program


@command("backoffice.service_account.change")
def change_program(
    ctx: Context, *, user_id: int, name: str, owner_id: int, expires_on: dt.date
) -> User:
    """Change the name, owner or last day of a program's account.

    Raises:
        NotFound: No such program in the actor's companies.
        InvalidInput: As in ``create_program``.
    """
    program = locked_user(ctx, user_id, "backoffice.service_account.change")
    if not program.is_service:
        raise NotFound("not_found", _("There is no such program."))
    before = _facts(program)
    program.name, program.owner = _name(name), _owner(ctx, owner_id)
    program.expires_on = _last_day(ctx, expires_on)
    program.save(update_fields=["name", "owner", "expires_on"])
    facts = {"before": before, "after": _facts(program)}
    ctx.record("backoffice.service_account.changed", target=program, data=facts)
    return program


def _facts(program: User) -> dict[str, object]:
    return {
        "name": program.name,
        "owner_id": program.owner_id,
        "expires_on": program.expires_on,
    }


def _wrong(field: str, code: str, message: str | Promise) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not 1 <= len(name) <= 150:
        raise _wrong("name", "bad_name", _("Enter a name of up to 150 letters."))
    return name


def _owner(ctx: Context, owner_id: int) -> User:
    here = grants_on(timezone.localdate(ctx.at)).filter(company_id=ctx.company).values("user_id")
    owner = User.objects.filter(pk=owner_id, kind=UserKind.PERSON, pk__in=here).first()
    if owner is None:
        raise _wrong("owner_id", "no_such_owner", _("Choose a person of this company."))
    return owner


def _last_day(ctx: Context, day: dt.date) -> dt.date:
    today = timezone.localdate(ctx.at)
    if not today <= day <= today + LONGEST:
        message = _("The last day is today or later, at most two years ahead.")
        raise _wrong("expires_on", "bad_expiry", message)
    return day
