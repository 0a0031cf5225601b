"""The payload of a table for people: read as a table, typed as amounts and per cent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from backoffice.law.models import CHOICE_TITLES, FIGURE_TITLES
from backoffice.law.rules import Figure, Kind, Payload, Unit, kind_of, read_number
from backoffice.money import NotAnAmount, format_amount, format_brl, parse_amount


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """A payload in words: single figures as pairs, slices as a table."""

    pairs: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def show(kind: str, payload: Payload) -> ShownFigures:
    """A payload that was checked, as people read it in the active language."""
    spec = kind_of(kind)
    pairs = [(label_of(each), write(each, payload[each.name])) for each in spec.figures]
    slices = payload["slices"] if spec.columns else ()
    return ShownFigures(
        pairs=tuple(pairs),
        columns=tuple(label_of(column) for column in spec.columns),
        rows=tuple(tuple(write(c, row[c.name]) for c in spec.columns) for row in slices),
    )


def label_of(figure: Figure) -> str:
    """Name of a figure in the active language."""
    return str(FIGURE_TITLES[figure.name])


def write(figure: Figure, value: Any) -> str:  # noqa: ANN401  a value of JSON
    """A value of a payload as people read it."""
    if value is None:
        return _("no limit") if figure.name == "up_to" else "–"
    if figure.unit is Unit.YES_NO:
        return _("Yes") if value else _("No")
    return WRITERS.get(figure.unit, str)(value)


def _plain(number: Decimal) -> str:
    exponent = number.normalize().as_tuple().exponent
    return format_amount(number, max(0, -exponent) if isinstance(exponent, int) else 0)


WRITERS: Mapping[Unit, Callable[[Any], str]] = {
    Unit.MONEY: lambda value: format_brl(Decimal(value)),
    Unit.RATE: lambda value: f"{_plain(Decimal(value) * 100)}%",
    Unit.FACTOR: lambda value: _plain(Decimal(value)),
    Unit.CHOICE: lambda value: str(CHOICE_TITLES.get(value, value)),
}


def typed(figure: Figure, value: Any) -> str:  # noqa: ANN401  a value of JSON
    """A value of a payload as a person would type it."""
    number = read_number(value) if figure.unit in {Unit.MONEY, Unit.RATE, Unit.FACTOR} else None
    if number is None:
        return "" if value is None else str(value)
    if figure.unit is Unit.MONEY and -int(number.as_tuple().exponent) <= 2:
        return format_amount(number)
    return _plain(number * 100 if figure.unit is Unit.RATE else number)


def read(spec: Kind, given: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """The payload that was typed into a form; what cannot be read stays as it was typed.

    Args:
        spec: The kind of table.
        given: All that was typed, by name.
        prefix: What the names of the payload's own controls begin with.
    """
    if not spec.columns:
        return {
            each.name: _value(each, given.get(f"{prefix}-{each.name}")) for each in spec.figures
        }
    rows = []
    number = 0
    while f"{prefix}-{number}-{spec.columns[0].name}" in given:
        texts = [given.get(f"{prefix}-{number}-{column.name}", "") for column in spec.columns]
        if any(text.strip() for text in texts):
            rows.append({c.name: _value(c, t) for c, t in zip(spec.columns, texts, strict=True)})
        number += 1
    if spec.open_end and rows and rows[-1]["up_to"] == "":
        rows[-1]["up_to"] = None
    return {"slices": rows}


def _value(figure: Figure, text: str | None) -> Any:  # noqa: ANN401  a value of JSON
    if figure.unit is Unit.YES_NO:
        return text is not None
    text = (text or "").strip()
    if not text:
        return None if figure.optional else ""
    if figure.unit in {Unit.MONEY, Unit.RATE, Unit.FACTOR}:
        return _number(figure, text)
    return text


def _number(figure: Figure, text: str) -> str:
    try:
        number = parse_amount(text.replace("%", ""))
    except NotAnAmount:
        return text
    if figure.unit is Unit.RATE:
        return f"{number.scaleb(-2).normalize():f}"
    exponent = number.as_tuple().exponent
    short = figure.unit is Unit.MONEY and isinstance(exponent, int) and exponent >= -2
    return f"{number:.2f}" if short else f"{number:f}"
