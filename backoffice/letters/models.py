"""Templates of letters, their versions, and the letters that were issued."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.files.models import StoredFile
from backoffice.numbering.rules import LONGEST as LONGEST_NUMBER
from backoffice.organization.models import CompanyOwned
from backoffice.parties.models import Party


@tracked
class LetterTemplate(CompanyOwned):
    """One row is one kind of letter that a company writes; its texts are versions."""

    name = models.CharField(_("name"), max_length=150)
    subject = models.CharField(_("about"), max_length=80)
    latest = models.PositiveIntegerField(_("newest version"), default=1)
    active = models.PositiveIntegerField(_("version in use"), null=True)
    retired_at = models.DateTimeField(_("retired at"), null=True)

    class Meta:
        db_table = "backoffice_letter_template"
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "name"],
                name="letter_template_once",
                violation_error_message=_("There is already a template with this name."),
            ),
            models.CheckConstraint(
                condition=~Q(name="")
                & Q(latest__gte=1)
                & (Q(active__isnull=True) | Q(active__lte=F("latest"))),
                name="letter_template_versions",
                violation_error_message=_("There is no such version."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class LetterTemplateVersion(CompanyOwned):
    """One row is one text of a template, as it was saved once; never changed."""

    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    heading = models.CharField(_("heading"), max_length=150)
    body = models.TextField(_("text"))
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    restored_from = models.PositiveIntegerField(_("restored from version"), null=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        db_table = "backoffice_letter_template_version"
        verbose_name = _("version of a letter template")
        verbose_name_plural = _("versions of letter templates")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["template", "number"],
                name="letter_template_version_once",
                violation_error_message=_("The template already has this version."),
            ),
            models.CheckConstraint(
                condition=~Q(heading="") & ~Q(body=""),
                name="letter_template_version_says_something",
                violation_error_message=_("A template has a heading and a text."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"


class LetterState(models.TextChoices):
    """Whether a letter counts."""

    ISSUED = "issued", _("Issued")
    VOID = "void", _("Void")


class Letter(CompanyOwned):
    """One row is one letter as it was issued, word by word; it may become void, and never changes."""

    number = models.CharField(_("number"), max_length=LONGEST_NUMBER, blank=True)
    version = models.ForeignKey(
        LetterTemplateVersion,
        on_delete=models.PROTECT,
        related_name="letters",
        verbose_name=_("template"),
    )
    subject_type = models.CharField(_("kind of record"), max_length=80)
    subject_id = models.BigIntegerField(_("about"))
    subject_name = models.CharField(_("about"), max_length=200)
    person = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    heading = models.CharField(_("heading"), max_length=150)
    text = models.TextField(_("text"))
    answers = models.JSONField(_("answers"), default=dict)
    permissions = ArrayField(models.CharField(max_length=80), verbose_name=_("permissions"))
    issued_on = models.DateField(_("date"))
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=LetterState, default=LetterState.ISSUED
    )
    voided_at = models.DateTimeField(_("voided at"), null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("voided by"),
    )
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "backoffice_letter"
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes: ClassVar = [
            models.Index(fields=["company", "subject_type", "subject_id"], name="letter_by_subject")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=~Q(number=""),
                name="letter_number_once",
                violation_error_message=_("There is already a letter with this number."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state="issued", voided_at__isnull=True, void_reason="", voided_by__isnull=True
                )
                | (Q(state="void", voided_at__isnull=False) & ~Q(void_reason="")),
                name="letter_void_with_reason",
                violation_error_message=_("Say why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.number} {self.heading}"
