"""Back up database and files at one moment; restore them into an empty database, and prove it.

Both run as the role `owner`, with PostgreSQL's own programs: those beside the bundled server, or the
ones on the path.
"""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from backoffice.audit.verification import find_faults
from backoffice.database.grants import install_extensions
from backoffice.files import storage
from backoffice.files.models import StoredFile
from backoffice.recovery.manifest import DUMP, FILES, BadBackup, Manifest, hash_of, load, save

COUNT = """
    SELECT relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I',
           relnamespace::regnamespace, relname), false, true, '')))[1]::text::bigint
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
NOT_COUNTED = frozenset({"django_session"})


def back_up(folder: Path, *, at: dt.datetime) -> Manifest:
    """Write everything into an empty folder: dump, files, and a signed manifest that counts them.

    Dump, counts and the list of files are of one moment, while people go on working. A file that is
    removed for good meanwhile is left out; files are kept for days after they were discarded.

    Raises:
        BadBackup: The folder is not empty, or PostgreSQL's program failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadBackup(f"{folder} is not empty")
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, server = cursor.fetchone()
        _run(
            owner, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={folder / DUMP}"
        )
        rows = rows_of(owner)
        files = dict(_copy_out(folder / FILES))
    manifest = Manifest(
        made_at=at.isoformat(),
        server=server,
        dump_sha256=hash_of(folder / DUMP),
        rows=rows,
        files=files,
    )
    save(manifest, folder, settings.AUDIT_SIGNING_KEY)
    return manifest


def restore(folder: Path, *, at: dt.datetime) -> Manifest:
    """Bring a backup back into an empty database, bring it to this version, and prove it.

    Raises:
        BadBackup: The backup is not whole, the database not empty, or a proof failed; the database
            is then to be thrown away.
    """
    manifest = load(folder, settings.AUDIT_SIGNING_KEY)
    owner = connections["owner"]
    if rows_of(owner):
        raise BadBackup("the database is not empty: restore into a new one")
    install_extensions(owner)
    _run(owner, "pg_restore", "--exit-on-error", "--no-comments", str(folder / DUMP))
    differing = _differences(manifest.rows, rows_of(owner))
    if differing:
        raise BadBackup(f"rows differ from the backup: {differing}")
    call_command("migrate", verbosity=0)
    _copy_in(folder / FILES, manifest)
    _prove(at)
    return manifest


def rows_of(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """Rows of each table, log in and out left aside."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        return {name: count for name, count in cursor.fetchall() if name not in NOT_COUNTED}


def _differences(wanted: Mapping[str, int], found: Mapping[str, int]) -> str:
    names = sorted(wanted.keys() | found.keys())
    names = [name for name in names if wanted.get(name) != found.get(name)]
    return ", ".join(f"{name} {wanted.get(name)} / {found.get(name)}" for name in names)


def _kept_files() -> Iterator[StoredFile]:
    yield from StoredFile.objects.using("owner").filter(removed_at=None).order_by("pk").iterator()


def _copy_out(folder: Path) -> Iterator[tuple[str, str]]:
    """Copy each file under its name in the storage; name and SHA-256."""
    for stored in _kept_files():
        name = storage.path_of(stored.company_id, stored.key)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with storage.read(stored.company_id, stored.key) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
        except FileNotFoundError as error:
            raise BadBackup(f"file {name} is missing in the storage") from error
        digest = hash_of(path)
        if digest != stored.sha256:
            raise BadBackup(f"file {name} is not what was kept")
        yield name, digest


def _copy_in(folder: Path, manifest: Manifest) -> None:
    """Put each file back into the storage; what is there already must be the same."""
    for stored in _kept_files():
        name = storage.path_of(stored.company_id, stored.key)
        if name not in manifest.files:
            raise BadBackup(f"file {name} is not in the backup")
        try:
            storage.read(stored.company_id, stored.key).close()
        except FileNotFoundError:
            with (folder / name).open("rb") as source:
                storage.write(stored.company_id, stored.key, source)


def _prove(at: dt.datetime) -> None:
    """The log of events is whole. What was not yet sealed when the backup was made is not late."""
    faults = [fault for fault in find_faults(at=at) if fault.code != "overdue"]
    if faults:
        first = faults[0]
        raise BadBackup(f"the log of events: block {first.block}: {first.message}")


def _run(connection: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database of a connection; secrets by environment."""
    given = connection.get_connection_params()
    environment = {
        "PGDATABASE": str(given["dbname"]),
        "PGUSER": str(given["user"]),
        "PGHOST": str(given.get("host") or ""),
        "PGPORT": str(given.get("port") or ""),
        "PGPASSWORD": str(given.get("password") or ""),
    }
    path, libraries = _program(program)
    target = [f"--dbname={given['dbname']}"] if program == "pg_restore" else []
    done = subprocess.run(
        [path, "--no-password", *target, *arguments],
        env={
            **os.environ,
            **libraries,
            **{name: value for name, value in environment.items() if value},
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BadBackup(f"{program} failed: {done.stderr.strip()[-2000:]}")


def _program(name: str) -> tuple[str, dict[str, str]]:
    """Where a program is, and what it needs in its environment.

    The bundled ones come first: those of a distribution are often older than the server and refuse it.
    """
    if find_spec("pg0") is not None:
        from backoffice.embedded.binaries import library_path, postgres_home

        home = postgres_home()
        return str(home / "bin" / name), library_path(home)
    found = shutil.which(name)
    if found is None:
        raise BadBackup(f"{name} is not on the path: install PostgreSQL's client programs")
    return found, {}
