"""Letters and their templates as registered objects."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.database.keyset import unaccented
from backoffice.letters import forms, selectors, services, views
from backoffice.letters.api import (
    LetterSerializer,
    TemplateDetailSerializer,
    TemplateSerializer,
)
from backoffice.letters.catalogue import LABELS
from backoffice.letters.filters import LetterFilter, TemplateFilter
from backoffice.letters.models import Letter, LetterState, LetterTemplate, LetterTemplateVersion
from backoffice.letters.printing import KIND, issued_letter
from backoffice.pdf.verification import register_kind
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Related,
    Resource,
    Table,
)
from backoffice.search import sources

__all__ = ["services"]  # imported for its commands

STATES = {
    "draft": _("Draft"),
    "active": _("In use"),
    "changed": _("In use, with a newer draft"),
    "retired": _("No longer used"),
}
TONES = {"draft": "neutral", "active": "success", "changed": "warning", "retired": "neutral"}
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, choices=STATES, tones=TONES)
ABOUT = Column(key="subject", label=_("About"), kind=Kind.CHOICE, choices=LABELS)
NOT_RETIRED = frozenset({"draft", "active", "changed"})
LETTER_STATE = Column(
    key="state",
    label=_("State"),
    kind=Kind.STATE,
    tones={"issued": "success", "void": "danger"},
)
ISSUED = frozenset({LetterState.ISSUED.value})

TEMPLATE = Resource(
    name="backoffice.letter_template",
    model=LetterTemplate,
    slug="letter-templates",
    label=_("Letter template"),
    label_plural=_("Letter templates"),
    icon="notes",
    view_permission=selectors.TEMPLATES,
    queryset=selectors.visible_templates,
    empty=_("Texts from which letters are issued: declarations, warnings, notices."),
    state="state",
    table=Table(
        columns=(
            Column(key="name", label=_("Name"), kind=Kind.LINK, sort=unaccented("name")),
            ABOUT,
            Column(key="latest", label=_("Newest version"), kind=Kind.INTEGER),
            Column(key="active", label=_("Version in use"), kind=Kind.INTEGER),
            STATE,
        ),
        order="name",
        search=("name",),
    ),
    filters=TemplateFilter,
    panels=(
        Panel(
            title=_("Text"),
            icon="file-text",
            template="letters/text.html",
            context=views.template_panel,
        ),
        Panel(
            title=_("Versions"),
            icon="history",
            template="letters/versions.html",
            context=views.versions_panel,
        ),
        Facts(
            title=_("Letter template"),
            icon="notes",
            facts=(
                ABOUT,
                Fact(key="latest", label=_("Newest version"), kind=Kind.INTEGER),
                Fact(key="active", label=_("Version in use"), kind=Kind.INTEGER),
            ),
        ),
    ),
    related=(Related(resource="backoffice.letter", filter="template"),),
    serializer=TemplateSerializer,
    detail_serializer=TemplateDetailSerializer,
    create=Command(
        name="backoffice.letter_template.create",
        label=_("New letter template"),
        icon="plus",
        form=forms.TemplateForm,
        done=_("Template saved as a draft."),
    ),
    update=Command(
        name="backoffice.letter_template.change",
        label=_("Change"),
        icon="edit",
        form=forms.TemplateChangeForm,
        initial=forms.template_values,
        done=_("Saved as a new version, still a draft."),
    ),
    commands=(
        Command(
            name="backoffice.letter_template.activate",
            label=_("Put into use"),
            icon="check",
            states=frozenset({"draft", "changed"}),
            available=views.why_not_activate,
            summary=lambda template, _access: (
                _("Letters are issued from version %(number)s from now on.")
                % {"number": template.latest}
            ),
            done=_("In use."),
        ),
        Command(
            name="backoffice.letter_template.restore",
            label=_("Bring a version back"),
            icon="arrow-back-up",
            form=forms.RestoreForm,
            available=views.why_not_restore,
            done=_("The earlier text is the newest version now, still a draft."),
        ),
        Command(
            name="backoffice.letter_template.retire",
            label=_("Use no longer"),
            icon="circle-x",
            states=NOT_RETIRED,
            summary=lambda _template, _access: _(
                "No more letters are issued from it. Letters that were issued stay as they are."
            ),
            done=_("No longer used."),
            danger=True,
        ),
    ),
    events={
        "activated": _("Put into use"),
        "restored": _("An earlier version was brought back"),
        "retired": pgettext_lazy("letter template", "No longer used"),
    },
    views={"create": views.TemplateEditor, "update": views.TemplateEditor},
    menu=Menu(order=62),
)

LETTER = Resource(
    name="backoffice.letter",
    lacks={"history": "It stands as it was issued, word by word; becoming void is an event."},
    model=Letter,
    slug="letters",
    label=_("Letter"),
    label_plural=_("Letters"),
    icon="signature",
    view_permission=selectors.VIEW,
    queryset=selectors.visible_letters,
    person="person_id",
    empty=_("Letters that were issued, numbered and printed, word by word."),
    title=lambda letter: f"{letter.number} · {letter.heading}",
    state="state",
    table=Table(
        columns=(
            Column(key="number", label=_("Number"), kind=Kind.LINK),
            Column(key="heading", label=_("Heading")),
            Column(key="subject_name", label=_("About"), sort=unaccented("subject_name")),
            Column(key="issued_on", label=_("Date"), kind=Kind.DATE),
            LETTER_STATE,
        ),
        order="-number",
        search=("number", "heading", "subject_name"),
    ),
    filters=LetterFilter,
    panels=(
        Panel(
            title=_("Letter"),
            icon="signature",
            template="letters/letter.html",
            context=views.letter_panel,
        ),
        Facts(
            title=_("Issue"),
            icon="info-circle",
            facts=(
                Fact(key="subject_name", label=_("About")),
                Fact(key="issued_on", label=_("Date"), kind=Kind.DATE),
                Fact(key="template", label=_("Template"), source="version__template__name"),
                Fact(
                    key="version", label=_("Version"), kind=Kind.INTEGER, source="version__number"
                ),
                Fact(key="issued_by", label=_("Issued by"), source="issued_by__name"),
                Fact(key="issued_at", label=_("Issued at"), kind=Kind.DATETIME),
                Fact(key="voided_at", label=_("Voided at"), kind=Kind.DATETIME),
                Fact(key="void_reason", label=_("Why it is void")),
            ),
        ),
    ),
    serializer=LetterSerializer,
    create=Command(
        name="backoffice.letter.issue",
        label=_("Issue a letter"),
        icon="plus",
        form=forms.IssueForm,
        payload=forms.issue_payload,
        done=_("Letter issued. It is being printed."),
    ),
    commands=(
        Command(
            name="backoffice.letter.reissue",
            label=_("Issue again"),
            icon="refresh",
            form=forms.ReissueForm,
            payload=forms.reissue_payload,
            states=ISSUED,
            summary=lambda letter, _access: (
                _("%(number)s becomes void, and a letter with the values of today takes its place.")
                % {"number": letter.number}
            ),
            done=_("Letter issued again. The earlier one is void."),
        ),
        Command(
            name="backoffice.letter.void",
            label=_("Declare void"),
            icon="circle-x",
            form=forms.WhyForm,
            states=ISSUED,
            summary=lambda letter, _access: (
                _("%(number)s no longer counts; whoever checks its code is told so.")
                % {"number": letter.number}
            ),
            done=_("The letter is void."),
            danger=True,
        ),
    ),
    events={"issued": _("Issued"), "voided": _("Declared void")},
    views={"detail": views.LetterPage, "create": views.IssuePage},
    menu=Menu(order=61),
)
registry.register(TEMPLATE, LETTER)
sources.declare("backoffice.letter", document=True)
registry.internal("Texts of a template, shown on its page.", LetterTemplateVersion)
register_kind(KIND, issued_letter)
