"""Servers that may be broken: an instance of their own for each test process, kept between runs."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import Celery
from django.db import connections

from backoffice.embedded.servers import Servers, bundled
from backoffice.jobs import hints, registry
from backoffice.settings.connections import broker_url, databases
from tests.faults.harness import QUICK, Site
from tests.faults.probe.kind import GUARDED, PROBE
from tests.harness.addresses import with_database
from tests.harness.clones import Clones
from tests.harness.redis import take_number
from tests.harness.tally import counted
from tests.harness.template import ensure_template

CYCLES = int(os.environ.get("FAULT_CYCLES", "3"))


@pytest.fixture
def cycles() -> Iterator[int]:
    """As often as a fault is repeated: three times in each run, 200 times in the long tests."""
    return counted(CYCLES)


@pytest.fixture(scope="session")
def fault_servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey for this process alone; durable, unlike those of the other tests."""
    servers = bundled(f"faults-{take_number('fault-numbers')}")
    servers.start()
    yield servers
    servers.stop()


@pytest.fixture
def site(
    fault_servers: Servers,
    django_test_environment: None,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Site]:
    """A site around a fresh clone; Django and the hints of this process point to it."""
    fault_servers.start()
    urls = fault_servers.environment()
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
        template = ensure_template(owner, urls)
        name = Clones(owner, template).create()
    urls = {
        key: with_database(url, name) if "DATABASE" in key else url for key, url in urls.items()
    }
    app = _publisher(urls["REDIS_URL"])
    monkeypatch.setattr(hints, "current_app", app)
    for kind in (PROBE, GUARDED):
        monkeypatch.setitem(registry.KINDS, kind.name, kind)
    environment = {**urls, **QUICK, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    with django_db_blocker.unblock(), DjangoOn(urls):
        made = Site(fault_servers, environment, tmp_path)
        made.flush_redis()
        yield made
        made.stop()
    app.close()
    fault_servers.start()
    with psycopg.connect(
        urls["DATABASE_OWNER_URL"].replace(name, "retaguarda"), autocommit=True
    ) as owner:
        Clones(owner, template).drop(name)


class DjangoOn:
    """Make all aliases of Django, in all threads, use other addresses for a while."""

    def __init__(self, urls: dict[str, str]) -> None:
        self._urls = urls
        self._before: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> None:
        connections.close_all()
        for alias, address in databases(self._urls).items():
            self._before[alias] = dict(connections.settings[alias])
            connections.settings[alias].update(address)

    def __exit__(self, *_: object) -> None:
        connections.close_all()
        for alias, before in self._before.items():
            connections.settings[alias].update(before)


def _publisher(redis_url: str) -> Celery:
    """A Celery application of this process that publishes to the broker of the site."""
    app = Celery("faults", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=broker_url(redis_url))
    return app
