"""Paper: no menus and no buttons, heads of tables on every page, numbered pages, company and date."""

import pytest
from playwright.sync_api import Browser

from tests.backoffice.web.conftest import Tab

pytestmark = pytest.mark.e2e
HIDDEN = (".sidebar", ".topbar", ".page-actions", ".list-tools", ".pager", ".save-bar")


@pytest.mark.parametrize("sample", ["list", "record", "form", "home"])
def test_paper_shows_the_content_alone(chromium: Browser, style_site: str, sample: str) -> None:
    tab = Tab(chromium, style_site)
    page = tab.open(f"page={sample}&theme=dark")
    page.emulate_media(media="print")
    for selector in HIDDEN:
        for element in page.locator(selector).all():
            assert not element.is_visible(), (sample, selector)
    assert page.locator(".print-head").is_visible()
    assert "Comercial Ipê" in page.locator(".print-head").inner_text()
    assert page.locator("h1").is_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    if sample == "list":
        head = page.evaluate("getComputedStyle(document.querySelector('thead')).display")
        assert head == "table-header-group"
    assert page.pdf().startswith(b"%PDF")
    tab.context.close()


def test_on_the_screen_the_head_of_paper_is_not_there(chromium: Browser, style_site: str) -> None:
    tab = Tab(chromium, style_site)
    assert not tab.open("page=list").locator(".print-head").is_visible()
    tab.context.close()
