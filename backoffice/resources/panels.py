"""What the pages of a record and of its commands show: buttons, panels and forms."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.commands import COMMANDS
from backoffice.files.serving import beside_html, documents_html, drop_url
from backoffice.links.selectors import links_html
from backoffice.resources import display, forms, listing, registry
from backoffice.resources.records import (
    Command,
    Facts,
    Lines,
    Panel,
    Resource,
    Row,
    Text,
    Value,
)
from backoffice.work.models import PHASES
from backoffice.work.registry import PROCESSES

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

LINES_SHOWN = 100
KEPT = (
    "sort",
    "columns",
    "group",
    "in",
    "view",
    "month",
)  # of the address, when somebody searches or filters


# --- record -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """One command of a record; with a reason when it is not possible now."""

    label: Text
    icon: str
    url: str
    primary: bool
    tone: str
    reason: Text
    key: str


@dataclass(frozen=True, slots=True)
class Card:
    """One panel as HTML, with its heading."""

    title: Text
    icon: str
    html: SafeString
    flush: bool
    link_url: str = ""


def all_facts(resource: Resource, access: "Access") -> list[Value]:
    """The facts of the record page that this person may see."""
    return listing.visible(resource, listing.facts_of(resource), access)


def with_facts(rows: QuerySet[Any], facts: list[Value]) -> QuerySet[Any]:
    """Rows that carry the value of each fact, so that a record page is one statement."""
    named = {
        f"fact_{fact.key}": F(fact.path) if isinstance(fact.path, str) else fact.path
        for fact in facts
    }
    found: QuerySet[Any] = rows.annotate(**named)
    return found


def detail_context(resource: Resource, record: Row, access: "Access") -> dict[str, Any]:
    """What the record page shows; the record carries its facts."""
    cards = [
        (card, getattr(panel, "side", False))
        for panel in resource.panels
        if (card := _card(resource, panel, record, access)) is not None
    ]
    if documents := documents_html(resource.model, record.pk, access):
        cards.append((Card(_("Documents"), "files", documents, flush=False), False))
    if links := links_html(resource.model._meta.label_lower, record.pk, access):
        cards.append((Card(_("Links"), "link", links, flush=False), True))
    return {
        "record": record,
        "title": resource.title(record),
        "state": display.write_state(resource, getattr(record, resource.state or "pk")),
        "steps": _steps(resource, record),
        "buttons": buttons(resource, record, access),
        "cards": [card for card, aside in cards if not aside],
        "side_cards": [card for card, aside in cards if aside],
        "related": list(_related(resource, record, access)),
        "history_url": registry.url(resource, "history", record.pk),
    }


def timeline_context(
    resource: Resource, record: Row, entries: list[display.Entry], only: str, access: "Access"
) -> dict[str, Any]:
    """The timeline of a record, all of it or one kind of entries, and the ways to narrow it."""
    address = registry.url(resource, "history", record.pk)
    counted = {
        kind: sum(entry.shown_under(kind) for entry in entries) for kind in display.ENTRY_KINDS
    }
    links = [
        {
            "label": label,
            "url": f"{address}?only={kind}" if kind else address,
            "active": kind == only,
            "count": counted[kind],
        }
        for kind, label in display.ENTRY_KINDS.items()
        if not kind or counted[kind]
    ]
    return {
        "record": record,
        "entries": [entry for entry in entries if entry.shown_under(only)],
        "only_links": links if len(links) > 2 else links[:1],
        "history_url": address,
        "upload_url": drop_url(resource.model, record.pk, access),
        "detail_url": registry.url(resource, "detail", record.pk),
    }


def buttons(resource: Resource, record: Row, access: "Access") -> list[Button]:
    """What this person may do with the record, now or in a state that can still come.

    Primary is the first possible command that the state calls for; else the change of the record.
    """
    found = []
    primary = False
    for command in (*resource.commands, resource.update):
        if command is None or not _within_reach(resource, command, record, access):
            continue
        if not _can_still_matter(resource, command, record):
            continue
        reason = why_not(resource, command, record, access) or ""
        is_update = command is resource.update
        called_for = command.states and (resource.process or not command.danger)
        lead = not (primary or reason) and bool(is_update or called_for)
        primary = primary or lead
        page = "update" if is_update else "command"
        address = registry.url(resource, page, record.pk, command.slug)
        tone, key = "danger" if command.danger else "", "e" if is_update else ""
        found.append(Button(command.label, command.icon, address, lead, tone, reason, key))
    return found


def _within_reach(resource: Resource, command: Command, record: Row, access: "Access") -> bool:
    if not registry.may_run(command, access):
        return False
    permission = COMMANDS[command.name].permission
    if not permission or access.reach(permission) == access.reach(resource.view_permission):
        return True
    return listing.reachable(resource, access, permission).filter(pk=record.pk).exists()


def _can_still_matter(resource: Resource, command: Command, record: Row) -> bool:
    """Whether the record's process still leads to a state from which the command is possible."""
    process = PROCESSES.get(resource.process)
    if process is None or command.states is None:
        return True
    return not command.states.isdisjoint(process.ahead(getattr(record, resource.state)))


