"""The organization chart and the pages of calendars, as people see them."""

import datetime as dt
import re
from typing import Any

import pytest

from backoffice.identity.models import User
from backoffice.organization import services
from backoffice.organization.models import Company, Department
from backoffice.structure.selectors import department_tree
from tests.factories import identity
from tests.factories.identity import access, browser, make_user
from tests.factories.people import make_company, system

pytestmark = pytest.mark.django_db

TREE = "/backoffice/departments/tree/"


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def owner(company: Company) -> Any:
    return make_user(company, "owner")


def test_the_tree_counts_the_people_here_and_below(
    company: Company, owner: User, django_assert_num_queries: Any
) -> None:
    top = Department.objects.get(company=company)
    below = services.create_department(system(company), code="VND", name="Vendas", parent_id=top.pk)
    identity.place(identity.make_person(), company)
    for _ in range(2):
        place = identity.place(identity.make_person(), company)
        type(place).objects.filter(pk=place.pk).update(department=below)
    identity.place(identity.make_person(), make_company())
    reach = access(owner, company)
    with django_assert_num_queries(2):
        (root,) = department_tree(reach)
    assert (root.people, root.people_below) == (1, 3)
    assert [(each.department.code, each.people_below) for each in root.children] == [("VND", 2)]
    text = browser(owner, company).get(TREE).content.decode()
    assert text.index("Administrativo") < text.index("Vendas")
    assert re.search(r"3\s+(pessoas|people)", text)


def test_closed_departments_are_shown_only_when_asked_for(company: Company, owner: User) -> None:
    old = services.create_department(system(company), code="OLD", name="Antigo")
    services.close_department(system(company), department_id=old.pk, closed_on=dt.date(2020, 1, 31))
    page = browser(owner, company)
    assert "Antigo" not in page.get(TREE).content.decode()
    assert "31/01/2020" in page.get(f"{TREE}?closed=1").content.decode()


def test_a_company_without_departments_is_told_so(company: Company, owner: User) -> None:
    Department.objects.filter(company=company).delete()
    assert "empty" in browser(owner, company).get(TREE).content.decode()


def test_a_calendar_shows_its_week_and_what_differs(company: Company, owner: User) -> None:
    made = services.create_work_calendar(system(company), code="SP", name="Lojas", state="SP")
    services.set_hours(
        system(company),
        work_calendar_id=made.pk,
        weekdays=[0, 1, 2, 3, 4],
        spans=[(480, 720), (780, 1080)],
        valid_from=dt.date(2020, 1, 1),
    )
    services.add_day(
        system(company),
        work_calendar_id=made.pk,
        day=dt.date(2020, 8, 15),
        name="Padroeira",
        every_year=True,
    )
    text = browser(owner, company).get(f"/backoffice/work-calendars/{made.pk}/").content.decode()
    assert "08:00-12:00 13:00-18:00" in text
    assert "45:00" in text
    assert "Padroeira" in text
    assert re.search(r"Natal", text)
    assert "13:00</td>" in text  # the hours with their validity


def test_hours_are_set_through_the_form_as_they_are_typed(company: Company, owner: User) -> None:
    made = services.create_work_calendar(system(company), code="SP", name="Lojas", state="SP")
    page = browser(owner, company)
    address = f"/backoffice/work-calendars/{made.pk}/do/set-hours/"
    bad = page.post(address, {"weekdays": ["0"], "spans": "oito", "valid_from": "01/12/2026"})
    assert bad.status_code == 422
    assert "oito" in bad.content.decode()
    good = page.post(
        address, {"weekdays": ["0", "1"], "spans": "8-12 13-18", "valid_from": "01/12/2026"}
    )
    assert good.status_code == 302
    assert made.windows.count() == 4
