"""Folders that the servers' own user may enter, which those of pytest are not for root."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="rg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def own_state(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The servers of this test, and of the processes that it starts, keep everything there."""
    monkeypatch.setenv("RETAGUARDA_STATE_DIR", str(open_folder))
    return open_folder
