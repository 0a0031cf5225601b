"""Links between records."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models import CompanyOwned


@tracked
class Link(CompanyOwned):
    """One row says that one record is something to another one since a day, until it is removed.

    Triggers see that both records exist in the company and that nothing but a removal changes a
    link; one open link of a kind ties two records, in whichever direction
    (``migrations/sql/links.sql``).
    """

    kind = models.CharField(_("kind"), max_length=80)
    source_type = models.CharField(_("source"), max_length=80)
    source_id = models.BigIntegerField()
    target_type = models.CharField(_("target"), max_length=80)
    target_id = models.BigIntegerField()
    since = models.DateField(_("since"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    removed_at = models.DateTimeField(_("removed at"), null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("removed by"),
    )
    removed_why = models.CharField(_("why it was removed"), max_length=300, blank=True)

    class Meta:
        db_table = "backoffice_link"
        verbose_name = _("link")
        verbose_name_plural = _("links")
        indexes: ClassVar = [
            models.Index(
                fields=["company", "source_type", "source_id"],
                condition=Q(removed_at__isnull=True),
                name="link_by_source",
            ),
            models.Index(
                fields=["company", "target_type", "target_id"],
                condition=Q(removed_at__isnull=True),
                name="link_by_target",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(source_type=F("target_type")) | ~Q(source_id=F("target_id")),
                name="link_of_two_records",
                violation_error_message=_("A record is not linked to itself."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_why="", removed_by__isnull=True)
                | (Q(removed_at__isnull=False) & ~Q(removed_why="")),
                name="link_removed_with_reason",
                violation_error_message=_("Say why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return (
            f"{self.source_type} {self.source_id} {self.kind} {self.target_type} {self.target_id}"
        )
