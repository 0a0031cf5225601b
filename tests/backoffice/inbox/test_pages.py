"""The inbox of approvals: what it shows to whom, and voting from it without JavaScript."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.identity.models import User
from backoffice.inbox.selectors import count_waiting, why_not_vote
from backoffice.organization.models import Company
from backoffice.work.models import Approval
from backoffice.work.registry import APPROVALS
from hr.payroll.models import PayrollRun
from tests.factories import work
from tests.factories.identity import access, browser, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def manager(company: Company) -> User:
    return make_user(company, "hr_manager")


@pytest.fixture
def page(company: Company, manager: User) -> Client:
    client = browser(manager, company)
    client.cookies["django_language"] = "en"
    return client


def asked(company: Company, **over: object) -> Approval:
    made = work.approval(company, **over)
    assert isinstance(made, Approval)
    return made


def submitted(company: Company) -> Approval:
    made = work.submitted(company)
    assert isinstance(made, Approval)
    return made


def text(client: Client, address: str = "/approvals/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_what_waits_is_shown_with_its_numbers_and_a_way_to_the_document(
    company: Company, page: Client
) -> None:
    approval = asked(company, title="Folha 10/2026", requested_by=make_user(company, "owner"))
    html = text(page)
    assert "Folha 10/2026" in html
    assert "R$\xa01,00" in html
    assert f'href="/hr/payroll-runs/{approval.document_id}/"' in html
    assert f'action="/approvals/{approval.pk}/vote/"' in html
    assert html.count(f'name="content_hash" value="{approval.content_hash}"') == 2
    assert 'data-row-key="a"' in html
    assert 'data-row-key="r"' in html


def test_an_empty_inbox_says_what_it_is_for(page: Client) -> None:
    assert "empty-state" in text(page)


def test_people_without_the_permission_of_a_request_do_not_see_it(company: Company) -> None:
    asked(company, title="Folha 10/2026")
    for role in ("employee", "it_agent", "hr_analyst"):
        assert "Folha 10/2026" not in text(browser(make_user(company, role), company))


def test_strangers_are_sent_to_the_login(client: Client) -> None:
    answer = client.get("/approvals/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/account/login/?next=/approvals/",
    )


def test_the_form_of_the_inbox_approves_and_the_vote_is_then_among_the_settled(
    company: Company, page: Client
) -> None:
    approval = submitted(company)
    html = text(page)
    forms = re.findall(rf'action="/approvals/{approval.pk}/vote/".*?</form>', html, re.DOTALL)
    assert [form.count('name="next" value="/approvals/"') for form in forms] == [1, 1]
    key = re.search(r'name="idempotency_key" value="([^"]+)"', html)
    assert key is not None
    answer = page.post(
        f"/approvals/{approval.pk}/vote/",
        {
            "decision": "approve",
            "content_hash": approval.content_hash,
            "idempotency_key": key[1],
            "next": "/approvals/",
        },
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/approvals/")
    assert PayrollRun.objects.get(pk=approval.document_id).state == "approved"
    html = text(page)
    assert f'action="/approvals/{approval.pk}/vote/"' not in html
    assert f'href="/backoffice/approvals/{approval.pk}/"' in html


def test_a_return_without_a_comment_changes_nothing(company: Company, page: Client) -> None:
    approval = submitted(company)
    page.post(
        f"/approvals/{approval.pk}/vote/",
        {"decision": "return", "content_hash": approval.content_hash, "comment": ""},
    )
    assert Approval.objects.get(pk=approval.pk).state == "open"
    assert PayrollRun.objects.get(pk=approval.document_id).state == "submitted"


def test_the_menu_counts_what_waits(company: Company, manager: User) -> None:
    asked(company)
    asked(company)
    assert count_waiting(access(manager, company)) == 2
    assert count_waiting(access(make_user(company, "it_agent"), company)) == 0


def test_the_button_says_why_not(company: Company, manager: User) -> None:
    mine = access(manager, company)
    approval = submitted(company)
    assert why_not_vote(approval, mine) is None
    assert why_not_vote(approval, access(make_user(company, "hr_analyst"), company))
    Approval.objects.filter(pk=approval.pk).update(
        state="withdrawn", decided_at=approval.requested_at
    )
    approval.refresh_from_db()
    assert why_not_vote(approval, mine)


def test_the_page_of_a_request_shows_its_content_and_its_votes(
    company: Company, page: Client
) -> None:
    approval = submitted(company)
    page.post(
        f"/approvals/{approval.pk}/vote/",
        {"decision": "return", "content_hash": approval.content_hash, "comment": "Falta o abono."},
    )
    html = text(page, f"/backoffice/approvals/{approval.pk}/")
    assert "R$" in html
    assert "Falta o abono." in html
    assert f'href="/hr/payroll-runs/{approval.document_id}/"' in html


def test_a_kind_that_no_longer_exists_shows_no_content(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = asked(company)
    auditor = browser(make_user(company, "auditor"), company)
    address = f"/backoffice/approvals/{approval.pk}/"
    assert "R$\xa01,00" in text(auditor, address)
    monkeypatch.delitem(APPROVALS, approval.permission)
    assert "R$\xa01,00" not in text(auditor, address)


def test_the_page_of_a_vote_shows_what_it_is_about(company: Company, page: Client) -> None:
    approval = asked(company, title="Folha 10/2026")
    html = text(page, f"/backoffice/approvals/{approval.pk}/do/vote/")
    assert "Folha 10/2026" in html
    assert "R$\xa01,00" in html


def test_the_number_of_statements_does_not_grow_with_what_waits(
    company: Company, page: Client
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            asked(company)
        text(page)
        with CaptureQueriesContext(connection) as queries:
            text(page)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
