"""A numbered Redis database for each test process, so that nobody takes another one's messages."""

import fcntl
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings

from backoffice.embedded.places import state_dir
from backoffice.embedded.valkey import DATABASES
from backoffice.settings.connections import broker_url


def take_number(kind: str = "redis-numbers") -> int:
    """A number that no living process of this user has; freed by the system at its end."""
    folder = state_dir() / kind
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, DATABASES):
        descriptor = os.open(folder / str(number), os.O_CREAT | os.O_WRONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return number
    message = f"All {DATABASES} Redis databases are in use."
    raise RuntimeError(message)


def redis_address(url: str, number: int) -> str:
    """The same server, another numbered database."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"  # urlunsplit would drop the two slashes
    return parts._replace(path=f"/{number}").geturl()


def pytest_configure() -> None:
    """Give this process its own Redis database before anything connects to the broker."""
    settings.REDIS_URL = redis_address(settings.REDIS_URL, take_number())
    settings.CELERY_BROKER_URL = broker_url(settings.REDIS_URL)


@pytest.fixture
def redis_client(harness: object) -> Iterator[redis.Redis]:
    """This process's own Redis database, empty at the start of the test."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
