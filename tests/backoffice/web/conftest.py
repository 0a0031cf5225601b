"""A site with the style pages alone, for a real browser; it needs no database."""

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from typing_extensions import override

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[2] / "vendor" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}


class Server(ThreadingMixIn, WSGIServer):
    """Answers a page and its files at the same time."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Keeps requests out of the test's output."""

    @override
    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def style_site() -> Iterator[str]:
    """The address of a server whose addresses are those of `style_urls`."""
    with override_settings(ROOT_URLCONF="tests.backoffice.web.style_urls"):
        application = StaticFilesHandler(get_wsgi_application())
        server = make_server("localhost", 0, application, Server, Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a display."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Tab:
    """One page of a browser that remembers what went wrong in it."""

    def __init__(self, browser: Browser, site: str, **options: Any) -> None:
        self.context = browser.new_context(locale="pt-BR", **options)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page: Page = self.context.new_page()
        self.site = site
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.troubles.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )

    def open(self, query: str) -> Page:
        """A style page; scripts have settled when its fields and menus react."""
        self.page.goto(f"{self.site}/style/?{query}")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def axe(self) -> list[str]:
        """Findings against WCAG 2.2 A and AA, each with the element."""
        # Through the debugger, not as a script of the page: the page's policy stays in force.
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
                .then((result) => result.violations.flatMap((violation) =>
                    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`)))"""
        )
        return list(found)


@pytest.fixture
def tab(chromium: Browser, style_site: str) -> Iterator[Tab]:
    """A desktop tab; at the end nothing may have gone wrong in it."""
    opened = Tab(chromium, style_site, viewport=DESKTOP)
    yield opened
    opened.context.close()
    assert opened.troubles == []
