"""Cells and files: typed, opened again, and never a formula."""

import csv
import datetime as dt
import zipfile
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.exchange import writing
from backoffice.exchange.cells import BRAZILIAN, PLAIN, TYPED, Format, harmless, meant
from backoffice.exchange.writing import Heading
from backoffice.resources.records import Kind
from tests.backoffice.exchange.conftest import rows_of

HEADINGS = [
    Heading("Nome", Kind.TEXT),
    Heading("Salário", Kind.MONEY),
    Heading("Admissão", Kind.DATE),
    Heading("Nome", Kind.TEXT),
]
ROWS: list[list[Any]] = [
    ["=1+1", 1234.5, dt.date(2026, 1, 2), "@SUM(A1)"],
    [None, None, None, None],
    ["Conceição <b>&\n", -0.01, dt.date(1999, 12, 31), "'"],
]
WRITERS = [writing.write_fast, writing.write_slowly]
FORMULAS = ["=1+1", "+55", "-1", "@SUM", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠A"]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_workbook_opens_again_with_typed_cells_and_unique_heads(writer: Any) -> None:
    out = BytesIO()
    writer(writing._unique(HEADINGS), iter(ROWS), out)
    head, first, empty, last = rows_of(out.getvalue())
    assert head == ["Nome", "Salário", "Admissão", "Nome (2)"]
    assert first == ["=1+1", 1234.5, dt.date(2026, 1, 2), "@SUM(A1)"]
    assert empty == ["", "", "", ""]
    assert last == ["Conceição <b>&\n", -0.01, dt.date(1999, 12, 31), "'"]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("text", [*FORMULAS, "{=1}", "https://example.com", "mailto:a@b.c"])
def test_a_workbook_never_holds_a_formula_or_a_link(writer: Any, text: str) -> None:
    out = BytesIO()
    writer([Heading("=A", Kind.TEXT)], iter([[text]]), out)
    with zipfile.ZipFile(out) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
        assert "<f" not in sheet.replace("<formatPr", "")
        assert "hyperlink" not in sheet
        assert 'quotePrefix="1"' in styles  # stays a text also when somebody edits the cell


@pytest.mark.parametrize("writer", WRITERS)
def test_a_workbook_freezes_its_header_and_an_empty_one_has_it_too(writer: Any) -> None:
    out = BytesIO()
    writer(HEADINGS[:3], iter([]), out)
    assert rows_of(out.getvalue())[0] == ["Nome", "Salário", "Admissão"]
    with zipfile.ZipFile(out) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet


def test_without_the_fast_writer_the_other_one_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "fast", lambda: False)
    out = BytesIO()
    writing.write(Format.XLSX, HEADINGS, iter(ROWS), out)
    assert rows_of(out.getvalue())[1][1] == 1234.5


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_file_puts_an_apostrophe_before_what_looks_like_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert meant(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "Maria", "O'Neil", "'quoted'", "1-1", "a=b", "'"])
def test_other_texts_are_written_as_they_are(text: str) -> None:
    assert harmless(text) == text
    assert meant(text) == text


@given(st.text())
def test_what_is_written_harmless_is_read_back(text: str) -> None:
    written = harmless(text)
    assert written[:1] not in set("=+-@\t\r\n")
    if not (text[:1] == "'" and harmless(text[1:]) == text):
        assert meant(written) == text


def test_the_brazilian_text_file_is_one_that_excel_in_brazil_opens() -> None:
    out = BytesIO()
    writing.write(Format.CSV_BR, HEADINGS[:3], iter([["São; Paulo", "1234,50", "02/01/2026"]]), out)
    assert out.getvalue() == (
        b"\xef\xbb\xbfNome;Sal\xc3\xa1rio;Admiss\xc3\xa3o\r\n"
        b'"S\xc3\xa3o; Paulo";1234,50;02/01/2026\r\n'
    )


def test_the_plain_text_file_keeps_rfc_4180() -> None:
    out = BytesIO()
    writing.write(Format.CSV, HEADINGS[:2], iter([['a "b", c\nd', "1234.50"]]), out)
    assert out.getvalue() == b'Nome,Sal\xc3\xa1rio\r\n"a ""b"", c\nd",1234.50\r\n'
    assert list(csv.reader(StringIO(out.getvalue().decode(), newline="")))[1][0] == 'a "b", c\nd'


MOMENT = dt.datetime(2026, 11, 20, 15, 4, 5, 6, tzinfo=dt.UTC)
CASES = [
    (Kind.MONEY, Decimal("1234.50"), 1234.5, "1234,50", "1234.50"),
    (Kind.MONEY, Decimal("-0.01"), -0.01, "-0,01", "-0.01"),
    (Kind.QUANTITY, Decimal("0.0000000001"), 1e-10, "0,0000000001", "0.0000000001"),
    (Kind.RATE, Decimal("0.075"), 0.075, "7,5%", "0.075"),
    (Kind.INTEGER, 7, 7.0, "7", 7),
    (Kind.DATE, dt.date(2026, 1, 2), dt.date(2026, 1, 2), "02/01/2026", "2026-01-02"),
    (Kind.COMPETENCE, dt.date(2026, 1, 1), dt.date(2026, 1, 1), "01/2026", "2026-01"),
    (
        Kind.DATETIME,
        MOMENT,
        dt.datetime(2026, 11, 20, 12, 4, 5),  # noqa: DTZ001  a workbook knows no zone
        "20/11/2026 12:04",
        "2026-11-20T12:04:05-03:00",
    ),
    (Kind.BOOLEAN, False, "Não", "Não", "false"),
    (Kind.BOOLEAN, True, "Sim", "Sim", "true"),
]


@pytest.mark.parametrize(("kind", "value", "typed", "brazilian", "plain"), CASES)
def test_each_kind_is_typed_in_a_workbook_and_written_in_texts(
    kind: Kind, value: Any, typed: Any, brazilian: str, plain: Any
) -> None:
    assert TYPED[kind](value) == typed
    assert BRAZILIAN[kind](value) == brazilian
    assert PLAIN[kind](value) == plain
    assert [each[kind](None) for each in (TYPED, BRAZILIAN, PLAIN)] == [None, None, None]
