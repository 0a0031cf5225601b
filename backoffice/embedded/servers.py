"""The instances that exist: `demo` for a person, `test` for the test suite."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from backoffice.embedded.places import CHECKOUT, Place
from backoffice.embedded.postgres import Postgres
from backoffice.embedded.valkey import Valkey

THROW_AWAY = frozenset({"test"})


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Valkey of one instance."""

    postgres: Postgres
    valkey: Valkey

    @property
    def place(self) -> Place:
        """Where both keep their files."""
        return self.postgres.place

    def start(self) -> None:
        """Start what does not run yet."""
        self.postgres.start()
        self.valkey.start()

    def stop(self) -> None:
        """Stop both cleanly."""
        self.valkey.stop()
        self.postgres.stop()

    def erase(self) -> None:
        """Stop both and delete their data."""
        self.stop()
        for folder in (self.place.root, self.place.sockets, self.place.files):
            shutil.rmtree(folder, ignore_errors=True)
        self.place.lock.unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """The variables with which any program of ours uses these servers."""
        return {
            "DATABASE_URL": self.postgres.url("app"),
            "DATABASE_OWNER_URL": self.postgres.url("owner"),
            "DATABASE_READER_URL": self.postgres.url("reader"),
            "REDIS_URL": self.valkey.url(),
        }


def bundled(instance: str = "demo", checkout: Path = CHECKOUT) -> Servers:
    """The bundled servers of an instance; nothing is started or made by asking."""
    place = Place(instance, checkout)
    throw_away = instance in THROW_AWAY
    return Servers(Postgres(place, throw_away), Valkey(place, throw_away))
