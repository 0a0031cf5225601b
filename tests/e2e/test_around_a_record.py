"""What only a browser proves of people at one record: naming, presence, drafts, whose value counts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.site import Site
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def person(site: Site) -> str:
    """The page of an employee of whom both see everything."""
    (pk,) = site.row(
        "SELECT employee.id FROM hr_employee employee JOIN backoffice_party party"
        " ON party.id = employee.party_id WHERE party.name LIKE 'Ana Beatriz Lopes%%'"
    )
    return f"/hr/employees/{pk}/"


def agree(dialog: Dialog, asked: list[str]) -> None:
    """Leave the page although something was typed, and keep what was asked."""
    asked.append(dialog.type)
    dialog.accept()


def save(page: Page) -> int:
    """Send the form of the page, and say what was answered."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.click("main button[data-save]")
    return answer.value.status


def test_two_people_see_each_other_and_one_names_the_other_by_the_keyboard(
    site: Site, visit: Callable[..., Visitor], person: str
) -> None:
    renato, camila = visit("renato"), visit("camila")
    renato.open(f"{person}edit/")
    page = camila.open(person)
    expect(page.locator(".presence")).to_contain_text("Renato Farias Gonçalves está editando")
    words = page.locator("#comment-text")
    words.press_sequentially("Veja, @ren")
    expect(page.locator(".mention-list li")).to_have_text(["Renato Farias Gonçalves"])
    camila.look("names to choose from")
    words.press("Enter")
    expect(words).to_have_value("Veja, @Renato Farias Gonçalves ")
    expect(page.locator(".mention-list li")).to_have_count(0)
    words.press("Control+Enter")
    expect(page.locator(".event .mention").first).to_have_text("@Renato Farias Gonçalves")
    expect(page.locator("#comment-text")).to_have_value("")
    expect(page.locator(".draft-bar")).to_have_count(0)
    (named,) = site.row(
        "SELECT named.name FROM backoffice_mention mention JOIN backoffice_user named"
        " ON named.id = mention.user_id ORDER BY mention.id DESC LIMIT 1"
    )
    assert named == "Renato Farias Gonçalves"


def test_what_was_typed_comes_back_in_another_browser_until_it_is_discarded(
    visit: Callable[..., Visitor], person: str
) -> None:
    here, there = visit("camila"), visit("camila")
    page = here.open(f"{person}edit/")
    with page.expect_response(lambda a: "/drafts/" in a.url and a.request.method == "POST"):
        page.locator("[name=social_name]").press_sequentially("Aninha")
    asked: list[str] = []
    page.on("dialog", lambda dialog: agree(dialog, asked))
    here.open("/")
    assert asked == ["beforeunload"]
    page = there.open(f"{person}edit/")
    expect(page.locator("[name=social_name]")).to_have_value("")
    page.locator(".draft-bar button").first.click()
    expect(page.locator("[name=social_name]")).to_have_value("Aninha")
    page = here.open(f"{person}edit/")
    with page.expect_response(lambda a: "/drafts/" in a.url and a.request.method == "POST"):
        page.locator(".draft-bar button").last.click()
    page.reload()
    page.wait_for_timeout(1000)  # a draft would be offered by now
    expect(page.locator(".draft-bar")).to_have_count(0)
    there.page.on("dialog", lambda dialog: agree(dialog, asked))


def test_who_saves_last_chooses_field_by_field_and_loses_nothing(
    visit: Callable[..., Visitor], person: str
) -> None:
    camila, renato = visit("camila"), visit("renato")
    mine, theirs = camila.open(f"{person}edit/"), renato.open(f"{person}edit/")
    theirs.fill("[name=street_number]", "90")
    theirs.fill("[name=address_extra]", "fundos")
    assert save(theirs) == 302
    mine.fill("[name=street_number]", "91")
    mine.fill("[name=district]", "Centro")
    assert save(mine) == 409
    camila.settle()
    camila.troubles.clear()  # the browser reports the answer 409 itself
    expect(mine.locator(".merge tbody tr")).to_have_count(2)
    camila.look("whose value counts")
    mine.check("[name=merge-street_number][value=theirs]")
    assert save(mine) == 302
    kept = camila.open(f"{person}edit/")
    for name, value in (
        ("street_number", "90"),
        ("address_extra", "fundos"),
        ("district", "Centro"),
    ):
        expect(kept.locator(f"[name={name}]")).to_have_value(value)
