"""Accounts, roles, who holds which role where, tokens of programs, and acting for another."""

from backoffice.identity.models.accounts import Language, Theme, User, UserKind
from backoffice.identity.models.roles import SCOPES, Role, RoleGrant
from backoffice.identity.models.standing import Delegation, Impersonation
from backoffice.identity.models.tokens import ApiToken
from backoffice.identity.rules import Access, Scope

__all__ = [
    "SCOPES",
    "Access",
    "ApiToken",
    "Delegation",
    "Impersonation",
    "Language",
    "Role",
    "RoleGrant",
    "Scope",
    "Theme",
    "User",
    "UserKind",
]
