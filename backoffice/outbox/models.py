"""How far each consumer has read, and what was delivered to whom."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models import CompanyOwned


class OutboxPosition(models.Model):
    """One row is one consumer of events and how far it has read; locked while it reads on."""

    consumer = models.CharField(max_length=80, primary_key=True)
    epoch = models.IntegerField()
    xid = models.BigIntegerField()
    event_id = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_outbox_position"
        verbose_name = _("position in the events")
        verbose_name_plural = _("positions in the events")

    @override
    def __str__(self) -> str:
        return f"{self.consumer} {self.epoch}.{self.xid}.{self.event_id}"


class OutboxSetAside(models.Model):
    """One row is one event at which a consumer failed five times, so that the next ones went on."""

    consumer = models.CharField(max_length=80)
    event_id = models.BigIntegerField()
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_outbox_set_aside"
        verbose_name = _("event set aside")
        verbose_name_plural = _("events set aside")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["consumer", "event_id"],
                name="outbox_set_aside_once",
                violation_error_message=_("This event was set aside already."),
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id}"


@tracked
class Webhook(CompanyOwned):
    """One row is one address of another system that is told what happens in the company.

    It gets what ``owner`` may see of the whole company, and nothing once that person may not. The
    secret is derived from ``key`` and ``secret_version`` and stands in no table.
    """

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    objects_told = ArrayField(
        models.CharField(max_length=80), default=list, verbose_name=_("objects")
    )
    active = models.BooleanField(_("active"), default=True)
    stopped_because = models.CharField(_("stopped because"), max_length=200, blank=True)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    secret_version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("with the rights of"),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        db_table = "backoffice_webhook"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "name"],
                name="webhook_name_once",
                violation_error_message=_("There is already a webhook with this name."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class WebhookDelivery(CompanyOwned):
    """One row is one event on its way to one webhook; ``due_at`` is when it is tried next."""

    webhook = models.ForeignKey(
        Webhook, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("webhook")
    )
    event_id = models.BigIntegerField(_("event"))
    action = models.CharField(_("what happened"), max_length=120)
    target_type = models.CharField(max_length=80)
    target_id = models.BigIntegerField(null=True)
    event_at = models.DateTimeField(_("happened at"))
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(_("next attempt"), null=True)
    status = models.PositiveSmallIntegerField(_("last answer"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        db_table = "backoffice_webhook_delivery"
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(state="pending"), name="webhook_delivery_due"
            ),
            models.Index(fields=["webhook", "-id"], name="webhook_delivery_of_webhook"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "webhook", "event_id"],
                name="webhook_delivery_once",
                violation_error_message=_("This event is on its way to this webhook already."),
            ),
            models.CheckConstraint(
                condition=Q(state="pending", due_at__isnull=False, delivered_at__isnull=True)
                | Q(state="delivered", due_at__isnull=True, delivered_at__isnull=False)
                | Q(state="failed", due_at__isnull=True, delivered_at__isnull=True),
                name="webhook_delivery_state_has_its_times",
                violation_error_message=_("A delivery waits, arrived, or failed."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.action} {self.event_id}"


class WebhookAttempt(models.Model):
    """One row is one attempt at a delivery, committed before anything is sent."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField(_("attempt"))
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        db_table = "backoffice_webhook_attempt"
        verbose_name = _("attempt at a delivery")
        verbose_name_plural = _("attempts at deliveries")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delivery", "number"],
                name="webhook_attempt_once",
                violation_error_message=_("This attempt was already made."),
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number}"
