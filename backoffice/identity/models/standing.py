"""Acting for somebody else: by delegation, or to see what they see."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.identity.models.accounts import User
from backoffice.organization.models import CompanyOwned


@tracked
class Delegation(CompanyOwned):
    """One row is what one person lets another do in their place, from one day to another.

    It never gives more than the giver has on the day of use; ``ended_at`` takes it back at once.
    """

    giver = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("stands in for")
    )
    taker = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("stand-in")
    )
    permissions = ArrayField(models.CharField(max_length=120), verbose_name=_("permissions"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_delegation"
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        indexes: ClassVar = [
            models.Index(fields=["taker", "company"], name="delegation_taker_company")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(giver=F("taker")),
                name="delegation_to_another",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="delegation_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(
                condition=Q(permissions__len__gt=0),
                name="delegation_has_permissions",
                violation_error_message=_("Choose at least one permission."),
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="delegation_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"


class Impersonation(CompanyOwned):
    """One row is one time that somebody looked at a company through the eyes of another account."""

    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who looked")
    )
    target = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("as whom")
    )
    reason = models.CharField(_("reason"), max_length=200)
    began_at = models.DateTimeField(_("began"))
    expires_at = models.DateTimeField(_("ends by itself"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_impersonation"
        verbose_name = _("impersonation")
        verbose_name_plural = _("impersonations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(actor=F("target")),
                name="impersonation_of_another",
                violation_error_message=_("You are this person already."),
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="impersonation_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("began_at")),
                name="impersonation_ends_by_itself",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.actor} → {self.target}"
