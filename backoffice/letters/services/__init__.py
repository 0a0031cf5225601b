"""Commands of letters, by what they are about."""

from backoffice.letters.services.letters import issue_letter, reissue_letter, void_letter
from backoffice.letters.services.templates import (
    activate_template,
    change_template,
    create_template,
    restore_version,
    retire_template,
)

__all__ = [
    "activate_template",
    "change_template",
    "create_template",
    "issue_letter",
    "reissue_letter",
    "restore_version",
    "retire_template",
    "void_letter",
]
