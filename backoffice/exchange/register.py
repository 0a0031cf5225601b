"""Imports as a registered object, and what this folder adds to workers and menus."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backoffice.exchange import panels, services, tabs, tasks
from backoffice.exchange.api import DataImportSerializer
from backoffice.exchange.filters import DataImportFilter
from backoffice.exchange.importers import LABELS
from backoffice.exchange.models import DataImport, ImportMapping, ImportRow, SavedView
from backoffice.exchange.selectors import VIEW, visible_imports
from backoffice.resources import listing, registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Resource,
    Table,
)

__all__ = ["services", "tasks"]

TONES = {
    "mapping": "warning",
    "checking": "progress",
    "checked": "info",
    "applying": "progress",
    "applied": "success",
    "undoing": "progress",
    "undone": "neutral",
}
OBJECT = Column(
    key="object_name", label=_("Into"), kind=Kind.CHOICE, choices=LABELS, sortable=False
)
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, tones=TONES)
BY = Column(key="created_by", label=_("By"), source=F("created_by__name"), sortable=False)
CREATED = Column(key="created_at", label=_("Created"), kind=Kind.DATETIME)

registry.register(
    Resource(
        name="backoffice.data_import",
        lacks={
            "history": "It moves by its commands and its job, each an event; its rows say what they did."
        },
        model=DataImport,
        slug="imports",
        label=_("Import"),
        label_plural=_("Imports"),
        icon="arrow-bar-to-down",
        view_permission=VIEW,
        queryset=visible_imports,
        empty=_("Files whose rows became records: suppliers, people, departments."),
        state="state",
        table=Table(
            columns=(
                Column(key="source", label=_("File"), kind=Kind.LINK),
                OBJECT,
                BY,
                CREATED,
                STATE,
            ),
            order="-created_at",
            search=("source",),
        ),
        filters=DataImportFilter,
        panels=(
            Panel(
                title=_("Rows"),
                icon="table",
                template="exchange/import_panel.html",
                context=panels.import_panel,
            ),
            Facts(
                title=_("File"),
                icon="file-text",
                facts=(
                    OBJECT,
                    BY,
                    Fact(key="created_at", label=_("Created"), kind=Kind.DATETIME),
                    Fact(key="applied_at", label=_("Applied"), kind=Kind.DATETIME),
                    Fact(key="undone_at", label=_("Undone"), kind=Kind.DATETIME),
                    Fact(key="sha256", label=_("SHA-256")),
                ),
            ),
        ),
        serializer=DataImportSerializer,
        commands=(
            Command(
                name="backoffice.data_import.apply",
                label=_("Apply"),
                icon="checks",
                states=frozenset({"checked", "applied"}),
                available=panels.why_not_apply,
                summary=panels.what_apply_does,
                done=_("The rows are being taken in."),
            ),
            Command(
                name="backoffice.data_import.undo",
                label=_("Undo"),
                icon="arrow-back-up",
                states=frozenset({"applied", "undone"}),
                available=panels.why_not_undo,
                summary=panels.what_undo_does,
                done=_("The import is being undone."),
                danger=True,
            ),
        ),
        events={
            "checked": _("Checked"),
            "apply_started": _("Application started"),
            "undo_started": _("Undoing started"),
            "applied": _("Applied"),
            "undone": _("Undone"),
        },
        menu=Menu(order=180),
    )
)
registry.internal("Lines of an import, shown on its pages.", ImportRow)
registry.internal(
    "What a company says its columns are; guessed from at the next file.", ImportMapping
)
registry.internal("Shown as tabs of the list that they are a view of.", SavedView)
listing.OPENINGS.append(tabs.opening)
