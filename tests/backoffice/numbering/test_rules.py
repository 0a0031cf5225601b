from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.numbering.registry import Series, register
from backoffice.numbering.rules import BadPattern, Parts, check_pattern, write_number


@pytest.mark.parametrize(
    ("pattern", "parts", "text"),
    [
        ("FP-{year}/{number:3}", Parts(7, 2026), "FP-2026/007"),
        ("{number}", Parts(1234), "1234"),
        ("{branch}-{number:4}.{yy}", Parts(12, 2026, "03"), "03-0012.26"),
        ("{number:2}/{year}", Parts(12345, 2026), "12345/2026"),
        ("{yy} {number}", Parts(1, 2005), "05 1"),
    ],
)
def test_a_number_is_written_by_its_pattern(pattern: str, parts: Any, text: str) -> None:
    assert write_number(pattern, parts) == text


@pytest.mark.parametrize(
    ("pattern", "yearly", "by_branch", "why"),
    [
        ("{year}", True, False, "number"),
        ("{number}{number}", False, False, "number"),
        ("{number}", True, False, "year"),
        ("{year}/{number}", False, False, "year"),
        ("{number}", False, True, "branch"),
        ("{branch}/{number}", False, False, "branch"),
        ("{branch}{number}", False, True, "separator"),
        ("{number}{year}", True, False, "separator"),
        ("{year}{number}", True, False, "separator"),
        ("{number:3}{yy}", True, False, "separator"),
        ("{day}/{number}", False, False, "unknown"),
        ("<{number}>", False, False, "characters"),
        ("{number:0}", False, False, "characters"),
        ("A" * 33 + "{number}", False, False, "length"),
    ],
)
def test_a_pattern_by_which_two_numbers_could_read_the_same_is_refused(
    pattern: str, yearly: bool, by_branch: bool, why: str
) -> None:
    with pytest.raises(BadPattern, match=why):
        check_pattern(pattern, yearly=yearly, by_branch=by_branch)


PARTS = st.builds(
    Parts,
    number=st.integers(1, 99_999_999),
    year=st.integers(2000, 2099),
    branch=st.sampled_from(["01", "1", "SP", "SP1", "0"]),
)
PATTERNS = st.sampled_from(
    ["{branch}-{year}/{number}", "{number:4}.{branch}.{yy}", "{yy} {branch}/{number:6}"]
)


@given(PATTERNS, PARTS, PARTS)
def test_different_parts_never_read_the_same(pattern: str, one: Any, other: Any) -> None:
    check_pattern(pattern, yearly=True, by_branch=True)
    assert (write_number(pattern, one) == write_number(pattern, other)) == (one == other)


def test_a_series_is_registered_once_and_with_a_pattern_that_works() -> None:
    series = Series(name="test.rules", label="x", pattern="{year}/{number}")
    assert register(series) is series
    assert register(Series(name="test.rules", label="x", pattern="{year}/{number}")) == series
    with pytest.raises(ValueError, match="two series"):
        register(Series(name="test.rules", label="y", pattern="{year}/{number}"))
    with pytest.raises(BadPattern):
        register(Series(name="test.bad", label="x", pattern="{number}"))
