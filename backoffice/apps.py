"""The kernel as one Django application."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    """Everything that the areas share; imports no area."""

    name = "backoffice"
    verbose_name = _("Back office")
    protected_tables: ClassVar[dict[str, str]] = {
        # table: what the role `app` may do there; everything else is refused by the database
        "backoffice_event": "SELECT, INSERT",
        "backoffice_event_block": "SELECT, INSERT",
        "backoffice_read_log": "SELECT, INSERT",
        "backoffice_idempotency_key": "SELECT, INSERT",
    }
