"""Legal tables in the database: entered, verified by somebody else, never changed afterwards."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
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
from backoffice.law.services import (
    NewTable,
    TableData,
    change_table,
    confirm_tables,
    correct_table,
    discard_table,
    enter_table,
    verify_table,
)

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

    def must_prove(self, permission: str, at: dt.datetime) -> bool:
        return False


def ctx(user_id: int, *, allowed: bool = True) -> Context:
    return Context(
        company_id=None, at=NOON, channel=Channel.WEB, actor=Person(user_id, allowed=allowed)
    )


ISS = {
    "name": "ISS",
    "responsible": "finance",
    "counts_from": "competence",
    "only_month": None,
    "months_after": "1",
    "count": "day",
    "day": "10",
    "saturday_counts": False,
    "shift": "later",
}


def inss_of(day: dt.date) -> Any:
    return tables_on(day, ["inss"])["inss"].payload


def test_the_shipped_tables_are_there_and_verified() -> None:
    known = [row for row in shipped_tables() if row["verified_on"]]
    assert LegalTable.objects.filter(verified_on__isnull=False).count() == len(known)
    assert LegalTable.objects.count() == len(shipped_tables())
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
        verify_table(ctx(7), legal_table_id=entered.pk)
    assert refusal.value.code == "own_entry"
    with pytest.raises(TablesMissing):
        inss_of(january)

    verified = verify_table(ctx(8), legal_table_id=entered.pk)

    assert (verified.verified_by, verified.verified_by_id) == (
        "8",
        8,
    )  # nobody in the tests has an account
    assert (verified.verified_on, verified.verified_at) == (dt.date(2027, 1, 12), NOON)
    assert inss_of(january) == SLICES_2027
    assert LegalTable.objects.get(kind="inss", valid_from="2026-01-01").valid_to == dt.date(
        2026, 12, 31
    )
    with pytest.raises(WrongState):
        verify_table(ctx(9), legal_table_id=entered.pk)
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == [
        "backoffice.legal_table.entered",
        "backoffice.legal_table.verified",
    ]


CORRECTION = TableData(
    known_from=dt.date(2027, 1, 10),
    act="Retificação",
    source="Diário Oficial",
    certainty="official",
    payload={"slices": [{"up_to": "9000.00", "rate": "0.1"}]},
)


def inss_2025() -> LegalTable:
    return LegalTable.objects.get(kind="inss", valid_from="2025-01-01", corrects=None)


def test_a_correction_takes_the_place_and_old_results_keep_what_they_used() -> None:
    wrong = inss_2025()
    row = correct_table(ctx(7), legal_table_id=wrong.pk, table=CORRECTION)
    assert (row.kind, row.valid_from, row.corrects_id) == ("inss", wrong.valid_from, wrong.pk)
    assert inss_of(dt.date(2025, 6, 1)) == wrong.payload
    verify_table(ctx(8), legal_table_id=row.pk)
    assert inss_of(dt.date(2025, 6, 1)) == CORRECTION.payload
    assert inss_of(NOVEMBER) != CORRECTION.payload
    assert tables_by_id([wrong.pk])["inss"].payload == wrong.payload
    wrong.refresh_from_db()
    assert wrong.replaced_on == dt.date(2027, 1, 12)
    with pytest.raises(KeyError):
        tables_by_id([10**9])


def test_what_was_known_before_a_correction_can_still_be_asked_for() -> None:
    wrong, june = inss_2025(), dt.date(2025, 6, 1)
    row = correct_table(ctx(7), legal_table_id=wrong.pk, table=CORRECTION)
    verify_table(ctx(8), legal_table_id=row.pk)
    before, after = NOON - dt.timedelta(seconds=1), NOON
    assert tables_on(june, ["inss"], known_at=before)["inss"].id == wrong.pk
    assert tables_on(june, ["inss"], known_at=after)["inss"].id == row.pk
    assert tables_on(june, ["inss"])["inss"].id == row.pk


def test_what_was_confirmed_later_was_missing_before() -> None:
    january = dt.date(2027, 1, 5)
    row = LegalTable.objects.get(kind="irrf_monthly", valid_from="2025-05-01")
    confirm(row, january)
    before = NOON - dt.timedelta(seconds=1)
    assert missing_tables(january, ["irrf_monthly"]) == ()
    assert missing_tables(january, ["irrf_monthly"], known_at=NOON) == ()
    assert len(missing_tables(january, ["irrf_monthly"], known_at=before)) == 1
    with pytest.raises(TablesMissing):
        tables_on(january, ["irrf_monthly"], known_at=before)


def test_a_correction_does_not_reach_into_the_next_version() -> None:
    wrong = inss_2025()
    longer = replace(CORRECTION, valid_to=dt.date(2026, 1, 1))
    row = correct_table(ctx(7), legal_table_id=wrong.pk, table=longer)
    with pytest.raises(InvalidInput) as refusal:
        verify_table(ctx(8), legal_table_id=row.pk)
    assert refusal.value.code == "overlap"
    assert inss_of(dt.date(2025, 6, 1)) == wrong.payload


def test_what_is_replaced_cannot_be_corrected_again() -> None:
    wrong = inss_2025()
    row = correct_table(ctx(7), legal_table_id=wrong.pk, table=CORRECTION)
    with pytest.raises(WrongState) as refusal:
        correct_table(ctx(7), legal_table_id=wrong.pk, table=CORRECTION)
    assert refusal.value.code == "already_corrected"
    LegalTable.objects.filter(pk=wrong.pk).update(replaced_on=NOVEMBER)
    with pytest.raises(WrongState) as refusal:
        verify_table(ctx(8), legal_table_id=row.pk)
    assert refusal.value.code == "already_replaced"
    with pytest.raises(WrongState) as refusal:
        correct_table(ctx(7), legal_table_id=wrong.pk, table=CORRECTION)
    assert refusal.value.code == "already_replaced"
    assert missing_tables(dt.date(2025, 6, 1), ["inss"])


def test_only_a_verified_table_is_corrected_and_only_a_draft_changed_or_discarded() -> None:
    draft = enter_table(ctx(7), table=INSS_2027)
    with pytest.raises(WrongState) as refusal:
        correct_table(ctx(7), legal_table_id=draft.pk, table=CORRECTION)
    assert refusal.value.code == "not_verified"
    changed = change_table(ctx(8), legal_table_id=draft.pk, table=replace(CORRECTION, act="Outro"))
    assert (changed.act, changed.entered_by_id) == ("Outro", 8)
    with pytest.raises(NotAllowed):
        verify_table(ctx(8), legal_table_id=draft.pk)
    discard_table(ctx(7), legal_table_id=draft.pk)
    assert not LegalTable.objects.filter(pk=draft.pk).exists()
    fgts = LegalTable.objects.get(kind="fgts")
    for change in (
        lambda: change_table(ctx(7), legal_table_id=fgts.pk, table=CORRECTION),
        lambda: discard_table(ctx(7), legal_table_id=fgts.pk),
    ):
        with pytest.raises(WrongState) as refusal:
            change()
        assert refusal.value.code == "already_verified"
    assert LegalTable.objects.get(pk=fgts.pk).act == fgts.act


def test_nobody_knows_an_act_before_it_exists() -> None:
    with pytest.raises(InvalidInput) as refusal:
        enter_table(ctx(7), table=replace(INSS_2027, known_from=dt.date(2027, 1, 13)))
    assert list(refusal.value.fields) == ["known_from"]


def test_who_acts_for_the_person_who_entered_cannot_verify_either() -> None:
    row = enter_table(ctx(7), table=INSS_2027)
    with pytest.raises(NotAllowed):
        verify_table(replace(ctx(8), on_behalf_of_id=7), legal_table_id=row.pk)
    nobody = Context(company_id=None, at=NOON, channel=Channel.SYSTEM)
    with pytest.raises(NotAllowed):
        verify_table(nobody, legal_table_id=row.pk)
    assert enter_table(nobody, table=replace(INSS_2027, known_from=NOVEMBER)).pk


def test_the_database_refuses_a_verifier_who_entered_it_or_is_not_known() -> None:
    row = enter_table(ctx(7), table=replace(INSS_2027, kind="duty.iss", payload=ISS))
    verified = {"verified_on": NOVEMBER, "verified_by": "X", "verified_at": NOON}
    for change, constraint in (
        ({**verified, "verified_by_id": 7}, "legal_table_four_eyes"),
        ({**verified, "verified_by_id": None}, "legal_table_verifier_known"),
        ({**verified, "verified_by_id": 8, "verified_at": None}, "legal_table_verifier_known"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            LegalTable.objects.filter(pk=row.pk).update(**change)
    LegalTable.objects.filter(pk=row.pk).update(**verified, verified_by_id=8)
    with pytest.raises(IntegrityError, match="keeps its figures"), transaction.atomic():
        LegalTable.objects.filter(pk=row.pk).update(verified_at=NOON - dt.timedelta(days=1))


def confirm(row: LegalTable, through: dt.date, who: int = 7, **over: Any) -> None:
    ids = over.get("ids", [row.pk])
    confirm_tables(ctx(who), legal_table_ids=ids, through=through, source="DOU de 30/12/2026")


def test_two_verified_versions_never_hold_on_one_day() -> None:
    overlapping = replace(INSS_2027, valid_from=dt.date(2025, 6, 1), valid_to=dt.date(2025, 7, 1))
    row = enter_table(ctx(7), table=overlapping)
    with pytest.raises(InvalidInput) as refusal:
        verify_table(ctx(8), legal_table_id=row.pk)
    assert refusal.value.code == "overlap"
    with translation.override("en"):
        assert "already a verified version" in str(refusal.value)
    row.refresh_from_db()
    assert row.verified_on is None
    with (
        pytest.raises(IntegrityError, match="legal_table_one_at_a_time"),
        transaction.atomic(),
    ):
        LegalTable.objects.filter(pk=row.pk).update(
            verified_on=NOVEMBER, verified_by="X", verified_by_id=8, verified_at=NOON
        )


def test_a_table_that_cannot_be_read_is_refused_with_the_place() -> None:
    payload = {"slices": [{"up_to": "1700.00", "rate": "7.5"}]}
    with translation.override("en"), pytest.raises(InvalidInput) as refusal:
        enter_table(ctx(7), table=replace(INSS_2027, payload=payload, act=""))
    assert refusal.value.code == "bad_legal_table"
    assert refusal.value.fields["payload"] == (
        "Rate (row 1) must be a fraction below 1; found 7.5."
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
    confirm(row, dt.date(2027, 12, 31))
    assert tables_on(january, ["irrf_monthly"])["irrf_monthly"].id == row.pk
    said = row.confirmations.get()
    assert (said.before, said.through, said.by_id, said.at) == (
        dt.date(2026, 12, 31),
        dt.date(2027, 12, 31),
        7,
        NOON,
    )
    with pytest.raises(InvalidInput) as refusal:
        confirm(row, dt.date(2027, 12, 31))
    assert refusal.value.code == "not_later"
    with pytest.raises(WrongState):
        confirm(LegalTable.objects.get(kind="fgts"), january)
    with pytest.raises(NotFound):
        confirm(row, dt.date(2028, 1, 1), ids=[row.pk, 10**9])
    with pytest.raises(NotFound):
        confirm(row, january, ids=[])
    assert Event.objects.get().data == {
        "before": "2026-12-31",
        "through": "2027-12-31",
        "source": "DOU de 30/12/2026",
    }


def test_of_several_tables_all_are_confirmed_or_none() -> None:
    kinds = ("irrf_monthly", "irrf_dependant", "fgts")
    rows = list(LegalTable.objects.filter(kind__in=kinds, valid_to=None, verified_on__isnull=False))
    through = dt.date(2027, 1, 31)
    with pytest.raises(WrongState):
        confirm(rows[0], through, ids=[row.pk for row in rows])
    assert not Event.objects.exists()
    without = [row for row in rows if row.kind != "fgts"]
    confirm(rows[0], through, ids=[row.pk for row in without])
    assert {row.kind for row in LegalTable.objects.filter(confirmed_through=through)} == {
        "irrf_monthly",
        "irrf_dependant",
    }


def test_a_table_is_not_confirmed_past_its_end() -> None:
    row = LegalTable.objects.get(kind="irrf_monthly", valid_from="2025-05-01")
    LegalTable.objects.filter(pk=row.pk).update(valid_to=dt.date(2027, 1, 15))
    with pytest.raises(InvalidInput) as refusal:
        confirm(row, dt.date(2027, 1, 31))
    assert refusal.value.code == "past_its_end"
    confirm(row, dt.date(2027, 1, 15))


def test_a_confirmation_is_only_appended() -> None:
    row = LegalTable.objects.get(kind="irrf_monthly", valid_from="2025-05-01")
    confirm(row, dt.date(2027, 1, 31))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        row.confirmations.update(through=dt.date(2028, 1, 1))
    with pytest.raises(IntegrityError, match="confirmed_for_longer"), transaction.atomic():
        row.confirmations.create(before=NOVEMBER, through=NOVEMBER, source="x", at=NOON)
    with pytest.raises(IntegrityError, match="confirmed_from_once"), transaction.atomic():
        row.confirmations.create(
            before=dt.date(2026, 12, 31), through=dt.date(2028, 1, 1), source="x", at=NOON
        )


def test_each_command_asks_for_its_permission() -> None:
    stranger = ctx(7, allowed=False)
    row = LegalTable.objects.get(kind="fgts")
    with pytest.raises(NotAllowed):
        enter_table(stranger, table=INSS_2027)
    with pytest.raises(NotAllowed):
        verify_table(stranger, legal_table_id=row.pk)
    with pytest.raises(NotAllowed):
        confirm_tables(stranger, legal_table_ids=[row.pk], through=NOVEMBER, source="x")


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
