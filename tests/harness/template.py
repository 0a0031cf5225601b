"""The migrated template database: made once by the owner, cloned for every worker and test."""

import hashlib
import os
import subprocess
import sys

import psycopg
from psycopg import sql

from backoffice.database.fingerprint import CHECKOUT, fingerprint
from tests.harness.addresses import with_database

PREFIX = "rgtemplate_"
KEEP = 3
"""Templates to keep: other branches and processes may still clone an older one."""

BUILDING = 7_203_502
"""Key of the advisory lock under which templates are made and dropped."""


def ensure_template(connection: psycopg.Connection, urls: dict[str, str]) -> str:
    """The name of the template for the present files; it is kept while the connection lives."""
    connection.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
    try:
        name = PREFIX + fingerprint()
        while not _exists(connection, name):
            _build(connection, urls, name)
            name = PREFIX + fingerprint()  # another one when a file changed meanwhile
        connection.execute("SELECT pg_advisory_lock_shared(%s)", [_key(name)])
        _drop_old(connection, keep=name)
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
    return name


def _exists(connection: psycopg.Connection, name: str) -> bool:
    query = "SELECT FROM pg_database WHERE datname = %s"
    return connection.execute(query, [name]).fetchone() is not None


def _build(connection: psycopg.Connection, urls: dict[str, str], name: str) -> None:
    """Migrate a new database as owner in a process of its own, then close it to connections.

    It gets its name only when no file has changed in the meantime.
    """
    building = sql.Identifier("rgbuilding")
    drop_database(connection, "rgbuilding")
    connection.execute(sql.SQL("CREATE DATABASE {}").format(building))
    _migrate(urls, "rgbuilding")
    if PREFIX + fingerprint() != name:
        return
    for statement in (
        "ALTER DATABASE {building} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false",
        "ALTER DATABASE {building} RENAME TO {name}",
    ):
        connection.execute(sql.SQL(statement).format(building=building, name=sql.Identifier(name)))


def _migrate(urls: dict[str, str], database: str) -> None:
    own = {
        name: with_database(url, database) if name.startswith("DATABASE") else url
        for name, url in urls.items()
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=1", "--skip-checks"],
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
    """Drop a database; waits for sessions that are just ending, then ends whoever is left."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    try:
        connection.execute(drop)
    except psycopg.errors.ObjectInUse:
        connection.execute(drop + sql.SQL(" WITH (FORCE)"))
