"""Commands and steps on accounts, roles and tokens; the context of a request."""

from backoffice.identity.requests import context_of
from backoffice.identity.services.accounts import (
    create_user,
    deactivate_user,
    edit_account,
    edit_user,
    reactivate_user,
    set_password,
)
from backoffice.identity.services.companies import create_company, set_up_first_company
from backoffice.identity.services.roles import assign_role, end_role
from backoffice.identity.services.tokens import create_token, mark_used, revoke_token

__all__ = [
    "assign_role",
    "context_of",
    "create_company",
    "create_token",
    "create_user",
    "deactivate_user",
    "edit_account",
    "edit_user",
    "end_role",
    "mark_used",
    "reactivate_user",
    "revoke_token",
    "set_password",
    "set_up_first_company",
]
