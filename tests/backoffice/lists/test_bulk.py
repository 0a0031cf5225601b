"""A transfer of several contracts: what is not said stays, refused rows are told and tried again."""

import datetime as dt

from backoffice.organization.models import Branch, Department, Placement
from tests.factories import identity, people

DAY = dt.date(2026, 6, 1)


def test_what_is_left_empty_stays_and_a_refused_row_costs_only_itself(db: None) -> None:
    company = people.make_company()
    here = Branch.objects.filter(company=company)[0]
    there = identity.make_branch(company)
    staff = [
        people.contract_of(people.hire(company, admitted_on=admitted))
        for admitted in (dt.date(2024, 3, 1), dt.date(2024, 3, 1), dt.date(2026, 9, 1))
    ]
    moved = Placement.objects.get(employment_id=staff[1].pk)
    Placement.objects.filter(pk=moved.pk).update(branch=there)
    sales = Department.objects.create(company=company, code="777", name="Vendas")
    client = identity.browser(identity.make_user(company, "owner"), company)
    page = "/hr/contracts/bulk/transfer/?" + "&".join(f"ids={each.pk}" for each in staff)
    body = {"department": sales.pk, "valid_from": "01/06/2026", "expected": "3"}
    answer = client.post(page, body)
    assert answer.status_code == 200
    assert [row.code for row in answer.context["rows"]] == ["", "", "outside_contract"]
    assert [row.pk for row in answer.context["refused"]] == [staff[2].pk]
    places = Placement.objects.filter(valid_from=DAY).order_by("employment_id")
    assert [(each.employment_id, each.branch, each.department) for each in places] == [
        (staff[0].pk, here, sales),
        (staff[1].pk, there, sales),
    ]
    again = client.post(
        f"/hr/contracts/bulk/transfer/{answer.context['retry_url']}",
        {**dict(answer.context["texts"]), "valid_from": "01/10/2026", "expected": "1"},
    )
    assert [row.code for row in again.context["rows"]] == [""]
    assert Placement.objects.get(employment_id=staff[2].pk, valid_to=None).department == sales


def test_what_must_be_said_for_all_is_asked_for(db: None) -> None:
    company = people.make_company()
    contract = people.contract_of(people.hire(company))
    client = identity.browser(identity.make_user(company, "owner"), company)
    page = f"/hr/contracts/bulk/transfer/?ids={contract.pk}"
    answer = client.post(page, {"expected": "1"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["valid_from"]
    assert Placement.objects.filter(employment_id=contract.pk).count() == 1
    assert client.get("/hr/contracts/bulk/transfer/?ids=1x").status_code == 422
    assert client.get("/hr/contracts/bulk/transfer/").status_code == 422
