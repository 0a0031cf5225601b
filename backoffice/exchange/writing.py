"""Rows into a file, one after the other: memory does not grow with their number."""

import csv
import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import IO, Any, BinaryIO, cast

from backoffice.exchange.cells import NUMBER_FORMATS, Cell, Format, harmless
from backoffice.resources.records import Kind

Row = Sequence[Cell]

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""

SHEET = "Dados"
NARROW, WIDE = 14, 32


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: its words, and the kind of what stands below."""

    text: str
    kind: Kind


def write(form: Format, headings: Sequence[Heading], rows: Iterable[Row], out: BinaryIO) -> None:
    """Write a file of this format; texts that look like formulas stay texts in all of them."""
    unique = _unique(headings)
    if form is Format.XLSX:
        workbook = write_fast if fast() else write_slowly
        workbook(unique, rows, out)
    elif form is Format.CSV_BR:
        out.write("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
        _write_csv(unique, rows, out, delimiter=";")
    else:
        _write_csv(unique, rows, out, delimiter=",")


def fast() -> bool:
    """Whether the fast writer of workbooks is installed; it comes for the usual machines."""
    return importlib.util.find_spec("rustpy_xlsxwriter") is not None


def write_fast(headings: Sequence[Heading], rows: Iterable[Row], out: BinaryIO) -> None:
    """A workbook by the writer in Rust: about 150,000 rows of eight columns in a second."""
    from rustpy_xlsxwriter import Format as Style
    from rustpy_xlsxwriter import write_worksheet

    names = [heading.text for heading in headings]
    styles: dict[str, Any] = {}
    for heading in headings:
        known = NUMBER_FORMATS.get(heading.kind)
        style = Style()
        styles[heading.text] = style.set_num_format(known) if known else style.set_quote_prefix()
    named = (dict(zip(names, row, strict=True)) for row in rows)
    records = _with_header(names, named)
    write_worksheet(
        records,
        out,
        SHEET,
        freeze_row=1,
        bold_headers=True,
        column_formats=styles,
        column_widths={heading.text: _width(heading) for heading in headings},
    )


def _with_header(names: list[str], records: Iterable[dict[str, Cell]]) -> Any:  # noqa: ANN401
    """The records, or one empty one: the writer takes the header from the first."""
    first = True
    for record in records:
        first = False
        yield record
    if first:
        yield dict.fromkeys(names)


def write_slowly(headings: Sequence[Heading], rows: Iterable[Row], out: BinaryIO) -> None:
    """A workbook by the writer in Python, where there is no other."""
    import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **texts})
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    styles = []
    for place, heading in enumerate(headings):
        known = NUMBER_FORMATS.get(heading.kind)
        styles.append(book.add_format({"num_format": known} if known else {"quote_prefix": True}))
        sheet.set_column(place, place, _width(heading))
        sheet.write_string(0, place, heading.text, bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, place, value, styles[place])
            elif value is not None:
                known = NUMBER_FORMATS.get(headings[place].kind)
                put: Callable[..., Any] = sheet.write_number
                if known and known[0] in "dm":
                    put = sheet.write_datetime
                put(number, place, value, styles[place])
    book.close()


def _write_csv(
    headings: Sequence[Heading], rows: Iterable[Row], out: BinaryIO, *, delimiter: str
) -> None:
    text = TextIOWrapper(cast("IO[bytes]", out), encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([harmless(heading.text) for heading in headings])
    writer.writerows(rows)
    text.flush()
    text.detach()


def _unique(headings: Sequence[Heading]) -> list[Heading]:
    """Two columns of one name would be one column of a workbook."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        seen[heading.text] = seen.get(heading.text, 0) + 1
        number = seen[heading.text]
        text = heading.text if number == 1 else f"{heading.text} ({number})"
        found.append(Heading(text, heading.kind))
    return found


def _width(heading: Heading) -> int:
    return NARROW if heading.kind in NUMBER_FORMATS else WIDE
