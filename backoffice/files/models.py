"""Kept files, how much a company keeps, and the documents that records carry."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models import CompanyOwned

DEFAULT_LIMIT = 10 * 1024**3


class UuidV7(models.Func):
    """A key that nobody guesses and that grows with time, made by the database."""

    function = "uuidv7"
    output_field = models.UUIDField()


class StoredFile(CompanyOwned):
    """One row is one file whose bytes are in the storage under its key; the row outlives the bytes.

    ``sha256`` is the hash of what is kept, ``received_sha256`` of what was brought: they differ where
    a picture lost what the camera wrote beside it.
    """

    key = models.UUIDField(unique=True, db_default=UuidV7(), editable=False)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.BigIntegerField(_("size"))
    pages = models.PositiveIntegerField(_("pages"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    received_sha256 = models.CharField(_("SHA-256 as received"), max_length=64)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    discard_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "backoffice_stored_file"
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes: ClassVar = [
            models.Index(fields=["company", "sha256"], name="stored_file_hash"),
            models.Index(
                fields=["discard_at"],
                condition=Q(removed_at__isnull=True, discard_at__isnull=False),
                name="stored_file_to_discard",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="stored_file_not_empty",
                violation_error_message=_("The file is empty."),
            ),
            models.CheckConstraint(
                condition=Q(
                    sha256__regex="^[0-9a-f]{64}$", received_sha256__regex="^[0-9a-f]{64}$"
                ),
                name="stored_file_hashes",
                violation_error_message=_("A hash has 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(discard_at__isnull=False),
                name="stored_file_removed_when_discarded",
                violation_error_message=_("Only what was discarded is removed."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.key)


class FileAccount(CompanyOwned):
    """One row is how much one company keeps, counted by a trigger, and how much it may."""

    used_bytes = models.BigIntegerField(_("used"), default=0)
    limit_bytes = models.BigIntegerField(_("limit"), db_default=DEFAULT_LIMIT)

    class Meta:
        db_table = "backoffice_file_account"
        verbose_name = _("room for files")
        verbose_name_plural = _("room for files")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company"],
                name="file_account_once",
                violation_error_message=_("The company has its account already."),
            ),
            models.CheckConstraint(
                condition=Q(used_bytes__gte=0, limit_bytes__gte=0),
                name="file_account_counts",
                violation_error_message=_("Room for files is never negative."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.used_bytes}/{self.limit_bytes}"


@tracked
class Attachment(CompanyOwned):
    """One row is one document that a record carries, as it is now; older versions stay beside it."""

    owner_type = models.CharField(_("kind of record"), max_length=80)
    owner_id = models.BigIntegerField()
    title = models.CharField(_("title"), max_length=150)
    category = models.CharField(_("category"), max_length=40)
    note = models.TextField(_("note"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file name"), max_length=150)
    created_at = models.DateTimeField(_("created at"))
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "backoffice_attachment"
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes: ClassVar = [
            models.Index(
                fields=["company", "owner_type", "owner_id"],
                condition=Q(removed_at__isnull=True),
                name="attachment_of_owner",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(file_name="") & Q(version__gte=1),
                name="attachment_named",
                violation_error_message=_("A document has a title."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class AttachmentVersion(CompanyOwned):
    """One row is one version of a document, the present one among them; versions are only added."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="version")
    file_name = models.CharField(_("file name"), max_length=150)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("when"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        db_table = "backoffice_attachment_version"
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attachment", "number"],
                name="attachment_version_once",
                violation_error_message=_("The document already has this version."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.attachment_id} v{self.number}"
