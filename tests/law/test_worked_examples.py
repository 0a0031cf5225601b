"""Worked examples of law, ours and those of a folder outside the repository, to the cent."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.law.runner import EXAMPLES, Unsupported, differences, load, run

OURS = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(EXAMPLES.glob("*.json"))
    for case in load(path)
]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("case", OURS)
def test_an_example_of_law_is_met_to_the_cent(case: dict[str, Any]) -> None:
    assert case["source"]
    assert differences(case["expected"], run(case)) == []


def samples() -> Path:
    """The folder with files that are measured and never copied."""
    return Path(os.environ.get("RETAGUARDA_SAMPLES", ROOT.parent / "shared" / "samples"))


@pytest.mark.samples
def test_every_supported_sample_case_is_met_to_the_cent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = samples() / "payroll" / "payroll_cases.json"
    if not path.exists():
        pytest.skip(f"NOT CHECKED: no worked cases at {path}; set RETAGUARDA_SAMPLES")
    matched: Counter[str] = Counter()
    unsupported: Counter[str] = Counter()
    wrong = []
    for case in load(path):
        operation = case["input"]["op"]
        try:
            found = run(case)
        except Unsupported:
            unsupported[operation] += 1
            continue
        differing = differences(case["expected"], found)
        if differing:
            wrong.append((case["name"], differing))
        else:
            matched[operation] += 1
    with capsys.disabled():
        sys.stdout.write(f"\nworked cases met to the cent: {dict(sorted(matched.items()))}\n")
        sys.stdout.write(f"not supported yet, not counted: {dict(sorted(unsupported.items()))}\n")
    assert wrong == []
    assert matched.keys() >= {"inss", "irrf", "family_allowance", "monthly"}
