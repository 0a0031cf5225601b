"""The example company in a database of its own, made once for the present code and day, then cloned."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
from django.utils import timezone
from psycopg import sql

from backoffice.embedded.places import CHECKOUT
from tests.harness.addresses import with_database
from tests.harness.template import drop_database, ensure_template

PREFIX = "rgexample_"
MAKING = "rgmaking"

BUILDING = 7_203_503
"""Key of the advisory lock under which examples are made and dropped."""


def example_database(connection: psycopg.Connection, urls: Mapping[str, str]) -> str:
    """The name of a database that holds the example company, open to no connection."""
    template = ensure_template(connection, dict(urls))
    name = PREFIX + _mark(template)
    connection.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
    try:
        query = "SELECT FROM pg_database WHERE datname = %s"
        if connection.execute(query, [name]).fetchone() is None:
            _build(connection, urls, template, name)
        _drop_others(connection, name)
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
    return name


def environment_on(urls: Mapping[str, str], database: str) -> dict[str, str]:
    """The variables with which a process of ours joins a database."""
    mine = {
        name: with_database(url, database) if name.startswith("DATABASE") else url
        for name, url in urls.items()
    }
    return {
        **os.environ,
        **mine,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "FILES_ROOT": str(CHECKOUT / "build" / "files-e2e"),
    }


def _mark(template: str) -> str:
    """Changes with the schema, with the code that fills it, and with the day it is relative to."""
    digest = hashlib.sha256(f"{template} {timezone.localdate()}".encode())
    for folder in ("demo", "hr"):
        for path in sorted(Path(CHECKOUT, folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(
    connection: psycopg.Connection, urls: Mapping[str, str], template: str, name: str
) -> None:
    making = sql.Identifier(MAKING)
    drop_database(connection, MAKING)
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(making, sql.Identifier(template))
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "create_demo"],
        cwd=CHECKOUT,
        env=environment_on(urls, MAKING),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"The example company cannot be made:\n{done.stderr[-6000:]}"
        raise RuntimeError(message)
    for statement in (
        "ALTER DATABASE {making} WITH ALLOW_CONNECTIONS false",
        "ALTER DATABASE {making} RENAME TO {name}",
    ):
        connection.execute(sql.SQL(statement).format(making=making, name=sql.Identifier(name)))


def _drop_others(connection: psycopg.Connection, name: str) -> None:
    """Only the newest is kept: yesterday's months are not those of today."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s"
    for (old,) in connection.execute(query, [f"{PREFIX}%", name]).fetchall():
        drop_database(connection, old)
