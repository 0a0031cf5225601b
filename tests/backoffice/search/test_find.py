"""How records are found: accents, plurals, errors, numbers; and who finds what."""

import pytest
from django.test import Client

from backoffice.audit.models import ReadLog
from backoffice.database.keyset import BadQuery
from backoffice.identity.rules import Access, Scope
from backoffice.identity.selectors import access_of
from backoffice.organization.models import Company
from backoffice.parties.models import Party
from backoffice.search import indexing, selectors
from tests.factories import identity, people
from tests.factories.identity import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


def access(company: Company, role: str = "hr_analyst", scope: Scope = Scope.COMPANY) -> Access:
    return access_of(identity.make_user(company, role, scope=scope), company.pk, AT.date())


def titles(by: Access, typed: str, kind: str = "hr.employee") -> list[str]:
    indexing.renew_marked(on=AT.date(), limit=1_000_000)
    found = selectors.find(by, typed, kinds=[kind])
    return [hit.title for group in found for hit in group.hits]


@pytest.mark.parametrize(
    "typed",
    [
        "conceicao",
        "CONCEIÇÃO",
        "araujo conceicao",
        "conc ara",
        "conceisão",
        "concecao",
        "Conceição de Araújo",
        "araujos",
    ],
)
def test_a_name_is_found_however_it_is_typed(company: Company, typed: str) -> None:
    people.hire(company, name="Conceição Araújo")
    people.hire(company, name="João Pereira")
    assert titles(access(company), typed) == ["Conceição Araújo"]


def test_a_social_name_finds_the_person(company: Company) -> None:
    employee = people.hire(company, name="Carlos Nogueira")
    Party.objects.filter(pk=employee.party_id).update(social_name="Carla Nogueira")
    assert titles(access(company), "carla") == ["Carlos Nogueira"]


def test_the_whole_name_comes_before_names_that_begin_so(company: Company) -> None:
    for name in ("Ana Maria Souza", "Ana Souza Lima", "Ana Souza"):
        people.hire(company, name=name)
    assert titles(access(company), "ana souza") == [
        "Ana Souza",
        "Ana Souza Lima",
        "Ana Maria Souza",
    ]


def test_a_whole_cpf_finds_whoever_may_see_it_and_no_part_of_one_does(company: Company) -> None:
    employee = people.hire(company, name="Rita Lobo")
    cpf = employee.party.tax_id
    by = access(company)
    written = f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"
    assert titles(by, cpf) == titles(by, written) == ["Rita Lobo"]
    assert titles(by, cpf[:10]) == []


def test_who_may_not_see_the_cpf_finds_nobody_by_it(company: Company) -> None:
    employee = people.hire(company, name="Rita Lobo")
    by = access(company)
    without = by.limited_to(["hr.employee.view"], token_id=1, proved_until=None)
    assert titles(without, "rita") == ["Rita Lobo"]
    assert titles(without, employee.party.tax_id) == []


def test_a_cpf_is_found_only_where_documents_are_within_reach(company: Company) -> None:
    boss = people.hire(company, name="Chefe Um")
    other = people.hire(company, name="Outra Pessoa")
    user = identity.make_user(company, "employee", scope=Scope.OWN, person=boss.party)
    own = access_of(user, company.pk, AT.date())
    assert titles(own, boss.party.tax_id) == ["Chefe Um"]
    assert titles(own, other.party.tax_id) == titles(own, "outra") == []


def test_another_company_finds_nothing(company: Company) -> None:
    people.hire(company, name="Rita Lobo")
    assert titles(access(people.make_company()), "rita") == []


def test_nothing_and_small_words_and_signs_find_nothing_and_break_nothing(company: Company) -> None:
    people.hire(company, name="Rita Lobo")
    by = access(company)
    for typed in ("", "   ", "'", "\\", "a & b | !", "<->", "%", "\x00", ":*", "()"):
        selectors.find(by, typed)
    assert titles(by, "'") == []


def test_a_text_longer_than_anything_searchable_is_refused(company: Company) -> None:
    with pytest.raises(BadQuery):
        selectors.find(access(company), "x" * 101)


def test_reading_a_title_is_no_reading_of_sensitive_data(company: Company) -> None:
    people.hire(company, name="Rita Lobo")
    assert titles(access(company), "rita") == ["Rita Lobo"]
    assert ReadLog.objects.count() == 0


# --- page and API ---------------------------------------------------------------------------------


@pytest.fixture
def page(company: Company) -> Client:
    return identity.browser(identity.make_user(company, "hr_analyst"), company)


def hired(company: Company, *names: str) -> None:
    for name in names:
        people.hire(company, name=name)
    indexing.renew_marked(on=AT.date(), limit=1_000_000)


def test_the_page_marks_what_was_typed_and_escapes_the_rest(page: Client, company: Company) -> None:
    hired(company, "Rita <b>Lobo")
    html = page.get("/search/", {"q": "rit"}).content.decode()
    assert "<mark>Rit</mark>a &lt;b&gt;Lobo" in html
    html = page.get("/search/", {"q": "<script>x"}).content.decode()
    assert "<script>x" not in html


def test_all_of_a_kind_page_by_page(page: Client, company: Company) -> None:
    hired(company, *(f"Rita {chr(65 + i // 26)}{chr(97 + i % 26)}lva" for i in range(52)))
    first = page.get("/search/", {"q": "rita"}).content.decode()
    assert "/search/?q=rita&amp;kind=hr.employee" in first
    whole = page.get("/search/", {"q": "rita", "kind": "hr.employee"})
    assert whole.content.count(b"/hr/employees/") >= 50
    assert "page=2" in whole.context["next_url"]
    rest = page.get("/search/", {"q": "rita", "kind": "hr.employee", "page": "2"})
    assert [len(group["items"]) for group in rest.context["groups"]] == [2]
    assert rest.context["next_url"] == ""


def test_the_api_gives_kinds_with_their_records(page: Client, company: Company) -> None:
    hired(company, "Rita Lobo")
    answer = page.get("/api/v1/search/", {"q": "rita", "object": "hr.employee"}).json()
    (kind,) = answer["kinds"]
    (hit,) = kind["results"]
    assert (kind["object"], kind["total"], hit["title"]) == ("hr.employee", 1, "Rita Lobo")
    assert page.get(hit["url"]).json()["id"] == hit["id"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "nothing_asked"),
        ({"q": "a", "x": "1"}, "unknown_parameter"),
        ({"q": "a", "limit": "99"}, "bad_limit"),
        ({"q": "a", "object": "hr.payslip"}, "unknown_object"),
        ({"q": "x" * 101}, "long_search"),
    ],
)
def test_the_api_refuses_what_it_does_not_know(
    page: Client, asked: dict[str, str], code: str
) -> None:
    answer = page.get("/api/v1/search/", asked)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
