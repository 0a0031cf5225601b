"""The migrated template database: made once by the owner, cloned for every worker and test."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from tests.harness.addresses import with_database

CHECKOUT = Path(__file__).resolve().parents[2]
PREFIX = "rgtemplate_"
KEEP = 3
"""Templates to keep: other branches and processes may still clone an older one."""

BUILDING = 7_203_502
"""Key of the advisory lock under which templates are made and dropped."""

DATA_SUFFIXES = frozenset({".sql", ".json", ".csv"})
CODE_THAT_FILLS = frozenset({"apps.py", "grants.py", "permissions.py", "reference.py", "seeds.py"})
FOLDERS_WITHOUT_DATA = frozenset({".venv", "node_modules", "static", "locale", "build", "tests"})


def fingerprint() -> str:
    """Changes with every file that decides what a freshly migrated database contains."""
    digest = hashlib.sha256()
    for path in sorted(_inputs()):
        digest.update(str(path.relative_to(CHECKOUT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _inputs() -> Iterator[Path]:
    yield CHECKOUT / "requirements" / "base.txt"
    for package in CHECKOUT.glob("*/apps.py"):
        for path in package.parent.rglob("*"):
            if FOLDERS_WITHOUT_DATA.isdisjoint(path.parts) and _matters(path):
                yield path


def _matters(path: Path) -> bool:
    if path.suffix in DATA_SUFFIXES:
        return True
    return path.suffix == ".py" and (
        path.parent.name in {"migrations", "reference"} or path.name in CODE_THAT_FILLS
    )


def ensure_template(connection: psycopg.Connection, urls: dict[str, str]) -> str:
    """The name of the template for the present files; it is kept while the connection lives."""
    connection.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
    try:
        mark = fingerprint()
        while not _exists(connection, PREFIX + mark):
            built = _build(connection, urls, mark)
            mark = fingerprint()
            if built != PREFIX + mark:  # a file changed meanwhile
                continue
        connection.execute("SELECT pg_advisory_lock_shared(%s)", [_key(PREFIX + mark)])
        _drop_old(connection, keep=PREFIX + mark)
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
    return PREFIX + mark


def _exists(connection: psycopg.Connection, name: str) -> bool:
    query = "SELECT FROM pg_database WHERE datname = %s"
    return connection.execute(query, [name]).fetchone() is not None


def _build(connection: psycopg.Connection, urls: dict[str, str], mark: str) -> str:
    """Migrate a new database as owner in a process of its own, then close it to connections."""
    name = PREFIX + mark
    building = "rgbuilding"
    drop_database(connection, building)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    _migrate(urls, building)
    for statement in (
        "ALTER DATABASE {building} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false",
        "ALTER DATABASE {building} RENAME TO {name}",
    ):
        connection.execute(
            sql.SQL(statement).format(building=sql.Identifier(building), name=sql.Identifier(name))
        )
    return name


def _migrate(urls: dict[str, str], database: str) -> None:
    own = {
        name: with_database(url, database) if name.startswith("DATABASE") else url
        for name, url in urls.items()
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=1"],
        cwd=CHECKOUT,
        env={**os.environ, **own, "DJANGO_SETTINGS_MODULE": "backoffice.settings.test"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"The template database cannot be migrated:\n{done.stdout[-6000:]}"
        raise RuntimeError(message)


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6])


def _drop_old(connection: psycopg.Connection, *, keep: str) -> None:
    """Drop templates beyond the newest few that no living process has in use."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s"
    for (name,) in connection.execute(query, [f"{PREFIX}%", KEEP]).fetchall():
        if name == keep or not _try_lock(connection, _key(name)):
            continue
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE false").format(identifier))
        drop_database(connection, name)
        connection.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])


def _try_lock(connection: psycopg.Connection, key: int) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
    return row is not None and bool(row[0])


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """Drop a database and end whoever is still connected to it."""
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
