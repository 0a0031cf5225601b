"""Legal tables as registered objects, the duties in the menu, and what of it stands on "My day"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.identity.rules import Access
from backoffice.law.models import LegalTable, LegalTableConfirmation
from backoffice.law.services import NewTable, TableData
from backoffice.legislation import forms, selectors
from backoffice.legislation.api import LegalTableSerializer
from backoffice.legislation.duties import coming_duties
from backoffice.legislation.figures import show
from backoffice.legislation.filters import STATES, LegalTableFilter
from backoffice.legislation.registry import effects_of
from backoffice.legislation.views import AHEAD, EnterPage
from backoffice.periods.rules import add_months, month_start
from backoffice.resources import registry
from backoffice.resources.records import (
    Board,
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Panel,
    Resource,
    Row,
    Table,
)
from backoffice.search import sources
from backoffice.web import home, menu

NAME = "backoffice.legal_table"
TONES = {"draft": "warning", "current": "success", "ended": "neutral", "replaced": "neutral"}
ON_HOME = 5

TITLE = Column(key="title", label=_("Table"), kind=Kind.LINK, source="kind_title")
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, choices=STATES, tones=TONES)
VALID_FROM = Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE)
VALID_TO = Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE)
CONFIRMED = Column(key="confirmed_through", label=_("Confirmed through"), kind=Kind.DATE)
KNOWN_FROM = Column(key="known_from", label=_("Known from"), kind=Kind.DATE)
ACT = Column(key="act", label=_("Act"))
CERTAINTY = Column(key="certainty", label=_("Certainty"), kind=Kind.CHOICE)
VERIFIED_BY = Column(key="verified_by", label=_("Verified by"))


def figures_panel(row: LegalTable, _access: Access) -> dict[str, Any]:
    """The figures in words."""
    return {"figures": show(row.kind, row.payload)}


def effect_panel(row: LegalTable, _access: Access) -> dict[str, Any] | None:
    """Where the effect of a draft is asked for; computed in a request of its own."""
    if row.verified_on is not None:
        return None
    return {"effect_url": reverse(f"{NAME}.effect", args=[row.pk])}


def verify_summary(row: LegalTable, access: Access) -> str:
    """What verifying a draft changes, computed for real."""
    found = effects_of(access, selectors.verifying(row))
    count = sum(effect.count for effect in found)
    if not count:
        return now("Nothing that was computed or is open changes.")
    return ngettext(
        "%(count)d item changes in %(documents)d documents; the page of the draft shows them.",
        "%(count)d items change in %(documents)d documents; the page of the draft shows them.",
        count,
    ) % {"count": count, "documents": sum(bool(effect.count) for effect in found)}


def _enter(given: Mapping[str, Any], _row: Row) -> dict[str, Any]:
    return {"table": NewTable(**given)}


def _change(given: Mapping[str, Any], row: Row) -> dict[str, Any]:
    return {"table": TableData(**given), "legal_table_id": row.pk}


def _confirm(given: Mapping[str, Any], row: Row) -> dict[str, Any]:
    return {**given, "legal_table_ids": [row.pk]}


registry.register(
    Resource(
        name=NAME,
        model=LegalTable,
        slug="legal-tables",
        label=_("Legal table"),
        label_plural=_("Legal tables"),
        icon="scale",
        view_permission=selectors.VIEW,
        queryset=selectors.visible_tables,
        empty=_("The figures of law with which everything is computed, each with its act."),
        state="state",
        events={
            "entered": _("Entered"),
            "verified": _("Verified"),
            "confirmed": _("Confirmed for longer"),
            "discarded": _("Discarded"),
        },
        table=Table(
            columns=(TITLE, VALID_FROM, VALID_TO, CONFIRMED, ACT, CERTAINTY, STATE),
            order="title",
            groups=("title", "state", "certainty"),
            search=("kind_title", "act", "source"),
        ),
        filters=LegalTableFilter,
        panels=(
            Panel(
                title=_("Figures"),
                icon="table",
                template="legislation/figures.html",
                context=figures_panel,
            ),
            Panel(
                title=_("Effect of verifying it"),
                icon="calculator",
                template="legislation/effect_panel.html",
                context=effect_panel,
            ),
            Facts(
                title=_("What it rests on"),
                icon="scale",
                facts=(
                    ACT,
                    Fact(key="source", label=_("Source")),
                    CERTAINTY,
                    KNOWN_FROM,
                    VALID_FROM,
                    VALID_TO,
                    CONFIRMED,
                    Fact(key="entered_by", label=_("Entered by"), source="entered_by_name"),
                    VERIFIED_BY,
                    Fact(key="verified_on", label=_("Verified on"), kind=Kind.DATE),
                    Fact(key="replaced_on", label=_("Replaced on"), kind=Kind.DATE),
                ),
            ),
            Lines(
                title=_("All versions"),
                icon="timeline",
                rows=selectors.versions_of,
                table=Table(
                    columns=(
                        TITLE,
                        VALID_FROM,
                        VALID_TO,
                        CONFIRMED,
                        KNOWN_FROM,
                        ACT,
                        STATE,
                    ),
                    order="-valid_from",
                ),
                resource=NAME,
            ),
            Lines(
                title=_("Confirmations"),
                icon="checks",
                rows=selectors.confirmations_of,
                table=Table(
                    columns=(
                        Column(key="through", label=_("Confirmed through"), kind=Kind.DATE),
                        Column(key="before", label=_("Confirmed before"), kind=Kind.DATE),
                        Column(key="source", label=_("Source")),
                        Column(key="by", label=_("Confirmed by"), source="by_name"),
                        Column(key="at", label=_("When"), kind=Kind.DATETIME),
                    ),
                    order="-at",
                ),
            ),
        ),
        serializer=LegalTableSerializer,
        create=Command(
            name="backoffice.legal_table.enter",
            label=_("New version"),
            icon="plus",
            form=forms.NewTableForm,
            initial=selectors.present_values,
            payload=_enter,
            done=_("Entered. Now somebody else verifies it."),
        ),
        update=Command(
            name="backoffice.legal_table.change",
            label=_("Change"),
            icon="edit",
            form=forms.TableForm,
            initial=selectors.present_values,
            payload=_change,
            states=frozenset({"draft"}),
            done=_("Changed. Now somebody else verifies it."),
        ),
        commands=(
            Command(
                name="backoffice.legal_table.verify",
                label=_("Verify"),
                icon="shield-check",
                states=frozenset({"draft"}),
                available=selectors.why_not_verify,
                summary=verify_summary,
                done=_("Verified: it counts from now on."),
            ),
            Command(
                name="backoffice.legal_table.confirm",
                label=_("Confirm for longer"),
                icon="checks",
                bulk=True,
                form=forms.ConfirmForm,
                initial=selectors.through_values,
                payload=_confirm,
                states=frozenset({"current"}),
                available=selectors.why_not_confirm,
                done=_("Confirmed."),
            ),
            Command(
                name="backoffice.legal_table.correct",
                label=_("Correct"),
                icon="pencil",
                form=forms.TableForm,
                initial=selectors.correction_values,
                payload=_change,
                states=frozenset({"current", "ended"}),
                available=selectors.why_not_correct,
                done=_("Entered. Now somebody else verifies it."),
            ),
            Command(
                name="backoffice.legal_table.discard",
                label=_("Discard"),
                icon="trash",
                states=frozenset({"draft"}),
                danger=True,
                leads_to=lambda _none: reverse(f"{NAME}.list"),
                done=_("Discarded."),
            ),
        ),
        views={"create": EnterPage},
        menu=Menu(order=90),
        board=Board(moves={"current": "verify"}, shows=("valid_from", "certainty")),
        calendar="confirmed_through",
    )
)
registry.internal("Who looked that a table still holds, shown on its page.", LegalTableConfirmation)

menu.register(
    menu.Page(
        area="work",
        label=_("Duties"),
        icon="calendar-event",
        url_name="backoffice.duties",
        permission=selectors.VIEW,
        order=20,
    )
)


def missing_section(request: HttpRequest) -> dict[str, Any] | None:
    """Tables that the coming month will lack, for who may confirm them."""
    access: Access = request.access  # type: ignore[attr-defined]
    month = add_months(month_start(access.on), 1)
    found = selectors.gaps(access, month, add_months(month, 1))
    return {"gaps": found, "month": month, "count": len(found)} if found else None


def duties_section(request: HttpRequest) -> dict[str, Any] | None:
    """The duties that fall due next."""
    access: Access = request.access  # type: ignore[attr-defined]
    rows = coming_duties(access, access.on, access.on + AHEAD)[:ON_HOME]
    if not rows:
        return None
    return {
        "rows": [(row, row.days_left(access.on)) for row in rows],
        "link_url": reverse("backoffice.duties"),
        "link_label": _("Show all"),
    }


home.register(
    home.Section(
        name="legal-tables",
        title=_("Legal tables to confirm"),
        icon="scale",
        order=25,
        template="legislation/home_missing.html",
        context=missing_section,
        permission=selectors.CONFIRM,
    ),
    home.Section(
        name="duties",
        title=_("Next duties"),
        icon="calendar-event",
        order=60,
        template="legislation/home_duties.html",
        context=duties_section,
        permission=selectors.VIEW,
        side=True,
    ),
)
sources.declare("backoffice.legal_table", keyed="company", hint=("valid_from", "act"))
