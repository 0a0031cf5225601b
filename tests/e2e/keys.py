"""A visitor who has no mouse."""

import re

from playwright.sync_api import Page, expect

from demo.ipe import DOMAIN, PASSWORD
from tests.e2e.visitor import Visitor

FAR = 150
"""More presses of Tab than any page needs."""

# A ring or a shadow must show where the keyboard is.
SHOWN = """() => { const style = getComputedStyle(document.activeElement);
  return style.boxShadow !== "none" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px"); }"""


class Keys:
    """Uses the keyboard of a visitor alone."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    def log_in(self, name: str) -> None:
        """The address, Tab, the password, Enter."""
        self.page.goto(f"{self.visitor.site}/")
        self.tab_to("input[name=login]")
        self.page.keyboard.type(f"{name}@{DOMAIN}")
        self.tab_to("input[name=password]")
        self.page.keyboard.type(PASSWORD.value)
        self.go("Enter")

    def tab_to(self, selector: str) -> None:
        """Press Tab until the element has the focus, and shows it."""
        here = "(selector) => document.activeElement.matches(selector)"
        for _ in range(FAR):
            if self.page.evaluate(here, selector):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"Tab does not reach {selector} on {self.page.url}")
        assert self.page.evaluate(SHOWN), f"One does not see that {selector} has the focus."

    def follow(self, selector: str) -> None:
        """Tab to a link and press Enter."""
        self.tab_to(selector)
        self.go("Enter")

    def fill(self, field: str, value: str) -> None:
        """Tab to a field and type; what stands there is replaced, a list goes to what is typed."""
        self.tab_to(f"[name={field}]")
        if self.page.evaluate("() => document.activeElement.tagName") == "INPUT":
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)
        expect(self.page.locator("select:focus option:checked, input:focus")).to_have_text(
            re.compile(f"^{value}|^$")
        )
        if self.page.locator("input:focus").count():
            expect(self.page.locator("input:focus")).to_have_value(value)

    def go(self, *keys: str) -> None:
        """Press keys of which the last leads to another page."""
        before = self.page.url
        for key in keys:
            self.page.keyboard.press(key)
            if key != keys[-1]:
                expect(self.page.locator("dialog[open]")).to_be_visible()
        self.page.wait_for_url(lambda url: url != before)
        self.visitor.settle()

    def go_to_menu(self, keys: str, url: str) -> None:
        """Two letters, as the list of shortcuts says them."""
        for key in keys.split():
            self.page.keyboard.press(key)
        self.page.wait_for_url(url)
        self.visitor.settle()

    def go_by_palette(self, name: str, url: str) -> None:
        """Ctrl+K, the beginning of a name, Enter when it is chosen."""
        self.page.keyboard.press("Control+K")
        self.page.keyboard.type(name)
        chosen = self.page.locator("#palette [role=option][aria-selected=true]")
        expect(chosen).to_contain_text(name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(url)
        self.visitor.settle()
