"""Commands and steps on second factors, sessions, invitations and lock-outs."""

from backoffice.accounts.services.company import PROVIDER, link_company_login
from backoffice.accounts.services.factors import (
    add_passkey,
    add_totp,
    drop_factors,
    new_recovery_codes,
    remove_factor,
    use_code,
)
from backoffice.accounts.services.invitations import (
    accept_code,
    accept_mail,
    invite_by_mail,
    invite_on_paper,
)
from backoffice.accounts.services.locks import ask_factor_reset, reset_factors, unlock_user
from backoffice.accounts.services.sessions import (
    Visit,
    end_other_sessions,
    end_session,
    end_sessions_of,
    note_session,
)

__all__ = [
    "PROVIDER",
    "Visit",
    "accept_code",
    "accept_mail",
    "add_passkey",
    "add_totp",
    "ask_factor_reset",
    "drop_factors",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "invite_by_mail",
    "invite_on_paper",
    "link_company_login",
    "new_recovery_codes",
    "note_session",
    "remove_factor",
    "reset_factors",
    "unlock_user",
    "use_code",
]
