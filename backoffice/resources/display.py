"""Values, rows, facts and what happened, as HTML: the one place that decides how a kind looks."""

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Model
from django.template import Context, Engine, Template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeData, SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.audit.history import HistoryEntry, history_of
from backoffice.audit.models import Event
from backoffice.collaboration.display import Talk
from backoffice.identity.models import User
from backoffice.resources import listing
from backoffice.resources.records import Kind, Resource, Text, Value
from backoffice.work.models import WorkEvent
from backoffice.work.registry import PROCESSES

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

# Kinds of entries that a timeline can be narrowed to.
ENTRY_KINDS: dict[str, Text] = {
    "": _("Everything"),
    "comments": _("Comments"),
    "moves": _("Moves"),
    "changes": _("Changed fields"),
}

Writer = Callable[[Any], SafeString]

LIMIT = 200
SAME_COMMAND = dt.timedelta(seconds=60)
IDENTIFIERS = {kind.value: kind for kind in (Kind.CPF, Kind.CNPJ, Kind.TAX_ID, Kind.PHONE)}
IDENTIFIERS["postal_code"] = Kind.CEP

# What the last word of an event's name says; an object adds its own in ``Resource.events``.
WORDS: dict[str, Text] = {
    "assigned": _("Assigned"),
    "changed": _("Changed"),
    "created": _("Created"),
    "deactivated": _("Deactivated"),
    "deleted": _("Deleted"),
    "edited": _("Changed"),
    "ended": _("Ended"),
    "linked": _("Linked to another record"),
    "open": _("Opened"),
    "opened": _("Opened"),
    "reactivated": _("Reactivated"),
    "unlinked": _("A link was removed"),
    "updated": _("Changed"),
}

# Kind -> filter of the component library, which is the one place that writes a value.
FILTERS = {
    Kind.MONEY: "amount",
    Kind.QUANTITY: "quantity",
    Kind.RATE: "rate",
    Kind.INTEGER: "integer",
    Kind.DATE: "day",
    Kind.DATETIME: "moment",
    Kind.COMPETENCE: "competence",
    Kind.BOOLEAN: "yes_no",
    Kind.CPF: "cpf",
    Kind.CNPJ: "cnpj",
    Kind.TAX_ID: "tax_id",
    Kind.PHONE: "phone",
    Kind.CEP: "cep",
}
IN_LISTS = {Kind.CPF: "masked_cpf"}
IN_FACTS = {Kind.MONEY: "money"}


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading of a column: text, alignment, and the address that sorts by it."""

    label: str
    css: str
    url: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its key, its address if it has a page, and its HTML."""

    pk: int
    url: str
    html: SafeString


def write_list(
    model: type[Model],
    columns: Iterable[Value],
    rows: Iterable[tuple[Any, ...]],
    *,
    base_url: str,
    process: str = "",
    ticks: bool = False,
    inline: Container[str] = (),
) -> list[Line]:
    """Rows as HTML cells.

    Args:
        model: Where labels of choices come from.
        columns: In the order of the values.
        rows: Tuples of the primary key and the values of the columns.
        base_url: Address of the list, to which the key is added; empty when rows have no page.
        process: Name of the work process that gives the tones of states.
        ticks: Whether each row has a box to select it.
        inline: Keys of the columns that this person changes in the list itself.
    """
    cells = []
    for column in columns:
        link = column.kind is Kind.LINK and bool(base_url)
        css = "card-title-cell" if link else "num" if column.kind.numeric else ""
        opening = format_html('<td class="{}" data-label="{}">', css, column.label)
        pencil = _pencil(column) if column.key in inline else ""
        cells.append((opening, link, pencil, writer(model, column, process, in_list=True)))
    lines = []
    tick = _tick() if ticks else ""
    for pk, *values in rows:
        url = f"{base_url}{pk}/" if base_url else ""
        opened = format_html('<a class="row-link" href="{}">', url)
        # Joined by hand: the template engine takes ten times as long for fifty rows.
        parts = [
            f"{opening}{opened}{write(value)}</a>{pencil.replace('{url}', url)}</td>"
            if link
            else f"{opening}{write(value)}{pencil.replace('{url}', url)}</td>"
            for (opening, link, pencil, write), value in zip(cells, values, strict=True)
        ]
        row = format_html('<tr data-href="{}">', url) if url else "<tr>"
        if ticks:
            row += tick % (pk, pk)
        lines.append(Line(pk, url, SafeString(f"{row}{''.join(parts)}</tr>")))
    return lines


