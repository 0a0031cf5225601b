"""Commands on roles of a company's own making; the standard ones come with the product."""

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import catalogue
from backoffice.identity.models import Role
from backoffice.identity.rules import role_code
from backoffice.identity.selectors import grants_on
from backoffice.identity.services.guards import (
    ADMINISTERS,
    keep_administrators,
    require_company_wide,
)


@command("backoffice.role.create")
def create_role(
    ctx: Context, *, name: str, permissions: Sequence[str], description: str = ""
) -> Role:
    """Make a role of the company; nobody holds it until it is assigned.

    Raises:
        NotAllowed: No right to do so for the whole company.
        InvalidInput: No name, one that is in use, no permission, or one that no role carries.
    """
    require_company_wide(ctx, "backoffice.role.create")
    label = _name(name)
    role = Role(
        company_id=ctx.company,
        code=role_code(label),
        name=label,
        description=description.strip()[:200],
        permissions=_permissions(permissions),
    )
    _save(role)
    ctx.record(
        "backoffice.role.created",
        target=role,
        data={"name": role.name, "permissions": role.permissions},
    )
    return role


@command("backoffice.role.change")
def change_role(
    ctx: Context,
    *,
    role_id: int,
    name: str,
    permissions: Sequence[str],
    description: str = "",
) -> Role:
    """Change what a role of the company is called and what it allows; it counts with this commit.

    Raises:
        NotFound: No such role of the company.
        NotAllowed: A standard role, or one that the actor holds: nobody widens their own rights.
        WrongState: The company would be left without anybody who gives roles.
        InvalidInput: As in ``create_role``.
    """
    role = _locked(ctx, role_id, "backoffice.role.change")
    before = set(role.permissions)
    role.name, role.description = _name(name), description.strip()[:200]
    wanted = _permissions(permissions)
    if ADMINISTERS in before and ADMINISTERS not in wanted:
        today = timezone.localdate(ctx.at)
        keep_administrators([ctx.company], on=today, without_role=role.pk)
    role.permissions = wanted
    _save(role)
    ctx.record(
        "backoffice.role.changed",
        target=role,
        data={
            "name": role.name,
            "added": sorted(set(wanted) - before),
            "removed": sorted(before - set(wanted)),
        },
    )
    return role


@command("backoffice.role.retire")
def retire_role(ctx: Context, *, role_id: int) -> Role:
    """Let a role of the company not be given any more; who holds it keeps it until it ends.

    Raises:
        NotFound: No such role of the company.
        NotAllowed: A standard role, or one that the actor holds.
        WrongState: It is retired.
    """
    return _switch(ctx, role_id, active=False)


@command("backoffice.role.restore", permission="backoffice.role.retire")
def restore_role(ctx: Context, *, role_id: int) -> Role:
    """Let a retired role be given again.

    Raises:
        NotFound: No such role of the company.
        NotAllowed: A standard role, or one that the actor holds.
        WrongState: It is not retired.
    """
    return _switch(ctx, role_id, active=True)


def _switch(ctx: Context, role_id: int, *, active: bool) -> Role:
    role = _locked(ctx, role_id, "backoffice.role.retire")
    if role.active == active:
        raise WrongState("already_so", _("The role is already in this state."))
    role.active = active
    role.save(update_fields=["active"])
    done = "restored" if active else "retired"
    ctx.record(f"backoffice.role.{done}", target=role)
    return role


def _locked(ctx: Context, role_id: int, permission: str) -> Role:
    require_company_wide(ctx, permission)
    role = Role.objects.filter(pk=role_id).first()
    if role is None or role.company_id not in {None, ctx.company}:
        raise NotFound("not_found", _("There is no such role."))
    if role.company_id is None:
        raise NotAllowed(
            "standard_role", _("Standard roles come with the product; copy it instead.")
        )
    held = grants_on(timezone.localdate(ctx.at)).filter(user_id=ctx.actor_id or 0, role=role)
    if held.exists():
        raise NotAllowed("own_roles", _("Nobody changes their own roles."))
    return Role.objects.select_for_update(of=("self",)).get(pk=role_id)


def _wrong(field: str, code: str, message: str | Promise) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not 1 <= len(name) <= 80 or not role_code(name):
        raise _wrong("name", "bad_name", _("Enter a name of up to 80 letters."))
    return name


def _permissions(wanted: Sequence[str]) -> list[str]:
    known = catalogue.names(catalogue.permissions().values())
    chosen = sorted(set(wanted))
    if not chosen:
        raise _wrong("permissions", "no_permissions", _("Choose at least one permission."))
    if set(chosen) - set(known):
        raise _wrong("permissions", "no_such_permission", _("There is no such permission."))
    return chosen


def _save(role: Role) -> None:
    message = _("There is already a role with this name.")
    same = Role.objects.filter(company=role.company, name__iexact=role.name)
    if same.exclude(pk=role.pk).exists():
        raise _wrong("name", "name_in_use", message)
    try:
        if role.pk is None:
            role.save(force_insert=True)
        else:
            role.save(update_fields=["name", "description", "permissions"])
    except IntegrityError as error:
        raise InvalidInput("name_in_use", message, fields={"name": message}) from error
