"""Whatever fills a fresh database changes the fingerprint; tests never run on an old template."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from backoffice.database.fingerprint import CHECKOUT, fingerprint, inputs


@pytest.mark.parametrize("area", ["backoffice", "hr"])
def test_every_loader_of_reference_data_is_looked_at(area: str) -> None:
    looked_at = set(inputs())
    for path in importlib.import_module(f"{area}.migrations.0003_reference").LOADERS:
        module = importlib.import_module(path.rpartition(".")[0])
        assert Path(inspect.getfile(module)) in looked_at, path


def test_every_declaration_for_the_guards_is_looked_at() -> None:
    declaring = {
        path
        for package in ("backoffice", "hr")
        for path in (CHECKOUT / package).rglob("*.py")
        if re.search(r"= Process\(", path.read_text())
    }
    assert declaring
    assert declaring <= set(inputs())


def test_every_migration_and_its_sql_are_looked_at() -> None:
    looked_at = set(inputs())
    for package in ("backoffice", "hr"):
        for pattern in ("migrations/*.py", "migrations/sql/*.sql"):
            found = set((CHECKOUT / package).glob(pattern))
            assert found
            assert found <= looked_at


def test_it_is_the_same_twice() -> None:
    assert fingerprint() == fingerprint()
