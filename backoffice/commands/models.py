"""Answers kept under the caller's idempotency key."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class IdempotencyKey(models.Model):
    """One row is the answer that one actor's request got, kept so that a repeat gets the same."""

    actor_id = models.BigIntegerField()
    company_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    command = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_idempotency_key"
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["actor_id", "company_id", "key"],
                name="idempotency_key_once",
                violation_error_message=_("This key was already used."),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    @override
    def __str__(self) -> str:
        return f"{self.command} {self.key}"
