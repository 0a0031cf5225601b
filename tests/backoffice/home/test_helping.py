"""Help in its place: every object has words, everybody sees the help of what they may see."""

import pytest
from django.test import Client

from backoffice.home.helping import guide_as_html, guides, without_help
from backoffice.organization.models import Company
from backoffice.resources.registry import RESOURCES
from backoffice.web import guidance
from tests.factories.identity import browser, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def analyst(company: Company) -> Client:
    page = browser(make_user(company, "hr_analyst"), company)
    page.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return page


def test_every_object_has_words_in_its_help() -> None:
    assert without_help() == []
    assert guidance.HELP.keys() <= RESOURCES.keys()
    assert {each.guide for each in guidance.HELP.values() if each.guide} <= guides().keys()


def test_two_helps_of_one_object_are_refused() -> None:
    taken = next(iter(guidance.HELP.values()))
    with pytest.raises(ValueError, match=taken.of):
        guidance.register(taken)


def test_the_help_of_an_object_says_purpose_steps_states_and_what_its_forms_ask(
    analyst: Client,
) -> None:
    html = analyst.get("/help/hr.payroll_run/").content.decode()
    for words in (
        "from opening it to the proof",
        "Waiting for approval",
        "Payment date",
        "Open the row",
    ):
        assert words in html
    drawer = analyst.get("/help/hr.employee/?command=hr.employee.hire", HTTP_HX_REQUEST="true")
    html = drawer.content.decode()
    assert "<html" not in html
    assert html.count("<details") == html.count("<summary")
    assert html.count(" open>") == 1


def test_lists_records_and_forms_have_the_button_and_its_key(analyst: Client) -> None:
    assert 'href="/help/hr.employee/" data-drawer data-key="h"' in (
        analyst.get("/hr/employees/").content.decode()
    )
    form = analyst.get("/hr/employees/new/").content.decode()
    assert "/help/hr.employee/?command=hr.employee.hire" in form


def test_the_help_of_what_one_may_not_see_is_not_there(analyst: Client) -> None:
    assert analyst.get("/help/backoffice.mail/").status_code == 404
    assert analyst.get("/help/nothing.at_all/").status_code == 404
    assert Client().get("/help/hr.employee/").status_code == 302


def test_guides_come_with_the_product(analyst: Client) -> None:
    html = analyst.get("/guides/organization/").content.decode()
    assert "Set up the organization" in html
    assert "<strong>Companies.</strong>" in html
    assert analyst.get("/guides/nothing/").status_code == 404
    for name in guides():
        assert "<script" not in guide_as_html(name)


def test_an_object_without_words_is_named_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    from backoffice.home.register import check_help

    monkeypatch.delitem(guidance.HELP, "hr.employee")
    assert without_help() == ["hr.employee"]
    assert [(w.id, w.obj) for w in check_help()] == [("home.W001", "hr.employee")]
