"""Where the bytes are: a folder, or S3; the same few verbs for both."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "files"


def _storage() -> Storage:
    return storages[ALIAS]


def path_of(company_id: int, key: UUID) -> str:
    """The name of a file in the storage: nothing of it was chosen by a person."""
    return f"{company_id}/{key.hex[-2:]}/{key}"


def write(company_id: int, key: UUID, stream: IO[bytes]) -> None:
    """Keep the bytes under a new key; they are on the disk, or at the other side, afterwards."""
    storage = _storage()
    name = path_of(company_id, key)
    if storage.save(name, File(stream)) != name:  # pragma: no cover  keys are never used twice
        msg = f"the storage already had {name}"
        raise RuntimeError(msg)
    _to_disk(storage, name)


def _to_disk(storage: Storage, name: str) -> None:
    """A folder's file survives a power cut before the row that tells of it does."""
    if not isinstance(storage, FileSystemStorage):
        return
    path = Path(storage.path(name))
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(company_id: int, key: UUID) -> IO[bytes]:
    """The bytes of a key.

    Raises:
        FileNotFoundError: They are not there.
    """
    return _storage().open(path_of(company_id, key), "rb")


def remove(company_id: int, key: UUID) -> None:
    """Take the bytes away; harmless twice."""
    _storage().delete(path_of(company_id, key))


def remove_named(company_id: int, name: str) -> None:
    """Take bytes away that no row tells of."""
    _storage().delete(f"{company_id}/{name.replace('-', '')[-2:]}/{name}")


def strangers(company_id: int, known: frozenset[str], *, before: dt.datetime) -> Iterator[str]:
    """Keys in a company's folder that nothing knows and that are older than ``before``."""
    storage = _storage()
    for folder in _names(storage, str(company_id), folders=True):
        for name in _names(storage, f"{company_id}/{folder}", folders=False):
            path = f"{company_id}/{folder}/{name}"
            if name not in known and storage.get_modified_time(path) < before:
                yield name


def _names(storage: Storage, path: str, *, folders: bool) -> list[str]:
    try:
        found, files = storage.listdir(path)
    except FileNotFoundError:
        return []
    return list(found if folders else files)
