"""Files that became records, row by row, and what was learned about their columns."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from typing_extensions import override

from backoffice.organization.models import CompanyOwned


class ImportState(models.TextChoices):
    """Where an import stands."""

    MAPPING = "mapping", _("Columns to be named")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Verdict(models.TextChoices):
    """What becomes of a row."""

    WAITING = "waiting", pgettext_lazy("row of an import", "Not checked yet")
    NEW = "new", pgettext_lazy("row of an import", "New")
    CHANGED = "changed", pgettext_lazy("row of an import", "Changes")
    SAME = "same", pgettext_lazy("row of an import", "Unchanged")
    WRONG = "wrong", pgettext_lazy("row of an import", "Wrong")
    SKIPPED = "skipped", pgettext_lazy("row of an import", "Skipped")


class DataImport(CompanyOwned):
    """One row is one file, or one paste, whose rows became records or are to become some."""

    object_name = models.CharField(_("object"), max_length=100)
    source = models.CharField(_("file"), max_length=150)
    sha256 = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.MAPPING
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("imported by"),
    )
    created_at = models.DateTimeField(_("created at"))
    applied_at = models.DateTimeField(_("applied at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    job_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "backoffice_data_import"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes: ClassVar = [models.Index(fields=["company", "-id"], name="data_import_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values),
                name="data_import_state_known",
                violation_error_message=_("An import does not have this state."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.UNDONE) | Q(undone_at__isnull=False),
                name="data_import_undone_has_its_time",
                violation_error_message=_("An import that was undone says when."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.source


class ImportRow(CompanyOwned):
    """One row is one line of an import: its cells, what they mean, and what became of it."""

    data_import = models.ForeignKey(DataImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    key = models.CharField(max_length=200, blank=True)
    cells = models.JSONField()
    verdict = models.CharField(_("result"), max_length=8, choices=Verdict, default=Verdict.WAITING)
    errors = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    record_id = models.BigIntegerField(null=True)
    last_event_id = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    kept_because = models.CharField(_("not undone because"), max_length=300, blank=True)

    class Meta:
        db_table = "backoffice_import_row"
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        indexes: ClassVar = [
            models.Index(fields=["data_import", "verdict", "line"], name="import_row_verdict"),
            models.Index(fields=["data_import", "key"], name="import_row_key"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["data_import", "line"],
                name="import_row_line_once",
                violation_error_message=_("The import has this line already."),
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values),
                name="import_row_verdict_known",
                violation_error_message=_("A row does not end this way."),
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(verdict__in=["new", "changed", "same"]),
                name="import_row_applied_was_right",
                violation_error_message=_("Only a row without errors is applied."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.data_import_id}/{self.line}"


class ImportMapping(CompanyOwned):
    """One row is what a company says its columns are, for one object: heading to field."""

    object_name = models.CharField(_("object"), max_length=100)
    fields = models.JSONField(default=dict)

    class Meta:
        db_table = "backoffice_import_mapping"
        verbose_name = _("columns of an object")
        verbose_name_plural = _("columns of objects")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "object_name"],
                name="import_mapping_once",
                violation_error_message=_("The columns of this object are known already."),
            )
        ]

    @override
    def __str__(self) -> str:
        return self.object_name


class Sharing(models.TextChoices):
    """Who finds a view among the tabs of its list."""

    MINE = "mine", pgettext_lazy("view of a list", "Only me")
    ROLES = "roles", pgettext_lazy("view of a list", "Some roles")
    ALL = "all", pgettext_lazy("view of a list", "Everybody")


class SavedView(CompanyOwned):
    """One row is one question to a list that somebody keeps under a name, alone or for others."""

    object_name = models.CharField(_("list"), max_length=100)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("search and filters"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("kept by"),
    )
    sharing = models.CharField(_("for whom"), max_length=5, choices=Sharing, default=Sharing.MINE)
    role_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_default = models.BooleanField(_("opens the list"), default=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        db_table = "backoffice_saved_view"
        verbose_name = _("view of a list")
        verbose_name_plural = _("views of lists")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "object_name", "owner", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You have a view with this name on this list already."),
            ),
            models.UniqueConstraint(
                fields=["company", "object_name", "owner"],
                condition=Q(is_default=True, sharing="mine"),
                name="saved_view_one_own_default",
                violation_error_message=_("Another view of yours opens this list already."),
            ),
            models.UniqueConstraint(
                fields=["company", "object_name"],
                condition=Q(is_default=True) & ~Q(sharing="mine"),
                name="saved_view_one_shared_default",
                violation_error_message=_("Another shared view opens this list already."),
            ),
            models.CheckConstraint(
                condition=Q(sharing__in=Sharing.values),
                name="saved_view_sharing_known",
                violation_error_message=_("A view is not shared this way."),
            ),
            models.CheckConstraint(
                condition=Q(sharing="roles") ^ Q(role_ids=[]),
                name="saved_view_roles_iff_for_roles",
                violation_error_message=_("Choose the roles that see the view."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