def _pencil(column: Value) -> str:
    """The link that puts a form into the cell; without scripts it leads to the form of the record."""
    return format_html(
        ' <a class="cell-edit" href="{{url}}edit/" hx-get="{{url}}cell/{}/" hx-target="closest td"'
        ' hx-swap="innerHTML" aria-label="{}">✎</a>',
        column.key,
        _("Change %(name)s") % {"name": column.label},
    )


def _tick() -> str:
    """The cell with the box that selects a row, but for the key of the row."""
    box = '<input type="checkbox" class="form-check-input" data-row-check name="ids" form="bulk"'
    label = str(conditional_escape(_("Select the row"))).replace("%", "%%")
    return f'<td class="check-cell">{box} value="%d" aria-label="{label} %d"></td>'


def group_text(resource: Resource, column: Value, value: Any) -> SafeString:  # noqa: ANN401  of any field
    """The value of a group of rows; dates by their month."""
    shown = replace(column, kind=Kind.COMPETENCE) if column.kind.dated else column
    return writer(resource.model, shown, resource.process)(value)


def write_facts(
    model: type[Model], facts: Iterable[Value], values: Mapping[str, Any], process: str = ""
) -> list[tuple[str, SafeString]]:
    """Labels and values of facts; ``values`` is by key."""
    return [(str(fact.label), writer(model, fact, process)(values[fact.key])) for fact in facts]


def write_state(resource: Resource, value: Any) -> SafeString | str:  # noqa: ANN401  of any field
    """The state of a record as dot and word; nothing when the object has none."""
    if not resource.state:
        return ""
    return writer(resource.model, _state_of(resource), resource.process)(value)


def _state_of(resource: Resource) -> Value:
    """The column that shows the state; a bare one when the list has none."""
    bare = Value(key=resource.state, label="", kind=Kind.STATE)
    return next((c for c in resource.table.columns if c.kind is Kind.STATE), bare)


def state_label(resource: Resource, value: str) -> str:
    """The word for a state."""
    if resource.process in PROCESSES and value in PROCESSES[resource.process].state:
        return str(PROCESSES[resource.process].state[value].label)
    return str(listing.labels_of(resource.model, _state_of(resource)).get(value, value))


def writer(model: type[Model], value: Value, process: str = "", *, in_list: bool = False) -> Writer:
    """The function that writes one kind of value; a CPF is masked in lists."""
    special = IN_LISTS if in_list else IN_FACTS
    if value.kind is Kind.STATE:
        return cache(partial(_state, model, value, process))
    if value.kind in {Kind.CHOICE, Kind.LINK}:
        labels = listing.labels_of(model, value)
        return lambda given: _text(labels.get(given, given))
    name = special.get(value.kind) or FILTERS.get(value.kind)
    return _text if name is None else _filter(name)


@cache
def _filter(name: str) -> Writer:
    library = Engine.get_default().template_libraries["components"]
    found: Writer = library.filters[name]
    return found


@cache
def _state_template() -> Template:
    return Template("{% load components %}{% state label tone=tone %}")


def _state(model: type[Model], value: Value, process: str, given: str | None) -> SafeString:
    if given in {None, ""}:
        return _text(None)
    declared = PROCESSES[process].state.get(given or "") if process in PROCESSES else None
    label = declared.label if declared else listing.labels_of(model, value).get(given, given)
    tone = declared.colour if declared else (value.tones or {}).get(given, "neutral")
    return _state_template().render(Context({"label": label, "tone": tone}))


def _text(given: object) -> SafeString:
    if given is None or given == "":
        dash: SafeString = _filter("or_dash")(None)
        return dash
    return conditional_escape(str(given) if not isinstance(given, SafeData) else given)


# --- what happened ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Entry:
    """One thing that happened or was said: when, who, what, why, and the fields it changed."""

    at: dt.datetime
    actor: str
    title: Text
    text: str = ""
    icon: str = "point"
    changes: list[tuple[str, object, object]] = field(default_factory=list)
    html: SafeString | str = ""
    moved: bool = False
    tone: str = ""

    def shown_under(self, only: str) -> bool:
        """Whether a timeline that shows only this kind of entry (of ``ENTRY_KINDS``) has it."""
        kinds = {"comments": self.html, "moves": self.moved, "changes": self.changes}
        return bool(kinds.get(only, True))


