"""Documents of records as registered objects."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.attachments import forms, views
from backoffice.attachments.api import AttachmentSerializer
from backoffice.attachments.filters import AttachmentFilter
from backoffice.database.keyset import unaccented
from backoffice.files import services
from backoffice.files.models import Attachment, AttachmentVersion, FileAccount, StoredFile
from backoffice.files.registry import CATEGORIES, LABELS
from backoffice.files.selectors import VIEW, visible_attachments
from backoffice.jobs.models import JobResult
from backoffice.resources import registry
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
from backoffice.search import sources

__all__ = ["services"]  # imported for its commands

STATES = {
    "kept": _("Kept"),
    "expired": pgettext_lazy("document", "Expired"),
    "removed": _("Removed"),
}
TONES = {"kept": "success", "expired": "danger", "removed": "neutral"}
PRESENT = frozenset({"kept", "expired"})
CATEGORY = Column(key="category", label=_("Category"), kind=Kind.CHOICE, choices=CATEGORIES)
OWNER = Column(key="owner_name", label=_("Belongs to"), sort=unaccented("owner_name"))
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, choices=STATES, tones=TONES)
VALID = Column(key="valid_until", label=_("Valid until"), kind=Kind.DATE)
CHANGED = Column(key="changed_at", label=_("Changed"), kind=Kind.DATETIME)

registry.register(
    Resource(
        name="backoffice.attachment",
        lacks={
            "attachments": "It is a document itself, with versions.",
        },
        model=Attachment,
        slug="attachments",
        label=_("Document"),
        label_plural=_("Documents"),
        icon="files",
        view_permission=VIEW,
        queryset=visible_attachments,
        empty=_("What records carry: identity documents, certificates, signed papers."),
        state="state",
        table=Table(
            columns=(
                Column(key="title", label=_("Title"), kind=Kind.LINK),
                OWNER,
                CATEGORY,
                Column(key="version", label=_("Version"), kind=Kind.INTEGER),
                VALID,
                CHANGED,
                STATE,
            ),
            order="-changed_at",
            groups=("category", "state", "valid_until"),
            search=("title", "file_name"),
        ),
        filters=AttachmentFilter,
        panels=(
            Panel(
                title=_("Preview"),
                icon="search",
                template="attachments/preview.html",
                context=views.preview_panel,
            ),
            Panel(
                title=_("Versions"),
                icon="history",
                template="attachments/versions.html",
                context=views.versions_panel,
            ),
            Facts(
                title=_("Document"),
                icon="info-circle",
                facts=(
                    Fact(key="owner_name", label=_("Belongs to")),
                    Fact(
                        key="owner_type",
                        label=_("Kind of record"),
                        kind=Kind.CHOICE,
                        choices=LABELS,
                    ),
                    CATEGORY,
                    VALID,
                    Fact(key="note", label=_("Note")),
                    Fact(key="changed_by", label=_("Changed by"), source="changed_by__name"),
                    CHANGED,
                ),
            ),
        ),
        serializer=AttachmentSerializer,
        update=Command(
            name="backoffice.attachment.change",
            label=_("Change"),
            icon="edit",
            form=forms.AboutForm,
            initial=forms.about_initial,
            states=PRESENT,
            available=views.why_not_change,
        ),
        commands=(
            Command(
                name="backoffice.attachment.remove",
                label=_("Remove"),
                icon="trash",
                form=forms.RemoveForm,
                states=PRESENT,
                available=views.why_not_change,
                done=_("Document removed."),
                danger=True,
                leads_to=views.record_url,
            ),
        ),
        events={
            "added": _("Document kept"),
            "replaced": _("New version"),
            "removed": _("Removed"),
        },
        menu=Menu(order=80),
        calendar="valid_until",
    )
)
registry.internal(
    "Bytes behind documents and results, reached through what carries them.", StoredFile
)
registry.internal("The file that a job made, on the page of the job.", JobResult)
registry.internal("Versions of a document, shown on its page.", AttachmentVersion)
registry.internal("How much a company keeps, counted by the database.", FileAccount)
sources.declare("backoffice.attachment", document=True)
