"""Sealed texts, and the certificates of companies."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import CompanyOwned


class Secret(CompanyOwned):
    """One row is one sealed text; what opens it is not in the database."""

    name = models.CharField(max_length=120)
    key_id = models.CharField(max_length=12)
    sealed = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_secret"
        verbose_name = _("secret")
        verbose_name_plural = _("secrets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "name"],
                name="secret_once",
                violation_error_message=_("There is a secret of this name."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """What the text belongs to; sealed elsewhere, it does not open here."""
        return f"{self.company_id}:{self.name}"


class Certificate(CompanyOwned):
    """One row is one A1 certificate of a company, as the file tells of it; its key is a secret."""

    subject = models.CharField(_("holder"), max_length=200)
    cnpj = models.CharField(_("CNPJ"), max_length=14)
    issuer = models.CharField(_("issuer"), max_length=200)
    serial = models.CharField(_("serial number"), max_length=64)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid to"))
    secret = models.OneToOneField(
        Secret, on_delete=models.PROTECT, null=True, related_name="certificate"
    )
    installed_at = models.DateTimeField(_("installed"))
    installed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("installed by"),
    )
    removed_at = models.DateTimeField(_("removed"), null=True)

    class Meta:
        db_table = "backoffice_certificate"
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "fingerprint"],
                condition=Q(removed_at__isnull=True),
                name="certificate_once",
                violation_error_message=_("This certificate is already here."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="certificate_validity",
                violation_error_message=_("A certificate ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, secret__isnull=False)
                | Q(removed_at__isnull=False, secret__isnull=True),
                name="certificate_has_its_key",
                violation_error_message=_("A certificate has its key until it is removed."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.subject
