"""What happened, who looked, and the seals that show when somebody rewrote it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class Event(models.Model):
    """One row is one thing that happened, written by the command that did it.

    Append-only and partitioned by month (``migrations/sql/audit.sql``). Actor and company are plain
    numbers, so that nothing low points up and nothing that happened keeps a person from leaving.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded at"))
    action = models.CharField(_("action"), max_length=120)
    company_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    target_type = models.CharField(max_length=80)
    target_id = models.BigIntegerField(null=True)
    data = models.JSONField()
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "backoffice_event"
        managed = False
        verbose_name = _("event")
        verbose_name_plural = _("events")

    @override
    def __str__(self) -> str:
        return f"{self.action} {self.target_type}:{self.target_id}"


class EventEpoch(models.Model):
    """One row is one server that the log lived on; transaction numbers count within it.

    Begun by the database with the first event on a server (``migrations/sql/audit_epochs.sql``): a dump
    restored elsewhere finds transaction numbers that start low again.
    """

    id = models.AutoField(primary_key=True)
    system_identifier = models.BigIntegerField(unique=True)
    began_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_event_epoch"
        verbose_name = _("epoch of the log of events")
        verbose_name_plural = _("epochs of the log of events")

    @override
    def __str__(self) -> str:
        return f"{self.pk}: {self.system_identifier}"


class EventBlock(models.Model):
    """One row seals all events of the transactions from one number to the next, chained to the last.

    The numbers are those of one epoch; the chain runs through all epochs in the order of the ids.

    ``signature`` is an HMAC with a key that the database does not hold: an owner who rewrites events
    and blocks by hand cannot make a new one.
    """

    epoch = models.IntegerField(default=1)
    first_xid = models.BigIntegerField()
    next_xid = models.BigIntegerField()
    count = models.IntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_event_block"
        verbose_name = _("sealed block of events")
        verbose_name_plural = _("sealed blocks of events")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["epoch", "first_xid"], name="event_block_starts_once"),
            models.CheckConstraint(
                condition=models.Q(next_xid__gt=models.F("first_xid")), name="event_block_not_empty"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.first_xid}-{self.next_xid} {self.hash[:12]}"


class ReadLog(models.Model):
    """One row is one request that showed sensitive data: who saw what of whom."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    company_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=80)
    ids = models.JSONField()
    request_id = models.CharField(max_length=64)

    class Meta:
        db_table = "backoffice_read_log"
        managed = False
        verbose_name = _("reading of sensitive data")
        verbose_name_plural = _("readings of sensitive data")

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
