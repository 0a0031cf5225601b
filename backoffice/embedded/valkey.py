"""The bundled Valkey (Redis protocol): broker hints and cache, which may be lost at any time."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import redis

from backoffice.embedded.binaries import valkey_program
from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import Place, server_user
from backoffice.embedded.processes import (
    answers_or_dies,
    end_orphans,
    exclusive,
    run_as_server_user,
    running_pid,
    stop_process,
    wait_for,
)

DATABASES = 256
"""Numbered databases: each test process takes one of its own."""


@dataclass(frozen=True)
class Valkey:
    """One bundled Valkey server; `throw_away` keeps nothing on disk (tests)."""

    place: Place
    throw_away: bool = False

    @property
    def socket(self) -> Path:
        """The unix socket that it listens on."""
        return self.place.sockets / "valkey.sock"

    def url(self, database: int = 0) -> str:
        """The address of a numbered database in the form that redis-py reads."""
        return f"unix://{self.socket}?db={database}"

    @property
    def _pid_file(self) -> Path:
        return self.place.valkey_data / "valkey.pid"

    @property
    def _config(self) -> Path:
        return self.place.valkey_data / "valkey.conf"

    def pid(self) -> int | None:
        """The process number of the living server."""
        return running_pid(self._pid_file, self.place.valkey_data)

    def is_ready(self) -> bool:
        """Whether the server answers."""
        with (
            contextlib.suppress(redis.RedisError),
            redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2) as client,
        ):
            return bool(client.ping())
        return False

    def start(self) -> None:
        """Start the server unless it runs."""
        with exclusive(self.place.lock):
            if answers_or_dies(self):
                return
            self.place.make()
            program = valkey_program()
            end_orphans(self.place.valkey_data)
            self._configure()
            run_as_server_user([program, self._config])
            if not wait_for(self.is_ready, 30):
                message = f"Valkey does not answer; see {self.place.valkey_data / 'valkey.log'}"
                raise EmbeddedError(message)

    def stop(self) -> None:
        """Stop the server cleanly; nothing happens when it does not run."""
        with exclusive(self.place.lock):
            if (pid := self.pid()) is not None:
                stop_process(pid)

    def _configure(self) -> None:
        data = self.place.valkey_data
        settings = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": data,
            "pidfile": self._pid_file,
            "logfile": data / "valkey.log",
            "daemonize": "yes",
            "databases": DATABASES,
            "maxmemory-policy": "noeviction",
            "save": '""',
            "appendonly": "no" if self.throw_away else "yes",
            "appendfsync": "everysec",
        }
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        self._config.write_text(text)
        user = server_user()
        if user.must_switch:
            self._config.chmod(0o644)
