"""The kernel as one Django application."""

from importlib import import_module
from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class BackofficeConfig(AppConfig):
    """Everything that the areas share; imports no area."""

    name = "backoffice"
    verbose_name = _("Back office")
    protected_tables: ClassVar[dict[str, str]] = {
        # table: what the role `app` may do there; everything else is refused by the database
        "backoffice_event": "SELECT, INSERT (at, action, company_id, actor_id, on_behalf_of_id,"
        " token_id, channel, target_type, target_id, data, reason, request_id)",
        "backoffice_event_epoch": "SELECT",
        "backoffice_event_block": "SELECT, INSERT",
        "backoffice_outbox_set_aside": "SELECT, INSERT",
        "backoffice_read_log": "SELECT, INSERT",
        "backoffice_webhook_attempt": "SELECT, INSERT, UPDATE (ended_at, status, detail)",
        "backoffice_webhook_delivery": (
            "SELECT, INSERT, UPDATE (state, attempts, tried, due_at, status, delivered_at)"
        ),
        "backoffice_comment": "SELECT, INSERT, UPDATE (text, edited_at, deleted_at)",
        "backoffice_comment_version": "SELECT, INSERT, DELETE",
        "backoffice_mention": "SELECT, INSERT",
        "backoffice_idempotency_key": "SELECT, INSERT",
        "backoffice_legal_table_confirmation": "SELECT, INSERT",
        "backoffice_number_counter": "SELECT, INSERT, UPDATE (last)",
        "backoffice_issued_number": "SELECT, INSERT",
        "backoffice_role": "SELECT, INSERT, UPDATE (name, description, permissions, active)",
        "backoffice_role_grant": "SELECT, INSERT, UPDATE (valid_to, ended_at)",
        "backoffice_api_token": "SELECT, INSERT, UPDATE (name, revoked_at, last_used_at, proved_until)",
        "backoffice_user": "SELECT, INSERT, UPDATE",
        "backoffice_delegation": "SELECT, INSERT, UPDATE (ended_at)",
        "backoffice_impersonation": "SELECT, INSERT, UPDATE (ended_at)",
        "backoffice_invitation": "SELECT, INSERT, UPDATE (failures, used_at, revoked_at)",
        "backoffice_factor_reset": "SELECT, INSERT, UPDATE (done_by_id, done_at)",
        "backoffice_work_process": "SELECT",
        "backoffice_work_state": "SELECT",
        "backoffice_work_step": "SELECT",
        "backoffice_work_event": "SELECT, INSERT",
        "backoffice_work_item": "SELECT, INSERT, UPDATE (title, assignee_id, due_at)",
        "backoffice_approval": "SELECT, INSERT, UPDATE (state, decided_at, voided_at)",
        "backoffice_approval_vote": "SELECT, INSERT",
        "backoffice_certificate": "SELECT, INSERT, UPDATE (removed_at, secret_id)",
        "backoffice_expiry_alarm": "SELECT, INSERT",
        "backoffice_expiry_mark": "SELECT, INSERT, UPDATE",
        "backoffice_mail": "SELECT, INSERT, UPDATE (state, attempts, due_at, sending_since, ended_at, error)",
        "backoffice_stored_file": "SELECT, INSERT, UPDATE (discard_at, removed_at)",
        "backoffice_file_account": "SELECT, UPDATE (limit_bytes)",
        "backoffice_attachment": "SELECT, INSERT, UPDATE",
        "backoffice_attachment_version": "SELECT, INSERT",
        "backoffice_letter": "SELECT, INSERT, UPDATE"
        " (number, file_id, state, voided_at, voided_by_id, void_reason)",
        "backoffice_letter_template": ("SELECT, INSERT, UPDATE (name, latest, active, retired_at)"),
        "backoffice_letter_template_version": "SELECT, INSERT",
        "backoffice_legal_hold": (
            "SELECT, INSERT, UPDATE (released_at, released_by_id, release_reason)"
        ),
        "backoffice_person_request": "SELECT, INSERT, UPDATE (state, answer, answered_on)",
        "backoffice_link": "SELECT, INSERT, UPDATE (removed_at, removed_by_id, removed_why)",
    }

    @override
    def ready(self) -> None:
        """Bind the Celery application, make its tasks known, register the kernel's objects."""
        import_module("backoffice.celery")
        import_module("backoffice.jobs.tasks")
        import_module("backoffice.notifications.tasks")
        import_module("backoffice.conformance.checks")
        import_module("backoffice.privacy.checks")
        import_module("backoffice.privacy.declared")
        import_module("backoffice.privacy.declared_company")
        import_module("backoffice.privacy.register")
        import_module("backoffice.ports.checks")
        import_module("backoffice.administration.register")
        import_module("backoffice.operation.register")
        import_module("backoffice.structure.register")
        import_module("backoffice.legislation.register")
        import_module("backoffice.integration.register")
        import_module("backoffice.integration.tasks")
        import_module("backoffice.boards.cards")
        import_module("backoffice.boards.calendars")
        import_module("backoffice.lists.bulk")
        import_module("backoffice.expiry.register")
        import_module("backoffice.lists.groups")
        import_module("backoffice.web.register")
        import_module("backoffice.exchange.register")
        import_module("backoffice.inbox.register")
        import_module("backoffice.directory.register")
        import_module("backoffice.trail.register")
        import_module("backoffice.attachments.register")
        import_module("backoffice.credentials.register")
        import_module("backoffice.linking.register")
        import_module("backoffice.letters.register")
        import_module("backoffice.letters.tasks")
        import_module("backoffice.alerts.register")
        import_module("backoffice.teamwork.register")
        import_module("backoffice.search.register")
        import_module("backoffice.search.tasks")
        import_module("backoffice.home.register")
