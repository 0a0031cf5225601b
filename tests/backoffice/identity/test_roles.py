import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import services
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from tests.factories.identity import (
    AT,
    access,
    acting_as,
    browser,
    grant,
    make_branch,
    make_user,
    role,
)
from tests.factories.people import make_company, system
from tests.harness.threads import ROUNDS, THREADS, Racers

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def assign(ctx: Context, user: User, code: str = "employee", **over: Any) -> RoleGrant:
    given = {"role_id": role(code).pk, "scope": Scope.OWN} | over
    return services.assign_role(ctx, user_id=user.pk, **given)


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def administrator(company: Company) -> User:
    return make_user(company, "administrator")


def test_a_role_that_is_given_counts_at_once_and_leaves_an_event(
    company: Company, administrator: User
) -> None:
    user = make_user(company, "employee", scope=Scope.OWN)
    held = assign(acting_as(administrator, company), user, "hr_manager", scope=Scope.COMPANY)
    assert access(user, company).can("backoffice.user.view")
    event = Event.objects.get(action="backoffice.role_grant.assigned", target_id=held.pk)
    assert event.actor_id == administrator.pk
    assert event.company_id == company.pk
    assert event.data == {
        "user_id": user.pk,
        "role": "hr_manager",
        "scope": "company",
        "branch_id": None,
        "valid_from": TODAY.isoformat(),
        "valid_to": None,
    }


def test_nobody_gives_themselves_a_role(company: Company, administrator: User) -> None:
    with pytest.raises(NotAllowed) as refusal:
        assign(acting_as(administrator, company), administrator, "owner", scope=Scope.COMPANY)
    assert refusal.value.code == "own_roles"
    assert RoleGrant.objects.filter(user=administrator).count() == 1


def test_nobody_without_the_right_gives_roles(company: Company) -> None:
    analyst, user = make_user(company, "hr_manager"), make_user(company, "employee")
    with pytest.raises(NotAllowed) as refusal:
        assign(acting_as(analyst, company), user, "owner")
    assert refusal.value.code == "permission_denied"
    assert RoleGrant.objects.filter(user=user).count() == 1


def test_people_of_companies_that_one_does_not_administer_are_invisible(
    company: Company, administrator: User
) -> None:
    stranger = make_user(make_company(), "owner")
    with pytest.raises(NotFound):
        assign(acting_as(administrator, company), stranger)
    assert not RoleGrant.objects.filter(user=stranger, company=company).exists()


def test_who_administers_two_companies_brings_people_from_one_to_the_other(
    company: Company, administrator: User
) -> None:
    second = make_company()
    grant(second, administrator, "administrator")
    user = make_user(second, "employee")
    assign(acting_as(administrator, company), user)
    assert access(user, company).company_id == company.pk


def test_the_same_role_is_not_held_twice_on_one_day(company: Company, administrator: User) -> None:
    user = make_user(company, "employee", scope=Scope.OWN)
    with pytest.raises(InvalidInput) as refusal:
        assign(acting_as(administrator, company), user, scope=Scope.TEAM)
    assert refusal.value.code == "role_held"
    assert set(refusal.value.fields) == {"role_id"}


def test_the_same_role_may_be_held_for_two_branches(company: Company, administrator: User) -> None:
    user = make_user(company, "employee", scope=Scope.OWN)
    ctx = acting_as(administrator, company)
    for _ in range(2):
        branch = make_branch(company)
        assign(ctx, user, "hr_manager", scope=Scope.BRANCH, branch_id=branch.pk)
    assert len(access(user, company).branches["backoffice.user.view"]) == 2


def test_a_role_can_be_given_again_after_it_ended(company: Company, administrator: User) -> None:
    user = make_user(company, "employee", scope=Scope.OWN)
    held = RoleGrant.objects.get(user=user)
    ctx = acting_as(administrator, company)
    services.end_role(ctx, role_grant_id=held.pk)
    again = assign(ctx, user)
    assert again.pk != held.pk
    assert access(user, company).can("backoffice.account.edit")


