"""A numbered Redis database for each test process, so that nobody takes another one's messages."""

import fcntl
import os
from collections.abc import Iterator
from typing import IO
from urllib.parse import urlsplit

import pytest
import redis

from backoffice.embedded.places import state_dir
from backoffice.embedded.valkey import DATABASES

_held: list[IO[str]] = []


def take_number() -> int:
    """A number that no living process of this user has; freed by the system at its end."""
    folder = state_dir() / "redis-numbers"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, DATABASES):
        handle = (folder / str(number)).open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            continue
        handle.write(str(os.getpid()))
        _held.append(handle)
        return number
    message = f"All {DATABASES} Redis databases are in use."
    raise RuntimeError(message)


def redis_address(url: str, number: int) -> str:
    """The same server, another numbered database."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts._replace(query=f"db={number}").geturl()
    return parts._replace(path=f"/{number}").geturl()


@pytest.fixture
def redis_client(harness: object) -> Iterator[redis.Redis]:
    """This process's own Redis database, empty at the start of the test."""
    from django.conf import settings

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
