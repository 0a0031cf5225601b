"""What a backup says of itself, and whether one may believe it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "manifest.json"
DUMP = "database.dump"
FILES = "files"


class BadBackup(Exception):
    """A folder is no whole backup of this installation; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What was backed up when: rows by table, files by name with their SHA-256, and the dump's own."""

    made_at: str
    server: str
    dump_sha256: str
    rows: Mapping[str, int]
    files: Mapping[str, str]


def hash_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save(manifest: Manifest, folder: Path, key: str) -> None:
    """Write the manifest with its signature, last of all: a folder without one is half a backup."""
    body = asdict(manifest)
    unfinished = folder / f"{NAME}.part"
    unfinished.write_text(json.dumps({**body, "signature": _sign(body, key)}, indent=1))
    unfinished.rename(folder / NAME)


def load(folder: Path, key: str) -> Manifest:
    """The manifest of a backup, when the folder still is what it says.

    Raises:
        BadBackup: No manifest, signed with another key, or the dump or a file is not what it was.
    """
    try:
        body = json.loads((folder / NAME).read_text())
        signature = body.pop("signature")
        manifest = Manifest(**body)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadBackup(f"{folder} holds no whole backup: {error}") from error
    if not hmac.compare_digest(signature.encode(), _sign(body, key).encode()):
        raise BadBackup("the manifest was not signed with this installation's AUDIT_SIGNING_KEY")
    expected = {DUMP: manifest.dump_sha256}
    expected |= {f"{FILES}/{name}": digest for name, digest in manifest.files.items()}
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file():
            raise BadBackup(f"{name} is missing")
        if hash_of(path) != digest:
            raise BadBackup(f"{name} is not what was backed up")
    return manifest


def _sign(body: Mapping[str, object], key: str) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
