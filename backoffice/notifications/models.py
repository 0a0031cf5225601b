"""Notifications, the mails that carry them, and what each person wants."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from typing_extensions import override

from backoffice.organization.models import CompanyOwned


class Delivery(models.TextChoices):
    """How a person wants to hear of a kind of thing; the inbox has it in any case."""

    NOW = "now", _("By e-mail at once")
    DIGEST = "digest", _("In the daily digest")
    INBOX = "inbox", _("Only in the inbox")


class MailState(models.TextChoices):
    """Where a mail stands. Between the intent and the answer of the server lies the uncertain."""

    PENDING = "pending", pgettext_lazy("mail", "Waiting")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    UNCERTAIN = "uncertain", pgettext_lazy("mail", "Uncertain")
    FAILED = "failed", pgettext_lazy("mail", "Failed")
    DROPPED = "dropped", pgettext_lazy("mail", "Dropped")


class Mail(CompanyOwned):
    """One row is one mail that is to leave once; its Message-ID never changes."""

    key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField()
    state = models.CharField(
        _("state"), max_length=10, choices=MailState, default=MailState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))
    sending_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    error = models.TextField(_("what happened"), blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        db_table = "backoffice_mail"
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="mail_due"),
            models.Index(fields=["company", "-id"], name="mail_of_company"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values),
                name="mail_state_known",
                violation_error_message=_("A mail does not have this state."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "uncertain"]) | Q(sending_since__isnull=False),
                name="mail_sending_since",
                violation_error_message=_("A mail that is being sent says since when."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["uncertain", "failed"]) | ~Q(error=""),
                name="mail_says_why",
                violation_error_message=_("A mail that did not surely arrive says why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.subject


class Notification(CompanyOwned):
    """One row tells one person of one event, in their language."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=60)
    event_id = models.BigIntegerField()
    text = models.CharField(_("text"), max_length=300)
    url = models.CharField(max_length=300)
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True)
    digest = models.BooleanField(default=False)
    mail = models.ForeignKey(
        Mail, on_delete=models.PROTECT, null=True, related_name="notifications"
    )

    class Meta:
        db_table = "backoffice_notification"
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes: ClassVar = [
            models.Index(fields=["user", "company", "-id"], name="notification_of_person"),
            models.Index(
                fields=["user"],
                condition=Q(digest=True, mail__isnull=True),
                name="notification_to_digest",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "kind", "event_id"],
                name="notification_once",
                violation_error_message=_("A person is told of an event once."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.text


class NotificationChoice(models.Model):
    """One row is how one person wants to hear of one kind of thing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choices"
    )
    kind = models.CharField(max_length=60)
    delivery = models.CharField(max_length=10, choices=Delivery)

    class Meta:
        db_table = "backoffice_notification_choice"
        verbose_name = _("choice of notification")
        verbose_name_plural = _("choices of notification")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="notification_choice_once",
                violation_error_message=_("There is one choice for each kind."),
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=Delivery.values),
                name="notification_choice_known",
                violation_error_message=_("There is no such way of delivery."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind}: {self.delivery}"


class NotificationHours(models.Model):
    """One row is when mails to one person rest, and when their digest leaves."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_hours"
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"), default=8, validators=[MaxValueValidator(23)]
    )

    class Meta:
        db_table = "backoffice_notification_hours"
        verbose_name = _("hours of notification")
        verbose_name_plural = _("hours of notification")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23),
                name="notification_hours_digest",
                violation_error_message=_("The hour of the digest is from 0 to 23."),
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notification_hours_both",
                violation_error_message=_("Quiet hours have a beginning and an end."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.quiet_from}-{self.quiet_to}"
