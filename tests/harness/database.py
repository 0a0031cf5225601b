"""Fixtures for tests that need the database; they replace those of pytest-django.

`db`: inside a transaction that is rolled back, as role `app`, on this process's clone.
`@pytest.mark.clone`: a clone of its own with real commits; threads and processes may join in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from tests.harness.addresses import ensure_servers, with_database
from tests.harness.clones import Clones
from tests.harness.template import ensure_template


@dataclass(frozen=True)
class Harness:
    """The servers' addresses and the clones of this test process."""

    urls: dict[str, str]
    clones: Clones

    def point_to(self, database: str) -> str:
        """Make all aliases, in all threads, use this database; the name of the earlier one."""
        connections.close_all()
        before = str(connections.settings["default"]["NAME"])
        for alias in connections.settings.values():
            alias["NAME"] = database
        return before

    def url(self, variable: str = "DATABASE_URL") -> str:
        """The address of the database that is in use now."""
        return with_database(self.urls[variable], connections.settings["default"]["NAME"])

    def environment(self) -> dict[str, str]:
        """Variables for a process of ours (worker, manage.py) that joins the test."""
        mine = {name: self.url(name) for name in self.urls if name.startswith("DATABASE")}
        return {
            **mine,
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "backoffice.settings.test",
        }


@pytest.fixture(scope="session")
def harness() -> Iterator[Harness]:
    """The servers, started when they do not run, and the template for the present migrations."""
    urls = ensure_servers()
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
        template = ensure_template(connection, urls)
        clones = Clones(connection, template)
        clones.sweep()
        yield Harness(urls, clones)


@pytest.fixture(scope="session")
def django_db_setup(
    harness: Harness, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """One clone for all tests of this process that roll back."""
    name = harness.clones.create()
    with django_db_blocker.unblock():
        before = harness.point_to(name)
    yield
    with django_db_blocker.unblock():
        harness.point_to(before)
    harness.clones.drop(name)


@pytest.fixture
def own_clone(
    request: pytest.FixtureRequest, harness: Harness, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """What `@pytest.mark.clone` gives: a database for this test alone; its name."""
    if request.node.get_closest_marker("clone") is None:
        pytest.fail("Mark the test with @pytest.mark.clone.", pytrace=False)
    name = harness.clones.create()
    with django_db_blocker.unblock():
        before = harness.point_to(name)
        yield name
        harness.point_to(before)
    harness.clones.drop(name)


@pytest.fixture(autouse=True)
def _django_db_marker(request: pytest.FixtureRequest) -> None:
    """What the markers `clone` and `django_db` ask for; of both, `clone` wins."""
    if request.node.get_closest_marker("clone") or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")


@pytest.fixture
def db(request: pytest.FixtureRequest) -> None:
    """The database, rolled back afterwards; in a test marked `clone`, that clone."""
    marked = request.node.get_closest_marker("clone") is not None
    request.getfixturevalue("own_clone" if marked else "_django_db_helper")


@pytest.fixture
def transactional_db() -> None:
    """Not available: emptying tables needs TRUNCATE, which the role `app` has not."""
    pytest.fail("Use @pytest.mark.clone instead of transactional_db.", pytrace=False)


@pytest.fixture
def clone_url(own_clone: str, harness: Harness) -> str:
    """The address of this test's clone for the role `app`."""
    return harness.url()


@pytest.fixture
def clone_environment(own_clone: str, harness: Harness) -> dict[str, str]:
    """The variables with which a real worker or manage.py joins this test's clone."""
    return harness.environment()


@pytest.fixture
def owner_cursor(
    request: pytest.FixtureRequest, harness: Harness, db: None
) -> Iterator[psycopg.Cursor[Any]]:
    """The role `owner` on the test's database: commits in a clone, else rolled back at the end.

    It is another connection: outside a clone it sees nothing that the test has not committed.
    """
    marked = request.node.get_closest_marker("clone") is not None
    with psycopg.connect(harness.url("DATABASE_OWNER_URL"), autocommit=marked) as connection:
        connection.execute("SET lock_timeout = '5s'")
        yield connection.cursor()
        connection.rollback()


@pytest.fixture
def reader_cursor(harness: Harness, db: None) -> Iterator[psycopg.Cursor[Any]]:
    """The role `reader` on the test's database, through a connection of its own."""
    with psycopg.connect(harness.url("DATABASE_READER_URL"), autocommit=True) as connection:
        yield connection.cursor()
