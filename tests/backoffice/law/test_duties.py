"""When duties fall due: counted, and shifted where banks rest."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.br.business_days import WorkingCalendar
from backoffice.law.reference import DATA
from backoffice.law.rules.duties import Duty, Shift, due_date

BRAZIL = WorkingCalendar(saturday=False, banking=True)
SHIPPED: dict[str, dict[str, Any]] = {
    row["kind"]: row for row in json.loads((DATA / "duties.json").read_text(encoding="utf-8"))
}


def duty(code: str, **over: Any) -> Duty:
    return Duty.read({**SHIPPED[f"duty.{code}"]["payload"], **over})


@pytest.mark.parametrize(
    ("code", "month", "due"),
    [
        # 1 November is a Sunday and 2 November a holiday: 3, 4, 5, 6, 7 (Saturday) -> bank day before
        ("salary", dt.date(2026, 10, 1), dt.date(2026, 11, 6)),
        # 1 January is a holiday, Saturday the 2nd counts: 2, 4, 5, 6, 7
        ("salary", dt.date(2026, 12, 1), dt.date(2027, 1, 7)),
        ("fgts", dt.date(2026, 10, 1), dt.date(2026, 11, 19)),  # the 20th is Zumbi's day
        ("fgts", dt.date(2026, 11, 1), dt.date(2026, 12, 18)),  # the 20th is a Sunday
        ("esocial", dt.date(2026, 10, 1), dt.date(2026, 11, 13)),  # the 15th is a Sunday, a holiday
        ("dctfweb", dt.date(2026, 9, 1), dt.date(2026, 10, 30)),  # the 31st is a Saturday
        ("irrf", dt.date(2026, 12, 1), dt.date(2027, 1, 20)),
        ("thirteenth_first", dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
        ("thirteenth_second", dt.date(2026, 12, 1), dt.date(2026, 12, 18)),  # the 20th is a Sunday
    ],
)
def test_a_shipped_duty_falls_due_on_the_day_that_its_act_says(
    code: str, month: dt.date, due: dt.date
) -> None:
    assert due_date(duty(code), month, BRAZIL) == due


def test_a_day_on_which_banks_rest_is_shifted_as_the_duty_says() -> None:
    november = dt.date(2026, 11, 1)  # 20 December 2026 is a Sunday
    assert due_date(duty("fgts", shift="later"), november, BRAZIL) == dt.date(2026, 12, 21)
    assert due_date(duty("fgts", shift="none"), november, BRAZIL) == dt.date(2026, 12, 20)


def test_a_day_that_the_month_lacks_is_its_last_one() -> None:
    thirty = duty("fgts", day="30", shift="none")
    assert due_date(thirty, dt.date(2027, 1, 1), BRAZIL) == dt.date(2027, 2, 28)


def test_a_holiday_of_the_state_counts() -> None:
    sao_paulo = WorkingCalendar(saturday=False, state="SP")
    day = duty("fgts", day="9", shift="earlier")  # 9 July: Revolução Constitucionalista
    assert due_date(day, dt.date(2026, 6, 1), sao_paulo) == dt.date(2026, 7, 8)
    assert due_date(day, dt.date(2026, 6, 1), BRAZIL) == dt.date(2026, 7, 9)


def test_a_duty_of_one_month_exists_in_that_month_only() -> None:
    assert duty("thirteenth_first").has_month(dt.date(2026, 11, 1))
    assert not duty("thirteenth_first").has_month(dt.date(2026, 10, 1))
    assert duty("fgts").has_month(dt.date(2026, 10, 1))


def test_what_nobody_read_is_shipped_as_a_draft() -> None:
    for row in SHIPPED.values():
        assert (row["verified_on"] is None) == (row["certainty"] == "unverified"), row["kind"]


@given(
    month=st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 1)),
    code=st.sampled_from([kind.removeprefix("duty.") for kind in SHIPPED]),
)
def test_what_is_shifted_earlier_is_never_late_and_always_a_bank_day(
    month: dt.date, code: str
) -> None:
    rule = duty(code)
    plain = due_date(duty(code, shift="none"), month, BRAZIL)
    due = due_date(rule, month, BRAZIL)
    assert due <= plain
    if rule.shift is Shift.EARLIER:
        assert BRAZIL.is_business_day(due)
