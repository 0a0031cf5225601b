"""Requests of data subjects, and holds that keep data from being removed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models import CompanyOwned
from backoffice.parties.models import Party


class RequestKind(models.TextChoices):
    """What the data subject asks for (LGPD art. 18)."""

    ACCESS = "access", _("Confirmation and access (I and II)")
    CORRECTION = "correction", _("Correction (III)")
    ANONYMISATION = "anonymisation", _("Anonymisation, blocking or deletion (IV and VI)")
    PORTABILITY = "portability", _("Portability (V)")
    SHARING = "sharing", _("With whom data are shared (VII)")
    OBJECTION = "objection", _("Objection or withdrawn consent (VIII and IX)")


class RequestState(models.TextChoices):
    """How far a request is; the process moves it."""

    RECEIVED = "received", _("Received")
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")


@tracked
class PersonRequest(CompanyOwned):
    """One row is one request of a data subject, due fifteen days after it came."""

    person = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("asks for"), max_length=14, choices=RequestKind)
    said = models.TextField(_("request"))
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=8, choices=RequestState, default=RequestState.RECEIVED
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True)

    class Meta:
        db_table = "backoffice_person_request"
        verbose_name = _("request of a data subject")
        verbose_name_plural = _("requests of data subjects")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(said="") & Q(due_on__gte=F("received_on")),
                name="person_request_says_something",
                violation_error_message=_("Write down what was asked."),
            ),
            models.CheckConstraint(
                condition=Q(state="received")
                | (Q(answered_on__gte=F("received_on")) & ~Q(answer="")),
                name="person_request_answered_in_words",
                violation_error_message=_("Write down the answer."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_on}"


@tracked
class LegalHold(CompanyOwned):
    """One row keeps all data of one person, or of the whole company, until it is released."""

    person = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    reason = models.TextField(_("reason"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("placed by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    release_reason = models.TextField(_("why it was released"), blank=True)

    class Meta:
        db_table = "backoffice_legal_hold"
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        indexes: ClassVar = [
            models.Index(
                fields=["company", "person"],
                condition=Q(released_at__isnull=True),
                name="legal_hold_in_force",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason="") & (Q(until__isnull=True) | Q(until__gte=F("since"))),
                name="legal_hold_has_a_reason",
                violation_error_message=_("A hold has a reason, and ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, release_reason="", released_by__isnull=True)
                | (Q(released_at__isnull=False) & ~Q(release_reason="")),
                name="legal_hold_released_with_a_reason",
                violation_error_message=_("Say why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.reason[:80]
