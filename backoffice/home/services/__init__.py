"""What people do on the set-up checklist and in guided tasks."""

from backoffice.home.services.setup import Answer, confirm_backup, note_mail_test, try_mail
from backoffice.home.services.training import leave_task, note_seen, start_task

__all__ = [
    "Answer",
    "confirm_backup",
    "leave_task",
    "note_mail_test",
    "note_seen",
    "start_task",
    "try_mail",
]
