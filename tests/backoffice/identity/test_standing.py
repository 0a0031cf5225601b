"""Acting for another: delegations, and looking through somebody's eyes."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity import services
from backoffice.identity.models import Delegation, Impersonation, RoleGrant, User
from backoffice.identity.rules import Access, Scope, StandInKind
from backoffice.identity.selectors import (
    access_for,
    acting_by_delegation,
    acting_by_impersonation,
    effective_permissions,
)
from backoffice.organization.models import Company
from tests.factories.identity import (
    AT,
    access,
    acting_as,
    browser,
    delegate,
    grant,
    make_person,
    make_program,
    make_user,
)
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db
TODAY = AT.date()
CLOSE, VIEW = "hr.payroll_run.close", "hr.payroll_run.view"


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def giver(company: Company) -> User:
    return make_user(company, "hr_manager", person=make_person())


@pytest.fixture
def taker(company: Company) -> User:
    return make_user(company, "employee", scope=Scope.OWN, person=make_person())


def acting(taker: User, company: Company, row: Delegation, on: dt.date = TODAY) -> Access | None:
    return acting_by_delegation(access(taker, company, on), row.pk)


# --- delegation -----------------------------------------------------------------------------------


def test_a_stand_in_has_what_was_lent_and_nothing_else(
    company: Company, giver: User, taker: User
) -> None:
    row = delegate(giver, taker, company, CLOSE, VIEW)
    held = acting(taker, company, row)
    assert held is not None
    assert (held.user_id, held.person_id) == (taker.pk, giver.person_id)
    assert {name for name in held.grants if name.startswith("hr.")} == {CLOSE, VIEW}
    assert held.scope(CLOSE) is Scope.COMPANY
    assert held.can("backoffice.job.view")
    assert not held.can("backoffice.account.edit")
    assert held.stand_in is not None
    assert (held.stand_in.kind, held.stand_in.for_user_id) == (
        StandInKind.DELEGATION,
        giver.pk,
    )


def test_what_the_giver_loses_the_stand_in_loses(
    company: Company, giver: User, taker: User
) -> None:
    row = delegate(giver, taker, company, CLOSE)
    RoleGrant.objects.filter(user=giver).update(ended_at=AT)
    held = acting(taker, company, row)
    assert held is None or not held.can(CLOSE)


@pytest.mark.parametrize(("day", "works"), [(-1, False), (0, True), (14, True), (15, False)])
def test_it_counts_from_the_first_day_to_the_last(
    company: Company, giver: User, taker: User, day: int, works: bool
) -> None:
    row = delegate(giver, taker, company, CLOSE)
    found = acting(taker, company, row, TODAY + dt.timedelta(days=day))
    assert (found is not None) is works


def test_nobody_else_uses_it_and_it_ends_at_once(
    company: Company, giver: User, taker: User
) -> None:
    row = delegate(giver, taker, company, CLOSE)
    other = make_user(company, "employee")
    assert acting(other, company, row) is None
    with pytest.raises(NotFound):
        services.end_delegation(acting_as(other, company), delegation_id=row.pk)
    services.end_delegation(acting_as(taker, company), delegation_id=row.pk)
    assert acting(taker, company, row) is None
    with pytest.raises(WrongState):
        services.end_delegation(acting_as(giver, company), delegation_id=row.pk)


def test_closed_accounts_lend_and_take_nothing(company: Company, giver: User, taker: User) -> None:
    row = delegate(giver, taker, company, CLOSE)
    User.objects.filter(pk=giver.pk).update(is_active=False)
    assert acting(taker, company, row) is None


@pytest.mark.parametrize(
    "permission",
    ["backoffice.role_grant.assign", "hr.employee.nothing", "backoffice.account.edit"],
)
def test_nobody_lends_what_they_lack_or_what_is_never_lent(
    company: Company, taker: User, permission: str
) -> None:
    owner = make_user(company, "owner")
    with pytest.raises(InvalidInput) as refusal:
        delegate(owner, taker, company, permission)
    assert refusal.value.code == "not_lendable"
    analyst = make_user(company, "hr_analyst")
    with pytest.raises(InvalidInput):
        delegate(analyst, taker, company, CLOSE)


def test_what_one_may_do_for_oneself_only_stays_with_oneself(company: Company, taker: User) -> None:
    employee = make_user(company, "employee", scope=Scope.OWN, person=make_person())
    with pytest.raises(InvalidInput) as refusal:
        delegate(employee, taker, company, "hr.payslip.view")
    assert refusal.value.code == "not_lendable"


def test_bad_dates_and_people_are_refused(company: Company, giver: User, taker: User) -> None:
    day = dt.timedelta(days=1)
    for over, code in (
        ({"valid_from": TODAY - day}, "in_the_past"),
        ({"valid_to": TODAY - day}, "dates_out_of_order"),
        ({"valid_to": TODAY + 366 * day}, "too_long"),
        ({"reason": " "}, "reason_needed"),
        ({"taker_id": giver.pk}, "no_such_taker"),
        ({"taker_id": make_user(make_company(), "owner").pk}, "no_such_taker"),
        ({"taker_id": make_program(company, giver).pk}, "no_such_taker"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            delegate(giver, taker, company, CLOSE, **over)
        assert refusal.value.code == code
    with pytest.raises(InvalidInput):
        delegate(giver, taker, company)
    assert Delegation.objects.count() == 0


def test_an_administrator_names_a_stand_in_for_who_is_absent_but_not_themselves(
    company: Company, giver: User, taker: User
) -> None:
    administrator = make_user(company, "administrator")
    row = delegate(administrator, taker, company, CLOSE, giver_id=giver.pk)
    assert (row.giver_id, row.taker_id) == (giver.pk, taker.pk)
    with pytest.raises(InvalidInput):
        delegate(administrator, administrator, company, CLOSE, giver_id=giver.pk)
    with pytest.raises(NotAllowed):
        delegate(taker, make_user(company, "employee"), company, CLOSE, giver_id=giver.pk)


def test_a_stand_in_names_no_stand_in(company: Company, giver: User, taker: User) -> None:
    row = delegate(giver, taker, company, CLOSE)
    ctx = acting_as(taker, company, actor=acting(taker, company, row), on_behalf_of_id=giver.pk)
    with pytest.raises(NotAllowed):
        services.create_delegation(
            ctx,
            taker_id=make_user(company, "employee").pk,
            permissions=[CLOSE],
            valid_from=TODAY,
            valid_to=TODAY,
            reason="x",
        )


def test_acts_are_recorded_on_behalf_of_the_giver(
    company: Company, giver: User, taker: User
) -> None:
    today = timezone.localdate()
    administrator = make_user(company, "hr_manager", person=make_person())
    row = Delegation.objects.create(
        company=company,
        giver=administrator,
        taker=taker,
        permissions=["hr.job_title.create", "hr.job_title.view"],
        valid_from=today,
        valid_to=today,
        reason="Férias",
        created_at=AT,
    )
    client = browser(taker, company)
    assert client.get("/hr/job-titles/").status_code == 403
    assert client.post(f"/account/stand-ins/{row.pk}/act/").status_code == 302
    page = client.get("/hr/job-titles/")
    assert page.status_code == 200
    assert administrator.name in page.content.decode()
    assert client.get("/hr/employees/").status_code == 403
    assert client.get("/account/tokens/new/").status_code == 403
    assert client.post("/account/stand-ins/myself/").status_code == 302
    assert client.get("/hr/job-titles/").status_code == 403


def test_a_job_goes_on_with_what_was_lent(company: Company, giver: User, taker: User) -> None:
    row = delegate(giver, taker, company, CLOSE)
    held = access_for(taker, company.pk, TODAY, on_behalf_of_id=giver.pk)
    assert held.can(CLOSE)
    assert not access_for(taker, company.pk, TODAY, on_behalf_of_id=None).can(CLOSE)
    services.end_delegation(acting_as(giver, company), delegation_id=row.pk)
    assert not access_for(taker, company.pk, TODAY, on_behalf_of_id=giver.pk).can(CLOSE)


def test_a_delegation_never_changes_by_sql(company: Company, giver: User, taker: User) -> None:
    row = delegate(giver, taker, company, CLOSE)
    services.end_delegation(acting_as(giver, company), delegation_id=row.pk)
    with (
        pytest.raises(IntegrityError, match="has ended"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE backoffice_delegation SET ended_at = NULL WHERE id = %s", [row.pk])


# --- looking through another's eyes ---------------------------------------------------------------


def look(viewer: User, target: User, company: Company, **over: object) -> Impersonation:
    ctx = acting_as(viewer, company, **over)
    return services.begin_impersonation(ctx, user_id=target.pk, reason="chamado 4711")


def test_one_sees_what_the_other_sees_but_never_more_than_oneself(
    company: Company, giver: User
) -> None:
    viewer = make_user(company, "owner")
    target = make_user(company, "hr_analyst", person=make_person())
    row = look(viewer, target, company)
    held = acting_by_impersonation(access(viewer, company), row.pk, AT)
    assert held is not None
    assert held.can("hr.employee.view")
    assert not held.can("backoffice.user.view")
    for never in ("hr.payroll_run.close", "backoffice.user.create", "backoffice.account.edit"):
        assert not held.can(never)
    event = Event.objects.get(action="backoffice.user.impersonated")
    assert (event.actor_id, event.target_id) == (viewer.pk, target.pk)
    assert event.data["reason"] == "chamado 4711"


def test_an_administrator_sees_an_employees_pages_without_their_pay(company: Company) -> None:
    viewer = make_user(company, "administrator")
    target = make_user(company, "employee", scope=Scope.OWN, person=make_person())
    row = look(viewer, target, company)
    held = acting_by_impersonation(access(viewer, company), row.pk, AT)
    assert held is not None
    assert not held.can("hr.payslip.view")
    assert not held.can("hr.employee.view_pay")


def test_nobody_looks_as_somebody_with_more_rights(company: Company, giver: User) -> None:
    viewer = make_user(company, "administrator")
    with pytest.raises(NotAllowed) as refusal:
        look(viewer, giver, company)
    assert refusal.value.code == "more_rights"
    assert Impersonation.objects.count() == 0


def test_it_ends_when_the_other_gets_more_rights_and_after_an_hour(company: Company) -> None:
    viewer = make_user(company, "administrator")
    target = make_user(company, "it_agent")
    row = look(viewer, target, company)
    mine = access(viewer, company)
    assert acting_by_impersonation(mine, row.pk, AT) is not None
    assert acting_by_impersonation(mine, row.pk, AT + dt.timedelta(hours=1)) is None
    other = access(make_user(company, "administrator"), company)
    assert acting_by_impersonation(other, row.pk, AT) is None
    grant(company, target, "hr_manager")
    assert acting_by_impersonation(mine, row.pk, AT) is None


def test_who_may_not_and_what_is_missing_is_refused(company: Company, taker: User) -> None:
    viewer = make_user(company, "administrator")
    with pytest.raises(NotAllowed):
        look(taker, viewer, company)
    with pytest.raises(NotAllowed):
        look(viewer, viewer, company)
    with pytest.raises(NotAllowed):
        look(viewer, taker, company, on_behalf_of_id=taker.pk)
    with pytest.raises(NotFound):
        look(viewer, make_user(make_company(), "employee"), company)
    with pytest.raises(InvalidInput):
        services.begin_impersonation(acting_as(viewer, company), user_id=taker.pk, reason=" ")


def test_the_pages_carry_a_banner_and_both_names_are_recorded(company: Company) -> None:
    viewer, target = make_user(company, "owner"), make_user(company, "hr_analyst")
    client = browser(viewer, company)
    page = f"/backoffice/users/{target.pk}/look/"
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "chamado 4711"}).status_code == 302
    shown = client.get("/hr/employees/").content.decode()
    assert 'class="stand-in stand-in-look"' in shown
    assert target.name in shown
    assert client.get("/backoffice/users/").status_code == 403
    assert client.get(f"/backoffice/users/{target.pk}/look/").status_code == 403
    client.post("/account/stand-ins/myself/")
    assert Impersonation.objects.get().ended_at is not None
    assert client.get("/backoffice/users/").status_code == 200
    ended = Event.objects.get(action="backoffice.user.impersonation_ended")
    assert (ended.actor_id, ended.on_behalf_of_id) in {(viewer.pk, target.pk), (viewer.pk, None)}


# --- why ------------------------------------------------------------------------------------------


def test_each_right_names_its_roles_and_delegations(
    company: Company, giver: User, taker: User
) -> None:
    delegate(giver, taker, company, CLOSE)
    grant(company, taker, "hr_analyst")
    rights = {
        right.name: right
        for _area, rows in effective_permissions(taker, company.pk, TODAY)
        for right in rows
    }
    close = rights[CLOSE]
    assert close.guarded
    assert [(s.label, s.by_delegation) for s in close.sources] == [(giver.name, True)]
    pay = rights["hr.employee.view_pay"].sources
    assert len(pay) == 2
    assert not any(source.by_delegation for source in pay)
    assert "hr.payroll_run.approve" not in rights
    administrator = browser(make_user(company, "administrator"), company)
    shown = administrator.get(f"/backoffice/users/{taker.pk}/rights/").content.decode()
    assert shown.count("card-title-cell") > 10