def why_not(resource: Resource, command: Command, record: Row, access: "Access") -> Text | None:
    """Why the command is not possible for the record now; None when it is."""
    if command.states is not None:
        state = getattr(record, resource.state)
        if state not in command.states:
            label = display.state_label(resource, state)
            return _("Not possible while the state is “%(state)s”.") % {"state": label}
    return command.available(record, access) if command.available else None


def _steps(resource: Resource, record: Row) -> list[dict[str, object]]:
    """The five phases, and where the record stands."""
    process = PROCESSES.get(resource.process)
    state = process.state.get(getattr(record, resource.state)) if process else None
    if process is None or state is None:
        return []
    used = {each.phase for each in process.states}
    shown = [(phase, label) for phase, label in PHASES if phase in used]
    place = [phase for phase, _label in shown].index(state.phase)
    over = state.closed and state.key in process.reached
    return [
        {
            "label": label,
            "status": "done" if rank < place or over else "current" if rank == place else "todo",
            "hint": str(state.label) if rank == place else "",
        }
        for rank, (_phase, label) in enumerate(shown)
    ]


def _card(
    resource: Resource, panel: Facts | Lines | Panel, record: Row, access: "Access"
) -> Card | None:
    if isinstance(panel, Facts):
        shown = listing.visible(resource, panel.facts, access)
        values = {fact.key: getattr(record, f"fact_{fact.key}") for fact in shown}
        facts = display.write_facts(resource.model, shown, values, resource.process)
        html = render_to_string("resources/facts.html", {"facts": facts})
        return Card(panel.title, panel.icon, html, flush=False) if shown else None
    if isinstance(panel, Lines):
        return _lines(panel, record, access)
    given = panel.context(record, access)
    if given is None:
        return None
    context = {"record": record, "resource": resource, "access": access, **given}
    return Card(panel.title, panel.icon, render_to_string(panel.template, context), flush=False)


def _lines(panel: Lines, record: Row, access: "Access") -> Card | None:
    target = registry.RESOURCES.get(panel.resource)
    if target is not None and not access.can(target.view_permission):
        return None
    columns = (
        listing.visible(target, panel.table.columns, access) if target else panel.table.columns
    )
    found = panel.rows(record, access)
    rows, paths = listing.annotated(found, columns)
    lines = display.write_list(
        found.model,
        columns,
        rows.values_list("pk", *paths)[:LINES_SHOWN],
        base_url=registry.url(target) if target else "",
        process=target.process if target else "",
    )
    headings = [
        display.Heading(str(column.label), "num" if column.kind.numeric else "")
        for column in columns
    ]
    context = {"headings": headings, "lines": lines, "title": panel.title}
    html = render_to_string("resources/lines.html", context)
    link = f"{registry.url(target)}?{panel.more}={record.pk}" if target and panel.more else ""
    return Card(panel.title, panel.icon, html, flush=True, link_url=link)


def _related(resource: Resource, record: Row, access: "Access") -> Any:  # noqa: ANN401  an iterator
    for link in resource.related:
        target = registry.RESOURCES[link.resource]
        if access.can(target.view_permission):
            yield {
                "label": link.label or target.label_plural,
                "icon": target.icon,
                "url": f"{registry.url(target)}?{link.filter}={record.pk}",
            }


# --- form ---------------------------------------------------------------------------------------


def form_context(
    resource: Resource,
    command: Command,
    form: django_forms.Form,
    record: Row | None,
    access: "Access",
) -> dict[str, Any]:
    """What the page of a command shows around its form."""
    return {
        "command": command,
        "again": command is resource.create,
        "form": form,
        "record": record,
        "title": command.label if record is None else resource.title(record),
        "summary": command.summary(record, access) if command.summary else "",
        "reason": why_not(resource, command, record, access) if record is not None else None,
        "loaded": forms.loaded_token(form),
        "beside": beside_html(resource.model, record.pk, access) if record and form.fields else "",
        "cancel_url": registry.url(
            resource, "list" if record is None else "detail", record and record.pk
        ),
    }
