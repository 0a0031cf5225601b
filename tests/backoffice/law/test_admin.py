"""Legal tables in the administration pages: entered by one person, verified by another."""

import pytest
from django.test import Client
from django.utils import translation

from backoffice.law.models import LegalTable
from backoffice.organization.models import Company
from tests.factories.identity import browser, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/backoffice/legaltable/"
DRAFT = {
    "kind": "minimum_wage",
    "valid_from": "01/01/2027",
    "valid_to": "",
    "confirmed_through": "31/12/2027",
    "known_from": "28/12/2026",
    "act": "Decreto de teste",
    "source": "Diário Oficial",
    "certainty": "official",
    "payload": '{"amount": "1700.00"}',
    "corrects": "",
}


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def first(company: Company) -> Client:
    return browser(make_user(company, "administrator"), company)


@pytest.fixture
def second(company: Company) -> Client:
    return browser(make_user(company, "administrator"), company)


def choose_to_verify(client: Client, row: LegalTable) -> str:
    answer = client.post(ADDRESS, {"action": "verify", "_selected_action": [row.pk]}, follow=True)
    return answer.content.decode()


def test_a_second_person_verifies_what_the_first_entered(first: Client, second: Client) -> None:
    assert first.post(f"{ADDRESS}add/", DRAFT).status_code == 302
    row = LegalTable.objects.get(valid_from="2027-01-01")
    assert row.entered_by_id is not None
    with translation.override("pt-br"):
        choose_to_verify(first, row)
        row.refresh_from_db()
        assert row.verified_on is None

        choose_to_verify(second, row)
        row.refresh_from_db()
        assert row.verified_on is not None
        assert row.verified_by_id not in {None, row.entered_by_id}


def test_whoever_last_changed_a_draft_cannot_verify_it(first: Client, second: Client) -> None:
    first.post(f"{ADDRESS}add/", DRAFT)
    row = LegalTable.objects.get(valid_from="2027-01-01")
    second.post(f"{ADDRESS}{row.pk}/change/", {**DRAFT, "act": "Outro decreto"})
    choose_to_verify(second, row)
    row.refresh_from_db()
    assert (row.act, row.verified_on) == ("Outro decreto", None)
    choose_to_verify(first, row)
    row.refresh_from_db()
    assert row.verified_on is not None


def test_figures_that_no_rule_could_read_are_refused_in_the_form(first: Client) -> None:
    answer = first.post(f"{ADDRESS}add/", {**DRAFT, "payload": '{"amount": 1700}'})
    assert answer.status_code == 200
    assert "amount" in str(answer.context["adminform"].form.errors["payload"])
    assert not LegalTable.objects.filter(valid_from="2027-01-01").exists()


def test_a_verified_table_can_only_be_read(first: Client) -> None:
    row = LegalTable.objects.get(kind="fgts")
    assert first.get(f"{ADDRESS}{row.pk}/change/").status_code == 200
    answer = first.post(f"{ADDRESS}{row.pk}/change/", {**DRAFT, "kind": "fgts"})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.act.startswith("Lei nº 8.036/1990")
