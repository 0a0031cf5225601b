"""Bring the demonstration's database to the present schema, as fast as that can be done.

A fresh database starts from a dump of the same migrations when there is one in the cache;
`migrate` then does what is left. A mark on the database tells that nothing is to be done.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from backoffice.database.fingerprint import CHECKOUT, fingerprint
from backoffice.embedded.binaries import library_path, postgres_home
from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import cache_dir

FILLING = "the examples are being made"
KEEP = 3
"""Dumps to keep in the cache."""


def bring_up_to_date(environment: Mapping[str, str], *, bundled: bool) -> None:
    """Restore, migrate and mark; does nothing when the mark is the present one."""
    url = environment.get("DATABASE_OWNER_URL")
    if url is None:
        message = (
            "DATABASE_URL needs DATABASE_OWNER_URL beside it: the schema belongs to the owner."
        )
        raise EmbeddedError(message)
    mark = fingerprint()
    if mark_of(url) == mark:
        return
    dump = cache_dir() / f"schema-{mark}.dump"
    fresh = bundled and _is_empty(url)
    if fresh and dump.exists():
        _postgres_tool("pg_restore", "--exit-on-error", "--no-comments", f"--dbname={url}", dump)
    manage(environment, "migrate", "--verbosity=0")
    if fresh and not dump.exists():
        _keep_dump(url, dump)
    _set_mark(url, mark)


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    """Run a command of `manage.py`; EmbeddedError with its last words when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"manage.py {arguments[0]} failed:\n{done.stderr[-4000:]}"
        raise EmbeddedError(message)


def fill(environment: Mapping[str, str]) -> None:
    """Make the example company; the mark tells of a try that was cut off on its way."""
    url = environment["DATABASE_OWNER_URL"]
    _set_mark(url, FILLING)
    manage(environment, "create_demo")
    _set_mark(url, fingerprint())


def is_half_filled(environment: Mapping[str, str]) -> bool:
    """Whether the making of the examples was cut off; what there is, is of no use."""
    return mark_of(environment["DATABASE_OWNER_URL"]) == FILLING


def has_company(url: str) -> bool:
    """Whether somebody (the examples, or a person) has already made a company."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT FROM backoffice_company LIMIT 1").fetchone() is not None


def mark_of(url: str) -> str | None:
    """What the last start has written on the database."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    return row[0] if row else None


def _set_mark(url: str, mark: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(connection.info.dbname), sql.Literal(mark)
            )
        )


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    return row is not None and bool(row[0])


def _keep_dump(url: str, dump: Path) -> None:
    """Keep a dump for the next fresh database; written whole or not at all."""
    unfinished = dump.with_suffix(f".{os.getpid()}")
    _postgres_tool("pg_dump", "--format=custom", f"--file={unfinished}", url)
    unfinished.rename(dump)
    dumps = sorted(dump.parent.glob("schema-*.dump"), key=lambda path: path.stat().st_mtime)
    for old in dumps[:-KEEP]:
        old.unlink(missing_ok=True)


def _postgres_tool(name: str, *arguments: str | Path) -> None:
    home = postgres_home()
    done = subprocess.run(
        [home / "bin" / name, *arguments],
        env={**os.environ, **library_path(home)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"{name} failed:\n{done.stderr[-4000:]}"
        raise EmbeddedError(message)
