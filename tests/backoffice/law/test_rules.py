"""Picking a version of a table, and refusing payloads that no rule could read."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.law.reference import shipped_tables
from backoffice.law.rules import (
    KINDS,
    Absence,
    ChosenBy,
    MissingTable,
    TableVersion,
    after_confirming,
    after_verifying,
    as_known,
    check_payload,
    choose,
    find_missing,
    is_duty,
    kind_of,
    kinds_chosen_by,
    read_number,
)

BASE = TableVersion(
    id=1,
    kind="inss",
    valid_from=dt.date(2026, 1, 1),
    valid_to=None,
    confirmed_through=dt.date(2026, 12, 31),
    known_from=dt.date(2026, 1, 9),
    act="Act",
    source="Source",
    certainty="official",
    verified_by="Somebody",
    payload={},
)
LAST_YEAR = replace(
    BASE,
    id=2,
    valid_from=dt.date(2025, 1, 1),
    valid_to=dt.date(2025, 12, 31),
    confirmed_through=None,
)
VERSIONS = (LAST_YEAR, BASE)


def test_the_version_of_the_day_is_picked() -> None:
    assert choose(VERSIONS, "inss", dt.date(2025, 12, 31)) is LAST_YEAR
    assert choose(VERSIONS, "inss", dt.date(2026, 1, 1)) is BASE
    assert choose(VERSIONS, "inss", dt.date(2026, 12, 31)) is BASE
    assert choose(VERSIONS, "fgts", dt.date(2026, 1, 1)) is None


def test_last_years_table_is_never_taken_in_silence() -> None:
    january = dt.date(2027, 1, 1)
    assert choose(VERSIONS, "inss", january) is None
    assert find_missing(VERSIONS, ["inss"], january) == (
        MissingTable("inss", january, Absence.NOT_CONFIRMED, dt.date(2026, 12, 31)),
    )
    ended = (LAST_YEAR,)
    assert find_missing(ended, ["inss"], dt.date(2026, 1, 1)) == (
        MissingTable("inss", dt.date(2026, 1, 1), Absence.NONE, dt.date(2025, 12, 31)),
    )
    assert find_missing((), ["inss"], january) == (
        MissingTable("inss", january, Absence.NONE, None),
    )
    assert find_missing(VERSIONS, ["inss"], dt.date(2024, 12, 31)) == (
        MissingTable("inss", dt.date(2024, 12, 31), Absence.NONE, None),
    )


def test_what_no_act_renews_holds_without_being_confirmed() -> None:
    permanent = replace(BASE, confirmed_through=None)
    assert choose([permanent], "inss", dt.date(2040, 1, 1)) is permanent


def test_a_table_is_not_missing_before_the_law_knew_it() -> None:
    assert find_missing((), ["irrf_reduction"], dt.date(2025, 12, 31)) == ()
    assert len(find_missing((), ["irrf_reduction"], dt.date(2026, 1, 1))) == 1


def test_every_kind_is_chosen_by_one_date() -> None:
    by_competence = kinds_chosen_by(ChosenBy.COMPETENCE)
    by_payment = kinds_chosen_by(ChosenBy.PAYMENT)
    assert by_competence == ("inss", "minimum_wage", "family_allowance", "fgts")
    assert set(by_competence) | set(by_payment) == set(KINDS)
    assert not set(by_competence) & set(by_payment)


SHIPPED = shipped_tables()


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: f"{row['kind']}-{row['valid_from']}")
def test_every_shipped_table_can_be_read_and_names_its_act(row: dict[str, Any]) -> None:
    assert check_payload(row["kind"], row["payload"]) == []
    assert row["act"]
    assert row["source"]
    assert bool(row["verified_by"]) == bool(row["verified_on"])
    if row["certainty"] != "unverified":
        assert row["verified_by"]
    assert row["certainty"] in {"official", "secondary", "unverified"}
    assert "float" not in {type(value).__name__ for value in _leaves(row["payload"])}


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]


@given(
    competence=st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)),
)
def test_every_day_of_2024_to_2026_has_each_shipped_table_once(competence: dt.date) -> None:
    for kind, spec in KINDS.items():
        valid = [
            row
            for row in SHIPPED
            if row["kind"] == kind
            and row["valid_from"] <= competence.isoformat() <= (row["valid_to"] or "9999")
        ]
        assert len(valid) == (1 if competence >= spec.since else 0), kind


GOOD_SLICES: list[dict[str, Any]] = [
    {"up_to": "100.00", "rate": "0.1"},
    {"up_to": "200.00", "rate": "0.2"},
]
GOOD_BRACKETS: list[dict[str, Any]] = [
    {"up_to": "100.00", "rate": "0", "deduct": "0"},
    {"up_to": None, "rate": "0.1", "deduct": "10.00"},
]
GOOD_ALLOWANCE = {
    "quota": "60.00",
    "limit": "1900.00",
    "limit_on": "full_month",
    "proportional_days": True,
}


def changed(rows: list[dict[str, Any]], number: int, **change: Any) -> dict[str, Any]:
    return {"slices": [{**row, **change} if i == number else row for i, row in enumerate(rows)]}


@pytest.mark.parametrize(
    ("kind", "payload", "problems"),
    [
        ("inss", {"slices": GOOD_SLICES}, []),
        ("inss", {}, [("slices", "lacking")]),
        ("inss", {"slices": GOOD_SLICES, "more": 1}, [("more", "unknown")]),
        ("inss", {"slices": []}, [("slices", "not_a_list")]),
        ("inss", {"slices": "7.5"}, [("slices", "not_a_list")]),
        ("inss", {"slices": ["7.5"]}, [("slices.0", "not_a_row")]),
        ("inss", changed(GOOD_SLICES, 0, rate=0.1), [("slices.0.rate", "not_a_figure")]),
        ("inss", changed(GOOD_SLICES, 0, rate="7.5"), [("slices.0.rate", "not_a_share")]),
        ("inss", changed(GOOD_SLICES, 1, rate="0.1"), [("slices.1.rate", "must_rise")]),
        ("inss", changed(GOOD_SLICES, 1, up_to="100.00"), [("slices.1.up_to", "must_rise")]),
        ("inss", changed(GOOD_SLICES, 1, up_to=None), [("slices.1.up_to", "not_a_figure")]),
        ("inss", {"slices": [{"up_to": "1"}]}, [("slices.0.rate", "lacking")]),
        ("irrf_monthly", {"slices": GOOD_BRACKETS}, []),
        (
            "irrf_monthly",
            changed(GOOD_BRACKETS, 1, up_to="200.00"),
            [("slices.1.up_to", "must_be_open")],
        ),
        (
            "irrf_monthly",
            changed(GOOD_BRACKETS, 0, up_to=None),
            [("slices.0.up_to", "not_a_figure")],
        ),
        (
            "irrf_monthly",
            {"slices": [*GOOD_BRACKETS, 3]},
            [("slices.1.up_to", "not_a_figure"), ("slices.2", "not_a_row")],
        ),
        ("minimum_wage", {"amount": "1621.00"}, []),
        ("minimum_wage", {"amount": 1621}, [("amount", "not_a_figure")]),
        ("minimum_wage", {"amount": "-1"}, [("amount", "not_a_figure")]),
        ("minimum_wage", {"amount": "NaN"}, [("amount", "not_a_figure")]),
        ("minimum_wage", {"amount": "x"}, [("amount", "not_a_figure")]),
        ("minimum_wage", {}, [("amount", "lacking")]),
        ("family_allowance", GOOD_ALLOWANCE, []),
        ("family_allowance", {**GOOD_ALLOWANCE, "quota": None}, [("quota", "not_a_figure")]),
        ("family_allowance", {**GOOD_ALLOWANCE, "limit_on": "x"}, [("limit_on", "not_a_choice")]),
        (
            "family_allowance",
            {**GOOD_ALLOWANCE, "proportional_days": "yes"},
            [("proportional_days", "not_a_choice")],
        ),
        (
            "family_allowance",
            {},
            [
                ("quota", "lacking"),
                ("limit", "lacking"),
                ("limit_on", "lacking"),
                ("proportional_days", "lacking"),
            ],
        ),
    ],
)
def test_a_payload_that_no_rule_could_read_is_found(
    kind: str, payload: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    found = check_payload(kind, json.loads(json.dumps(payload)))
    assert [(problem.path, problem.code) for problem in found] == problems


def test_figures_are_text() -> None:
    assert read_number("0.075") is not None
    assert read_number(0.075) is None


DUTY_PAYLOAD: dict[str, Any] = {
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


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({}, []),
        ({"name": "  "}, [("name", "not_a_text")]),
        ({"responsible": "boss"}, [("responsible", "not_a_choice")]),
        ({"only_month": "11"}, []),
        ({"day": None}, []),
        ({"day": "32"}, [("day", "not_a_count")]),
        ({"day": "²"}, [("day", "not_a_count")]),
        ({"day": "9" * 5000}, [("day", "not_a_count")]),
        ({"months_after": None}, [("months_after", "not_a_count")]),
        ({"months_after": 1}, [("months_after", "not_a_count")]),
        ({"saturday_counts": "yes"}, [("saturday_counts", "not_a_choice")]),
        ({"shift": None}, [("shift", "not_a_choice")]),
        ({"more": "1"}, [("more", "unknown")]),
    ],
)
def test_the_rule_of_a_duty_is_checked(
    change: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    found = check_payload("duty.iss", {**DUTY_PAYLOAD, **change})
    assert [(problem.path, problem.code) for problem in found] == problems


def test_a_code_is_a_duty_when_it_is_a_plain_name_behind_the_prefix() -> None:
    assert is_duty("duty.iss")
    for kind in ("inss", "duty.", "duty", "duty.a b", "duty.ação"):
        assert not is_duty(kind), kind
    with pytest.raises(KeyError):
        kind_of("nothing")


def test_a_rate_of_the_fgts_is_a_share() -> None:
    found = check_payload("fgts", {"rate": "8", "apprentice_rate": "0.02"})
    assert [(problem.path, problem.code) for problem in found] == [("rate", "not_a_share")]


def at(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


def known(versions: tuple[TableVersion, ...], moment: dt.datetime) -> list[tuple[int, Any, Any]]:
    found = as_known(versions, moment, on=moment.date())
    return [(each.id, each.valid_to, each.confirmed_through) for each in found]


def test_before_its_act_was_known_the_table_before_had_no_end() -> None:
    successor = replace(BASE, verified_at=at(2026, 1, 12))
    versions = (LAST_YEAR, successor)
    assert known(versions, at(2026, 1, 11)) == [(2, None, None)]
    assert known(versions, at(2026, 1, 12)) == [
        (2, LAST_YEAR.valid_to, None),
        (1, None, BASE.confirmed_through),
    ]


def test_what_came_with_the_product_is_known_from_the_day_of_its_act() -> None:
    assert known((BASE,), at(2026, 1, 8)) == []
    assert known((BASE,), at(2026, 1, 9)) == [(1, None, BASE.confirmed_through)]


def test_an_end_that_no_successor_gave_was_always_known() -> None:
    ended = replace(BASE, valid_to=dt.date(2026, 6, 30))
    assert known((ended,), at(2026, 1, 9)) == [(1, ended.valid_to, BASE.confirmed_through)]


def test_until_a_correction_is_known_the_corrected_version_counts() -> None:
    correction = replace(BASE, id=9, corrects_id=1, verified_at=at(2026, 5, 1))
    versions = (BASE, correction)
    assert [row[0] for row in known(versions, at(2026, 4, 30))] == [1]
    assert [row[0] for row in known(versions, at(2026, 5, 1))] == [9]


def test_a_table_was_confirmed_as_far_as_somebody_had_said_by_then() -> None:
    june, december = dt.date(2026, 6, 30), dt.date(2026, 12, 31)
    said = ((at(2026, 5, 1), dt.date(2026, 4, 30)), (at(2026, 7, 1), june))
    version = replace(BASE, confirmations=said)
    assert known((version,), at(2026, 4, 1))[0][2] == dt.date(2026, 4, 30)
    assert known((version,), at(2026, 6, 1))[0][2] == june
    assert known((version,), at(2026, 7, 1))[0][2] == december


def test_a_draft_is_thought_of_as_verified() -> None:
    draft = replace(BASE, id=5, valid_from=dt.date(2027, 1, 1))
    other = replace(BASE, id=6, kind="fgts")
    after = after_verifying((LAST_YEAR, BASE, other), draft)
    assert [(each.id, each.valid_to) for each in after] == [
        (2, LAST_YEAR.valid_to),
        (1, dt.date(2026, 12, 31)),
        (6, None),
        (5, None),
    ]


def test_a_correction_is_thought_of_in_place_of_what_it_corrects() -> None:
    draft = replace(LAST_YEAR, id=5, corrects_id=2, valid_to=None)
    assert [(each.id, each.valid_to) for each in after_verifying((LAST_YEAR, BASE), draft)] == [
        (1, None),
        (5, LAST_YEAR.valid_to),
    ]


def test_tables_are_thought_of_as_confirmed() -> None:
    through = dt.date(2027, 3, 31)
    after = after_confirming((LAST_YEAR, BASE), {1}, through)
    assert [each.confirmed_through for each in after] == [None, through]
