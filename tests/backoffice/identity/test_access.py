import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.identity import services
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import (
    access_of,
    companies_of,
    in_scope,
    team_of,
    users_visible_to,
)
from backoffice.organization.models import Company, Placement
from tests.factories.identity import (
    AT,
    LONG_AGO,
    access,
    acting_as,
    grant,
    make_branch,
    make_person,
    make_user,
    place,
)
from tests.factories.people import make_company, system

pytestmark = pytest.mark.django_db
VIEW = "backoffice.user.view"
TODAY = AT.date()


def people_in_scope(user: User, company: Company, permission: str = VIEW) -> Any:
    rows = in_scope(Placement.objects.all(), access(user, company), permission, person="person_id")
    return set(rows.values_list("person_id", flat=True))


def test_rights_are_read_in_one_statement() -> None:
    company = make_company()
    user = make_user(company, "administrator")
    grant(company, user, "employee", scope=Scope.OWN)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        held = access(user, company)
    assert len(queries) == 1
    assert held.can("backoffice.role_grant.assign")


def test_a_role_counts_only_in_its_company() -> None:
    company, other = make_company(), make_company()
    user = make_user(company, "administrator")
    assert access(user, company).can(VIEW)
    elsewhere = access(user, other)
    assert not elsewhere.can(VIEW)
    assert elsewhere.company_id == 0
    assert list(companies_of(user, TODAY)) == [company]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        (dt.date(2026, 11, 20), None, True),
        (dt.date(2026, 11, 21), None, False),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 20), True),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 19), False),
    ],
)
def test_a_role_counts_from_its_first_to_its_last_day(
    valid_from: dt.date, valid_to: dt.date, counts: Any
) -> None:
    company = make_company()
    user = make_user()
    grant(company, user, "administrator", valid_from=valid_from, valid_to=valid_to)
    assert access(user, company, TODAY).can(VIEW) is counts


def test_a_role_taken_away_stops_counting_at_once() -> None:
    company = make_company()
    administrator, user = make_user(company, "owner"), make_user()
    held = grant(company, user, "administrator")
    assert access(user, company).can(VIEW)
    services.end_role(acting_as(administrator, company), role_grant_id=held.pk)
    assert not access(user, company).can(VIEW)


def test_a_closed_account_may_do_nothing_at_all() -> None:
    company = make_company()
    administrator, user = make_user(company, "owner"), make_user(company, "administrator")
    services.deactivate_user(acting_as(administrator, company), user_id=user.pk)
    user.refresh_from_db()
    assert dict(access_of(user, company.pk, TODAY).grants) == {}


def test_every_account_may_keep_itself_even_without_a_role() -> None:
    held = access_of(make_user(), None, TODAY)
    assert held.scope("backoffice.account.edit") is Scope.OWN
    assert held.company_id == 0


def test_own_scope_reaches_the_person_and_nobody_else() -> None:
    company = make_company()
    mine, other = make_person(), make_person()
    place(mine, company), place(other, company)
    user = make_user(company, "administrator", scope=Scope.OWN, person=mine)
    assert people_in_scope(user, company) == {mine.pk}


def test_team_scope_reaches_all_levels_below_and_oneself_and_ends_with_the_transfer() -> None:
    company = make_company()
    chief, lead, worker, stranger = (make_person() for _ in range(4))
    place(chief, company)
    place(lead, company, manager=chief)
    before = place(worker, company, manager=lead)
    place(stranger, company)
    user = make_user(company, "administrator", scope=Scope.TEAM, person=chief)
    assert people_in_scope(user, company) == {chief.pk, lead.pk, worker.pk}

    before.valid_to = TODAY - dt.timedelta(days=1)
    before.save()
    place(worker, company, manager=stranger, valid_from=TODAY)
    assert people_in_scope(user, company) == {chief.pk, lead.pk}


def test_the_team_is_read_once_for_each_request_and_only_when_needed() -> None:
    company = make_company()
    chief = make_person()
    place(make_person(), company, manager=chief)
    user = make_user(company, "administrator", scope=Scope.TEAM, person=chief)
    held = access(user, company)
    assert held.memo == {}
    with CaptureQueriesContext(connection) as queries:
        assert team_of(held) == team_of(held)
    assert len(queries) == 1


def test_branch_scope_reaches_whoever_is_placed_there_today() -> None:
    company = make_company()
    branch, other = make_branch(company), make_branch(company)
    here, there, gone, future = (make_person() for _ in range(4))
    place(here, company, branch=branch)
    place(there, company, branch=other)
    place(gone, company, branch=branch, valid_to=TODAY - dt.timedelta(days=1))
    place(future, company, branch=branch, valid_from=TODAY + dt.timedelta(days=1))
    user = make_user(company, "administrator", scope=Scope.BRANCH, branch=branch)
    assert people_in_scope(user, company) == {here.pk}


def test_company_scope_reaches_everybody_of_the_company_and_nobody_of_another() -> None:
    company, other = make_company(), make_company()
    person = make_person()
    place(person, company)
    place(make_person(), other)
    user = make_user(company, "administrator")
    assert people_in_scope(user, company) == {person.pk}


def test_rows_that_are_nobodys_need_the_whole_company() -> None:
    company = make_company()
    place(make_person(), company)
    lead = make_user(company, "administrator", scope=Scope.TEAM, person=make_person())
    owner = make_user(company, "owner")
    assert not in_scope(Placement.objects.all(), access(lead, company), VIEW).exists()
    assert in_scope(Placement.objects.all(), access(owner, company), VIEW).count() == 1


def test_without_the_permission_no_row_is_reached() -> None:
    company = make_company()
    person = make_person()
    place(person, company)
    user = make_user(company, "employee", scope=Scope.OWN, person=person)
    assert people_in_scope(user, company, VIEW) == set()


def test_a_token_loses_what_its_owner_loses() -> None:
    from backoffice.identity.models import ApiToken
    from backoffice.identity.selectors import access_of_token, usable_token
    from tests.factories.identity import make_token

    company = make_company()
    owner, user = make_user(company, "owner"), make_user()
    held = grant(company, user, "administrator")
    grant(company, user, "employee", scope=Scope.OWN)
    fresh = make_token(user, company, [VIEW, "backoffice.branch.create"])
    token = usable_token(fresh.secret, AT)
    assert token is not None
    assert set(access_of_token(token, TODAY).grants) == {VIEW, "backoffice.branch.create"}
    services.end_role(acting_as(owner, company), role_grant_id=held.pk)
    assert set(access_of_token(token, TODAY).grants) == set()
    assert ApiToken.objects.get().scopes == ["backoffice.branch.create", VIEW]


def test_users_of_another_company_are_invisible() -> None:
    company, other = make_company(), make_company()
    mine, theirs = make_user(company, "owner"), make_user(other, "owner")
    seen = users_visible_to(access(mine, company))
    assert set(seen) == {mine}
    assert theirs not in seen
    assert system(company).company_id == company.pk
    assert LONG_AGO < TODAY
