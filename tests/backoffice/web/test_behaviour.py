"""What the scripts do, by mouse and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.backoffice.web.conftest import Tab

pytestmark = pytest.mark.e2e


def field(page: Page, name: str) -> str:
    return page.input_value(f"[name={name}]")


def paste(page: Page, name: str, text: str) -> str:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.click(f"[name={name}]")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")
    page.keyboard.press("Tab")
    return field(page, name)


def write(page: Page, name: str, text: str) -> str:
    page.click(f"[name={name}]")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    return field(page, name)


def test_masks_shape_what_is_typed(tab: Tab) -> None:
    page = tab.open("page=form")
    typed = {
        "cpf": ("52998224725", "529.982.247-25"),
        "birth": ("28031990", "28/03/1990"),
        "phone": ("11912345678", "(11) 91234-5678"),
        "since": ("112026", "11/2026"),
        "salary": ("3875,2", "3.875,20"),
        "rate": ("7,5", "7,5"),
    }
    assert {name: write(page, name, text) for name, (text, _) in typed.items()} == {
        name: shown for name, (_, shown) in typed.items()
    }


def test_masks_take_what_people_paste(tab: Tab) -> None:
    page = tab.open("page=form")
    for name, pasted, shown in (
        ("salary", "1234.56", "1.234,56"),
        ("salary", "R$ 1.234,56", "1.234,56"),
        ("salary", "1,234.56", "1.234,56"),
        ("salary", "1.234", "1.234,00"),
        ("salary", "-10", "-10,00"),
        ("salary", "10,005", "10,005"),
        ("salary", "muito", "muito"),
        ("cpf", " 529.982.247-25 ", "529.982.247-25"),
        ("birth", "1990-03-28", "28/03/1990"),
        ("birth", "8/03/1990", "08/03/1990"),
        ("since", "nov/26", "11/2026"),
        ("since", "março de 2026", "03/2026"),
        ("phone", "+55 (11) 3456-7890", "(11) 3456-7890"),
    ):
        assert paste(page, name, pasted) == shown, pasted


PASTED = (
    ("cpf", "CPF: 529.982.247-25", "529.982.247-25"),
    ("cpf", "529\u00a0982\u00a0247\u201325", "529.982.247-25"),
    ("cpf", "191", "191"),
    ("cpf", "1234567890", "012.345.678-90"),
    ("cpf", "１２３４５６７８９０", "012.345.678-90"),
    ("cnpj", "CNPJ 11.222.333/0001-81", "11.222.333/0001-81"),
    ("cnpj", "CPF/CNPJ: 11222333000181", "11.222.333/0001-81"),
    ("cnpj", "12abc34501de35", "12.ABC.345/01DE-35"),
    ("pis", "PIS 120.12345.67-8", "120.12345.67-8"),
    ("phone", "+55 (11) 91234-5678", "(11) 91234-5678"),
    ("phone", "5511912345678", "(11) 91234-5678"),
    ("phone", "0055 11 3322-1100", "(11) 3322-1100"),
    ("phone", "011 3322-1100", "(11) 3322-1100"),
    ("phone", "0 15 11 91234-5678", "(11) 91234-5678"),
    ("phone", "(55) 3322-1100", "(55) 3322-1100"),
    ("cep", "01.310\u00a0-\u00a0100", "01310-100"),
    ("cep", "1310100", "01310-100"),
    ("birth", "1990-03-28T00:00", "28/03/1990"),
    ("birth", "8/3/1990", "08/03/1990"),
    ("birth", "28.03.1990", "28/03/1990"),
    ("since", "nov/26", "11/2026"),
    ("price", "1234567,1234567891", "1.234.567,1234567891"),
    ("price", "0.10", "0,1"),
    ("price", "1,12345678901", "1,12345678901"),
)


def test_each_mask_takes_what_people_paste(tab: Tab) -> None:
    page = tab.open("page=form")
    found = [(name, pasted, paste(page, name, pasted)) for name, pasted, _ in PASTED]
    assert found == list(PASTED)


@pytest.mark.parametrize(
    ("name", "early", "shown"),
    [
        ("phone", "+55 11 91234-5678", "(11) 91234-5678"),
        ("cpf", "52998224725", "529.982.247-25"),
        ("cnpj", "CNPJ 11.222.333/0001-81", "11.222.333/0001-81"),
        ("birth", "1990-03-28", "28/03/1990"),
    ],
)
def test_what_is_typed_before_the_masks_have_come_is_kept(
    tab: Tab, name: str, early: str, shown: str
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tab.page.route("**/imask*.js", hold)
    page = tab.page
    page.goto(f"{tab.site}/style/?page=form", wait_until="domcontentloaded")
    page.click(f"[name={name}]")
    page.keyboard.insert_text(early)
    assert held, "the library was not on its way"
    assert field(page, name) == early
    held[0].continue_()
    expect(page.locator(f"[name={name}]")).to_have_value(shown)
    page.keyboard.type("9")
    assert field(page, name) == shown


def test_an_amount_may_be_a_sum(tab: Tab) -> None:
    page = tab.open("page=form")
    for typed, shown in (
        ("1200/3+15%", "460,00"),
        ("3 x 1.250,50", "3.751,50"),
        ("1000-10%", "900,00"),
        ("50*10%", "5,00"),
        ("0,1+0,2", "0,30"),
        ("1/0", "1/0"),
        ("10-3-2", "5,00"),
    ):
        assert write(page, "salary", typed) == shown, typed


def test_a_field_is_checked_when_it_is_left_and_cleared_when_it_is_right(tab: Tab) -> None:
    page = tab.open("page=form")
    write(page, "cpf", "52998224724")
    error = page.locator("[data-field=cpf] .field-error")
    expect(error).to_have_count(1)
    assert page.get_attribute("[name=cpf]", "aria-invalid") == "true"
    assert "id_cpf_error" in (page.get_attribute("[name=cpf]", "aria-describedby") or "")
    write(page, "cpf", "52998224725")
    expect(error).to_have_count(0)
    assert page.get_attribute("[name=cpf]", "aria-invalid") is None


def test_an_empty_field_that_was_only_passed_by_is_not_scolded(tab: Tab) -> None:
    page = tab.open("page=form")
    page.click("[name=name]")
    page.keyboard.press("Tab")
    page.wait_for_timeout(50)
    expect(page.locator(".field-error")).to_have_count(0)


def test_the_error_summary_has_the_focus_and_leads_to_the_fields(tab: Tab) -> None:
    page = tab.open("page=form&wrong=1")
    assert page.evaluate("document.activeElement.classList.contains('error-summary')")
    page.get_by_role("link", name="Data de nascimento").click()
    assert page.evaluate("document.activeElement.name") == "birth"


def test_a_draft_comes_back_after_the_tab_was_closed(tab: Tab) -> None:
    page = tab.open("page=form")
    page.wait_for_timeout(400)
    write(page, "name", "Conceição Aparecida")
    page.wait_for_timeout(900)
    page.close(run_before_unload=False)
    tab.page = tab.context.new_page()
    page = tab.open("page=form")
    page.locator(".draft-bar .btn").first.click()
    assert field(page, "name") == "Conceição Aparecida"


def test_a_discarded_draft_is_gone(tab: Tab) -> None:
    page = tab.open("page=form")
    page.wait_for_timeout(400)
    write(page, "name", "Ana")
    page.wait_for_timeout(900)
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.close(run_before_unload=False)
    tab.page = tab.context.new_page()
    page = tab.open("page=form")
    page.locator(".draft-bar .btn").last.click()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert field(page, "name") == ""


def test_leaving_a_changed_form_asks_first(tab: Tab) -> None:
    page = tab.open("page=form")
    page.wait_for_timeout(500)
    write(page, "name", "Ana")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.locator(".pretitle a").first.evaluate(
        "(link) => { link.href = '?page=list'; link.click() }"
    )
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "page=form" in page.url


def test_ctrl_enter_sends_the_form_once(tab: Tab) -> None:
    page = tab.open("page=form")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    page.route(
        "**/style/**",
        lambda route: (
            route.fulfill(status=204) if route.request.method == "POST" else route.continue_()
        ),
    )
    page.click("[name=name]")
    page.keyboard.type("Ana")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_list_works_from_the_keyboard(tab: Tab) -> None:
    page = tab.open("page=list")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("tr.row-current .row-link").inner_text() == "Ana Clara de Souza Figueiredo"
    expect(page.locator("[data-bulk-bar]")).to_be_visible()
    assert page.locator("[data-bulk-count]").inner_text() == "1"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#1$"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.hasAttribute('data-list-search')")
    page.keyboard.type("jx?")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_ticking_all_and_a_range(tab: Tab) -> None:
    page = tab.open("page=list")
    page.locator("[data-check-all]").check()
    assert page.locator("[data-bulk-count]").inner_text() == "6"
    page.locator("[data-check-all]").uncheck()
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    page.locator("[data-row-check]").nth(1).click()
    page.locator("[data-row-check]").nth(4).click(modifiers=["Shift"])
    assert page.locator("[data-bulk-count]").inner_text() == "4"
    assert page.locator("[data-check-all]").evaluate("(box) => box.indeterminate")


def test_why_opens_in_the_drawer_and_escape_returns_to_the_number(tab: Tab) -> None:
    page = tab.open("page=record")
    link = page.locator(".why-mark").first
    link.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer).to_be_visible()
    expect(drawer.get_by_role("heading", level=2)).to_contain_text("INSS de novembro")
    assert tab.axe() == []
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert link.evaluate("(element) => element === document.activeElement")


def test_the_shortcut_sheet_lists_the_keys_of_the_page(tab: Tab) -> None:
    page = tab.open("page=record")
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts")
    expect(sheet).to_be_visible()
    assert "Aprovar" in sheet.inner_text()
    assert tab.axe() == []
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_url(re.compile("#$"))


def test_a_dangerous_form_asks_before_it_is_sent(tab: Tab) -> None:
    page = tab.open("page=parts")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    page.route("**/nowhere/", lambda route: route.fulfill(status=204))
    button = page.get_by_role("button", name="Apagar os exemplos")
    button.click()
    question = page.locator("#confirm")
    expect(question).to_contain_text("412 registros de exemplo são apagados.")
    page.keyboard.press("Escape")
    assert sent == []
    button.click()
    question.get_by_role("button", name="Apagar os exemplos").click()
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_menus_close_by_escape_by_a_click_elsewhere_and_walk_by_arrows(tab: Tab) -> None:
    page = tab.open("page=parts")
    menu = page.locator("details.menu", has_text="Mais").first
    menu.locator("summary").click()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Exportar planilha"
    page.keyboard.press("Escape")
    assert menu.evaluate("(element) => element.open") is False
    menu.locator("summary").click()
    page.locator("h1").click()
    assert menu.evaluate("(element) => element.open") is False


def test_copying_says_so(tab: Tab) -> None:
    page = tab.open("page=parts")
    page.locator(".copy").first.click()
    expect(page.locator("[data-toast]")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == "3526111234567890012355001000"


def test_choices_are_searched_by_typing_and_walk_by_keys(tab: Tab) -> None:
    page = tab.open("page=form")
    page.locator(".ts-control").click()
    page.keyboard.type("ribei")
    page.keyboard.press("Enter")
    assert page.locator("select[name=branch]").evaluate("(select) => select.value") == "3"
    assert tab.axe() == []


def test_the_theme_changes_at_once(tab: Tab) -> None:
    page = tab.open("page=parts&theme=light")
    page.route("**/preferences/theme/", lambda route: route.fulfill(status=204))
    page.locator(".account").click()
    page.locator("button[name=theme][value=dark]").click()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert tab.axe() == []


def test_ctrl_k_opens_the_palette_and_keys_choose(tab: Tab) -> None:
    page = tab.open("page=parts")
    found = (
        '<div role="group" aria-label="Ir para"><a class="palette-item" role="option" aria-selected="false"'
        ' id="p1" href="?page=list">Holerites</a><a class="palette-item" role="option"'
        ' aria-selected="false" id="p2" href="?page=record">Folhas</a></div>'
    )
    page.route("**/palette/**", lambda route: route.fulfill(body=found, content_type="text/html"))
    page.keyboard.press("Control+k")
    expect(page.locator("#p1")).to_have_attribute("aria-selected", "true")
    assert tab.axe() == []
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#palette-input", "aria-activedescendant") == "p2"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("page=record"))


def test_an_error_of_a_request_becomes_a_toast_in_words(tab: Tab) -> None:
    page = tab.open("page=record")
    page.route(
        "**/style/?page=why",
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            body='{"title": "Conflict", "detail": "A folha já foi fechada."}',
        ),
    )
    page.locator(".why-mark").first.click()
    expect(page.locator("[data-toast]")).to_contain_text("A folha já foi fechada.")
    expect(page.locator("#drawer")).to_be_hidden()
    tab.troubles.clear()  # the browser itself notes the answer 409


def test_the_end_of_the_session_throws_nobody_out_of_what_they_type(tab: Tab) -> None:
    page = tab.open("page=form")
    login = '<html><body class="blank"><h1>Log in</h1></body></html>'
    page.route("**/polled/", lambda route: route.fulfill(body=login, content_type="text/html"))
    page.locator("main").evaluate(
        """(main) => {
            main.insertAdjacentHTML("beforeend", '<div hx-get="/polled/" hx-trigger="every 100ms"></div>');
            htmx.process(main);
        }"""
    )
    write(page, "name", "Ana")
    expect(page.locator("[data-toast]")).to_have_count(1)
    page.wait_for_timeout(300)
    expect(page.locator("[data-toast]")).to_have_count(1)
    assert field(page, "name") == "Ana"
    assert page.locator("h1").inner_text() == "Admitir funcionário"
