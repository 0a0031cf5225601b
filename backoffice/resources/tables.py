"""Rows and facts as HTML: values by their kind, cells with their label for phones."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.template import Context, Engine, Template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeData, SafeString

from backoffice.resources.records import Kind, Resource, Value
from backoffice.work.registry import PROCESSES

Writer = Callable[[Any], SafeString]

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
    """One row: its key, its address if it has a page, and its cells (label, css, html)."""

    pk: int
    url: str
    cells: list[tuple[str, str, SafeString]]


def write_list(
    model: type[Model],
    columns: Iterable[Value],
    rows: Iterable[tuple[Any, ...]],
    *,
    base_url: str,
    process: str = "",
) -> list[Line]:
    """Rows as HTML cells.

    Args:
        model: Where labels of choices come from.
        columns: In the order of the values.
        rows: Tuples of the primary key and the values of the columns.
        base_url: Address of the list, to which the key is added; empty when rows have no page.
        process: Name of the work process that gives the tones of states.
    """
    writers = [
        (
            str(column.label),
            "num" if column.kind.numeric else "",
            writer(model, column, process, in_list=True),
        )
        for column in columns
    ]
    links = [column.kind is Kind.LINK and bool(base_url) for column in columns]
    lines = []
    for pk, *values in rows:
        url = f"{base_url}{pk}/" if base_url else ""
        cells = [
            (
                label,
                "card-title-cell" if link else css,
                _linked(url, write(value)) if link else write(value),
            )
            for (label, css, write), link, value in zip(writers, links, values, strict=True)
        ]
        lines.append(Line(pk, url, cells))
    return lines


def write_facts(
    model: type[Model], facts: Iterable[Value], values: Mapping[str, Any], process: str = ""
) -> list[tuple[str, SafeString]]:
    """Labels and values of facts; ``values`` is by key."""
    return [(str(fact.label), writer(model, fact, process)(values[fact.key])) for fact in facts]


def write_state(resource: Resource, value: Any) -> SafeString | str:  # noqa: ANN401  of any field
    """The state of a record as dot and word; nothing when the object has none."""
    if not resource.state:
        return ""
    column = next((c for c in resource.table.columns if c.kind is Kind.STATE), None)
    shown = column or Value(key=resource.state, label="", kind=Kind.STATE)
    return writer(resource.model, shown, resource.process)(value)


def state_label(resource: Resource, value: str) -> str:
    """The word for a state."""
    column = next((c for c in resource.table.columns if c.kind is Kind.STATE), None)
    labels = _labels(resource.model, column or Value(key=resource.state, label=""))
    process = PROCESSES.get(resource.process)
    if process is not None and value in process.state:
        return str(process.state[value].label)
    return str(labels.get(value, value))


def writer(model: type[Model], value: Value, process: str = "", *, in_list: bool = False) -> Writer:
    """The function that writes one kind of value; a CPF is masked in lists."""
    special = IN_LISTS if in_list else IN_FACTS
    if value.kind is Kind.STATE:
        return cache(partial(_state, model, value, process))
    if value.kind is Kind.CHOICE:
        labels = _labels(model, value)
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
    label = declared.label if declared else _labels(model, value).get(given, given)
    tone = declared.colour if declared else (value.tones or {}).get(given, "neutral")
    return _state_template().render(Context({"label": label, "tone": tone}))


def _text(given: object) -> SafeString:
    if given is None or given == "":
        dash: SafeString = _filter("or_dash")(None)
        return dash
    return conditional_escape(str(given) if not isinstance(given, SafeData) else given)


def _linked(url: str, text: SafeString) -> SafeString:
    return format_html('<a class="row-link" href="{}">{}</a>', url, text)


def _labels(model: type[Model], value: Value) -> Mapping[Any, Any]:
    """Labels of a choice: its own, or those of the model's field at the end of the path."""
    if value.choices is not None:
        return value.choices
    current: Any = model
    field = None
    for part in str(value.path).split("__"):
        try:
            field = current._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return {}
        current = field.related_model
    return dict(getattr(field, "flatchoices", ()))
