"""The effect of a change of legal tables on payrolls: computed for real, written nowhere."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from backoffice.law.models import LegalTable
from backoffice.law.rules import after_confirming, after_verifying
from backoffice.law.selectors import versions_at
from backoffice.legislation.registry import Effect, Proposal
from backoffice.organization.models import Company
from hr.payroll import services
from hr.payroll.models import Payslip
from hr.payroll.selectors.preview import MOST_PAYSLIPS, effects_on_payrolls
from tests.factories import identity, payroll, people
from tests.hr.payroll.test_runs import closed_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    company = people.make_company()
    people.hire(company, salary=Decimal("3000.00"))
    people.hire(company, salary=Decimal("3000.00"))
    return company


def inss_of_2026(**change: str) -> Proposal:
    """The first slice with another rate."""
    current = versions_at()
    row = LegalTable.objects.get(kind="inss", valid_from="2026-01-01")
    slices = [dict(each) for each in row.payload["slices"]]
    slices[0].update(change or {"rate": "0.085"})
    draft = replace(row.as_version(), id=10**6, corrects_id=row.pk, payload={"slices": slices})
    return Proposal(current, after_verifying(current, draft))


def effects(company: Company, proposal: Proposal, role: str = "owner") -> list[Effect]:
    user = identity.make_user(company, role)
    with translation.override("en"):
        return list(effects_on_payrolls(identity.access(user, company), proposal))


def test_a_computed_payroll_is_compared_with_its_payslips(company: Company) -> None:
    run = payroll.computed_run(company)
    before = list(Payslip.objects.order_by("pk").values())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        (effect,) = effects(company, inss_of_2026())
    # 1 % more on 1,621.00 is 16.21 for each; the IRRF of 3,000.00 stays zero
    assert (effect.title, effect.url) == ("Payroll 10/2026", f"/hr/payroll-runs/{run.pk}/")
    assert (effect.count, effect.total) == (2, 2)
    assert effect.amounts == (("Net pay", Decimal("-32.42")), ("INSS", Decimal("32.42")))
    assert effect.note == "Has to be computed again."
    assert list(Payslip.objects.order_by("pk").values()) == before
    verbs = {query["sql"].split()[0] for query in asked.captured_queries}
    assert verbs <= {"SELECT", "DECLARE"}


def test_an_open_payroll_is_computed_from_the_facts_of_now(company: Company) -> None:
    payroll.open_run(company)
    (effect,) = effects(company, inss_of_2026())
    assert (effect.count, effect.total) == (2, 2)
    assert effect.amounts == (("Net pay", Decimal("-32.42")), ("INSS", Decimal("32.42")))
    assert effect.note == "Is computed with the new figures."
    assert not Payslip.objects.exists()


def test_a_closed_payroll_stays_and_shows_what_a_complementary_one_would_pay(
    company: Company,
) -> None:
    run = closed_run(company)
    before = list(Payslip.objects.order_by("pk").values())
    (effect,) = effects(company, inss_of_2026(rate="0.065"))
    assert effect.amounts == (("Net pay", Decimal("32.42")), ("INSS", Decimal("-32.42")))
    assert str(effect.note).startswith("Closed and proved by the tables of then")
    assert list(Payslip.objects.filter(run=run).order_by("pk").values()) == before


def test_what_a_confirmation_makes_possible_is_counted_from_nothing(company: Company) -> None:
    run = services.open_run(
        people.system(company), competence=payroll.MONTH, payment_date=dt.date(2027, 1, 7)
    )
    current = versions_at()
    waiting = {"irrf_monthly", "irrf_dependant", "irrf_simplified", "irrf_reduction"}
    ids = {each.id for each in current if each.kind in waiting and each.valid_to is None}
    through = dt.date(2027, 1, 31)
    (effect,) = effects(company, Proposal(current, after_confirming(current, ids, through)))
    assert effect.note == "Can be computed then; until now a table is missing."
    assert (effect.count, effect.total) == (2, 2)
    assert dict(effect.amounts)["FGTS"] == Decimal("480.00")
    part = set(sorted(ids)[:2])
    assert effects(company, Proposal(current, after_confirming(current, part, through))) == []
    assert not Payslip.objects.filter(run=run).exists()


def test_other_months_and_other_companies_are_not_named(company: Company) -> None:
    payroll.computed_run(company, dt.date(2025, 12, 1))
    other = people.make_company()
    people.hire(other)
    payroll.computed_run(other)
    assert effects(company, inss_of_2026()) == []


def test_who_may_not_see_payrolls_sees_no_effect_on_them(company: Company) -> None:
    payroll.computed_run(company)
    assert effects(company, inss_of_2026(), "administrator") == []


def test_a_payroll_too_large_to_compute_at_once_is_named_without_amounts(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    payroll.computed_run(company)
    assert MOST_PAYSLIPS == 20_000
    monkeypatch.setattr("hr.payroll.selectors.preview.MOST_PAYSLIPS", 1)
    (effect,) = effects(company, inss_of_2026())
    assert (effect.count, effect.total, effect.amounts) == (0, 2, ())
    assert effect.note == "Too many payslips to compute while somebody waits."
