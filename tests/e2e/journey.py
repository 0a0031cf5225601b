"""The month of the example company with a mouse or a finger: mend, compute, look, send, approve, close."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from playwright.sync_api import expect

from backoffice.money import format_brl
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.e2e.words import Words

SEND = "button[data-save]"


@dataclass
class Journey:
    """One way through the open month; `look` is called with the name of each page."""

    site: Site
    words: Words
    look: Callable[[Visitor, str], None]

    def __post_init__(self) -> None:
        self.run, self.month = self.site.open_run()
        self.first_day = f"01/{self.month}"

    @property
    def path(self) -> str:
        """The page of the open month's payroll."""
        return f"/hr/payroll-runs/{self.run}/"

    def mend(self, analyst: Visitor) -> None:
        """From the home page to the two problems, and each away through its form."""
        page = analyst.page
        self.look(analyst, "home")
        assert re.search(rf"2\s+{self.words.problems}", page.inner_text("main"))
        page.click(f"main a.h3[href='{self.path}']")
        fixes = page.get_by_role("link", name=self.words.fix)
        expect(fixes).to_have_count(2)
        self.look(analyst, "run with problems")
        page.locator("a[href$='/change-payout/']").click()
        page.fill("[name=pix_key]", "thiago.esteves@correio.example")
        page.fill("[name=valid_from]", self.first_day)
        self.look(analyst, "payout form")
        self.save(analyst)
        analyst.open(self.path)
        expect(fixes).to_have_count(1)
        page.locator("a[href$='/change-terms/']").click()
        page.fill("[name=salary]", "1.960,00")
        page.select_option("[name=reason]", "agreement")
        page.fill("[name=valid_from]", self.first_day)
        self.look(analyst, "terms form")
        self.save(analyst)
        analyst.open(self.path)
        expect(fixes).to_have_count(0)

    def save(self, visitor: Visitor) -> None:
        """Send the form that is open; it must be accepted."""
        before = visitor.page.url
        visitor.page.click(SEND)
        visitor.page.wait_for_url(lambda url: url != before)

    def command(self, visitor: Visitor, label: str, name: str) -> None:
        """Open a command of the run by its button, read what will happen, and do it."""
        page = visitor.page
        page.locator("main .page-actions").get_by_role("link", name=label).click()
        page.wait_for_url(f"**/do/{name}/")
        self.look(visitor, f"form of {name}")
        asks = page.locator("main form[data-confirm]").count() > 0
        page.click(SEND)
        if asks:
            page.click("#confirm[open] [data-confirm-yes]")
        page.wait_for_url(lambda url: not url.endswith(f"/do/{name}/"))

    def compute(self, analyst: Visitor) -> None:
        """Start the computation and watch its page until the end, without loading it again."""
        page = analyst.page
        self.command(analyst, self.words.compute, "compute")
        page.wait_for_url("**/jobs/*/")
        expect(page.locator("#job-live[hx-get]")).to_have_count(0, timeout=60_000)
        progress = page.locator("#job-live")
        expect(progress).to_contain_text("42")
        analyst.page.reload()  # the state beside the title is that of the moment it was loaded
        expect(page.locator(".page-head")).to_contain_text(self.words.done)
        self.look(analyst, "job")
        page.get_by_role("link", name=self.words.record).click()
        page.wait_for_url(f"**{self.path}")
        self.look(analyst, "computed run")

    def why_of_inss(self, analyst: Visitor) -> None:
        """Open the first payslip and ask why its INSS is what it is."""
        page = analyst.page
        page.locator(".column-side a[href*='?run=']").click()
        page.wait_for_url("**/hr/payslips/?run=*")
        analyst.settle()
        self.look(analyst, "list of payslips")
        page.locator("#list tbody tr .row-link").first.click()
        page.wait_for_url(re.compile(r"/hr/payslips/\d+/$"))
        self.look(analyst, "payslip")
        line = page.locator("main tbody tr", has_text="INSS").first
        amount = line.locator("td.num").filter(has_text=re.compile(r"\d")).last.inner_text()
        line.locator("a").click()
        drawer = page.locator("#drawer[open]")
        expect(drawer).to_contain_text(f"R$ {amount.strip()}".replace("R$ ", "R$\xa0"))
        expect(drawer).to_contain_text("Lei")
        self.look(analyst, "why")
        page.keyboard.press("Escape")
        expect(drawer).to_have_count(0)

    def send(self, analyst: Visitor) -> None:
        """Send the run for approval."""
        analyst.open(self.path)
        self.command(analyst, self.words.send, "submit")
        self.look(analyst, "run that waits")

    def approve(self, manager: Visitor) -> None:
        """Another person says yes in the inbox, then closes the month."""
        page = manager.open("/approvals/")
        self.look(manager, "approvals")
        row = page.locator("#waiting .inbox-row", has_text=self.month)
        row.get_by_role("button", name=self.words.approve).click()
        expect(page.locator("#settled")).to_contain_text(self.month)
        manager.open(self.path)
        self.command(manager, self.words.close, "close")
        expect(page.locator(".page-head")).to_contain_text(self.words.closed)
        self.look(manager, "closed run")

    def sums_agree(self, visitor: Visitor) -> None:
        """The totals on the page of the run are the sums of its payslips."""
        sums = self.site.sums_of_payslips(self.run)
        assert sums["count"] == 42
        assert sums["net"] == sums["earnings"] - sums["deductions"] > Decimal(100_000)
        shown = visitor.page.inner_text("main")
        for name in ("earnings", "deductions", "net"):
            assert format_brl(sums[name]) in shown, name
        assert self.site.row("SELECT state FROM hr_payroll_run WHERE id = %s", self.run) == (
            "closed",
        )
