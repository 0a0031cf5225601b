"""The main path of the month without a mouse: keys alone, and one sees where one is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.journey import Journey
from tests.e2e.keys import Keys
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.e2e.words import PORTUGUESE

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_the_month_is_mended_computed_approved_and_closed_with_keys_alone(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    journey = Journey(site, PORTUGUESE, Visitor.look)
    analyst = Keys(visit())
    analyst.log_in("camila")
    mend(analyst, journey)
    compute_and_send(analyst, journey)
    manager = Keys(visit())
    manager.log_in("renato")
    approve_and_close(manager, journey)
    journey.sums_agree(manager.visitor)


def mend(keys: Keys, journey: Journey) -> None:
    """Both problems by Tab, Enter and Ctrl+Enter."""
    for path, given in (
        ("/change-payout/", {"pix_key": "thiago.esteves@correio.example"}),
        ("/change-terms/", {"salary": "1.960,00", "reason": "Conv"}),
    ):
        open_run(keys, journey)
        keys.follow(f"main a[href$='{path}']")
        for field, value in {**given, "valid_from": journey.first_day}.items():
            keys.fill(field, value)
        keys.go("Control+Enter")
    open_run(keys, journey)
    assert "Resolver" not in keys.page.inner_text("main")


def open_run(keys: Keys, journey: Journey) -> None:
    """By the palette to the payrolls, then down the list to the open month, which is the first."""
    keys.go_to_menu("g f", "**/hr/payroll-runs/")
    keys.page.keyboard.press("j")
    keys.go("Enter")
    assert keys.page.url.endswith(journey.path)


def compute_and_send(keys: Keys, journey: Journey) -> None:
    """Compute, wait at the job's page, ask why, come back, send."""
    keys.follow("main a[href$='/do/compute/']")
    keys.go("Control+Enter")
    expect(keys.page.locator("#job-live[hx-get]")).to_have_count(0, timeout=60_000)
    keys.follow("main .page-actions a")
    keys.follow(".column-side a[href*='/payslips/?run=']")
    keys.page.keyboard.press("j")
    keys.go("Enter")
    assert re.search(r"/hr/payslips/\d+/$", keys.page.url)
    keys.tab_to("main a[href$='/why/inss/']")
    keys.page.keyboard.press("Enter")
    drawer = keys.page.locator("#drawer[open]")
    expect(drawer).to_contain_text("Lei")
    keys.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    open_run(keys, journey)
    keys.follow("main a[href$='/do/submit/']")
    keys.go("Control+Enter")


def approve_and_close(keys: Keys, journey: Journey) -> None:
    """In the inbox `j` chooses and `a` approves; closing asks once more."""
    keys.go_by_palette("Aprovações", "**/approvals/")
    keys.page.keyboard.press("j")
    keys.page.keyboard.press("a")
    expect(keys.page.locator("#settled")).to_contain_text(journey.month)
    open_run(keys, journey)
    keys.follow("main a[href$='/do/close/']")
    keys.go("Control+Enter", "Enter")
    expect(keys.page.locator(".page-head")).to_contain_text(PORTUGUESE.closed)