@pytest.mark.parametrize(
    ("over", "field", "code"),
    [
        ({"scope": Scope.BRANCH}, "branch_id", "branch_iff_scope"),
        ({"scope": 9}, "scope", "no_such_scope"),
        ({"role_id": 0}, "role_id", "no_such_role"),
        ({"valid_from": TODAY - dt.timedelta(days=1)}, "valid_from", "in_the_past"),
        ({"valid_to": TODAY - dt.timedelta(days=1)}, "valid_to", "dates_out_of_order"),
    ],
)
def test_a_role_that_does_not_fit_is_refused_at_its_field(
    company: Company, administrator: User, over: Any, field: str, code: str
) -> None:
    user = make_user(company, "auditor")
    with pytest.raises(InvalidInput) as refusal:
        assign(acting_as(administrator, company), user, **over)
    assert (refusal.value.code, set(refusal.value.fields)) == (code, {field})
    assert RoleGrant.objects.filter(user=user).count() == 1


def test_a_branch_of_another_company_is_refused(company: Company, administrator: User) -> None:
    user, foreign = make_user(company, "auditor"), make_branch(make_company())
    with pytest.raises(InvalidInput) as refusal:
        assign(acting_as(administrator, company), user, scope=Scope.BRANCH, branch_id=foreign.pk)
    assert refusal.value.code == "no_such_branch"


def test_the_last_administrator_cannot_be_removed_by_any_way(company: Company) -> None:
    first, second = make_user(company, "administrator"), make_user(company, "administrator")
    ctx = acting_as(first, company)
    services.end_role(ctx, role_grant_id=RoleGrant.objects.get(user=second).pk)
    only = RoleGrant.objects.get(user=first)
    for attempt in (
        lambda: services.end_role(system(company), role_grant_id=only.pk),
        lambda: services.deactivate_user(system(company), user_id=first.pk),
    ):
        with pytest.raises(WrongState) as refusal:
            attempt()
        assert refusal.value.code == "last_administrator"
    first.refresh_from_db()
    assert first.is_active
    assert access(first, company).can("backoffice.role_grant.assign")


def test_an_administrator_for_a_time_does_not_count_as_the_last_one(
    company: Company, administrator: User
) -> None:
    other = make_user()
    grant(company, other, "administrator", valid_to=TODAY + dt.timedelta(days=30))
    with pytest.raises(WrongState):
        services.end_role(
            acting_as(other, company), role_grant_id=RoleGrant.objects.get(user=administrator).pk
        )


def test_even_the_last_administrator_for_a_time_stays(company: Company) -> None:
    only = grant(company, make_user(), "administrator", valid_to=TODAY + dt.timedelta(days=30))
    with pytest.raises(WrongState) as refusal:
        services.end_role(system(company), role_grant_id=only.pk)
    assert refusal.value.code == "last_administrator"


def test_who_administers_own_rows_only_is_no_administrator(
    company: Company, administrator: User
) -> None:
    """The role given by mistake for "own" neither gives roles nor counts as the one that remains."""
    weak = make_user(company, "administrator", scope=Scope.OWN)
    user = make_user(company, "employee", scope=Scope.OWN)
    ctx = acting_as(weak, company)
    held = RoleGrant.objects.get(user=user)
    for attempt in (
        lambda: assign(ctx, user, "owner"),
        lambda: services.end_role(ctx, role_grant_id=held.pk),
        lambda: services.deactivate_user(ctx, user_id=user.pk),
        lambda: services.create_user(
            ctx, email="novo@example.com", name="Novo", role_id=role("owner").pk, scope=4
        ),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            attempt()
    assert RoleGrant.objects.filter(user=user, ended_at=None).count() == 1
    with pytest.raises(WrongState):
        services.end_role(
            system(company), role_grant_id=RoleGrant.objects.get(user=administrator).pk
        )


def test_a_role_ends_once(company: Company, administrator: User) -> None:
    held = RoleGrant.objects.get(user=make_user(company, "employee"))
    ctx = acting_as(administrator, company)
    services.end_role(ctx, role_grant_id=held.pk)
    with pytest.raises(WrongState) as refusal:
        services.end_role(ctx, role_grant_id=held.pk)
    assert refusal.value.code == "already_ended"
    assert Event.objects.filter(action="backoffice.role_grant.ended").count() == 1


def test_nobody_ends_their_own_role(company: Company, administrator: User) -> None:
    make_user(company, "administrator")
    with pytest.raises(NotAllowed):
        services.end_role(
            acting_as(administrator, company),
            role_grant_id=RoleGrant.objects.get(user=administrator).pk,
        )


def test_roles_of_another_company_are_not_found(company: Company, administrator: User) -> None:
    theirs = RoleGrant.objects.get(user=make_user(make_company(), "owner"))
    with pytest.raises(NotFound):
        services.end_role(acting_as(administrator, company), role_grant_id=theirs.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": 0},
        {"role_id": 0},
        {"company_id": 0},
        {"scope": Scope.OWN},
        {"valid_from": TODAY},
    ],
)
def test_the_database_refuses_to_change_what_a_role_grant_says(
    company: Company, owner_cursor: psycopg.Cursor[Any], change: Any
) -> None:
    """The role `app` has no right to these columns at all, so the trigger is asked as owner."""
    held = grant(company, make_user(), "auditor")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        RoleGrant.objects.filter(pk=held.pk).update(**change)


