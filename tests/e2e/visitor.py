"""One person at one browser: goes through pages, and each page must be without fault."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from demo.ipe import DOMAIN, PASSWORD
from tests.e2e.words import FOREIGN

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
DESKTOP = {"width": 1366, "height": 850}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 342, "height": 640}
"""What is left of a desktop at 400 %."""

# Nothing is asked for, and masks are on their fields: what is typed before them may be lost.
SETTLED = """() => document.readyState === "complete" && !document.querySelector(".htmx-request")
  && (window.IMask || !document.querySelector("[data-mask=date], [data-mask=cpf]"))"""

FINDINGS = """() => axe.run(document, {preload: false, resultTypes: ["violations"]}).then((result) =>
  result.violations.filter((found) => ["serious", "critical"].includes(found.impact)).flatMap((found) =>
    found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 200)}`)))"""

# When the page scrolls sideways: the elements that stick out.
OVERFLOWING = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  ["the page", ...[...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth)
    .map((e) => e.outerHTML.slice(0, 120))]"""

# A table's frame may scroll, but an amount must never be cut.
CLIPPED = """() => [...document.querySelectorAll("main *, dialog[open] *")]
  .filter((e) => e.childElementCount === 0 && /\\d,\\d\\d/.test(e.textContent) && e.checkVisibility()
    && getComputedStyle(e).overflowX === "hidden" && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 160))"""

# Names that people gave are data; so are titles that were written down when a job began.
WORDS = """() => {
  const data = "script, style, template, svg, [lang]:not(html), a[href^='/jobs/'], .demo-bar select, "
    + ".card-title-cell a, .inbox-text > a, code";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [document.title];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest(data) && parent.checkVisibility()) found.push(walker.currentNode.data.trim());
  }
  document.querySelectorAll("[placeholder], [aria-label], [title]").forEach((e) =>
    found.push(e.placeholder || "", e.ariaLabel || "", e.title || ""));
  const job = location.pathname.startsWith("/jobs/") && document.querySelector("h1").textContent.trim();
  return found.filter((text) => text && !(job && text.includes(job)));
}"""


class Visitor:
    """A browser window of its own; `page` is that of playwright.

    Args:
        language: ``pt-br`` or ``en``.
        scheme: ``light`` or ``dark``.
    """

    def __init__(
        self,
        browser: Browser,
        site: str,
        *,
        language: str = "pt-br",
        viewport: dict[str, int] = DESKTOP,
        scheme: str = "light",
        state: Any = None,
    ) -> None:
        self.site = site
        self.language = language
        self.taps = 0
        self.troubles: list[str] = []
        self.context = browser.new_context(
            locale="pt-BR" if language == "pt-br" else "en-US",
            viewport=viewport,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            storage_state=state,
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        # Violations of the content security policy are errors of the console too.
        address = message.location["url"]
        if message.type == "error" and not address.endswith("/favicon.ico"):  # a PDF names no icon
            self.troubles.append(f"{self.page.url}: {message.text} {address}")

    def log_in(self, name: str) -> None:
        """Log in through the form, then choose the language if it is not that of the account."""
        self.page.goto(f"{self.site}/")
        self.look("login")
        self.page.fill("input[name=login]", f"{name}@{DOMAIN}")
        self.page.fill("input[name=password]", PASSWORD.value)
        self.page.click("form button.btn-primary")
        self.page.wait_for_url(f"{self.site}/")
        self.choose_language()

    def choose_language(self) -> None:
        """By the menu of the account, as a person does."""
        if self.page.get_attribute("html", "lang") == self.tag:
            return
        self.page.click("button.account")
        self.page.click(f"#account button[name=language][value={self.language}]")
        self.page.wait_for_function("(tag) => document.documentElement.lang === tag", arg=self.tag)

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return "pt-BR" if self.language == "pt-br" else "en"

    def open(self, path: str) -> Page:
        """Go to an address, as with a bookmark."""
        self.page.goto(f"{self.site}{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until what the page loads by itself is there."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(SETTLED)

    def tap(self, selector: str) -> None:
        """Click or touch once, and count it."""
        self.taps += 1
        self.page.locator(selector).first.click()

    def look(self, name: str, *, axe: bool = True) -> None:
        """What must hold on every page: accessible, inside the screen, in one language."""
        self.settle()
        faults = [f"too wide: {html}" for html in self.page.evaluate(OVERFLOWING)]
        faults += [f"cut: {html}" for html in self.page.evaluate(CLIPPED)]
        faults += [f"foreign: {text!r}" for text in self.foreign_words()]
        if self.page.get_attribute("html", "lang") != self.tag:
            faults.append("the page says another language")
        if axe:
            self.page.evaluate(AXE)  # through the debugger: the page's policy stays in force
            faults += self.page.evaluate(FINDINGS)
        faults += self.troubles
        assert not faults, "\n".join([f"{name} ({self.page.url})", *faults])

    def foreign_words(self) -> list[str]:
        """Texts with a word of the other language."""
        pattern = re.compile(FOREIGN[self.language], re.IGNORECASE)
        return [text for text in self.page.evaluate(WORDS) if pattern.search(text)]

    def leave(self) -> None:
        """Close the window; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.troubles, "\n".join(self.troubles)
