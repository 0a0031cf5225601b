"""The frame's own pages over HTTP: home, palette, preferences, company switch, counters."""

from collections.abc import Iterator

import pytest
from django.test import Client

from backoffice.identity.models import User
from backoffice.organization.models import Company
from backoffice.search import indexing
from backoffice.web import home, menu
from hr.people.models import Employee
from tests.factories.identity import AT, browser, grant, make_person, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db


def make_employee(company: Company, name: str) -> Employee:
    return Employee.objects.create(company=company, party=make_person(name))


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def analyst(company: Company) -> User:
    return make_user(company, "hr_analyst")


@pytest.fixture
def page(analyst: User, company: Company) -> Client:
    client = browser(analyst, company)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"  # its texts are the msgids: no catalogue counts
    return client


@pytest.fixture
def extra_page() -> Iterator[menu.Page]:
    extra = menu.Page(
        area="hr", label="Quadro", icon="table", url_name="web:home", order=1, counter=lambda _: 7
    )
    menu.register(extra)
    yield extra
    menu.PAGES.remove(extra)


def test_a_browser_that_shows_a_pdf_finds_a_picture_of_the_site() -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/logo.svg")


def test_strangers_are_sent_to_the_login() -> None:
    for address in ("/", "/palette/?q=a", "/shell/counters/"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_home_greets_with_nothing_to_do_and_a_menu_of_what_the_role_may_see(page: Client) -> None:
    html = page.get("/").content.decode()
    assert 'href="/hr/employees/"' in html
    assert '<a class="menu-item" href="/" aria-current="page"' in html


def test_the_menu_leaves_out_what_the_person_may_not_see(company: Company) -> None:
    html = browser(make_user(company, "it_agent"), company).get("/").content.decode()
    assert 'href="/hr/payroll-runs/"' not in html


def test_the_current_object_is_marked_in_the_menu(page: Client) -> None:
    html = page.get("/hr/employees/").content.decode()
    assert '<a class="menu-item" href="/hr/employees/" aria-current="page"' in html
    assert html.count('aria-current="page"') == 1


def test_sections_are_asked_only_when_their_reader_may_see_them(page: Client) -> None:
    asked: list[str] = []

    def tell(name: str) -> home.Section:
        def context(_request: object) -> None:
            asked.append(name)

        return home.Section(
            name=name,
            title=name,
            icon="check",
            order=1,
            template="web/counters.html",
            context=context,
            permission="hr.employee.view" if name == "seen" else "nobody.may.this",
        )

    home.register(tell("seen"), tell("unseen"))
    try:
        page.get("/")
    finally:
        del home.SECTIONS["seen"], home.SECTIONS["unseen"]
    assert asked == ["seen"]


def test_two_parts_of_the_home_page_never_share_a_name() -> None:
    taken = next(iter(home.SECTIONS.values()))
    with pytest.raises(ValueError, match=taken.name):
        home.register(taken)


def test_the_palette_finds_pages_in_any_case_and_things_to_create(page: Client) -> None:
    html = page.get("/palette/", {"q": "EMPLOY"}, headers={"HX-Request": "true"}).content
    assert b"<html" not in html
    assert b'href="/hr/employees/"' in html
    assert b'href="/hr/employees/new/"' in html


def test_the_palette_finds_words_by_their_beginning(page: Client) -> None:
    answer = page.get("/palette/", {"q": "ployees"}, headers={"HX-Request": "true"})
    assert b"/hr/employees/" not in answer.content


def test_the_palette_finds_records_by_name_and_none_of_other_companies(
    page: Client, company: Company
) -> None:
    mine = make_employee(company, "Conceição Aparecida")
    other = make_employee(make_company(), "Conceição Alheia")
    indexing.renew_marked(on=AT.date())
    html = page.get("/palette/", {"q": "conceicao"}).content.decode()
    assert f"/hr/employees/{mine.pk}/" in html
    assert f"/hr/employees/{other.pk}/" not in html


def test_the_palette_is_a_page_without_scripts_and_says_when_nothing_is_found(page: Client) -> None:
    html = page.get("/palette/", {"q": "xyzxyz"}).content.decode()
    assert '<form class="list-tools" role="search">' in html
    assert "empty-state" in html


def test_a_text_after_an_arrow_looks_for_pages_alone(page: Client, company: Company) -> None:
    make_employee(company, "Ana Employees")
    html = page.get("/palette/", {"q": "> employees"}).content.decode()
    assert "Ana Employees" not in html


def test_what_is_searched_for_is_escaped(page: Client) -> None:
    html = page.get("/palette/", {"q": "<script>x"}, headers={"HX-Request": "true"}).content
    assert b"<script>" not in html


def test_counters_load_in_one_later_request(page: Client, extra_page: menu.Page) -> None:
    frame = page.get("/").content.decode()
    assert 'hx-get="/shell/counters/" hx-trigger="load"' in frame
    html = page.get("/shell/counters/").content.decode()
    assert 'id="count" hx-swap-oob="true">7<' in html


def test_the_theme_is_kept_in_browser_and_account_and_shows_without_scripts(
    page: Client, analyst: User
) -> None:
    answer = page.post("/preferences/theme/", {"theme": "dark", "next": "/hr/employees/"})
    assert answer["Location"] == "/hr/employees/"
    assert answer.cookies["theme"].value == "dark"
    analyst.refresh_from_db()
    assert analyst.theme == "dark"
    assert 'data-bs-theme="dark"' in page.get("/").content.decode()
    page.post("/preferences/theme/", {"theme": "auto"})
    assert "data-bs-theme" not in page.get("/").content.decode()


def test_strangers_keep_a_theme_and_a_language_in_their_browser() -> None:
    stranger = Client()
    assert stranger.post("/preferences/theme/", {"theme": "dark"}).status_code == 302
    assert 'data-bs-theme="dark"' in stranger.get("/account/login/").content.decode()
    stranger.post("/preferences/language/", {"language": "en"})
    assert '<html lang="en"' in stranger.get("/account/login/").content.decode()
    stranger.post("/preferences/language/", {"language": "pt-br"})
    assert '<html lang="pt-BR"' in stranger.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/preferences/theme/", {"theme": "pink"}),
        ("/preferences/theme/", {}),
        ("/preferences/language/", {"language": "../../x"}),
    ],
)
def test_a_preference_that_does_not_exist_is_refused(address: str, body: dict[str, str]) -> None:
    assert Client().post(address, body).status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_host(target: str) -> None:
    answer = Client().post("/preferences/theme/", {"theme": "dark", "next": target})
    assert answer["Location"] == "/"


def test_a_person_switches_between_own_companies_and_lands_at_home(
    analyst: User, page: Client, company: Company
) -> None:
    second = make_company()
    grant(second, analyst, "hr_manager")
    html = page.get("/").content.decode()
    assert 'popovertarget="companies"' in html
    answer = page.post("/preferences/company/", {"company": second.pk, "next": "/hr/employees/1/"})
    assert answer["Location"] == "/"
    assert page.session["company_id"] == second.pk


def test_a_company_without_a_role_does_not_exist_for_the_person(
    page: Client, company: Company
) -> None:
    other = make_company()
    for wanted in (str(other.pk), "x", ""):
        assert page.post("/preferences/company/", {"company": wanted}).status_code == 404
    assert page.session["company_id"] == company.pk


def test_preferences_change_only_by_post(page: Client) -> None:
    for address in ("theme", "language", "company"):
        assert page.get(f"/preferences/{address}/").status_code == 405


def test_every_page_carries_the_strict_policy(page: Client) -> None:
    policy = page.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
