"""Favourites, recent records and the palette: one's own, in order, and only what one may still see."""

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotFound
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import access_of
from backoffice.organization.models import Company
from backoffice.resources import registry
from backoffice.search import indexing, kept, opened, palette, services
from backoffice.search.models import Favourite, RecentRecord
from hr.people.models import Employee
from tests.factories import identity, people
from tests.factories.identity import AT, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def analyst(company: Company) -> User:
    return identity.make_user(company, "hr_analyst")


@pytest.fixture
def page(company: Company, analyst: User) -> Client:
    return identity.browser(analyst, company)


@pytest.fixture
def rita(company: Company) -> Employee:
    employee = people.hire(company, name="Rita Lobo")
    indexing.renew_marked(on=AT.date(), limit=1_000_000)
    return employee


def access(user: User, company: Company) -> Access:
    return access_of(user, company.pk, AT.date())


def mark(page: Client, kind: str, record: int | str = "", marked: str = "1") -> int:
    sent = {"kind": kind, "record": str(record), "marked": marked, "next": "/favourites/"}
    return page.post("/favourites/mark/", sent).status_code


def names(user: User, company: Company) -> list[str]:
    return [each.label for each in kept.favourites(access(user, company))]


def test_a_list_and_a_record_are_marked_once_and_stand_on_top_of_the_menu(
    page: Client, analyst: User, company: Company, rita: Employee
) -> None:
    for _twice in range(2):
        assert mark(page, "hr.employee") == 302
        assert mark(page, "hr.employee", rita.pk) == 302
    assert names(analyst, company) == ["Colaboradores", "Rita Lobo"]
    html = page.get("/").content.decode()
    assert html.index("Rita Lobo") < html.index('data-area="hr"')
    assert 'class="quiet-button star star-on"' in page.get("/hr/employees/").content.decode()
    counted = page.get("/favourites/counts/").content.decode()
    assert 'id="favourite-count-hr-employee" hx-swap-oob="true">1<' in counted


def test_marked_off_it_is_gone_and_each_time_leaves_an_event(
    page: Client, analyst: User, company: Company, rita: Employee
) -> None:
    mark(page, "hr.employee", rita.pk)
    mark(page, "hr.employee", rita.pk, marked="0")
    assert names(analyst, company) == []
    assert Event.objects.filter(action="backoffice.favourite.changed").count() == 2


def test_favourites_are_moved_up_and_down_and_no_further(
    page: Client, analyst: User, company: Company
) -> None:
    for kind in ("hr.employee", "hr.contract", "hr.job_title"):
        mark(page, kind)
    last = Favourite.objects.get(kind="hr.job_title")
    for place in (1, 0, 0):
        page.post(f"/favourites/{last.pk}/move/", {"by": "-1"})
        assert list(Favourite.objects.values_list("kind", flat=True)).index("hr.job_title") == place
    page.post(f"/favourites/{last.pk}/move/", {"by": "1"})
    order = Favourite.objects.values_list("kind", flat=True)
    assert list(order) == ["hr.employee", "hr.job_title", "hr.contract"]


def test_what_one_may_not_see_is_neither_marked_nor_shown(
    page: Client, analyst: User, company: Company, rita: Employee
) -> None:
    alien = people.hire(people.make_company(), name="Outra Casa")
    before = Event.objects.count()
    assert mark(page, "hr.employee", alien.pk) == 404
    assert mark(page, "no.such") == 404
    assert mark(page, "backoffice.webhook") == 404
    assert mark(page, "hr.employee", "x") == 404
    assert (Favourite.objects.count(), Event.objects.count()) == (0, before)
    Favourite.objects.create(
        user=analyst, company=company, kind="hr.employee", record_id=alien.pk, position=0
    )
    assert names(analyst, company) == []


