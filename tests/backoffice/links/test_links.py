"""Links: two records of one company, once of a kind, removed with a reason and never forgotten."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction

from backoffice.audit.history import history_of
from backoffice.audit.models import Event
from backoffice.commands import OutsideTransaction
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.rules import Scope
from backoffice.links import kinds
from backoffice.links.kinds import BELONGS_TO, REFERS_TO, RELATED, REPLACES, LinkKind
from backoffice.links.models import Link
from backoffice.links.selectors import links_of
from backoffice.links.services import RecordRef, add_link, link_records, remove_link
from backoffice.organization.models import Company
from backoffice.resources import registry
from hr.people.models import Employee
from tests.factories import identity, people
from tests.factories.parties import make_party
from tests.harness.threads import race

pytestmark = pytest.mark.django_db
DAY = people.AT.date()


def employee(one: Employee) -> RecordRef:
    return RecordRef("hr.employee", one.pk)


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def two(company: Company) -> tuple[Employee, Employee]:
    return people.hire(company, name="Ana Prado"), people.hire(company, name="Bruno Lima")


def add(company: Company, one: Any, other: Any, **over: Any) -> Link:
    given = {"kind": REFERS_TO.name, "source": employee(one), "target": employee(other)} | over
    return add_link(people.system(company), **given)


def as_seen(company: Company, record: Any, role: str = "hr_analyst") -> list[tuple[str, str]]:
    access = identity.access(identity.make_user(company, role), company)
    shown = links_of(access, record._meta.label_lower, record.pk)
    return [(str(each.words), each.title) for each in shown]


def test_a_link_is_read_from_both_records_each_in_its_direction(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    ana, bruno = two
    link = add(company, ana, bruno, kind=REPLACES.name, note="Transferência")
    assert (link.since, link.note, link.removed_at) == (DAY, "Transferência", None)
    assert as_seen(company, ana) == [("Substitui", "Bruno Lima")]
    assert as_seen(company, bruno) == [("Substituído por", "Ana Prado")]


def test_records_of_different_kinds_are_tied_together(company: Company) -> None:
    person, party = people.hire(company, name="Ana Prado"), make_party(company, name="Escola Sol")
    add(company, person, person, target=RecordRef("backoffice.party", party.pk))
    assert as_seen(company, person) == [("Refere-se a", "Escola Sol")]
    assert as_seen(company, party) == [("Mencionado por", "Ana Prado")]


def test_both_histories_tell_of_it_and_none_names_the_other_record(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    link = add(company, *two)
    for record in two:
        events = Event.objects.filter(target_type="hr.employee", target_id=record.pk)
        told = events.get(action="backoffice.record.linked")
        assert told.data == {"link": link.pk, "kind": REFERS_TO.name}


@pytest.mark.parametrize("kind", [REFERS_TO, BELONGS_TO, REPLACES, RELATED])
def test_two_records_are_linked_once_in_whichever_direction(
    company: Company, two: tuple[Employee, Employee], kind: LinkKind
) -> None:
    ana, bruno = two
    add(company, ana, bruno, kind=kind.name)
    for one, other in ((ana, bruno), (bruno, ana)):
        with pytest.raises(WrongState) as refused:
            add(company, one, other, kind=kind.name)
        assert refused.value.code == "already_linked"
    assert Link.objects.filter(company=company).count() == 1
    other_kind = RELATED if kind is not RELATED else REFERS_TO
    add(company, ana, bruno, kind=other_kind.name)
    assert Link.objects.filter(company=company).count() == 2


def test_a_record_is_not_linked_to_itself(company: Company, two: tuple[Employee, Employee]) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(company, two[0], two[0])
    assert refused.value.code == "same_record"


def test_kinds_lead_only_where_they_may(company: Company) -> None:
    person, party = people.hire(company), make_party(company)
    given = {"target": RecordRef("backoffice.party", party.pk)}
    with pytest.raises(InvalidInput) as refused:
        add(company, person, person, kind=REPLACES.name, **given)
    assert refused.value.code == "link_does_not_fit"
    with pytest.raises(InvalidInput) as refused:
        add(company, person, person, kind="hr.unheard_of", **given)
    assert refused.value.code == "unknown_link"
    with pytest.raises(InvalidInput) as refused:
        add(company, person, person, since=DAY + dt.timedelta(1), **given)
    assert refused.value.code == "link_in_future"
    assert Link.objects.filter(company=company).count() == 0


def test_what_only_commands_make_nobody_makes_or_takes_away(
    company: Company, two: tuple[Employee, Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = LinkKind(name="test.made", forward="x", backward="y")
    monkeypatch.setitem(kinds.KINDS, made.name, made)
    with pytest.raises(InvalidInput) as refused:
        add(company, *two, kind=made.name)
    assert refused.value.code == "unknown_link"
    with transaction.atomic():
        link = link_records(people.system(company), kind=made, source=two[0], target=two[1])
    with pytest.raises(WrongState) as stays:
        remove_link(people.system(company), link_id=link.pk, why="Engano")
    assert stays.value.code == "link_of_a_command"


def test_a_step_belongs_inside_a_command_and_refuses_what_does_not_fit(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    with pytest.raises(OutsideTransaction):
        link_records(people.system(company), kind=RELATED, source=two[0], target=two[1])
    with transaction.atomic(), pytest.raises(ValueError, match="does not lead"):
        link_records(people.system(company), kind=REPLACES, source=two[0], target=company)


def test_a_removed_link_is_gone_from_both_pages_and_its_reason_is_kept(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    link = add(company, *two)
    with pytest.raises(InvalidInput) as refused:
        remove_link(people.system(company), link_id=link.pk, why="  ")
    assert refused.value.code == "reason_needed"
    remove_link(people.system(company), link_id=link.pk, why="Pessoa errada")
    assert as_seen(company, two[0]) == as_seen(company, two[1]) == []
    link.refresh_from_db()
    assert (link.removed_why, link.removed_at) == ("Pessoa errada", people.AT)
    assert [entry.kind for entry in history_of(link)] == ["update", "insert"]
    told = Event.objects.filter(action="backoffice.record.unlinked")
    assert set(told.values_list("target_id", flat=True)) == {each.pk for each in two}
    with pytest.raises(NotFound):
        remove_link(people.system(company), link_id=link.pk, why="Outra vez")
    add(company, *two)  # and it can be made again


def test_who_does_not_see_a_record_neither_links_it_nor_sees_its_links(company: Company) -> None:
    boss = identity.make_person("Chefe")
    identity.place(boss, company)
    mine = people.hire(company, name="Da equipe", manager_person_id=boss.pk)
    other = people.hire(company, name="De fora")
    manager = identity.make_user(company, "manager", scope=Scope.TEAM, person=boss)
    identity.grant(company, manager, "finance", scope=Scope.COMPANY)  # who may link
    ctx = identity.acting_as(manager, company)
    ends: Any = {"source": employee(mine), "target": employee(other)}
    with pytest.raises(NotFound):
        add_link(ctx, kind=REFERS_TO.name, **ends)
    link = add(company, mine, other)
    access = identity.access(manager, company)
    assert links_of(access, "hr.employee", mine.pk) == []
    with pytest.raises(NotFound):
        remove_link(ctx, link_id=link.pk, why="Curiosidade")
    assert as_seen(company, mine) == [("Refere-se a", "De fora")]


def test_without_the_permission_nobody_links(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    ctx = identity.acting_as(identity.make_user(company, "auditor"), company)
    ends: Any = {"source": employee(two[0]), "target": employee(two[1])}
    with pytest.raises(NotAllowed):
        add_link(ctx, kind=REFERS_TO.name, **ends)
    link = add(company, *two)
    with pytest.raises(NotAllowed):
        remove_link(ctx, link_id=link.pk, why="x")


@pytest.mark.parametrize("who", ["system", "analyst"])
def test_records_of_another_company_are_not_there(
    company: Company, two: tuple[Employee, Employee], who: str
) -> None:
    elsewhere = people.hire(people.make_company())
    user = identity.make_user(company, "hr_analyst")
    ctx = people.system(company) if who == "system" else identity.acting_as(user, company)
    refused: list[Any] = [
        {"source": employee(two[0]), "target": employee(elsewhere)},
        {"source": employee(elsewhere), "target": employee(two[0])},
        {"source": employee(two[0]), "target": RecordRef("hr.employee", 999_999_999)},
        {"source": employee(two[0]), "target": RecordRef("hr.nothing", 1)},
    ]
    for ends in refused:
        with pytest.raises(NotFound):
            add_link(ctx, kind=REFERS_TO.name, **ends)
    assert Link.objects.count() == 0


def row(company: Company, one: int, other: int, **over: Any) -> Link:
    given = {
        "kind": "x",
        "source_type": "hr.employee",
        "source_id": one,
        "target_type": "hr.employee",
        "target_id": other,
        "since": DAY,
        "created_at": people.AT,
    } | over
    return Link.objects.create(company=company, **given)


def test_the_database_refuses_ends_that_are_not_in_the_company(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    elsewhere = people.make_company()
    stranger = people.hire(elsewhere)
    ana, bruno = (each.pk for each in two)
    for over in (
        {"target_id": stranger.pk},
        {"source_id": stranger.pk},
        {"target_type": "hr.nothing"},
        {"target_type": "backoffice.company", "target_id": elsewhere.pk},
        {"target_type": "pg.class"},
    ):
        with pytest.raises(IntegrityError, match="no such records to link"), transaction.atomic():
            row(company, ana, bruno, **over)
    row(company, ana, bruno, target_type="backoffice.company", target_id=company.pk)


def test_the_database_lets_a_link_only_be_removed(
    company: Company, two: tuple[Employee, Employee]
) -> None:
    link = row(company, *(each.pk for each in two))
    for change in ("kind = 'y'", "since = '2020-01-01'", "target_id = source_id"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            execute(f"UPDATE backoffice_link SET {change}")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        execute("DELETE FROM backoffice_link")
    execute("UPDATE backoffice_link SET removed_at = now(), removed_why = 'x'")
    with pytest.raises((InternalError, IntegrityError), match="else stays"), transaction.atomic():
        execute("UPDATE backoffice_link SET removed_at = NULL, removed_why = ''")
    link.refresh_from_db()
    assert link.removed_why == "x"


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_object_is_found_by_the_label_of_its_model() -> None:
    with connection.cursor() as cursor:
        for resource in registry.RESOURCES.values():
            label = resource.model._meta.label_lower
            cursor.execute("SELECT backoffice_table_of(%s)::text", [label])
            assert cursor.fetchone() == (resource.model._meta.db_table,)
    tables = {model._meta.db_table for model in apps.get_models()}
    assert len({name.replace("_", "") for name in tables}) == len(tables)


def test_a_kind_has_one_meaning() -> None:
    kinds.register(RELATED)
    with pytest.raises(ValueError, match="two kinds of link"):
        kinds.register(LinkKind(name=RELATED.name, forward="x", backward="y"))


@pytest.mark.clone
def test_of_sixteen_who_link_at_once_one_does_and_the_others_hear_why() -> None:
    company = people.make_company()
    ana, bruno = people.hire(company), people.hire(company)

    def one(turn: int) -> Link:
        ends = (ana, bruno) if turn % 2 else (bruno, ana)
        return add(company, *ends)

    answers = race([lambda turn=turn: one(turn) for turn in range(16)])  # type: ignore[misc]
    refusals = [each for each in answers if isinstance(each, WrongState)]
    assert len([each for each in answers if isinstance(each, Link)]) == 1
    assert [each.code for each in refusals] == ["already_linked"] * 15
    assert Link.objects.count() == 1
    assert Event.objects.filter(action="backoffice.record.linked").count() == 2


@pytest.mark.clone
def test_of_sixteen_who_remove_at_once_one_does() -> None:
    company = people.make_company()
    link = add(company, people.hire(company), people.hire(company))

    def one() -> Link:
        return remove_link(people.system(company), link_id=link.pk, why="Engano")

    answers = race([one] * 16)
    assert sum(isinstance(each, NotFound) for each in answers) == 15
    assert Event.objects.filter(action="backoffice.record.unlinked").count() == 2
