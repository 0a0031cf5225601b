"""The catalogue of permissions, and what the standard roles may do, as each area declares them.

``<area>/permissions.py`` has ``PERMISSIONS`` and ``ROLES``; nothing else is needed for a permission
to exist, to be granted, to be shown in the matrix of roles and to be checked by the tests.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a role may allow.

    Attributes:
        name: ``area.object.verb``; a command's own name, or ``view`` and ``view_<what>`` to read.
        label: Infinitive, as it stands in the matrix of roles: "Approve payrolls".
        everyone: Every account has it for its own rows, without a role.
        tokens: Whether an API token can carry it, and a stand-in; never for what would let either
            make itself stronger or outlive its owner's decision.
        guarded: Asks for a proof of identity that is a few minutes old at most (step-up); a token
            carries it only while its owner has unlocked it.
    """

    name: str
    label: str | Promise
    everyone: bool = False
    tokens: bool = True
    guarded: bool = False

    @property
    def area(self) -> str:
        """First part of the name."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class StandardRole:
    """A role that every company has from the first day."""

    code: str
    name: str | Promise
    description: str | Promise


# The words are msgids: the database keeps the English ones, pages show them translated.
STANDARD_ROLES = (
    StandardRole("owner", _("Owner"), _("Runs the company and may do everything.")),
    StandardRole(
        "administrator",
        _("Administrator"),
        _("Gives people their accounts and roles; sees no pay and approves nothing."),
    ),
    StandardRole("hr_analyst", _("HR analyst"), _("Keeps the people and computes the payroll.")),
    StandardRole("hr_manager", _("HR manager"), _("Answers for people and approves the payroll.")),
    StandardRole("finance", _("Finance"), _("Pays, and sees what is to be paid.")),
    StandardRole("it_agent", _("IT agent"), _("Supports users and systems.")),
    StandardRole("manager", _("Team manager"), _("Sees the people of the own team, without pay.")),
    StandardRole("employee", _("Employee"), _("Sees the own file and payslips.")),
    StandardRole("auditor", _("Auditor"), _("Reads everything and changes nothing.")),
)


def names(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """The names of all of them that a role can carry."""
    return tuple(p.name for p in permissions if not p.everyone)


def readings(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """The names of those that only read: ``view`` and ``view_<what>``."""
    return tuple(
        name for name in names(permissions) if name.rpartition(".")[2].split("_")[0] == "view"
    )


class AreaPermissions(Protocol):
    """What the ``permissions`` module of an area holds."""

    PERMISSIONS: tuple[Permission, ...]
    ROLES: Mapping[str, tuple[str, ...]]


def _areas() -> list[AreaPermissions]:
    """The ``permissions`` modules of the installed areas, in the order of the applications."""
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.permissions"
        if find_spec(name) is not None and hasattr(module := import_module(name), "PERMISSIONS"):
            found.append(cast("AreaPermissions", module))
    return found


@functools.cache
def permissions() -> Mapping[str, Permission]:
    """Every permission of the installation by name, area by area.

    Raises:
        ValueError: Two areas declare the same name.
    """
    catalogue: dict[str, Permission] = {}
    for area in _areas():
        for permission in area.PERMISSIONS:
            if permission.name in catalogue:
                msg = f"the permission {permission.name} is declared twice"
                raise ValueError(msg)
            catalogue[permission.name] = permission
    return catalogue


def area_label(code: str) -> str | Promise:
    """The name of an area, as its application is called."""
    return apps.get_app_config(code).verbose_name


@functools.cache
def everyone() -> frozenset[str]:
    """The permissions that every account has for its own rows."""
    return frozenset(p.name for p in permissions().values() if p.everyone)


@functools.cache
def guarded() -> frozenset[str]:
    """The permissions that ask for a fresh proof of identity."""
    return frozenset(p.name for p in permissions().values() if p.guarded)


@functools.cache
def lendable() -> frozenset[str]:
    """The permissions that a person can let a stand-in use: what a role and a token can carry."""
    return frozenset(p.name for p in permissions().values() if p.tokens and not p.everyone)


@functools.cache
def of_the_hand() -> frozenset[str]:
    """What everybody may do about what they did themselves, also while they act for another."""
    return frozenset(p.name for p in permissions().values() if p.everyone and p.tokens)


@functools.cache
def role_permissions() -> Mapping[str, tuple[str, ...]]:
    """Code of each standard role to its permissions, sorted.

    Areas say what their people may do; the owner may do everything and the auditor read everything,
    without an area saying so.

    Raises:
        ValueError: An area names a role or a permission that does not exist.
    """
    every = permissions().values()
    collected: dict[str, set[str]] = {role.code: set() for role in STANDARD_ROLES}
    collected["owner"] |= set(names(every))
    collected["auditor"] |= set(readings(every))
    for area in _areas():
        for code, given in area.ROLES.items():
            unknown = set(given) - permissions().keys()
            if code not in collected or unknown:
                msg = f"role {code}: unknown role, or unknown permissions {sorted(unknown)}"
                raise ValueError(msg)
            collected[code] |= set(given)
    return {code: tuple(sorted(given)) for code, given in collected.items()}
