"""Where accounts are logged in, and the invitations with which people choose a password."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity.models import User
from backoffice.organization.models import CompanyOwned

MOST_FAILURES = 5
"""Wrong codes after which an invitation is dead; a new one must be asked for."""


class UserSession(models.Model):
    """One row is one browser in which an account logged in; the session itself is Django's."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("user")
    )
    session_key = models.CharField(max_length=40, editable=False)
    began_at = models.DateTimeField(_("logged in"))
    seen_at = models.DateTimeField(_("last used"))
    ip = models.GenericIPAddressField(_("address"))
    agent = models.CharField(_("browser"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_user_session"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes: ClassVar = [models.Index(fields=["user", "seen_at"], name="user_session_of_user")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session_key"],
                name="user_session_key_once",
                violation_error_message=_("There is already such a session."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%Y-%m-%d %H:%M}"


class InvitationKind(models.TextChoices):
    """How the secret reaches the person."""

    MAIL = "mail", _("Link by e-mail")
    PRINTED = "printed", _("Printed code")


class Invitation(CompanyOwned):
    """One row is one chance to choose a password: a mailed link, or a code on paper.

    Only a hash of the secret is kept. It works once, until ``expires_at``, and dies with the fifth
    wrong code or with the next invitation of the same account.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=InvitationKind)
    digest = models.CharField(max_length=160, editable=False)
    invited_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    failures = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_invitation"
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, revoked_at=None),
                name="invitation_one_open",
                violation_error_message=_("This account is already invited."),
            ),
            models.UniqueConstraint(
                fields=["digest"],
                name="invitation_digest_once",
                violation_error_message=_("There is already such an invitation."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="invitation_expires_later",
                violation_error_message=_("The expiry must lie in the future."),
            ),
            models.CheckConstraint(
                condition=Q(failures__lte=MOST_FAILURES),
                name="invitation_dies_of_failures",
                violation_error_message=_("Too many wrong codes."),
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None),
                name="invitation_ends_once",
                violation_error_message=_("An invitation is used or taken back, not both."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"


class FactorReset(CompanyOwned):
    """One row is one request to take away lost second factors; another person than who asks does it."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("user")
    )
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        db_table = "backoffice_factor_reset"
        verbose_name = _("reset of second factors")
        verbose_name_plural = _("resets of second factors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(done_at=None),
                name="factor_reset_one_open",
                violation_error_message=_("This is already asked."),
            ),
            models.CheckConstraint(
                condition=Q(done_by=None)
                | ~Q(done_by=F("asked_by")) & ~Q(done_by=F("user")) & Q(asked_by__isnull=False),
                name="factor_reset_by_two",
                violation_error_message=_("You asked for this; another person decides."),
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")),
                name="factor_reset_of_another",
                violation_error_message=_("Ask another administrator to change your account."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user} {self.asked_at:%Y-%m-%d}"
