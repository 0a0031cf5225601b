"""Rows out of a file or a paste: what it is, how it is written, and its cells as people type them."""

import csv
import datetime as dt
import json
import re
from dataclasses import dataclass
from io import BytesIO, StringIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backoffice.errors import InvalidInput
from backoffice.exchange.cells import meant
from backoffice.files.inspection import inspect
from backoffice.files.rules import FileKind, looks_like_markup
from backoffice.files.sandbox import MEBIBYTE, WorkFailed, run_limited

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 5_000
SNIFFED = 20
DELIMITERS = (";", "\t", ",", "|")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
BOOKS = frozenset({FileKind.XLSX.value, FileKind.ODS.value})

MEMORY = 768 * MEBIBYTE
CPU_SECONDS = 30
WALL_SECONDS = 60.0

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file: its name, its headings, and its rows with the line each stands in."""

    name: str
    headings: Cells
    rows: list[tuple[int, Cells]]


def read(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file with anything in them; a text file is one sheet.

    Raises:
        InvalidInput: ``file_...``: it is no spreadsheet and no table of text, damaged, protected or
            too large; ``no_rows`` when there is nothing below the headings.
    """
    if len(content) > settings.FILES_MAX_BYTES:
        raise _refusal("file_too_large", _("The file is too large."))
    tables = _from_book(name, content) if content[:4] == b"PK\x03\x04" else _from_text(content)
    sheets = [sheet for title, rows in tables if (sheet := _sheet(title, rows)) is not None]
    if not sheets:
        raise _refusal(
            "no_rows", _("There are no rows. The first line names the columns; data come below.")
        )
    return sheets


def read_paste(text: str) -> list[Sheet]:
    """Rows that were copied from a spreadsheet and pasted."""
    return read("", text.encode())


def _from_book(name: str, content: bytes) -> list[tuple[str, list[Cells]]]:
    checked = inspect(name or "planilha.xlsx", content)
    if checked.content_type not in BOOKS:
        raise _refusal("file_type_refused", _("Send a spreadsheet (XLSX, ODS) or a CSV file."))
    try:
        answer = run_limited(
            lambda: _decode_book(content),
            memory=MEMORY,
            cpu_seconds=CPU_SECONDS,
            wall_seconds=WALL_SECONDS,
        )
    except WorkFailed as failure:
        raise _refusal("file_damaged", _("The spreadsheet cannot be read.")) from failure
    found: list[tuple[str, list[Cells]]] = json.loads(answer)
    return found


def _decode_book(content: bytes) -> bytes:
    """All sheets as JSON; runs in a process with limits."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    found = []
    for title in book.sheet_names:
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
        found.append((title, [[_typed(cell) for cell in row[: MOST_COLUMNS + 1]] for row in rows]))
    return json.dumps(found).encode()


def _typed(cell: object) -> str:
    """A cell of a workbook as a person in Brazil would type it; a decimal comma is never a thousand."""
    if isinstance(cell, str):
        return meant(cell.strip())
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time.min
        return cell.strftime("%d/%m/%Y" if midnight else "%d/%m/%Y %H:%M")
    if isinstance(cell, dt.date):
        return cell.strftime("%d/%m/%Y")
    return str(cell)


def _from_text(content: bytes) -> list[tuple[str, list[Cells]]]:
    text = decoded(content)
    if CONTROL.search(text) or looks_like_markup(content):
        raise _refusal("file_type_refused", _("Send a spreadsheet (XLSX, ODS) or a CSV file."))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows: list[Cells] = []
    try:
        for row in reader:
            rows.append([meant(cell.strip()) for cell in row[: MOST_COLUMNS + 1]])
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        message = _("Line %(line)s cannot be read: a quotation mark is opened and not closed.")
        raise _refusal("bad_line", message % {"line": reader.line_num}) from error
    return [("", rows)]


def decoded(content: bytes) -> str:
    """Bytes of a text file as text: UTF-8, UTF-16 with its mark, else what Excel in Brazil writes."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def delimiter_of(text: str) -> str:
    """The sign between the cells: the one that divides the first lines into most columns alike.

    >>> delimiter_of("a;b,c;d"), delimiter_of("nome")
    (';', ';')
    """
    lines = [line for line in text.splitlines()[:SNIFFED] if line.strip()]
    best, most = DELIMITERS[0], 1
    for sign in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(widths, key=widths.count, default=1)
        alike = widths.count(usual) * 2 > len(widths)
        if alike and usual > most:
            best, most = sign, usual
    return best


def _sheet(name: str, rows: list[Cells]) -> Sheet | None:
    """The table of a sheet: its first line with content names the columns."""
    if len(rows) > MOST_ROWS + 1:
        message = _("There are more than %(most)s rows. Divide the file.")
        raise _refusal("too_many_rows", message % {"most": MOST_ROWS})
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if any(row)]
    if len(numbered) < 2:
        return None
    (_line, headings), *body = numbered
    width = max((n for n, text in enumerate(headings, start=1) if text), default=0)
    if width > MOST_COLUMNS:
        message = _("There are more than %(most)s columns.")
        raise _refusal("too_many_columns", message % {"most": MOST_COLUMNS})
    cut = [
        (n, [*(cell[:MOST_CHARACTERS] for cell in row[:width]), *[""] * (width - len(row))])
        for n, row in body
    ]
    return Sheet(name, headings[:width], cut)


def _refusal(code: str, message: object) -> InvalidInput:
    text = str(message)
    return InvalidInput(code, text, fields={"file": text})