def history(resource: Resource, record: models.Model, access: "Access") -> list[Entry]:
    """The history of a record as this person may read it, newest first.

    Values of restricted fields are left out for who may not see them. A change of fields stands
    under the event of the command that made it: the actor's first one after the change.
    """
    events = list(
        Event.objects.filter(target_type=record._meta.label_lower, target_id=record.pk).order_by(
            "-id"
        )[:LIMIT]
    )
    tracked = [each for each in _row_changes(record) if each.kind != "insert"]
    names = _names({event.actor_id for event in events} | {each.actor_id for each in tracked})
    moves = _moves(resource, events)
    hidden = _hidden_fields(resource, access, record.pk) if tracked else set()
    made = {
        event.pk: Entry(
            at=event.at,
            actor=names.get(event.actor_id, str(_("The system"))),
            title=title(resource, event.action),
            text="\n".join(filter(None, (moves.get(event.pk, ""), event.reason))),
            moved=event.pk in moves,
        )
        for event in events
    }
    loose = []
    for change in tracked:
        written = written_changes(resource, record, change, hidden)
        event_id = _event_of(change, events)
        if event_id is not None:
            made[event_id].changes += written
        elif written:
            actor = names.get(change.actor_id, str(_("The system")))
            loose.append(Entry(change.at, actor, WORDS["changed"], changes=written))
    return sorted([*made.values(), *loose], key=lambda entry: entry.at, reverse=True)


def with_comments(entries: list[Entry], talk: Talk) -> list[Entry]:
    """One timeline of what happened and what was said, newest first."""
    said = [
        Entry(each.at, each.actor, "", html=each.html, icon="message", tone="info")
        for each in talk.said
    ]
    return sorted([*entries, *said], key=lambda entry: entry.at, reverse=True)


def title(resource: Resource, action: str) -> Text:
    """What an event says to people: ``hr.employee.hired`` by its last word, or a step by its label."""
    word = action.rpartition(".")[2]
    steps = PROCESSES[resource.process].step if resource.process in PROCESSES else {}
    if word in steps:
        return steps[word].label
    return resource.events.get(word) or WORDS.get(word) or action


def _event_of(change: HistoryEntry, events: Iterable[Event]) -> int | None:
    after = [
        event
        for event in events
        if event.actor_id == change.actor_id
        and dt.timedelta() <= event.recorded_at - change.at <= SAME_COMMAND
    ]
    return min(after, key=lambda event: event.recorded_at).pk if after else None


def _row_changes(record: models.Model) -> list[HistoryEntry]:
    return history_of(record) if hasattr(type(record), "row_history") else []


def _names(ids: set[int | None]) -> dict[int | None, str]:
    return dict(User.objects.filter(pk__in=list(filter(None, ids))).values_list("pk", "name"))


def _moves(resource: Resource, events: list[Event]) -> dict[int, str]:
    """The states that a transition went between, by its event."""
    if not resource.process or not events:
        return {}
    rows = WorkEvent.objects.filter(
        process=resource.process, event_id__in=[event.pk for event in events]
    ).exclude(from_state="")
    return {
        move.event_id: " → ".join(
            state_label(resource, state) for state in (move.from_state, move.to_state)
        )
        for move in rows
    }


def written_changes(
    resource: Resource, record: models.Model, change: HistoryEntry, hidden: set[str]
) -> list[tuple[str, object, object]]:
    """The changed fields with their labels and values as HTML, before and after."""
    rows: list[tuple[str, object, object]] = []
    for each in change.changes:
        found = record._meta.get_field(each.field)
        if found.name in hidden or not isinstance(found, models.Field) or not found.editable:
            continue
        write = writer(resource.model, Value(key=found.name, label="", kind=_kind(found)))
        before, after = (_referred(found, value) for value in (each.before, each.after))
        rows.append((capfirst(str(found.verbose_name)), write(before), write(after)))
    return rows


def _hidden_fields(resource: Resource, access: "Access", pk: int) -> set[str]:
    keys = {key for key in resource.restricted if not listing.sees(resource, key, access, pk)}
    return {path.partition("__")[0] for path in listing.paths_of(resource, keys)}


def _referred(found: "models.Field[Any, Any]", value: Any) -> Any:  # noqa: ANN401  of any field
    """The record behind a foreign key, by its own words."""
    if value is None or found.related_model is None:
        return value
    model: Any = found.related_model
    return model._meta.base_manager.filter(pk=value).first() or value


def _kind(found: "models.Field[Any, Any]") -> Kind:
    if found.choices:
        return Kind.CHOICE
    if isinstance(found, models.DecimalField):
        return Kind.MONEY if found.decimal_places == 2 else Kind.QUANTITY
    by_type = {
        models.DateTimeField: Kind.DATETIME,
        models.DateField: Kind.DATE,
        models.BooleanField: Kind.BOOLEAN,
    }
    return by_type.get(type(found)) or IDENTIFIERS.get(found.name, Kind.TEXT)