def test_an_ended_role_never_comes_back(company: Company, administrator: User) -> None:
    held = RoleGrant.objects.get(user=make_user(company, "employee"))
    services.end_role(acting_as(administrator, company), role_grant_id=held.pk)
    with pytest.raises(IntegrityError, match="may only end"), transaction.atomic():
        RoleGrant.objects.filter(pk=held.pk).update(ended_at=None)


def test_role_grants_and_users_are_never_deleted(company: Company) -> None:
    held = grant(company, make_user(), "auditor")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        RoleGrant.objects.filter(pk=held.pk)._raw_delete("default")


def test_the_database_refuses_a_branch_of_another_company(company: Company) -> None:
    user, foreign = make_user(), make_branch(make_company())
    with pytest.raises(IntegrityError, match="same_company"), transaction.atomic():
        RoleGrant.objects.create(
            company=company,
            user=user,
            role=role("auditor"),
            scope=Scope.BRANCH,
            branch=foreign,
            valid_from=TODAY,
        )


def each_the_next(people: list[User]) -> list[tuple[User, User]]:
    """Everybody beside the next one, in a circle."""
    return list(zip(people, [*people[1:], people[0]], strict=True))


@pytest.mark.clone
@pytest.mark.races
def test_administrators_who_remove_each_other_at_once_leave_somebody() -> None:
    with Racers() as racers:
        for _ in range(ROUNDS // 20):
            company = make_company()
            people = [make_user(company, "administrator") for _ in range(THREADS)]
            held = {user.pk: RoleGrant.objects.get(user=user).pk for user in people}
            results = racers.race(
                [
                    partial(
                        services.end_role, acting_as(actor, company), role_grant_id=held[other.pk]
                    )
                    for actor, other in each_the_next(people)
                ]
            )
            left = RoleGrant.objects.filter(company=company, ended_at=None).count()
            assert left == len(refusals(results)) > 0


@pytest.mark.clone
@pytest.mark.races
def test_people_who_close_each_others_accounts_leave_somebody() -> None:
    with Racers() as racers:
        for _ in range(ROUNDS // 20):
            company = make_company()
            people = [make_user(company, "administrator") for _ in range(THREADS)]
            results = racers.race(
                [
                    partial(services.deactivate_user, acting_as(actor, company), user_id=other.pk)
                    for actor, other in each_the_next(people)
                ]
            )
            left = RoleGrant.objects.filter(company=company, user__is_active=True).count()
            assert left == len(refusals(results)) > 0


def refusals(results: Sequence[object]) -> list[str]:
    """Why some were refused: the last one is kept, or who asked was removed a moment before."""
    codes = [getattr(r, "code", repr(r)) for r in results if isinstance(r, Exception)]
    assert set(codes) <= {"last_administrator", "not_found", "scope_too_narrow", "roles_elsewhere"}
    return codes


def test_the_matrix_page_shows_every_role_and_permission(company: Company) -> None:
    page = browser(make_user(company, "administrator"), company).get("/backoffice/role-matrix/")
    assert page.status_code == 200
    matrix = page.context["matrix"]
    assert [each.code for each in matrix.roles][:2] == ["owner", "administrator"]
    rows = {row.name: row for _area, area_rows in matrix.areas for row in area_rows}
    assert "backoffice.account.edit" not in rows
    cells = {each.code: allowed for each, allowed in rows["backoffice.user.create"].cells}
    assert cells["owner"] is True
    assert cells["administrator"] is True
    assert cells["employee"] is False
    holders = {each.code: each.holders for each in matrix.roles}
    assert (holders["administrator"], holders["owner"]) == (1, 0)
