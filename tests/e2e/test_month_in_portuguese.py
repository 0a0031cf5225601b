"""The month on a desktop in Portuguese, from two problems to one PDF."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from tests.e2e.journey import Journey
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.e2e.words import PORTUGUESE

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_the_analyst_mends_computes_and_sends_the_manager_approves_and_closes(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    journey = Journey(site, PORTUGUESE, Visitor.look)
    analyst = visit("camila")
    journey.mend(analyst)
    journey.compute(analyst)
    journey.why_of_inss(analyst)
    journey.send(analyst)
    manager = visit("renato")
    journey.approve(manager)
    journey.sums_agree(manager)
    manager.page.get_by_role("link", name=PORTUGUESE.all_in_one).click()
    manager.page.click("button[data-save]")
    link = manager.page.locator("#result a[download]")
    link.wait_for()
    manager.look("result of a job")
    answer = manager.context.request.get(f"{site.address}{link.get_attribute('href')}")
    assert answer.headers["content-type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.body())).pages) == 42
