"""How a company writes the numbers of its documents, as a registered object."""

from django.utils.translation import gettext_lazy as _

from backoffice.numbering.models import IssuedNumber, NumberCounter, NumberFormat
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
from backoffice.structure import forms, selectors, views
from backoffice.structure.api import NumberFormatSerializer

SERIES = Column(key="series", label=_("Series"), kind=Kind.LINK, source="series_label")
PATTERN = Column(key="pattern", label=_("Pattern"))

NUMBER_FORMAT = Resource(
    name="backoffice.number_format",
    model=NumberFormat,
    slug="number-formats",
    inline=("pattern",),
    label=_("Format of numbers"),
    label_plural=_("Formats of numbers"),
    icon="hash",
    view_permission="backoffice.number_format.view",
    queryset=selectors.visible_formats,
    empty=_("How this company writes the numbers of its documents, where not as usual."),
    title=lambda record: record.series_label,
    table=Table(columns=(SERIES, PATTERN), order="series"),
    panels=(
        Facts(
            title=_("Format"),
            icon="hash",
            facts=(Fact(key="series", label=_("Series"), source="series_label"), PATTERN),
        ),
        Panel(
            title=_("Counters"),
            icon="list",
            template="structure/counts.html",
            context=views.counts_panel,
        ),
    ),
    serializer=NumberFormatSerializer,
    create=Command(
        name="backoffice.number_format.create",
        label=_("New format"),
        icon="plus",
        form=forms.NumberFormatForm,
        initial=selectors.format_values,
        done=_("From now on numbers are written so."),
    ),
    update=Command(
        name="backoffice.number_format.change",
        label=_("Change"),
        icon="edit",
        form=forms.NumberFormatChangeForm,
        initial=selectors.format_values,
        done=_("From now on numbers are written so."),
    ),
    menu=Menu(order=100, group="company"),
)

registry.register(NUMBER_FORMAT)
registry.internal("Last numbers, shown on the format of their series.", NumberCounter)
registry.internal("Every number that was given, shown on the record that has it.", IssuedNumber)
sources.declare("backoffice.number_format", keyed="scope", hint=("pattern",))
