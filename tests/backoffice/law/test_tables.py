"""Legal tables in the database: entered, verified by somebody else, never changed afterwards."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from backoffice.audit.models import Event
from backoffice.commands import Channel, Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.law import selectors
from backoffice.law.models import LegalTable
from backoffice.law.reference import load_tables, shipped_tables
from backoffice.law.rules import KINDS, ChosenBy, kinds_chosen_by
from backoffice.law.selectors import (
    TablesMissing,
    minimum_wage_on,
    missing_tables,
    tables_by_id,
    tables_on,
)
from backoffice.law.services import NewTable, confirm_table, enter_table, verify_table

pytestmark = pytest.mark.django_db
NOVEMBER = dt.date(2026, 11, 1)
NOON = dt.datetime(2027, 1, 12, 12, 0, tzinfo=dt.UTC)
SLICES_2027 = {
    "slices": [
        {"up_to": "1700.00", "rate": "0.075"},
        {"up_to": "3000.00", "rate": "0.09"},
        {"up_to": "4500.00", "rate": "0.12"},
        {"up_to": "8800.00", "rate": "0.14"},
    ]
}
INSS_2027 = NewTable(
    kind="inss",
    valid_from=dt.date(2027, 1, 1),
    confirmed_through=dt.date(2027, 12, 31),
    known_from=dt.date(2027, 1, 11),
    act="Portaria de teste",
    source="Diário Oficial",
    certainty="official",
    payload=SLICES_2027,
)


@dataclass(frozen=True)
class Person:
    user_id: int
    allowed: bool = True

    def can(self, permission: str) -> bool:
        return self.allowed and permission.startswith("backoffice.legal_table.")


def ctx(user_id: int, *, allowed: bool = True) -> Context:
    return Context(
        company_id=None, at=NOON, channel=Channel.WEB, actor=Person(user_id, allowed=allowed)
    )


def inss_of(day: dt.date) -> Any:
    return tables_on(day, ["inss"])["inss"].payload


def test_the_shipped_tables_are_there_and_verified() -> None:
    assert LegalTable.objects.filter(verified_on__isnull=False).count() == len(shipped_tables())
    for day in (dt.date(2024, 1, 1), dt.date(2025, 5, 1), dt.date(2026, 12, 31)):
        for date in ChosenBy:
            assert missing_tables(day, kinds_chosen_by(date)) == ()
    assert set(tables_on(NOVEMBER, KINDS)) == set(KINDS)
    assert set(tables_on(dt.date(2025, 12, 31), KINDS)) == set(KINDS) - {"irrf_reduction"}


def test_loading_twice_changes_nothing(owner_cursor: Any) -> None:
    before = list(LegalTable.objects.order_by("id").values())
    load_tables(owner_cursor)
    owner_cursor.execute("SELECT count(*) FROM backoffice_legal_table")
    assert owner_cursor.fetchone() == (len(before),)
    with connection.cursor() as cursor:
        load_tables(cursor)
    assert list(LegalTable.objects.order_by("id").values()) == before


def test_a_release_that_knows_more_ends_and_confirms_but_leaves_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = next(
        row
        for row in shipped_tables()
        if row["valid_from"] == "2026-01-01" and row["kind"] == "inss"
    )
    ended = {**old, "valid_to": "2026-12-31", "confirmed_through": "2026-12-31"}
    new = {
        **old,
        "valid_from": "2027-01-01",
        "confirmed_through": "2027-12-31",
        "known_from": "2027-01-11",
        "act": "Portaria de teste",
        "payload": SLICES_2027,
    }
    monkeypatch.setattr("backoffice.law.reference.shipped_tables", lambda: [ended, new])
    with connection.cursor() as cursor:
        load_tables(cursor)
    assert inss_of(dt.date(2027, 1, 1)) == SLICES_2027
    assert inss_of(dt.date(2026, 12, 31)) == old["payload"]


def test_the_minimum_wage_of_a_day_with_its_act() -> None:
    wage = minimum_wage_on(NOVEMBER)
    assert wage.monthly == Decimal("1621.00")
    assert wage.act == "Decreto nº 12.797, de 23/12/2025"


def test_a_day_without_a_verified_table_is_refused_and_says_what_to_do() -> None:
    january = dt.date(2027, 1, 1)
    with translation.override("en"), pytest.raises(TablesMissing) as refusal:
        tables_on(january, ["inss", "fgts"])
    assert (refusal.value.code, refusal.value.status) == ("legal_tables_missing", 409)
    assert str(refusal.value) == (
        "The table “INSS of employees” was confirmed through 31/12/2026 only: confirm that it"
        " still holds on 01/01/2027, or enter the new one."
    )
    assert [table.kind for table in missing_tables(january, KINDS)] == [
        "inss",
        "minimum_wage",
        "family_allowance",
        "irrf_monthly",
        "irrf_dependant",
        "irrf_simplified",
        "irrf_reduction",
    ]
    with translation.override("en"), pytest.raises(TablesMissing, match="Enter it and have it"):
        tables_on(dt.date(1990, 1, 1), ["inss"])


def test_an_entered_table_is_used_only_after_somebody_else_verified_it() -> None:
    january = dt.date(2027, 1, 1)
    entered = enter_table(ctx(7), table=INSS_2027)
    assert entered.entered_by_id == 7
    with pytest.raises(TablesMissing):
        inss_of(january)
    with pytest.raises(NotAllowed) as refusal:
        verify_table(ctx(7), table_id=entered.pk, verified_by="Ana")
    assert refusal.value.code == "own_entry"
    with pytest.raises(TablesMissing):
        inss_of(january)

    verified = verify_table(ctx(8), table_id=entered.pk, verified_by="Bruno Sá")

    assert (verified.verified_by, verified.verified_by_id) == ("Bruno Sá", 8)
    assert verified.verified_on == dt.date(2027, 1, 12)
    assert inss_of(january) == SLICES_2027
    assert LegalTable.objects.get(kind="inss", valid_from="2026-01-01").valid_to == dt.date(
        2026, 12, 31
    )
    with pytest.raises(WrongState):
        verify_table(ctx(9), table_id=entered.pk, verified_by="Caio")
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == [
        "backoffice.legal_table.entered",
        "backoffice.legal_table.verified",
    ]


def test_a_correction_takes_the_place_and_old_results_keep_what_they_used() -> None:
    wrong = LegalTable.objects.get(kind="inss", valid_from="2025-01-01")
    figures = {"slices": [{"up_to": "9000.00", "rate": "0.1"}]}
    correction = NewTable(
        kind="inss",
        valid_from=wrong.valid_from,
        known_from=dt.date(2027, 1, 10),
        act="Retificação",
        source="Diário Oficial",
        certainty="official",
        payload=figures,
        corrects_id=wrong.pk,
    )
    row = enter_table(ctx(7), table=correction)
    assert inss_of(dt.date(2025, 6, 1)) == wrong.payload
    verify_table(ctx(8), table_id=row.pk, verified_by="Bruno Sá")
    assert inss_of(dt.date(2025, 6, 1)) == figures
    assert inss_of(NOVEMBER) != figures
    assert tables_by_id([wrong.pk])["inss"].payload == wrong.payload
    wrong.refresh_from_db()
    assert wrong.replaced_on == dt.date(2027, 1, 12)
    with pytest.raises(KeyError):
        tables_by_id([10**9])


def test_a_correction_does_not_reach_into_the_next_version() -> None:
    wrong = LegalTable.objects.get(kind="inss", valid_from="2025-01-01")
    longer = replace(
        INSS_2027,
        valid_from=wrong.valid_from,
        valid_to=dt.date(2026, 1, 1),
        corrects_id=wrong.pk,
    )
    row = enter_table(ctx(7), table=longer)
    with pytest.raises(InvalidInput) as refusal:
        verify_table(ctx(8), table_id=row.pk, verified_by="Bruno Sá")
    assert refusal.value.code == "overlap"
    assert inss_of(dt.date(2025, 6, 1)) == wrong.payload


def test_what_is_replaced_cannot_be_corrected_again() -> None:
    wrong = LegalTable.objects.get(kind="inss", valid_from="2025-01-01")
    LegalTable.objects.filter(pk=wrong.pk).update(replaced_on=NOVEMBER)
    row = enter_table(
        ctx(7), table=replace(INSS_2027, valid_from=wrong.valid_from, corrects_id=wrong.pk)
    )
    with pytest.raises(WrongState) as refusal:
        verify_table(ctx(8), table_id=row.pk, verified_by="Bruno Sá")
    assert refusal.value.code == "already_replaced"
    assert missing_tables(dt.date(2025, 6, 1), ["inss"])


def test_a_correction_is_of_the_same_table_and_day() -> None:
    other = LegalTable.objects.get(kind="fgts")
    with pytest.raises(InvalidInput) as refusal:
        enter_table(ctx(7), table=replace(INSS_2027, corrects_id=other.pk))
    assert refusal.value.code == "bad_correction"
    assert not LegalTable.objects.filter(valid_from="2027-01-01").exists()


def test_two_verified_versions_never_hold_on_one_day() -> None:
    overlapping = replace(INSS_2027, valid_from=dt.date(2025, 6, 1), valid_to=dt.date(2025, 7, 1))
    row = enter_table(ctx(7), table=overlapping)
    with pytest.raises(InvalidInput) as refusal:
        verify_table(ctx(8), table_id=row.pk, verified_by="Bruno Sá")
    assert refusal.value.code == "overlap"
    with translation.override("en"):
        assert "already a verified version" in str(refusal.value)
    row.refresh_from_db()
    assert row.verified_on is None
    with (
        pytest.raises(IntegrityError, match="legal_table_one_at_a_time"),
        transaction.atomic(),
    ):
        LegalTable.objects.filter(pk=row.pk).update(verified_on=NOVEMBER, verified_by="X")


def test_a_table_that_cannot_be_read_is_refused_with_the_place() -> None:
    payload = {"slices": [{"up_to": "1700.00", "rate": "7.5"}]}
    with translation.override("en"), pytest.raises(InvalidInput) as refusal:
        enter_table(ctx(7), table=replace(INSS_2027, payload=payload, act=""))
    assert refusal.value.code == "bad_legal_table"
    assert refusal.value.fields["payload"] == (
        "slices.0.rate must be a fraction below 1; found 7.5."
    )
    assert "act" in refusal.value.fields
    assert not Event.objects.exists()


def test_figures_have_names_and_tables_are_known() -> None:
    with translation.override("en"):
        with pytest.raises(InvalidInput) as refusal:
            enter_table(ctx(7), table=replace(INSS_2027, payload=[1]))  # type: ignore[arg-type]
        assert refusal.value.fields == {"payload": "The figures must be an object with names."}
        with pytest.raises(InvalidInput) as refusal:
            enter_table(ctx(7), table=replace(INSS_2027, kind="nothing"))
        assert list(refusal.value.fields) == ["kind"]


def test_a_table_is_named_by_its_kind_and_first_day() -> None:
    row = LegalTable.objects.get(kind="inss", valid_from="2026-01-01")
    with translation.override("en"):
        assert str(row) == "INSS of employees 01/01/2026"


def test_a_table_is_confirmed_for_longer_and_never_for_less() -> None:
    january = dt.date(2027, 1, 1)
    row = LegalTable.objects.get(kind="irrf_monthly", valid_from="2025-05-01")
    with pytest.raises(TablesMissing):
        tables_on(january, ["irrf_monthly"])
    confirm_table(ctx(7), table_id=row.pk, through=dt.date(2027, 12, 31))
    assert tables_on(january, ["irrf_monthly"])["irrf_monthly"].id == row.pk
    with pytest.raises(InvalidInput) as refusal:
        confirm_table(ctx(7), table_id=row.pk, through=dt.date(2027, 12, 31))
    assert refusal.value.code == "not_later"
    permanent = LegalTable.objects.get(kind="fgts")
    with pytest.raises(WrongState):
        confirm_table(ctx(7), table_id=permanent.pk, through=january)
    with pytest.raises(NotFound):
        confirm_table(ctx(7), table_id=10**9, through=january)
    assert Event.objects.get().data == {"before": "2026-12-31", "through": "2027-12-31"}


def test_each_command_asks_for_its_permission() -> None:
    stranger = ctx(7, allowed=False)
    row = LegalTable.objects.get(kind="fgts")
    with pytest.raises(NotAllowed):
        enter_table(stranger, table=INSS_2027)
    with pytest.raises(NotAllowed):
        verify_table(stranger, table_id=row.pk, verified_by="X")
    with pytest.raises(NotAllowed):
        confirm_table(stranger, table_id=row.pk, through=NOVEMBER)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"payload": {"rate": "0.01", "apprentice_rate": "0"}}, "keeps its figures"),
        ({"act": "Another"}, "keeps its figures"),
        ({"valid_from": dt.date(2001, 1, 1)}, "keeps its figures"),
        ({"verified_on": None, "verified_by": ""}, "keeps its figures"),
        ({"confirmed_through": dt.date(2026, 1, 1)}, "only confirmed for longer"),
    ],
)
def test_the_database_keeps_verified_figures(change: dict[str, Any], message: str) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        LegalTable.objects.filter(kind="fgts").update(**change)


def test_the_database_sets_an_end_and_a_replacement_once() -> None:
    rows = LegalTable.objects.filter(kind="inss", valid_from="2025-01-01")
    with (
        pytest.raises(IntegrityError, match="end of a legal table is set once"),
        transaction.atomic(),
    ):
        rows.update(valid_to=None)
    rows.update(replaced_on=NOVEMBER)
    with pytest.raises(IntegrityError, match="replaced once"), transaction.atomic():
        rows.update(replaced_on=None)
    with pytest.raises(IntegrityError, match="only confirmed for longer"), transaction.atomic():
        LegalTable.objects.filter(kind="inss", valid_from="2026-01-01").update(
            confirmed_through=dt.date(2026, 11, 30)
        )


def test_the_database_never_deletes_a_verified_table() -> None:
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        LegalTable.objects.filter(kind="fgts")._raw_delete("default")
    draft = LegalTable.objects.create(
        kind="fgts",
        valid_from=dt.date(2030, 1, 1),
        known_from=dt.date(2030, 1, 1),
        act="Draft",
        source="-",
        certainty="unverified",
        payload={},
    )
    LegalTable.objects.filter(pk=draft.pk).update(act="Changed draft")
    assert LegalTable.objects.filter(pk=draft.pk)._raw_delete("default") == 1


def test_reading_tables_takes_one_small_statement_and_sees_every_change(
    django_assert_num_queries: Any,
) -> None:
    tables_on(NOVEMBER, KINDS)
    with django_assert_num_queries(1):
        tables_on(NOVEMBER, KINDS)
    LegalTable.objects.filter(kind="fgts").update(valid_to=dt.date(2026, 10, 31))
    with pytest.raises(TablesMissing):
        tables_on(NOVEMBER, ["fgts"])
    assert selectors._Memory.known.state
