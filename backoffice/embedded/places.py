"""Where the bundled servers keep binaries, data and sockets, and as which user they run.

Never inside the checkout: it may be on a path that the servers' user cannot enter, it may be
deleted, and a data folder has no place in version control.
"""

import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from backoffice.embedded.errors import EmbeddedError

CHECKOUT = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 100
"""Bytes; a unix socket's path may have 107 on Linux and 103 on macOS."""

LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class ServerUser:
    """The account that the servers run as; PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @property
    def must_switch(self) -> bool:
        """Whether this process is someone else (root) and has to hand over files and processes."""
        return os.geteuid() != self.uid


def server_user() -> ServerUser:
    """The current user; when that is root, an existing account without privileges."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid())
    wanted = os.environ.get("RETAGUARDA_SERVER_USER")
    for name in [wanted] if wanted else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(entry.pw_uid, entry.pw_gid)
    message = (
        f"PostgreSQL does not run as root, and the account {wanted or 'nobody'} does not exist "
        "or is root itself. Name another one in RETAGUARDA_SERVER_USER."
    )
    raise EmbeddedError(message)


def _folder(variable: str, xdg: str, home: str, system: str) -> Path:
    """An own variable first, then the system folder for root, then the XDG folder of the user."""
    if own := os.environ.get(variable):
        return Path(own)
    if os.geteuid() == 0:
        return Path(system)
    base = os.environ.get(xdg)
    return (Path(base) if base else Path.home() / home) / "retaguarda"


def cache_dir() -> Path:
    """Unpacked binaries and dumps that can be made again at any time."""
    return _folder("RETAGUARDA_CACHE_DIR", "XDG_CACHE_HOME", ".cache", "/var/cache/retaguarda")


def state_dir() -> Path:
    """Data folders of all instances of this user."""
    return _folder("RETAGUARDA_STATE_DIR", "XDG_STATE_HOME", ".local/state", "/var/lib/retaguarda")


@dataclass(frozen=True)
class Place:
    """The folders of one instance (`demo`, `test`) of one checkout."""

    instance: str
    checkout: Path = CHECKOUT

    @cached_property
    def key(self) -> str:
        """A readable name that differs between checkouts on the same machine."""
        digest = hashlib.sha256(os.fsencode(self.checkout)).hexdigest()[:8]
        return f"{self.checkout.name[:20]}-{digest}-{self.instance}"

    @cached_property
    def root(self) -> Path:
        """Everything of this instance."""
        return state_dir() / self.key

    @property
    def lock(self) -> Path:
        """Held while servers are started or stopped."""
        return self.root.with_name(f"{self.key}.lock")

    @property
    def postgres_data(self) -> Path:
        """The data folder carries the major version: another one cannot read it."""
        return self.root / "postgres-18"

    @property
    def valkey_data(self) -> Path:
        """Valkey's append-only file."""
        return self.root / "valkey"

    @property
    def files(self) -> Path:
        """Logs, process numbers and secrets of whoever starts the servers; not the servers' own."""
        return self.root.with_name(f"{self.key}-files")

    @cached_property
    def sockets(self) -> Path:
        """Beside the data, or in the temporary folder when that path is too long for a socket."""
        beside = self.root / "run"
        if len(os.fsencode(beside / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return beside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"retaguarda-{os.geteuid()}-{digest}"

    def make(self) -> None:
        """Make the folders, owned by the servers' user and closed to all others."""
        state_dir().mkdir(mode=0o755, parents=True, exist_ok=True)
        for folder in (self.root, self.valkey_data, self.sockets):
            private_folder(folder)


def private_folder(folder: Path) -> None:
    """Make a folder that only the servers' user (and root) may enter; refuse a stranger's one."""
    user = server_user()
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.lstat().st_uid
    if folder.is_symlink() or owner not in {user.uid, os.geteuid()}:
        message = f"{folder} belongs to another user. Remove it, or set RETAGUARDA_STATE_DIR."
        raise EmbeddedError(message)
    if owner != user.uid:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
