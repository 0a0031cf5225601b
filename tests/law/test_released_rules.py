"""Released rules keep giving what they gave on the day of their release, to the last key."""

import json
from pathlib import Path
from typing import Any

import pytest

from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.versions import RULES, compute_monthly
from tests.law.runner import tables_of

RELEASED = Path(__file__).parent / "released"


def stored(rule: str) -> list[dict[str, Any]]:
    path = RELEASED / f"{rule.replace('/', '-')}.json"
    results: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return results


@pytest.mark.parametrize("rule", RULES)
def test_a_released_rule_gives_what_it_gave(rule: str) -> None:
    differing = []
    for payslip in stored(rule):
        inputs = MonthlyInputs.from_json(payslip["inputs"])
        tables = tables_of(inputs.competence, inputs.payment_date)
        if compute_monthly(inputs, tables, rule).to_json() != payslip["result"]:
            differing.append(payslip["inputs"])
    assert differing == []
    assert len(stored(rule)) >= 100
