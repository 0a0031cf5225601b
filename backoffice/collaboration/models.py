"""What is said about records, who is told, and what each wants to hear."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import CompanyOwned

MOST_CHARACTERS = 10_000
LONGEST_NOTE = 200


class Comment(CompanyOwned):
    """One row is one comment of a person on a record; a deleted one stays without its words."""

    record_type = models.CharField(_("kind of record"), max_length=80)
    record_id = models.BigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.CharField(_("text"), max_length=MOST_CHARACTERS, blank=True)
    at = models.DateTimeField(_("when"))
    edited_at = models.DateTimeField(_("edited"), null=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True)

    class Meta:
        db_table = "backoffice_comment"
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes: ClassVar = [
            models.Index(fields=["company", "record_type", "record_id", "id"], name="comment_of"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) & ~Q(text="")
                | Q(deleted_at__isnull=False, text=""),
                name="comment_has_words_until_deleted",
                violation_error_message=_("Write something."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}: {self.pk}"


class CommentVersion(CompanyOwned):
    """One row is what a comment said before it was edited; it goes when the comment is deleted."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.CharField(_("text"), max_length=MOST_CHARACTERS)
    until = models.DateTimeField(_("until"))

    class Meta:
        db_table = "backoffice_comment_version"
        verbose_name = _("earlier text of a comment")
        verbose_name_plural = _("earlier texts of comments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "comment", "number"],
                name="comment_version_once",
                violation_error_message=_("The comment already has this version."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.comment_id} v{self.number}"


class Mention(CompanyOwned):
    """One row says that a comment names a person, who saw the record at that moment."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=200)

    class Meta:
        db_table = "backoffice_mention"
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "comment", "user"],
                name="mention_once",
                violation_error_message=_("A comment names a person once."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.comment_id} @{self.label}"


class WatchLevel(models.TextChoices):
    """What a person wants to hear of a record."""

    WATCHING = "watching", _("Watching")
    MUTED = "muted", _("Muted")


class Watch(CompanyOwned):
    """One row is what one person wants to hear of one record; without it, only being mentioned."""

    record_type = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=WatchLevel)
    since = models.DateTimeField()

    class Meta:
        db_table = "backoffice_watch"
        verbose_name = _("watched record")
        verbose_name_plural = _("watched records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "record_type", "record_id", "user"],
                name="watch_once",
                violation_error_message=_("A person watches a record once."),
            ),
            models.CheckConstraint(
                condition=Q(level__in=WatchLevel.values),
                name="watch_level_known",
                violation_error_message=_("A record is watched or muted."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {self.level} {self.record_type} {self.record_id}"


class FormDraft(CompanyOwned):
    """One row is what one person typed into one form and did not save yet, sealed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=160)
    key_id = models.CharField(max_length=12)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_form_draft"
        verbose_name = _("draft of a form")
        verbose_name_plural = _("drafts of forms")
        indexes: ClassVar = [models.Index(fields=["saved_at"], name="form_draft_age")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "form"],
                name="form_draft_once",
                violation_error_message=_("There is one draft of a form for each person."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {self.form}"

    @property
    def place(self) -> str:
        """What the content belongs to; sealed elsewhere, it does not open here."""
        return f"draft:{self.company_id}:{self.user_id}:{self.form}"


class FollowUp(CompanyOwned):
    """One row is what one person wants to be reminded of at one record; it stays when it is done."""

    record_type = models.CharField(_("kind of record"), max_length=80)
    record_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    set_at = models.DateTimeField(_("set"))
    told_at = models.DateTimeField(_("reminded"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        db_table = "backoffice_follow_up"
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes: ClassVar = [
            models.Index(
                fields=["company", "due"],
                name="follow_up_waiting",
                condition=Q(told_at__isnull=True, done_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "record_type", "record_id"],
                condition=Q(done_at__isnull=True),
                name="follow_up_open_once",
                violation_error_message=_("You are reminded of this record already."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {self.record_type} {self.record_id} {self.due}"
