"""Tokens of programs."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity import catalogue
from backoffice.identity.models.accounts import User
from backoffice.organization.models import CompanyOwned


class ApiToken(CompanyOwned):
    """One row is one secret with which a program acts for its owner in one company.

    Only a hash of the secret is kept. Its rights are those of its owner at the moment of use, cut
    down to ``scopes``; the dangerous ones of them only count until ``proved_until``.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=120), verbose_name=_("permissions"))
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    proved_until = models.DateTimeField(_("dangerous permissions until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_api_token"
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        indexes: ClassVar = [models.Index(fields=["user", "company"], name="api_token_owner")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest"],
                name="api_token_digest_once",
                violation_error_message=_("There is already such a token."),
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="api_token_digest_form",
                violation_error_message=_("Only the hash of a token is kept."),
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0),
                name="api_token_has_scopes",
                violation_error_message=_("Choose at least one permission."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_token_expires_later",
                violation_error_message=_("The expiry must lie in the future."),
            ),
            models.CheckConstraint(
                condition=Q(proved_until__isnull=True) | Q(proved_until__lte=F("expires_at")),
                name="api_token_proof_ends_with_it",
                violation_error_message=_("A token is not usable after it expires."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def is_dangerous(self) -> bool:
        """Whether it carries permissions that only count for an hour after a fresh proof."""
        return not catalogue.guarded().isdisjoint(self.scopes)
