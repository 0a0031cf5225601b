"""The style pages in a real browser: accessible, inside the screen, within the policy, in both themes."""

import pytest
from playwright.sync_api import Browser

from backoffice.web.style import PAGES
from tests.backoffice.web.conftest import DESKTOP, PHONE, Tab

pytestmark = pytest.mark.e2e
SAMPLES = [f"page={page}" for page in PAGES] + ["page=form&wrong=1"]
SMALL = {"width": 360, "height": 700}
CLIPPED = """() => {
  const inside = ".table-frame, .tabs, dialog, [popover]";
  const cut = (e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === "hidden";
  const outside = (e) => e.getBoundingClientRect().right > innerWidth + 1;
  return [...document.querySelectorAll(".money, .figure, .page-title, .btn")]
    .filter((e) => !e.closest(inside) && e.checkVisibility() && (cut(e) || outside(e)))
    .map((e) => e.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize(
    ("width", "theme"), [("desktop", "light"), ("desktop", "dark"), ("phone", "dark")]
)
def test_a_page_has_no_finding_no_overflow_and_no_complaint(
    chromium: Browser, style_site: str, width: str, theme: str
) -> None:
    viewport = DESKTOP if width == "desktop" else PHONE
    tab = Tab(chromium, style_site, viewport=viewport, color_scheme=theme)
    for sample in SAMPLES:
        page = tab.open(f"{sample}&theme={theme}")
        assert tab.axe() == [], sample
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= viewport["width"], sample
    tab.context.close()
    assert tab.troubles == []


def test_nothing_is_cut_off_on_the_smallest_phone(chromium: Browser, style_site: str) -> None:
    tab = Tab(chromium, style_site, viewport=SMALL)
    for sample in SAMPLES:
        page = tab.open(sample)
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], sample
        clipped = page.evaluate(CLIPPED)
        assert clipped == [], sample
    tab.context.close()


def test_the_theme_of_the_system_needs_no_script(chromium: Browser, style_site: str) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        tab = Tab(chromium, style_site, color_scheme=scheme, java_script_enabled=False)
        tab.page.goto(f"{style_site}/style/?page=record&theme=auto")
        shot = tab.page.screenshot(clip={"x": 0, "y": 0, "width": 4, "height": 4})
        grounds[scheme] = shot
        tab.context.close()
    assert grounds["light"] != grounds["dark"]


def test_without_scripts_a_page_reads_and_its_menu_opens(
    chromium: Browser, style_site: str
) -> None:
    tab = Tab(chromium, style_site, viewport=PHONE, java_script_enabled=False)
    tab.page.goto(f"{style_site}/style/?page=record")
    assert tab.page.get_by_role("heading", name="Folha de pagamento 11/2026").is_visible()
    entry = tab.page.locator(".sidebar .menu-item", has_text="Contratos de trabalho")
    assert not entry.is_visible()
    tab.page.locator(".topbar-menu").click()
    assert entry.is_visible()
    tab.page.keyboard.press("Escape")
    tab.page.locator("details.menu summary").first.click()
    assert tab.page.get_by_role("link", name="Histórico").first.is_visible()
    tab.page.locator(".why-mark").first.click()
    assert tab.page.get_by_role("heading", level=1).inner_text().startswith("INSS de novembro")
    tab.context.close()


def test_at_four_times_the_size_everything_is_still_there(
    chromium: Browser, style_site: str
) -> None:
    # 400 % of a 1280 px window is a window of 320 px (WCAG 1.4.10).
    tab = Tab(chromium, style_site, viewport={"width": 320, "height": 256})
    for sample in SAMPLES:
        page = tab.open(sample)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, sample
    tab.context.close()
