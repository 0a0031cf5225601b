"""What the page of a payroll and the home page show of it."""

import re

import pytest
from django.test import Client

from backoffice.identity.models import User
from backoffice.organization.models import Company
from backoffice.work.models import Approval
from hr.payroll.process import approval_summary
from tests.factories import identity, payroll, people
from tests.hr.payroll.test_process import bring_to
from tests.hr.payroll.test_runs import closed_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    company = people.make_company()
    people.hire(company)
    return company


@pytest.fixture
def manager(company: Company) -> Client:
    user = identity.make_user(company, "hr_manager")
    User.objects.filter(pk=user.pk).update(language="en")
    return identity.browser(user, company)


def buttons(client: Client, pk: int) -> dict[str, bool]:
    """Label of each command button -> whether it can be pressed."""
    html = client.get(f"/hr/payroll-runs/{pk}/").content.decode()
    head = html[
        html.index('class="page-actions"') : html.index("</header>", html.index("page-act"))
    ]
    found = re.findall(r'<(a|button)[^>]*class="btn[^"]*"[^>]*>(.*?)</\1>', head, re.DOTALL)
    named = {re.sub(r"<[^>]+>", "", words).strip(): element == "a" for element, words in found}
    return {label: possible for label, possible in named.items() if label}  # the star has an icon


def test_a_closed_payroll_shows_only_what_can_still_be_done(
    company: Company, manager: Client
) -> None:
    run = closed_run(company)
    assert buttons(manager, run.pk) == {"Conclude": True, "All payslips in one PDF": True}


def test_an_open_payroll_shows_all_that_will_come(company: Company, manager: Client) -> None:
    run = payroll.open_run(company)
    shown = buttons(manager, run.pk)
    assert set(shown) >= {"Compute", "Send for approval", "Close", "Conclude"}
    assert [label for label, possible in shown.items() if possible] == ["Compute"]


def test_a_concluded_payroll_can_only_be_printed_and_has_five_steps_done(
    company: Company, manager: Client
) -> None:
    run = bring_to(company, "reported")
    html = manager.get(f"/hr/payroll-runs/{run.pk}/").content.decode()
    assert buttons(manager, run.pk) == {"All payslips in one PDF": True}
    assert html.count('class="step step-done"') == 5


def test_a_closed_payroll_stands_in_follow_up(company: Company, manager: Client) -> None:
    html = manager.get(f"/hr/payroll-runs/{closed_run(company).pk}/").content.decode()
    assert html.count('class="step step-done"') == 3
    assert html.count('class="step step-current"') == 1
    assert html.count('class="step step-todo"') == 1


def test_key_figures_say_what_they_are_compared_with(company: Company, manager: Client) -> None:
    closed_run(company, payroll.MONTH.replace(month=9))
    closed_run(company)
    html = manager.get("/").content.decode()
    assert html.count("10/2026, compared with 09/2026") == 3


def test_the_summary_of_an_approval_writes_dates_as_people_do(company: Company) -> None:
    bring_to(company, "submitted")
    content = Approval.objects.get().content
    texts = [str(text) for _label, text in approval_summary(content)]
    assert "06/11/2026" in texts
    assert content["payment_date"] == "2026-11-06"
