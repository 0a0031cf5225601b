"""Pictures for the README: `RETAGUARDA_SCREENSHOTS=1 pytest tests/e2e/test_screenshots.py` makes them."""

import io
import os
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

from backoffice.embedded.places import CHECKOUT
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("RETAGUARDA_SCREENSHOTS") != "1",
        reason="The pictures are made when RETAGUARDA_SCREENSHOTS=1 asks for them.",
    ),
]
FOLDER = CHECKOUT / "docs" / "images"
LARGEST = 200_000
COLOURS = 256


def shoot(visitor: Visitor, name: str) -> None:
    """What stands on the screen, in few colours."""
    visitor.page.evaluate("document.querySelectorAll('[data-toast]').forEach((e) => e.remove())")
    visitor.page.evaluate("document.activeElement.blur()")
    whole = Image.open(io.BytesIO(visitor.page.screenshot())).convert("RGB")
    few = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    path = FOLDER / f"{name}.png"
    few.save(path, optimize=True)
    assert path.stat().st_size < LARGEST


def test_the_pictures_of_the_readme(site: Site, visit: Callable[..., Visitor]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        visitor = visit("camila", scheme=scheme)
        visitor.look("home")
        shoot(visitor, f"home-{scheme}")
    visitor = visit("camila")
    run, _ = site.open_run()
    visitor.open(f"/hr/payroll-runs/{run}/")
    shoot(visitor, "payroll-run")
    (slip,) = site.row(
        "SELECT max(slip.id) FROM hr_payslip slip JOIN hr_payroll_run run ON run.id = slip.run_id"
        " WHERE run.state = 'closed' AND slip.irrf > 0 AND slip.net < 5000"
    )
    page = visitor.open(f"/hr/payslips/{slip}/")
    page.locator("main a[href$='/why/inss/']").click()
    expect(page.locator("#drawer[open]")).to_contain_text("INSS")
    visitor.settle()
    shoot(visitor, "why")
