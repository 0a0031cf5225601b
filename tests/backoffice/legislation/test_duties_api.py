"""The list of duties refuses days for which no holidays are known."""

import pytest

from tests.factories import identity, people


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["6546-09-16", "0001-01-01", "9999-12-31", "1989-12-31"])
def test_a_year_for_which_no_holidays_are_known_is_refused(day: str) -> None:
    company = people.make_company()
    browser = identity.browser(identity.make_user(company, "hr_manager"), company)
    answer = browser.get("/api/v1/backoffice/duties/", {"from": day, "to": day})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_day"
