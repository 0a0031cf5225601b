"""Statements compiled once give what the querysets give, and nobody gets another's rows."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, Count, F, Value
from rest_framework.request import Request

from backoffice.database.statements import Slot, Statement, Statements, watched
from backoffice.identity.rules import Access, Scope
from backoffice.organization.models import Company
from backoffice.resources import api
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _companies() -> None:
    for _ in range(3):
        make_company()


def by_key() -> Statement:
    key = Slot("pk", BigIntegerField())
    return Statement(Company.objects.filter(pk=key).values_list("pk", "trade_name", "time_zone"))


def test_a_statement_gives_the_rows_of_its_queryset() -> None:
    rows = Company.objects.order_by("pk").values_list("pk", "trade_name", F("legal_name"))
    assert Statement(rows).rows() == list(rows)


def test_a_slot_is_filled_each_time() -> None:
    statement = by_key()
    for pk in Company.objects.values_list("pk", flat=True):
        wanted = Company.objects.filter(pk=pk).values_list("pk", "trade_name", "time_zone")
        assert statement.rows(pk=pk) == list(wanted)
    assert statement.rows(pk=0) == []


def test_a_slot_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="pk"):
        by_key().rows()


def test_a_slot_never_becomes_sql() -> None:
    name = Slot("name", Company._meta.get_field("trade_name"))
    statement = Statement(Company.objects.filter(trade_name=name).values_list("pk"))
    assert statement.rows(name="' OR 1=1 --") == []


def test_what_can_match_nothing_asks_nothing() -> None:
    statement = Statement(Company.objects.none().values_list("pk"))
    with watched() as asked:
        assert statement.rows() == []
    assert not asked.anything


def test_values_are_converted_as_django_does() -> None:
    rows = Company.objects.annotate(number=Value(1.5)).order_by("pk").values_list("pk", "number")
    assert Statement(rows).rows() == list(rows)


def test_slots_stay_out_of_a_grouping() -> None:
    counted = Company.objects.values("tax_regime").annotate(many=Count("pk"))
    rows = counted.filter(many__gte=Slot("least", BigIntegerField())).values_list("many")
    plain = counted.filter(many__gte=0).values_list("many")
    assert set(Statement(rows).rows(least=0)) == set(plain)


def test_one_statement_serves_many_threads() -> None:
    statement = by_key()

    def ask(pk: int) -> bool:
        try:
            return statement.rows(pk=pk) == []
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:  # keys that exist in no transaction
        assert all(pool.map(ask, range(-200, 0)))


# --- what is kept -------------------------------------------------------------------------------


def test_what_was_built_is_kept_under_its_key() -> None:
    kept: Statements[object] = Statements()
    first = kept.get("a", object)
    assert kept.get("a", object) is first
    assert kept.get("b", object) is not first


def test_what_asked_the_database_is_not_kept() -> None:
    kept: Statements[int] = Statements()
    assert kept.get("a", Company.objects.count) == Company.objects.count()
    make_company()
    assert kept.get("a", Company.objects.count) == Company.objects.count()
    assert len(kept) == 0


def test_the_oldest_goes_when_there_are_too_many() -> None:
    kept: Statements[int] = Statements(size=2)
    for number in (1, 2, 1, 3):
        kept.get(number, lambda number=number: number)  # type: ignore[misc]  # mypy cannot infer it
    assert len(kept) == 2
    assert kept.get(1, lambda: 99) == 1
    assert kept.get(2, lambda: 99) == 99


def test_a_failure_while_building_keeps_nothing() -> None:
    kept: Statements[int] = Statements()

    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        kept.get("a", fail)
    assert kept.get("a", lambda: 1) == 1


# --- who asks is part of the question ------------------------------------------------------------

ACCESS = Access(
    user_id=1, company_id=1, person_id=1, on=dt.date(2026, 11, 1), grants={"a.b.view": Scope.TEAM}
)


@pytest.mark.parametrize(
    "changed",
    [
        {"user_id": 2},
        {"company_id": 2},
        {"person_id": 2},
        {"on": dt.date(2026, 11, 2)},
        {"grants": {"a.b.view": Scope.COMPANY}},
        {"grants": {"a.b.view": Scope.TEAM, "a.c.view": Scope.TEAM}},
        {"branches": {"a.b.view": frozenset({1})}},
        {"teams": frozenset({"a.b.view"})},
        {"token_id": 1},
        {"guarded": frozenset({"a.b.view"})},
        {"proved_until": dt.datetime(2026, 11, 1, tzinfo=dt.UTC)},
    ],
    ids=str,
)
def test_another_access_is_another_question(changed: dict[str, Any]) -> None:
    assert replace(ACCESS, **changed).key != ACCESS.key
    assert replace(ACCESS).key == ACCESS.key


def test_every_field_of_an_access_but_its_memo_is_part_of_its_key() -> None:
    fields = Access.__dataclass_fields__
    assert len(ACCESS.key) == len([name for name, each in fields.items() if each.compare])  # type: ignore[arg-type]  # a tuple


def test_what_this_request_has_read_already_is_never_kept(rf: Any) -> None:
    from backoffice.resources.registry import RESOURCES

    resource = RESOURCES["backoffice.branch"]
    request = Request(rf.get("/"))
    access = replace(ACCESS, memo={"team": frozenset({1})})
    numbers: Iterator[int] = iter(range(3))
    asked = [api._kept(request, resource, access, 50, lambda: next(numbers)) for _ in range(2)]
    assert asked == [0, 1]
