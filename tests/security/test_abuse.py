"""Abuse cases of people and programs against rights and logins, by their number in the threat model.

Logins (32 to 35) are in tests/backoffice/identity/test_login.py and test_admin.py, the rest of each
row of the matrix in test_matrix.py; here is what needs a story.
"""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.identity import services
from backoffice.identity.models import ApiToken, RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company, Placement
from hr.people.models import ContractTerms, Employee
from tests.factories import identity, people
from tests.factories.identity import acting_as, browser, make_person, make_token, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


def api(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    call = getattr(client, method)
    given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return call(f"/api/v1/{address}", headers=headers, **given)


def token_client(user: User, company: Company, *scopes: str) -> Client:
    fresh = make_token(user, company, list(scopes), at=timezone.now())
    return Client(headers={"authorization": f"Bearer {fresh.secret.value}"})


def test_02_extra_fields_in_the_own_account_change_nothing_else(company: Company) -> None:
    user, boss = make_user(company, "employee", scope=Scope.OWN), make_person()
    browser(user, company).post(
        "/account/",
        {
            "name": "Ana",
            "language": "",
            "theme": "",
            "email": "chefe@example.com",
            "person": boss.pk,
            "person_id": boss.pk,
            "is_active": "",
            "is_staff": "on",
            "is_superuser": "on",
            "role": "owner",
            "permissions": "backoffice.user.create",
        },
    )
    before = (user.email, None, True)
    user.refresh_from_db()
    assert (user.email, user.person_id, user.is_active) == before
    assert user.name == "Ana"
    assert [grant.role.code for grant in user.role_grants.all()] == ["employee"]


def test_02_an_employee_changes_neither_pay_nor_file_over_the_api(company: Company) -> None:
    employee = people.hire(company, salary="3000.00")
    user = make_user(company, "employee", scope=Scope.OWN, person=employee.party)
    client = browser(user, company)
    for body in ({"salary": "9000.00"}, {"name": "Outro"}, {"is_active": False}):
        answer = api(client, "patch", f"hr/employees/{employee.pk}/", body, if_match="*")
        assert answer.status_code == 403
    assert [str(terms.salary) for terms in ContractTerms.objects.all()] == ["3000.00"]
    employee.party.refresh_from_db()
    assert employee.party.name != "Outro"


def test_02_fields_that_a_command_does_not_know_are_refused(company: Company) -> None:
    administrator = make_user(company, "administrator")
    user = make_user(company, "employee", scope=Scope.OWN)
    answer = api(
        browser(administrator, company),
        "patch",
        f"backoffice/users/{user.pk}/",
        {"is_active": False, "password": "uma senha bem comprida"},
        if_match="*",
    )
    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.is_active
    assert user.check_password(identity.PASSWORD)


@pytest.mark.parametrize(
    "query",
    [
        "ordering=salary",
        "sort=party__tax_id",
        "filter=employee__cpf",
        "fields=salary",
        "party__tax_id=1",
    ],
)
def test_03_hidden_fields_cannot_be_guessed_by_sorting_or_filtering(
    company: Company, query: Any
) -> None:
    people.hire(company)
    lead = make_user(company, "manager", scope=Scope.TEAM, person=make_person())
    assert api(browser(lead, company), "get", f"hr/employees/?{query}").status_code == 400


def test_09_a_transferred_person_is_out_of_the_former_managers_sight_at_once(
    company: Company,
) -> None:
    chief = people.hire(company)
    worker = people.hire(company, manager_person_id=chief.party_id)
    user = make_user(company, "manager", scope=Scope.TEAM, person=chief.party)
    client = browser(user, company)
    page, data = f"/hr/employees/{worker.pk}/", f"hr/employees/{worker.pk}/"
    assert client.get(page).status_code == 200
    assert api(client, "get", data).status_code == 200

    (placement,) = people_placements(worker)
    placement.valid_to = timezone.localdate() - dt.timedelta(days=1)
    placement.save()
    assert client.get(page).status_code == 404
    assert api(client, "get", data).status_code == 404
    listed = api(client, "get", "hr/employees/").json()["results"]
    assert [row["id"] for row in listed] == [chief.pk]


def people_placements(employee: Employee) -> list[Placement]:
    return list(Placement.objects.filter(person_id=employee.party_id))


def test_20_an_it_agent_reads_no_hr_records_and_takes_over_no_account(company: Company) -> None:
    employee = people.hire(company)
    victim = make_user(company, "administrator")
    client = browser(make_user(company, "it_agent"), company)
    for address in ("/hr/employees/", f"/hr/employees/{employee.pk}/", "/hr/payslips/"):
        assert client.get(address).status_code == 403, address
    for address in ("edit/", "do/deactivate/"):
        answer = client.post(
            f"/backoffice/users/{victim.pk}/{address}",
            {"email": "agente@example.com", "name": "Agente", "cpf": ""},
        )
        assert answer.status_code == 403
    before = victim.email
    victim.refresh_from_db()
    assert (victim.email, victim.is_active) == (before, True)


def test_22_nobody_acts_for_another_person_through_a_request(company: Company) -> None:
    """There is no impersonation; a claimed identity in a request is not read."""
    user, boss = make_user(company, "employee", scope=Scope.OWN), make_user(company, "owner")
    client = browser(user, company)
    for claim in ({"x-user": boss.pk}, {"x-on-behalf-of": boss.pk}, {"x-company-id": "1"}):
        headers = {name: str(value) for name, value in claim.items()}
        assert client.get("/backoffice/users/", headers=headers).status_code == 403
    client.post(f"/account/?on_behalf_of_id={boss.pk}", {"name": "Ana", "on_behalf_of_id": boss.pk})
    event = Event.objects.get(action="backoffice.account.edited")
    assert (event.actor_id, event.on_behalf_of_id) == (user.pk, None)


def test_23_there_are_no_superusers() -> None:
    assert not hasattr(User(), "is_superuser")
    with pytest.raises(Exception, match="create_superuser"):
        call_command(
            "createsuperuser", email="x@example.com", name="X", interactive=False, verbosity=0
        )
    assert not User.objects.exists()


def test_23_no_role_of_an_administrator_opens_a_payslip_in_the_administration(
    company: Company,
) -> None:
    client = browser(make_user(company, "administrator"), company)
    index = client.get("/admin/").content.decode()
    assert "/admin/hr/payslip/" not in index
    assert client.get("/admin/hr/payslip/").status_code in {403, 404}


def test_25_a_reading_token_changes_nothing_and_reads_only_its_company(company: Company) -> None:
    other = people.make_company()
    owner = make_user(company, "owner")
    identity.grant(other, owner, "owner")
    mine, theirs = people.hire(company), people.hire(other)
    client = token_client(owner, company, "hr.employee.view")
    listed = api(client, "get", "hr/employees/").json()["results"]
    assert [row["id"] for row in listed] == [mine.pk]
    assert api(client, "get", f"hr/employees/{theirs.pk}/").status_code == 404
    assert api(client, "post", "hr/employees/", {}).status_code == 403
    answer = api(client, "patch", f"hr/employees/{mine.pk}/", {}, if_match="*")
    assert answer.status_code == 403
    assert Employee.objects.count() == 2


def test_25_a_token_without_the_right_to_pay_sees_no_pay(company: Company) -> None:
    people.hire(company, salary="3210.00")
    owner = make_user(company, "owner")
    client = token_client(owner, company, "hr.employee.view")
    assert "3210" not in api(client, "get", "hr/employees/").content.decode()
    seeing = token_client(owner, company, "hr.employee.view", "hr.employee.view_pay")
    assert "3210.00" in api(seeing, "get", "hr/employees/").content.decode()


def test_25_a_token_opens_no_page_and_makes_no_token(company: Company) -> None:
    owner = make_user(company, "owner")
    client = token_client(owner, company, "hr.employee.view", "backoffice.user.view")
    for address in ("/", "/hr/employees/", "/account/", "/account/tokens/new/", "/admin/"):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/account/login/"), address
    assert ApiToken.objects.count() == 1


def test_25_a_token_never_exceeds_the_owners_rights_of_the_moment(company: Company) -> None:
    owner, user = make_user(company, "owner"), make_user()
    held = identity.grant(company, user, "hr_analyst")
    identity.grant(company, user, "employee", scope=Scope.OWN)
    client = token_client(user, company, "hr.employee.view", "hr.contract.view")
    assert api(client, "get", "hr/contracts/").status_code == 200
    services.end_role(acting_as(owner, company), role_grant_id=held.pk)
    assert api(client, "get", "hr/contracts/").status_code == 403


def test_27_a_page_is_never_as_long_as_the_client_likes(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    for limit in ("1000000000", "0", "-1", "abc", "1e9", "٣"):
        assert api(client, "get", f"hr/employees/?limit={limit}").status_code == 400, limit


def test_nobody_raises_themselves_by_any_door(company: Company) -> None:
    administrator = make_user(company, "administrator")
    client = browser(administrator, company)
    owner_role = identity.role("owner").pk
    form = {"user": administrator.pk, "role": owner_role, "scope": Scope.COMPANY.value}
    assert client.post("/backoffice/role-grants/new/", form).status_code == 422
    answer = api(client, "post", "backoffice/role-grants/", {**form, "scope": "4"})
    assert answer.status_code == 422
    own = RoleGrant.objects.get(user=administrator)
    for answer in (
        client.post(f"/backoffice/role-grants/{own.pk}/do/end/"),
        client.post(f"/backoffice/users/{administrator.pk}/do/deactivate/"),
        api(client, "post", f"backoffice/users/{administrator.pk}/deactivate/", {}),
    ):
        assert answer.status_code in {403, 409}
    assert RoleGrant.objects.filter(user=administrator, ended_at=None).count() == 1
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_role_given_over_http_counts_at_the_next_click(company: Company) -> None:
    administrator = make_user(company, "administrator")
    user = make_user(company, "employee", scope=Scope.OWN)
    theirs = browser(user, company)
    assert theirs.get("/hr/employees/new/").status_code == 403
    form = {"user": user.pk, "role": identity.role("hr_analyst").pk, "scope": Scope.COMPANY.value}
    answer = browser(administrator, company).post("/backoffice/role-grants/new/", form)
    assert answer.status_code == 302
    assert theirs.get("/hr/employees/new/").status_code == 200
    grant = RoleGrant.objects.get(user=user, role__code="hr_analyst")
    answer = browser(administrator, company).post(f"/backoffice/role-grants/{grant.pk}/do/end/")
    assert answer.status_code == 302
    assert theirs.get("/hr/employees/new/").status_code == 403


def test_a_closed_account_is_out_with_its_next_click(company: Company) -> None:
    administrator, user = make_user(company, "administrator"), make_user(company, "hr_analyst")
    client = browser(user, company)
    assert client.get("/hr/employees/").status_code == 200
    browser(administrator, company).post(f"/backoffice/users/{user.pk}/do/deactivate/")
    assert client.get("/hr/employees/")["Location"].startswith("/account/login/")


def test_pages_of_people_who_are_logged_in_are_not_kept_by_caches(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    for address in ("/account/", "/hr/employees/", "/backoffice/users/", "/"):
        answer = client.get(address)
        control = answer.headers.get("Cache-Control", "")
        assert "public" not in control
        assert "no-store" in control or "Cookie" in answer.headers.get("Vary", ""), address
