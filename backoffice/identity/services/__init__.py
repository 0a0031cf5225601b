"""Commands and steps on accounts, roles, tokens and acting for another; a request's context."""

from backoffice.identity.requests import context_of
from backoffice.identity.services.accounts import (
    arrange_list,
    choose_password,
    create_user,
    deactivate_user,
    edit_account,
    edit_user,
    keep_opening,
    reactivate_user,
    set_password,
)
from backoffice.identity.services.companies import create_company, set_up_first_company
from backoffice.identity.services.programs import change_program, create_program
from backoffice.identity.services.role_editor import (
    change_role,
    create_role,
    restore_role,
    retire_role,
)
from backoffice.identity.services.roles import assign_role, end_role
from backoffice.identity.services.standing import (
    begin_impersonation,
    create_delegation,
    end_delegation,
    end_impersonation,
)
from backoffice.identity.services.tokens import (
    create_program_token,
    create_token,
    mark_used,
    prove_token,
    revoke_token,
)
from backoffice.identity.services.warnings import warn

__all__ = [
    "arrange_list",
    "assign_role",
    "begin_impersonation",
    "change_program",
    "change_role",
    "choose_password",
    "context_of",
    "create_company",
    "create_delegation",
    "create_program",
    "create_program_token",
    "create_role",
    "create_token",
    "create_user",
    "deactivate_user",
    "edit_account",
    "edit_user",
    "end_delegation",
    "end_impersonation",
    "end_role",
    "keep_opening",
    "mark_used",
    "prove_token",
    "reactivate_user",
    "restore_role",
    "retire_role",
    "revoke_token",
    "set_password",
    "set_up_first_company",
    "warn",
]
