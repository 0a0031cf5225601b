"""The bundled PostgreSQL 18: make its data folder, start it, use it again, stop it."""

import contextlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from backoffice.embedded.binaries import library_path, postgres_home
from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import CHECKOUT, Place
from backoffice.embedded.processes import (
    answers_or_dies,
    end_orphans,
    exclusive,
    is_alive,
    run_as_server_user,
    running_pid,
    stop_process,
)

DATABASE = "retaguarda"
SUPERUSER = "postgres"
ROLES = {
    "owner": "retaguarda_owner",
    "app": "retaguarda_app",
    "reader": "retaguarda_reader",
    "superuser": SUPERUSER,
}
ROLES_SQL = CHECKOUT / "backoffice" / "database" / "roles.sql"

COMMON_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "jit": "off",
    # three worker processes fewer than the default; the disk is not the bottleneck here
    "io_method": "sync",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    # one call for the whole disk after a crash, not one for each of a thousand files
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}
THROW_AWAY_SETTINGS = {
    # nothing in a test server is worth a wait for the disk
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'1h'",
    # it would hold the template while a clone is made of it
    "autovacuum": "off",
    "max_connections": "300",
}


@dataclass(frozen=True)
class Postgres:
    """One bundled PostgreSQL server; `throw_away` trades safety of the data for speed (tests)."""

    place: Place
    throw_away: bool = False

    def url(self, role: str = "app", database: str = DATABASE) -> str:
        """The address for a role; known before the server runs, since it is only a path."""
        return f"postgresql://{ROLES[role]}@/{database}?host={quote(str(self.place.sockets))}"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.place.root / "postgres.log"

    @property
    def _pid_file(self) -> Path:
        return self.place.postgres_data / "postmaster.pid"

    def pid(self) -> int | None:
        """The process number of the living server."""
        return running_pid(self._pid_file, self.place.postgres_data)

    def is_ready(self) -> bool:
        """Whether the server answers."""
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(self.url("superuser", "postgres"), connect_timeout=2),
        ):
            return True
        return False

    def start(self) -> None:
        """Start the server unless it runs; the data of an earlier start are used again."""
        with exclusive(self.place.lock):
            if not answers_or_dies(self):
                self.place.make()
                home = postgres_home()
                self._initialise(home)
                self._clear_stale_locks()
                self._configure()
                self._launch(home)
            self._make_roles_and_database()

    def stop(self) -> None:
        """Stop the server cleanly; nothing happens when it does not run."""
        with exclusive(self.place.lock):
            pid = self.pid()
            if pid is None:
                return
            try:
                self._pg_ctl(postgres_home(), "stop", "--mode=fast", "--timeout=30")
            except EmbeddedError:
                if is_alive(pid):
                    stop_process(pid)
            end_orphans(self.place.postgres_data)

    def _initialise(self, home: Path) -> None:
        """Make the data folder under another name first: a kill must not leave half of it."""
        if (self.place.postgres_data / "PG_VERSION").exists():
            return
        fresh = self.place.root / "initialising"
        if fresh.exists():
            shutil.rmtree(fresh)
        command = [f"{home}/bin/initdb", f"--pgdata={fresh}", f"--username={SUPERUSER}"]
        options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", "--data-checksums", "--auth=trust"]
        options += ["--no-instructions", *(["--no-sync"] if self.throw_away else [])]
        run_as_server_user([*command, *options], env=library_path(home))
        fresh.rename(self.place.postgres_data)

    def _configure(self) -> None:
        """Write our settings anew at each start; `postgresql.conf` of initdb stays as it is."""
        settings = {
            **COMMON_SETTINGS,
            "unix_socket_directories": f"'{self.place.sockets}'",
            **(THROW_AWAY_SETTINGS if self.throw_away else {}),
        }
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (self.place.postgres_data / "postgresql.auto.conf").write_text("".join(lines))

    def _clear_stale_locks(self) -> None:
        """Take away the lock files of a server that was killed; its data are repaired at start.

        PostgreSQL itself would refuse while the dead server is a zombie, or when its number
        was given to another program after a restart of the machine.
        """
        end_orphans(self.place.postgres_data)
        for stale in (self._pid_file, *self.place.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _launch(self, home: Path) -> None:
        try:
            self._pg_ctl(home, "start", "--wait", "--timeout=60", f"--log={self.log}")
        except EmbeddedError as error:
            tail = "\n".join(self.log.read_text().splitlines()[-15:]) if self.log.exists() else ""
            message = f"{error}\nThe last lines of {self.log}:\n{tail}"
            raise EmbeddedError(message) from error

    def _pg_ctl(self, home: Path, action: str, *options: str) -> None:
        command = [f"{home}/bin/pg_ctl", action, f"--pgdata={self.place.postgres_data}"]
        run_as_server_user([*command, "--silent", *options], env=library_path(home))

    def make_database_anew(self) -> None:
        """Drop the database with all its data and make it again, empty."""
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
            )
        self._make_roles_and_database()

    def _make_roles_and_database(self) -> None:
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as connection:
            connection.execute(ROLES_SQL.read_bytes())
            query = "SELECT FROM pg_database WHERE datname = %s"
            if connection.execute(query, [DATABASE]).fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(ROLES["owner"])
                    )
                )
