"""A browser, and a site with the example company for each module of journeys.

Fixtures live as long as a module: two playwrights at the same time cannot be in one process.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from backoffice.embedded.system import chromium as find_chromium
from tests.e2e.example import environment_on, example_database
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.harness.addresses import ensure_servers
from tests.harness.clones import Clones

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WITHOUT = "RETAGUARDA_WITHOUT_BROWSER"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's browser without a display; its absence is a failure unless it is declared."""
    if os.environ.get(WITHOUT) == "1":
        pytest.skip(f"{WITHOUT}=1: no browser test was run.")
    path = find_chromium()
    if path is None:
        pytest.fail(f"There is no chromium; script/bootstrap says how to install it ({WITHOUT}=1).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(chromium: Browser, tmp_path_factory: Any) -> Iterator[Site]:
    """Web and worker around a fresh copy of the example company."""
    urls = {**ensure_servers(), "REDIS_URL": settings.REDIS_URL}
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
        clones = Clones(connection, example_database(connection, urls))
        clones.sweep()
        name = clones.create()
        made = Site(environment_on(urls, name), tmp_path_factory.mktemp("site"))
        try:
            made.start()
            yield made
        finally:
            made.stop()
            clones.drop(name)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; each that a test forgets to let go is seen off at its end."""
    here: list[Visitor] = []

    def visit(name: str = "", **options: Any) -> Visitor:
        visitor = Visitor(chromium, site.address, **options)
        here.append(visitor)
        if name:
            visitor.log_in(name)
        return visitor

    yield visit
    for visitor in here:
        visitor.leave()
