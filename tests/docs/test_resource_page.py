"""The reference page of the record names every field of every class, and nothing more in its tables."""

from typing import Any
import re
from dataclasses import fields
from pathlib import Path

import pytest

from backoffice.resources import records

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "resource.md").read_text()
CLASSES = (
    records.Resource,
    records.Table,
    records.Value,
    records.Facts,
    records.Lines,
    records.Panel,
    records.Related,
    records.Command,
    records.Personal,
    records.Menu,
    records.Board,
)


@pytest.mark.parametrize("record", CLASSES, ids=lambda record: record.__name__)
def test_the_page_names_every_field(record: type[Any]) -> None:
    words = set(re.findall(r"\w+", TEXT))
    missing = {field.name for field in fields(record)} - words
    assert missing == set()


def test_the_page_names_every_kind_and_no_field_that_does_not_exist() -> None:
    for kind in records.Kind:
        assert re.search(rf"\b{kind.value}\b", TEXT), kind
    known = {field.name for record in CLASSES for field in fields(record)}
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", TEXT, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named <= known
    assert len(named) > 35
