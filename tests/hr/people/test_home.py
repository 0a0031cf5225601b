"""The key figure of who sees people and no pay: how many are at work."""

import pytest

from tests.factories.identity import browser, make_user
from tests.factories.people import hire, make_company

pytestmark = pytest.mark.django_db


def test_the_home_page_counts_the_people_that_one_sees() -> None:
    company = make_company()
    hire(company)
    hire(company)
    page = browser(make_user(company, "hr_analyst"), company)
    page.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    html = page.get("/").content.decode()
    assert "People at work" in html
    assert '<span class="kpi-value">2</span>' in html


def test_who_sees_nobody_gets_no_figure() -> None:
    company = make_company()
    hire(company)
    html = browser(make_user(company, "it_agent"), company).get("/").content.decode()
    assert "People at work" not in html
    assert "Pessoas trabalhando" not in html
