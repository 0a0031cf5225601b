"""One value of a list as a cell of a file: typed in a workbook, Brazilian or plain in a text file.

No cell of any format is ever a formula. A workbook gets texts as texts; a text file has no types, so
a text that a spreadsheet would take for a formula gets an apostrophe in front, as people write it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.br import cep, cnpj, cpf, phone, tax_id
from backoffice.resources import listing
from backoffice.resources.records import Kind, Resource, Value
from backoffice.work.registry import PROCESSES

Cell = Any  # what the writer of a format takes
Write = Callable[[Any], Cell]

LONGEST = 32_767
"""Characters of a cell; a workbook holds no more."""

RISKY = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters by which spreadsheets tell a formula, the wide forms of East Asia among them."""


class Format(StrEnum):
    """The kinds of file that a list is saved as."""

    XLSX = "xlsx"
    CSV_BR = "csv-br"
    CSV = "csv"

    @property
    def label(self) -> str | Promise:
        """What people read."""
        return _LABELS[self]

    @property
    def suffix(self) -> str:
        """The ending of the file's name."""
        return ".xlsx" if self is Format.XLSX else ".csv"

    @property
    def content_type(self) -> str:
        """The media type."""
        if self is Format.XLSX:
            return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "text/csv; charset=utf-8"


_LABELS = {
    Format.XLSX: gettext_lazy("Excel workbook (XLSX)"),
    Format.CSV_BR: gettext_lazy("CSV as Excel in Brazil reads it (semicolon, decimal comma)"),
    Format.CSV: gettext_lazy("Plain CSV for programs (comma, decimal point, ISO dates)"),
}

NUMBER_FORMATS: Mapping[Kind, str] = {
    Kind.MONEY: "#,##0.00",
    Kind.QUANTITY: "#,##0.##########",
    Kind.RATE: "0.00##%",
    Kind.INTEGER: "#,##0",
    Kind.DATE: "dd/mm/yyyy",
    Kind.DATETIME: "dd/mm/yyyy hh:mm",
    Kind.COMPETENCE: "mm/yyyy",
}
"""How a workbook shows the kinds that are numbers in it."""

MASKS: Mapping[Kind, Callable[[str], str]] = {
    Kind.CPF: cpf.format,
    Kind.CNPJ: cnpj.format,
    Kind.TAX_ID: tax_id.format,
    Kind.PHONE: phone.format,
    Kind.CEP: cep.format,
}


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("Maria"), harmless("")
    ("'=1+1", 'Maria', '')
    """
    return f"'{text}" if text and (text[0] in RISKY or text.lstrip()[:1] in RISKY) else text


def meant(text: str) -> str:
    """What ``harmless`` was given: the text without the apostrophe that it put in front."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def writers(resource: Resource, columns: list[Value], form: Format) -> list[Write]:
    """The function that makes the cell of each column, in their order."""
    return [_writer(resource, column, form) for column in columns]


def _writer(resource: Resource, column: Value, form: Format) -> Write:
    text = _text if form is Format.XLSX else _csv_text
    if form is Format.CSV:  # for programs: bare codes and digits, as the API gives them
        return PLAIN.get(column.kind, text)
    if column.kind in {Kind.STATE, Kind.CHOICE, Kind.LINK}:
        word = words_of(resource.model, column, resource.process)
        return lambda value: text(word(value))
    if column.kind in MASKS:
        mask = MASKS[column.kind]
        return lambda value: text(mask(str(value))) if value else None
    return (TYPED if form is Format.XLSX else BRAZILIAN).get(column.kind, text)


def words_of(model: type[Model], column: Value, process: str) -> Callable[[Any], Any]:
    """The words for a code of the column; what is no code stays as it is."""
    labels = listing.labels_of(model, column)
    states = PROCESSES[process].state if process in PROCESSES else {}

    def word(value: Any) -> Any:  # noqa: ANN401  of any field
        if column.kind is Kind.STATE and value in states:
            return states[value].label
        return labels.get(value, value)

    return word


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)[:LONGEST]
    return text if text.isprintable() else "".join(filter(_writable, text))


def _writable(character: str) -> bool:
    """XML knows no control characters but these."""
    return character >= " " or character in "\t\n\r"


def _csv_text(value: object) -> str | None:
    text = _text(value)
    return None if text is None else harmless(text)


def _number(value: Decimal | int | None) -> Any:  # noqa: ANN401  a number of a workbook
    # A workbook knows binary numbers only; two places survive up to 90 million millions.
    return None if value is None else float(value)


def _local(value: dt.datetime | None) -> dt.datetime | None:
    """In the active time zone and without it: a workbook knows none."""
    return None if value is None else timezone.localtime(value).replace(tzinfo=None, microsecond=0)


def _yes_no(value: object) -> str | None:
    return None if value is None else _("Yes") if value else _("No")


def _decimal(value: Decimal | int | None) -> str | None:
    return None if value is None else f"{Decimal(value):f}".replace(".", ",")


def _percent(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{(value * 100).normalize():f}"
    return text.replace(".", ",") + "%"


def _written(pattern: str) -> Write:
    return lambda value: None if value is None else value.strftime(pattern)


def _moment(pattern: str) -> Write:
    return lambda value: None if value is None else timezone.localtime(value).strftime(pattern)


def _iso(value: dt.datetime | None) -> str | None:
    return None if value is None else timezone.localtime(value).isoformat(timespec="seconds")


TYPED: Mapping[Kind, Write] = {
    Kind.MONEY: _number,
    Kind.QUANTITY: _number,
    Kind.RATE: _number,
    Kind.INTEGER: _number,
    Kind.DATE: lambda value: value,
    Kind.COMPETENCE: lambda value: value,
    Kind.DATETIME: _local,
    Kind.BOOLEAN: _yes_no,
}
BRAZILIAN: Mapping[Kind, Write] = {
    Kind.MONEY: _decimal,
    Kind.QUANTITY: _decimal,
    Kind.RATE: _percent,
    Kind.INTEGER: _decimal,
    Kind.DATE: _written("%d/%m/%Y"),
    Kind.COMPETENCE: _written("%m/%Y"),
    Kind.DATETIME: _moment("%d/%m/%Y %H:%M"),
    Kind.BOOLEAN: _yes_no,
}
PLAIN: Mapping[Kind, Write] = {
    Kind.MONEY: lambda value: None if value is None else f"{Decimal(value):f}",
    Kind.QUANTITY: lambda value: None if value is None else f"{Decimal(value):f}",
    Kind.RATE: lambda value: None if value is None else f"{Decimal(value):f}",
    Kind.INTEGER: lambda value: value,
    Kind.DATE: _written("%Y-%m-%d"),
    Kind.COMPETENCE: _written("%Y-%m"),
    Kind.DATETIME: _iso,
    Kind.BOOLEAN: lambda value: None if value is None else "true" if value else "false",
}
