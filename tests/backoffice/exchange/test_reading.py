"""What comes in files: encodings and separators are guessed, sheets are found, traps are refused."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

from backoffice.errors import InvalidInput
from backoffice.exchange import reading
from backoffice.exchange.importers import plain

ROWS = [["Código", "Nome"], ["10", "São Paulo"], ["", ""], ["20", "'=1+1"]]


def book(**sheets: list[list[Any]]) -> bytes:
    out = BytesIO()
    made = xlsxwriter.Workbook(out)
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(y, x, dt.datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
                else:
                    sheet.write(y, x, cell)
    made.close()
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_files_are_read_however_they_were_written(separator: str, encoding: str) -> None:
    content = "\r\n".join(separator.join(row) for row in ROWS).encode(encoding)
    (sheet,) = reading.read("a.csv", content)
    assert sheet.headings == ["Código", "Nome"]
    assert sheet.rows == [(2, ["10", "São Paulo"]), (4, ["20", "=1+1"])]


def test_a_separator_inside_quotation_marks_is_none() -> None:
    (sheet,) = reading.read("a.csv", b'code;name\n1;"a;b, c"\n2;"d\ne"\n')
    assert sheet.rows == [(2, ["1", "a;b, c"]), (3, ["2", "d\ne"])]


def test_cells_of_a_workbook_come_as_people_type_them() -> None:
    rows: list[list[Any]] = [
        ["CPF", "Desde", "Salário", "Ok"],
        [52998224725, dt.date(2026, 1, 2), 1234.5, True],
    ]
    (sheet,) = reading.read("a.xlsx", book(Um=rows, Vazia=[]))
    assert sheet.name == "Um"
    assert sheet.rows == [(2, ["52998224725", "02/01/2026", "1234,5", "true"])]


def test_every_sheet_with_rows_is_found() -> None:
    sheets = reading.read("a.xlsx", book(Um=[["a"], ["1"]], Dois=[["b"], ["2"]]))
    assert [sheet.name for sheet in sheets] == ["Um", "Dois"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"),
        (b"codigo;nome\n", "no_rows"),
        (b"PK\x03\x04broken", "file_ambiguous"),
        (b"a;b\n1;\x00\n", "file_type_refused"),
        (b"<html><script>alert(1)</script>", "file_type_refused"),
        (b'a;b\n1;"never closed\n', "bad_line"),
        (
            b";".join(b"c%d" % n for n in range(201)) + b"\n" + b"1;" * 200 + b"1\n",
            "too_many_columns",
        ),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        reading.read("a", content)
    assert refusal.value.code == code
    assert "file" in refusal.value.fields


def test_too_many_rows_and_too_large_files_are_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    with pytest.raises(InvalidInput) as refusal:
        reading.read("a", b"a\n1\n2\n3\n")
    assert refusal.value.code == "too_many_rows"
    settings.FILES_MAX_BYTES = 3
    with pytest.raises(InvalidInput) as refusal:
        reading.read("a", b"a\n1\n")
    assert refusal.value.code == "file_too_large"


def test_headings_are_compared_without_accents_case_and_marks() -> None:
    assert plain(" Data de Admissão* ") == plain("DATA_DE_ADMISSAO") == "datadeadmissao"
