"""Every abuse case of the threat model is tried by a test, or waits for the area that brings its door."""

import tomllib

import pytest

from tests.security.asvs import ROOT, functions_in

CASES = tomllib.loads((ROOT / "tests" / "security" / "abuse.toml").read_text())


def test_all_forty_are_listed() -> None:
    assert list(CASES) == [str(number) for number in range(1, 41)]


@pytest.mark.parametrize("number", CASES)
def test_a_case_names_tests_that_exist_or_what_it_waits_for(number: str) -> None:
    case = CASES[number]
    assert case["who"]
    assert case["tries"]
    assert case.get("proof") or case["waits"]
    for proof in case.get("proof", ()):
        path, _colons, name = proof.partition("::")
        assert name in functions_in(path), proof
