"""Pages: six screens in every look, the telephone of an employee, 400 %, wrong input, lists by hand."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from backoffice.money import format_brl
from tests.e2e.site import Site
from tests.e2e.visitor import DESKTOP, PHONE, ZOOMED, Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
LOOKS = [
    pytest.param(language, viewport, scheme, id=f"{language}-{viewport['width']}-{scheme}")
    for language, viewport, scheme in (
        ("pt-br", DESKTOP, "light"),
        ("pt-br", DESKTOP, "dark"),
        ("pt-br", PHONE, "light"),
        ("pt-br", PHONE, "dark"),
        ("en", DESKTOP, "light"),
        ("en", PHONE, "dark"),
    )
]


@pytest.fixture(scope="module")
def sessions() -> dict[tuple[str, str], Any]:
    """Who has logged in already, by name and language: once is enough for looking at pages."""
    return {}


@pytest.fixture
def enter(
    visit: Callable[..., Visitor], sessions: dict[tuple[str, str], Any]
) -> Callable[..., Visitor]:
    """A visitor who is logged in and sees the pages in a language."""

    def enter(name: str, *, language: str = "pt-br", **options: Any) -> Visitor:
        state = sessions.get((name, language))
        visitor = visit("" if state else name, language=language, state=state, **options)
        sessions[name, language] = state or visitor.context.storage_state()
        visitor.open("/")
        visitor.choose_language()
        return visitor

    return enter


def screens(site: Site) -> dict[str, str]:
    """The six screens of the product, with the last closed month for the record."""
    run, _ = site.open_run()
    (closed,) = site.row("SELECT max(id) FROM hr_payroll_run WHERE state = 'closed'")
    slip, job = site.row(
        "SELECT min(slip.id), run.job_id FROM hr_payslip slip JOIN hr_payroll_run run"
        " ON run.id = slip.run_id WHERE run.id = %s GROUP BY run.job_id",
        closed,
    )
    return {
        "home": "/",
        "list": "/hr/employees/",
        "record": f"/hr/payroll-runs/{run}/",
        "form": "/hr/employees/new/",
        "job": f"/jobs/{job}/",
        "payslip": f"/hr/payslips/{slip}/",
    }


def open_why(page: Page) -> None:
    """Ask why on the payslip that is open, and wait for the drawer."""
    page.locator("main a[href$='/why/inss/']").click()
    expect(page.locator("#drawer[open]")).to_contain_text("INSS")


@pytest.mark.parametrize(("language", "viewport", "scheme"), LOOKS)
def test_the_six_screens_are_without_fault(
    site: Site,
    enter: Callable[..., Visitor],
    language: str,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    visitor = enter("camila", language=language, viewport=viewport, scheme=scheme)
    for name, path in screens(site).items():
        page = visitor.open(path)
        visitor.look(name, axe=name != "payslip")
        if name == "payslip":
            open_why(page)
            visitor.look("why")


def test_at_four_times_the_size_nothing_leaves_the_screen(
    site: Site, enter: Callable[..., Visitor]
) -> None:
    visitor = enter("camila", viewport=ZOOMED)
    run, _ = site.open_run()
    commands = {"compute": f"/hr/payroll-runs/{run}/do/compute/", "approvals": "/approvals/"}
    for name, path in {**screens(site), **commands}.items():
        visitor.open(path)
        visitor.look(name, axe=False)
    visitor.open(screens(site)["payslip"])
    open_why(visitor.page)
    visitor.look("why", axe=False)


def test_an_employee_has_the_last_payslip_on_the_telephone_in_three_taps(
    site: Site, enter: Callable[..., Visitor]
) -> None:
    visitor = enter("ana", viewport=PHONE)
    visitor.look("home of an employee")
    link = "main a[href$='/pdf/']"
    address = visitor.page.locator(link).first.get_attribute("href") or ""
    with visitor.page.context.expect_event("request", lambda asked: "/pdf/" in asked.url) as asked:
        visitor.tap(link)
    assert visitor.taps <= 3
    assert asked.value.url == f"{site.address}{address}"
    answer = visitor.context.request.get(asked.value.url)
    assert answer.headers["content-type"] == "application/pdf"
    text = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
    (net,) = site.row("SELECT net FROM hr_payslip WHERE id = %s", address.split("/")[3])
    assert "Ana Beatriz Lopes da Conceição" in text
    assert format_brl(net).removeprefix("R$\xa0") in text


def test_an_employee_finds_no_payslip_of_another(site: Site, enter: Callable[..., Visitor]) -> None:
    visitor = enter("ana", viewport=PHONE)
    own, other = site.row(
        "SELECT max(slip.id) FILTER (WHERE mine), max(slip.id) FILTER (WHERE NOT mine) FROM ("
        " SELECT slip.id, party.name LIKE 'Ana Beatriz Lopes%%' AS mine FROM hr_payslip slip"
        " JOIN hr_employment_contract contract ON contract.id = slip.contract_id"
        " JOIN hr_employee employee ON employee.id = contract.employee_id"
        " JOIN backoffice_party party ON party.id = employee.party_id) slip"
    )
    for page in ("", "pdf/", "why/inss/"):
        ask = visitor.context.request.get
        assert ask(f"{site.address}/hr/payslips/{own}/{page}").status == 200, page
        assert ask(f"{site.address}/hr/payslips/{other}/{page}").status == 404, page


def test_a_wrong_cpf_is_named_above_the_form_with_a_way_to_the_field_and_nothing_is_saved(
    site: Site, enter: Callable[..., Visitor]
) -> None:
    count = "SELECT (SELECT count(*) FROM hr_employee), (SELECT count(*) FROM backoffice_party)"
    before = site.row(count)
    visitor = enter("camila")
    page = visitor.open("/hr/employees/new/")
    page.fill("[name=name]", "Bruna Vidal Rocha")
    page.fill("[name=cpf]", "123.456.789-00")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.click("button[data-save]")
    assert answer.value.status == 422
    visitor.settle()
    visitor.troubles.clear()  # the browser reports the answer 422 itself
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    expect(summary.locator("a[href='#id_cpf']")).to_have_text("CPF")
    expect(page.locator("[name=name]")).to_have_value("Bruna Vidal Rocha")
    visitor.look("form with errors")
    summary.locator("a[href='#id_cpf']").click()
    expect(page.locator("#id_cpf")).to_be_focused()
    assert site.row(count) == before


def test_a_card_goes_where_a_command_leads_by_the_mouse_and_by_keys_and_nowhere_else(
    site: Site, enter: Callable[..., Visitor]
) -> None:
    visitor = enter("camila")
    run, _ = site.open_run()
    board, card = "/hr/payroll-runs/?view=board", "[data-lane=open] [data-card]"
    page = visitor.open(board)
    visitor.look("board")
    page.drag_and_drop(card, "[data-lane=approved]")
    expect(page.get_by_text("Nada leva até lá manualmente.")).to_be_visible()
    page.drag_and_drop(card, "[data-lane=computing]")
    page.wait_for_url(f"**/hr/payroll-runs/{run}/do/compute/")
    visitor.open(board)
    page.locator(f"{card} .row-link").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_url(f"**/hr/payroll-runs/{run}/do/compute/")
    assert site.row("SELECT state FROM hr_payroll_run WHERE id = %s", run) == ("open",)


def test_a_cell_is_left_as_it_was_by_escape_and_saved_by_enter(
    site: Site, enter: Callable[..., Visitor]
) -> None:
    names = "SELECT string_agg(name, ',' ORDER BY id) FROM backoffice_department"
    (before,) = site.row(names)
    page = enter("admin").open("/backoffice/departments/")
    cell = page.locator("td:has(> .cell-edit, > [data-cell-form])").nth(1)
    field = cell.locator("input[name=name]")
    cell.dblclick()
    expect(field).to_be_focused()
    page.keyboard.type("Retaguarda da loja")
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(cell.locator(".cell-edit")).to_be_focused()
    assert site.row(names) == (before,)
    cell.dblclick()
    expect(field).to_be_focused()
    page.keyboard.type("Retaguarda da loja")
    page.keyboard.press("Enter")
    expect(cell.locator(".row-link")).to_have_text("Retaguarda da loja")
    assert "Retaguarda da loja" in site.row(names)[0]


def test_space_looks_into_a_row_and_n_and_p_go_through_the_list(
    enter: Callable[..., Visitor],
) -> None:
    visitor = enter("camila")
    page = visitor.open("/hr/contracts/")
    links = page.locator(".row-link")
    second, third = (f"**{links.nth(at).get_attribute('href')}" for at in (1, 2))
    number = links.nth(1).inner_text()
    for key in ("j", "j", " "):
        page.keyboard.press(key)
    expect(page.locator("#drawer[open]")).to_contain_text(number)
    visitor.look("look into a row")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer[open]")).to_have_count(0)
    links.nth(1).click()
    for direction, key, address in (("next", "n", third), ("prev", "p", second)):
        expect(page.locator(f"[data-neighbours] a[rel={direction}]")).to_be_visible()
        page.keyboard.press(key)
        page.wait_for_url(address)


def test_the_editor_of_letters_shows_at_once_what_is_typed_and_chosen(
    enter: Callable[..., Visitor],
) -> None:
    visitor = enter("camila", viewport=PHONE)
    page = visitor.open("/backoffice/letter-templates/new/")
    page.locator("[data-editor]").fill("Declaramos que ")
    page.locator("[data-insert='{{employee.name}}']").click()
    expect(page.locator("[data-editor]")).to_have_value("Declaramos que {{employee.name}}")
    expect(page.locator("#preview")).to_contain_text("Declaramos que [Nome completo]")
    visitor.look("editor of letters")


def test_the_palette_finds_what_its_signs_stand_for(enter: Callable[..., Visitor]) -> None:
    visitor = enter("camila")
    page = visitor.open("/hr/employees/")
    page.keyboard.press("Control+k")
    field, found = page.locator("#palette-input"), page.locator("#palette-results")
    expect(found).to_contain_text("Ir para")
    visitor.look("palette")
    inside = "(foot) => foot.getBoundingClientRect().bottom <= foot.parentElement.getBoundingClientRect().bottom"
    assert page.locator(".palette-keys").evaluate(inside)
    for typed, text in ((">abrir", "Abrir competência"), ("#ct", "CT-"), ("@camila", "Camila")):
        field.fill(typed)
        expect(found.get_by_role("option").first).to_contain_text(text)
