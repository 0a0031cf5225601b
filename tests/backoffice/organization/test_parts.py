"""Departments in a tree, parts that close or are merged, and what the database refuses."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.organization import services
from backoffice.organization.models import Company, CostCenter, Department, Placement
from backoffice.organization.selectors import subtree_ids
from tests.factories import identity
from tests.factories.people import cnpj, make_company, system
from tests.harness.threads import race

pytestmark = pytest.mark.django_db

JULY = dt.date(2026, 7, 1)


@pytest.fixture
def company() -> Company:
    return make_company()


def department(company: Company, code: str, parent: Department | None = None) -> Any:
    return services.create_department(
        system(company), code=code, name=f"Setor {code}", parent_id=parent.pk if parent else None
    )


def move(company: Company, one: Department, under: Department | None) -> Any:
    return services.change_department(
        system(company),
        department_id=one.pk,
        code=one.code,
        name=one.name,
        parent_id=under.pk if under else None,
    )


def places(company: Company, **over: Any) -> Any:
    rows = Placement.objects.filter(company=company, **over).order_by("valid_from", "pk")
    return list(rows.values_list("department__code", "valid_from", "valid_to"))


def test_departments_form_a_tree(company: Company) -> None:
    top = department(company, "A")
    middle = department(company, "B", top)
    leaf = department(company, "C", middle)
    assert subtree_ids(company.pk, top.pk) == {top.pk, middle.pk, leaf.pk}
    assert subtree_ids(company.pk, leaf.pk) == {leaf.pk}


def test_a_department_never_stands_below_itself(company: Company) -> None:
    top = department(company, "A")
    leaf = department(company, "C", department(company, "B", top))
    with pytest.raises(InvalidInput) as refusal:
        move(company, top, leaf)
    assert refusal.value.code == "department_circle"
    top.refresh_from_db()
    assert top.parent_id is None


def test_the_database_refuses_a_circle_by_itself(company: Company) -> None:
    top = department(company, "A")
    leaf = department(company, "C", department(company, "B", top))
    with pytest.raises(IntegrityError, match="below itself"), transaction.atomic():
        Department.objects.filter(pk=top.pk).update(parent=leaf)


@pytest.mark.clone
def test_sixteen_moves_at_once_never_close_a_circle() -> None:
    company = make_company()
    ring = [department(company, str(number)) for number in range(16)]

    def below_the_next(number: int) -> Any:
        return lambda: move(company, ring[number], ring[(number + 1) % 16]).pk

    results = race([below_the_next(number) for number in range(16)])
    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], InvalidInput)
    assert Department.objects.filter(company=company, parent=None, code__in=range(16)).count() == 1


@pytest.mark.clone
def test_sixteen_writers_without_the_service_never_close_a_circle() -> None:
    company = make_company()
    ring = [department(company, str(number)) for number in range(16)]

    def below_the_next(number: int) -> Any:
        def act() -> Any:
            with transaction.atomic():
                target = ring[(number + 1) % 16]
                return Department.objects.filter(pk=ring[number].pk).update(parent=target)

        return act

    results = race([below_the_next(number) for number in range(16)])
    assert sum(isinstance(each, IntegrityError) for each in results) == 1
    assert sum(each == 1 for each in results) == 15


def test_the_parent_belongs_to_the_same_company(company: Company) -> None:
    other = department(make_company(), "X")
    with pytest.raises(NotFound):
        services.create_department(system(company), code="A", name="A", parent_id=other.pk)
    mine = department(company, "B")
    with pytest.raises(NotFound):
        move(company, mine, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(pk=mine.pk).update(parent=other)


def test_a_part_with_people_is_not_closed_before_they_leave(company: Company) -> None:
    person = identity.make_person()
    place = identity.place(person, company)
    for close, key in (
        (services.close_branch, {"branch_id": place.branch_id}),
        (services.close_department, {"department_id": place.department_id}),
        (services.close_cost_center, {"cost_center_id": place.cost_center_id}),
    ):
        with pytest.raises(InvalidInput) as refusal:
            close(system(company), closed_on=JULY, **key)
        assert refusal.value.code == "still_in_use"
    Placement.objects.filter(pk=place.pk).update(valid_to=JULY)
    assert (
        services.close_branch(system(company), branch_id=place.branch_id, closed_on=JULY).closed_on
        == JULY
    )


def test_nobody_is_placed_in_a_part_after_its_last_day(company: Company) -> None:
    old = department(company, "OLD")
    services.close_department(system(company), department_id=old.pk, closed_on=JULY)
    place = identity.place(identity.make_person(), company)
    where = services.Place(branch_id=place.branch_id, department_id=old.pk)
    ctx = system(company)
    moved = {"person_id": place.person_id, "employment_id": place.employment_id, "place": where}
    from tests.backoffice.organization.acting import inside

    with pytest.raises(InvalidInput) as refusal:
        inside(ctx, services.place_person, **moved, valid_from=dt.date(2026, 6, 1))
    assert refusal.value.code == "part_closed"
    assert places(company, person_id=place.person_id) == [("ADM", identity.LONG_AGO, None)]


def test_a_closed_part_is_opened_again_once(company: Company) -> None:
    made = department(company, "A")
    services.close_department(system(company), department_id=made.pk, closed_on=JULY)
    with pytest.raises(WrongState):
        services.close_department(system(company), department_id=made.pk, closed_on=JULY)
    again = services.reopen_department(system(company), department_id=made.pk)
    assert again.closed_on is None
    with pytest.raises(WrongState):
        services.reopen_department(system(company), department_id=made.pk)
    branch = identity.make_branch(company)
    services.close_branch(system(company), branch_id=branch.pk, closed_on=JULY)
    services.reopen_branch(system(company), branch_id=branch.pk)
    center = CostCenter.objects.get(company=company)
    services.close_cost_center(system(company), cost_center_id=center.pk, closed_on=JULY)
    services.reopen_cost_center(system(company), cost_center_id=center.pk)
    actions = list(Event.objects.order_by("pk").values_list("action", flat=True))[-2:]
    assert actions == ["backoffice.cost_center.closed", "backoffice.cost_center.reopened"]


def test_what_stands_below_ends_with_it(company: Company) -> None:
    top = department(company, "A")
    below = department(company, "B", top)
    with pytest.raises(InvalidInput) as refusal:
        services.close_department(system(company), department_id=top.pk, closed_on=JULY)
    assert refusal.value.code == "open_below"
    with pytest.raises(IntegrityError, match="outlives"), transaction.atomic():
        Department.objects.filter(pk=top.pk).update(closed_on=JULY)
    services.close_department(system(company), department_id=below.pk, closed_on=JULY)
    services.close_department(system(company), department_id=top.pk, closed_on=JULY)
    with pytest.raises(WrongState):
        services.reopen_department(system(company), department_id=below.pk)
    with pytest.raises(InvalidInput) as refusal:
        department(company, "C", top)
    assert refusal.value.code == "parent_closed"


def test_merging_moves_the_people_from_a_day_on_and_keeps_the_days_before(company: Company) -> None:
    old, new = department(company, "OLD"), department(company, "NEW")
    below = department(company, "SUB", old)
    running = identity.place(identity.make_person(), company)
    coming = identity.place(identity.make_person(), company, valid_from=dt.date(2026, 9, 1))
    gone = identity.place(identity.make_person(), company, valid_to=dt.date(2026, 1, 31))
    Placement.objects.filter(company=company).update(department=old)
    services.merge_department(system(company), department_id=old.pk, into_id=new.pk, merged_on=JULY)
    assert places(company, person_id=running.person_id) == [
        ("OLD", identity.LONG_AGO, dt.date(2026, 6, 30)),
        ("NEW", JULY, None),
    ]
    assert places(company, person_id=coming.person_id) == [("NEW", dt.date(2026, 9, 1), None)]
    assert places(company, person_id=gone.person_id) == [
        ("OLD", identity.LONG_AGO, dt.date(2026, 1, 31))
    ]
    old.refresh_from_db()
    assert (old.closed_on, old.merged_into) == (dt.date(2026, 6, 30), new)
    below.refresh_from_db()
    assert below.parent == new
    event = Event.objects.get(action="backoffice.department.merged")
    assert event.data["people"] == 2


def test_merging_a_cost_center(company: Company) -> None:
    old = CostCenter.objects.get(company=company)
    new = services.create_cost_center(system(company), code="200", name="Novo")
    place = identity.place(identity.make_person(), company)
    services.merge_cost_center(
        system(company), cost_center_id=old.pk, into_id=new.pk, merged_on=JULY
    )
    after = Placement.objects.get(person_id=place.person_id, valid_to=None)
    assert (after.cost_center, after.valid_from) == (new, JULY)
    with pytest.raises(WrongState):
        services.merge_cost_center(
            system(company), cost_center_id=old.pk, into_id=new.pk, merged_on=JULY
        )


def test_what_cannot_be_merged(company: Company) -> None:
    top = department(company, "A")
    below = department(company, "B", top)
    elsewhere = department(make_company(), "X")
    for into, error in ((top, InvalidInput), (below, InvalidInput), (elsewhere, NotFound)):
        with pytest.raises(error):
            services.merge_department(
                system(company), department_id=top.pk, into_id=into.pk, merged_on=JULY
            )
    top.refresh_from_db()
    assert (top.closed_on, top.merged_into) == (None, None)


def test_merging_takes_the_same_number_of_statements_for_any_number_of_people(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    old, new = department(company, "OLD"), department(company, "NEW")
    for _ in range(30):
        identity.place(identity.make_person(), company)
    Placement.objects.filter(company=company).update(department=old)
    with django_assert_max_num_queries(24):
        services.merge_department(
            system(company), department_id=old.pk, into_id=new.pk, merged_on=JULY
        )


@pytest.mark.clone
def test_closing_races_with_somebody_who_gets_a_place_there() -> None:
    from tests.backoffice.organization.acting import inside

    for _round in range(4):
        company = make_company()
        target = department(company, "T")
        waiting = [identity.place(identity.make_person(), company) for _ in range(8)]

        def come(place: Any, company: Company = company, target: Any = target) -> Any:
            where = services.Place(branch_id=place.branch_id, department_id=target.pk)
            return lambda: (
                inside(
                    system(company),
                    services.place_person,
                    person_id=place.person_id,
                    employment_id=place.employment_id,
                    place=where,
                    valid_from=JULY,
                ).pk
            )

        def close(company: Company = company, target: Any = target) -> Any:
            return lambda: (
                services.close_department(
                    system(company), department_id=target.pk, closed_on=dt.date(2026, 8, 1)
                ).pk
            )

        results = race([*(come(place) for place in waiting), *(close() for _ in range(2))])
        target.refresh_from_db()
        inside_after = Placement.objects.filter(department=target, valid_to=None).count()
        assert (target.closed_on is None) or inside_after == 0
        refusals = [each for each in results if isinstance(each, Exception)]
        assert all(isinstance(each, InvalidInput | WrongState) for each in refusals), refusals


def test_a_code_or_cnpj_in_use_is_refused_with_its_field(company: Company) -> None:
    department(company, "A")
    with pytest.raises(InvalidInput) as refusal:
        department(company, "A")
    assert list(refusal.value.fields) == ["code"]
    department(make_company(), "A")  # another company may have it
    taken = identity.make_branch(company)
    with pytest.raises(InvalidInput) as refusal:
        services.create_branch(
            system(company), code="X", name="X", cnpj=taken.cnpj, municipality="Santos", state="SP"
        )
    assert list(refusal.value.fields) == ["cnpj"]


def test_a_branch_works_by_a_calendar_of_its_own_company(company: Company) -> None:
    theirs = services.create_work_calendar(system(make_company()), code="X", name="X")
    with pytest.raises(NotFound):
        services.create_branch(
            system(company),
            code="X",
            name="X",
            cnpj=cnpj(4321),
            municipality="Santos",
            state="SP",
            work_calendar_id=theirs.pk,
        )