def test_others_favourites_are_not_moved(page: Client, company: Company) -> None:
    other = identity.make_user(company, "hr_analyst")
    theirs = Favourite.objects.create(user=other, company=company, kind="hr.employee", position=5)
    assert page.post(f"/favourites/{theirs.pk}/move/", {"by": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.position == 5


def test_thirty_favourites_are_enough(analyst: User, company: Company) -> None:
    Favourite.objects.bulk_create(
        Favourite(user=analyst, company=company, kind=f"x{i}", position=i) for i in range(30)
    )
    with pytest.raises(InvalidInput):
        services.mark(acting_as(analyst, company), kind="hr.employee", record_id=None, marked=True)


def test_an_opened_record_is_recent_and_a_list_or_a_refused_page_is_not(
    page: Client, analyst: User, company: Company, rita: Employee
) -> None:
    alien = people.hire(people.make_company())
    page.get("/hr/employees/")
    assert page.get(f"/hr/employees/{alien.pk}/").status_code == 404
    assert RecentRecord.objects.count() == 0
    for _twice in range(2):
        assert page.get(f"/hr/employees/{rita.pk}/").status_code == 200
    assert RecentRecord.objects.count() == 1
    assert [each.label for each in kept.recent(access(analyst, company))] == ["Rita Lobo"]
    assert "Rita Lobo" in page.get("/palette/", headers={"HX-Request": "true"}).content.decode()
    assert "Rita Lobo" in page.get("/favourites/").content.decode()


def test_the_last_fifty_are_kept(analyst: User, company: Company) -> None:
    by = access(analyst, company)
    for number in range(53):
        opened.note_opened(by, "hr.employee", number + 1, at=timezone.now())
    left = RecentRecord.objects.order_by("record_id").values_list("record_id", flat=True)
    assert list(left) == list(range(4, 54))


def test_recent_records_that_one_may_not_see_any_more_are_not_shown(
    analyst: User, company: Company, rita: Employee
) -> None:
    by = access(analyst, company)
    opened.note_opened(by, "hr.employee", rita.pk, at=AT)
    without = by.limited_to([], token_id=1, proved_until=None)
    assert kept.recent(without) == []


# --- palette --------------------------------------------------------------------------------------


def labels(by: Access, typed: str, at: str = "") -> list[str]:
    groups = palette.find(by, typed, palette.place_of(at) if at else None)
    return [str(item.label) for group in groups for item in group.items]


def test_an_arrow_offers_what_can_be_done_with_the_record_at_hand(
    analyst: User, company: Company, rita: Employee
) -> None:
    by = access(analyst, company)
    resource = registry.RESOURCES["hr.employee"]
    assert resource.update is not None
    found = labels(by, ">", f"/hr/employees/{rita.pk}/")
    assert str(resource.update.label) in found
    auditor = access(identity.make_user(company, "auditor"), company)
    assert str(resource.update.label) not in labels(auditor, ">", f"/hr/employees/{rita.pk}/")


def test_a_record_of_another_company_offers_nothing(analyst: User, company: Company) -> None:
    alien = people.hire(people.make_company(), name="Outra Casa")
    groups = palette.find(
        access(analyst, company), ">", palette.place_of(f"/hr/employees/{alien.pk}/")
    )
    assert "Outra Casa" not in {str(group.label) for group in groups}


def test_a_place_is_a_record_and_nothing_else() -> None:
    assert palette.place_of("/hr/employees/") is None
    assert palette.place_of("/no/such/page/") is None
    assert palette.place_of("javascript:alert(1)") is None
    found = palette.place_of("/hr/employees/7/")
    assert found is not None
    assert (found.resource.name, found.pk) == ("hr.employee", 7)


def test_at_finds_people_and_a_hash_documents(
    analyst: User, company: Company, rita: Employee
) -> None:
    by = access(analyst, company)
    assert set(palette.kinds_of("@")) == {"hr.employee", "backoffice.party", "backoffice.user"}
    assert "Rita Lobo" in labels(by, "@rita")
    assert labels(by, "#rita") == []
    assert labels(by, "@") == []


def test_another_theme_and_another_company_are_offered_when_typed(
    analyst: User, company: Company
) -> None:
    second = people.make_company()
    identity.grant(second, analyst, "hr_analyst")
    by = access(analyst, company)
    items = [item for group in palette.find(by, ">escuro") for item in group.items]
    assert [item.post for item in items] == [{"theme": "dark"}]
    found = [item for g in palette.find(by, f">{second}") for item in g.items if item.post]
    assert [item.post for item in found] == [{"company": str(second.pk)}]


def test_quick_create_offers_what_the_role_may(page: Client, company: Company) -> None:
    assert 'href="/hr/employees/new/"' in page.get("/").content.decode()
    auditor = identity.browser(identity.make_user(company, "auditor"), company)
    assert 'href="/hr/employees/new/"' not in auditor.get("/").content.decode()


def test_a_long_area_has_groups_that_open_where_the_person_is(company: Company) -> None:
    owner = identity.browser(identity.make_user(company, "owner"), company)
    html = owner.get("/backoffice/branches/").content.decode()
    assert '<details class="menu-group" data-area="backoffice.company" open>' in html
    assert '<details class="menu-group" data-area="backoffice.trail">' in html


def test_the_service_refuses_a_favourite_of_nobody(analyst: User, company: Company) -> None:
    with pytest.raises(NotFound):
        services.move(acting_as(analyst, company), favourite_id=0, by=1)
