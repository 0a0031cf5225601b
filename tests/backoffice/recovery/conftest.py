"""A storage of its own for each test of files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    """The storage is a fresh folder."""
    own = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files"), "file_permissions_mode": 0o600},
    }
    settings.STORAGES = {**settings.STORAGES, "files": own}  # type: ignore[attr-defined]
    yield tmp_path / "files"
    assert storages["files"] is not None
