"""Clones of the template: named after their process, so that leftovers of dead ones are found."""

import itertools
import os
import re
from pathlib import Path

import psycopg
from psycopg import sql

from backoffice.embedded.processes import is_alive
from tests.harness.template import drop_database

NAME = re.compile(r"rgclone_(\d+)_(\d+)_\d+")


_numbers = itertools.count(1)


class Clones:
    """Makes and drops the databases of this process."""

    def __init__(self, connection: psycopg.Connection, template: str) -> None:
        self._connection = connection
        self._template = template

    def create(self) -> str:
        """A new database, equal to the template; its name."""
        name = f"rgclone_{os.getpid()}_{_start_of(os.getpid())}_{next(_numbers)}"
        self._connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY WAL_LOG").format(
                sql.Identifier(name), sql.Identifier(self._template)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Drop a clone and end whoever is still connected to it."""
        drop_database(self._connection, name)

    def sweep(self) -> None:
        """Drop the clones of processes that have died."""
        query = "SELECT datname FROM pg_database WHERE datname LIKE 'rgclone%'"
        for (name,) in self._connection.execute(query).fetchall():
            match = NAME.fullmatch(name)
            if match and not _lives(int(match[1]), int(match[2])):
                self.drop(name)


def _lives(pid: int, start: int) -> bool:
    return is_alive(pid) and _start_of(pid) == start


def _start_of(pid: int) -> int:
    """When the process began, in clock ticks: numbers of processes come round again."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[19])
