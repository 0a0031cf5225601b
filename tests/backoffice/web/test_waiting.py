"""Approvals and jobs on the home page: who sees which, and voting from there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from backoffice.commands import Context
from backoffice.identity.models import User
from backoffice.organization.models import Company
from backoffice.work import registry
from backoffice.work.approvals import request_approval
from backoffice.work.models import Approval, ApprovalState, ApprovalVote
from backoffice.work.registry import ApprovalKind
from backoffice.work.selectors import waiting_for
from tests.factories.identity import access, acting_as, browser, make_branch, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db
PERMISSION = "hr.payroll_run.approve"


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []

    def on_decision(ctx: Context, approval: Approval) -> None:
        told.append(approval.state)

    kind = ApprovalKind(
        permission=PERMISSION,
        label="Aprovar a folha",
        model="backoffice.Branch",
        on_decision=on_decision,
        summary=lambda content: [("Líquido", content["net"])],
        url=lambda key: f"/sample/{key}/",
    )
    monkeypatch.setitem(registry.APPROVALS, PERMISSION, kind)
    return told


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def asker(company: Company) -> User:
    return make_user(company, "owner")


@pytest.fixture
def voter(company: Company) -> User:
    return make_user(company, "owner")


@pytest.fixture
def ask(decided: list[str], company: Company, asker: User) -> Callable[..., Approval]:
    def make(**over: object) -> Approval:
        given: dict[str, Any] = {
            "mode": "any",
            "required": 1,
            "content": {"net": "R$ 10,00"},
        } | over
        with transaction.atomic():
            return request_approval(
                acting_as(asker, company),
                document=make_branch(company),
                permission=PERMISSION,
                **given,
            )

    return make


def test_a_voter_sees_what_is_asked_with_its_numbers_and_the_way_there(
    ask: Callable[..., Approval], voter: User, company: Company
) -> None:
    approval = ask()
    html = browser(voter, company).get("/").content.decode()
    assert approval.title in html
    assert "<dt>Líquido</dt><dd>R$ 10,00</dd>" in html
    assert f'href="/sample/{approval.document_id}/"' in html
    assert approval.content_hash in html


def test_nobody_is_offered_their_own_request(
    ask: Callable[..., Approval], asker: User, company: Company
) -> None:
    ask()
    assert waiting_for(access(asker, company)) == []
    Company.objects.filter(pk=company.pk).update(allows_self_approval=True)
    assert len(waiting_for(access(asker, company))) == 1


def test_approvals_of_other_companies_and_without_permission_are_not_offered(
    ask: Callable[..., Approval], voter: User, company: Company
) -> None:
    ask()
    stranger = make_company()
    assert waiting_for(access(make_user(stranger, "owner"), stranger)) == []
    assert waiting_for(access(make_user(company, "it_agent"), company)) == []


def test_only_the_named_are_asked_and_nobody_twice(
    ask: Callable[..., Approval], voter: User, company: Company
) -> None:
    third = make_user(company, "owner")
    ask(mode="all", required=2, approvers=[voter.pk, make_user(company, "owner").pk])
    assert waiting_for(access(third, company)) == []
    (approval,) = waiting_for(access(voter, company))
    browser(voter, company).post(
        f"/approvals/{approval.pk}/vote/",
        {"decision": "approve", "content_hash": approval.content_hash},
    )
    assert waiting_for(access(voter, company)) == []


def test_a_vote_from_the_home_page_settles_and_comes_back(
    ask: Callable[..., Approval], decided: list[str], voter: User, company: Company
) -> None:
    approval = ask()
    page = browser(voter, company)
    answer = page.post(
        f"/approvals/{approval.pk}/vote/",
        {"decision": "approve", "content_hash": approval.content_hash},
    )
    assert answer["Location"] == "/"
    approval.refresh_from_db()
    assert approval.state == ApprovalState.APPROVED
    assert decided == ["approved"]
    assert approval.title not in page.get("/").content.decode()


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "return"},
        {"decision": "approve", "content_hash": "0" * 64},
        {"decision": "maybe"},
        {},
    ],
)
def test_a_refused_vote_changes_nothing_and_is_told_on_the_page(
    ask: Callable[..., Approval],
    decided: list[str],
    voter: User,
    company: Company,
    body: dict[str, str],
) -> None:
    approval = ask()
    page = browser(voter, company)
    given = {"content_hash": approval.content_hash} | body
    answer = page.post(f"/approvals/{approval.pk}/vote/", given, follow=True)
    assert 'class="toast-note tone-danger"' in answer.content.decode()
    assert decided == []
    assert not ApprovalVote.objects.filter(approval=approval).exists()


def test_an_approval_of_another_company_is_not_there(
    ask: Callable[..., Approval], decided: list[str]
) -> None:
    approval = ask()
    stranger = make_company()
    page = browser(make_user(stranger, "owner"), stranger)
    page.post(
        f"/approvals/{approval.pk}/vote/",
        {"decision": "approve", "content_hash": approval.content_hash},
    )
    assert decided == []
