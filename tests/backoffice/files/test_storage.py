"""Bytes in a folder and in S3: written, read, taken away, swept."""

import datetime as dt
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from django.core.files.storage import storages

from backoffice.files import storage
from backoffice.settings.files import files_storage
from tests.backoffice.files import s3

KEY = UUID("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0042")
LATER = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def bucket(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[s3.Bucket]:
    """The storage that production settings make of their variables, against our own S3."""
    with s3.running() as (address, made):
        for name, value in {
            "BUCKET": made.name,
            "ENDPOINT": address,
            "REGION": s3.REGION,
            "ACCESS_KEY": s3.ACCESS,
            "SECRET_KEY": s3.SECRET,
            "ADDRESSING": "path",
        }.items():
            monkeypatch.setenv(f"FILES_S3_{name}", value)
        own = files_storage(Path("/nowhere"))
        settings.STORAGES = {**settings.STORAGES, "files": own}  # type: ignore[attr-defined]
        yield made


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> object:
    """Each test here holds for both."""
    return request.getfixturevalue(request.param)


def write(content: bytes, key: UUID = KEY) -> None:
    storage.write(7, key, io.BytesIO(content))


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("size", [1, 100, 9 * 1024 * 1024 + 5])
def test_what_is_written_is_read_until_it_is_taken_away(size: int) -> None:
    content = os.urandom(size)
    write(content)
    with storage.read(7, KEY) as stream:
        assert stream.read() == content
    for _twice in range(2):
        storage.remove(7, KEY)
    with pytest.raises(FileNotFoundError):
        storage.read(7, KEY).read()


@pytest.mark.usefixtures("place")
def test_bytes_that_no_row_tells_of_are_found_by_age_and_company() -> None:
    other = uuid4()
    write(b"known")
    write(b"stranger", other)
    storage.write(8, uuid4(), io.BytesIO(b"of another company"))
    known = frozenset({str(KEY)})
    assert list(storage.strangers(7, known, before=LATER)) == [str(other)]
    assert list(storage.strangers(7, known, before=LONG_AGO)) == []
    assert list(storage.strangers(9, known, before=LATER)) == []
    storage.remove_named(7, str(other))
    assert list(storage.strangers(7, known, before=LATER)) == []


def test_files_of_a_folder_are_for_this_program_alone(folder: Path) -> None:
    write(b"x")
    (path,) = [each for each in folder.rglob("*") if each.is_file()]
    assert path.relative_to(folder).parts == ("7", "42", str(KEY))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrong_secret_gets_nothing_out_of_the_bucket(bucket: s3.Bucket, settings: object) -> None:
    write(b"x")
    options = settings.STORAGES["files"]["OPTIONS"]  # type: ignore[attr-defined]
    wrong = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**options, "secret_key": "?"}}
    settings.STORAGES = {**settings.STORAGES, "files": wrong}  # type: ignore[attr-defined]
    with pytest.raises(Exception, match=r"403|Forbidden|SignatureDoesNotMatch"):
        storage.read(7, KEY).read()
    assert len(bucket.objects) == 1


@pytest.mark.usefixtures("bucket")
def test_a_signed_address_opens_nothing_after_its_time() -> None:
    write(b"x")
    name = storage.path_of(7, KEY)
    storage_of_files: Any = storages["files"]
    fresh = storage_of_files.url(name, expire=60)
    assert (ask := requests.get)(fresh, timeout=5).content == b"x"
    expired = storage_of_files.url(name, expire=-1)
    for address in (expired, fresh.replace("Expires=60", "Expires=99999"), fresh.partition("?")[0]):
        assert ask(address, timeout=5).status_code == 403


def test_a_busy_bucket_is_asked_again(bucket: s3.Bucket) -> None:
    bucket.failing = 2
    write(b"x")
    assert [content for content, _at in bucket.objects.values()] == [b"x"]
