"""State registrations are checked by the rule of their state."""

import pytest

from backoffice.br import state_registration as rules
from backoffice.errors import InvalidInput

# Examples that the states publish beside their rules.
PUBLISHED = [
    ("AC", "01.004.823/001-12"),
    ("AL", "24.000.004-8"),
    ("AM", "99.999.999-0"),
    ("AP", "03.012.345-9"),
    ("BA", "123456-63"),
    ("BA", "612345-57"),
    ("BA", "1000003-06"),
    ("CE", "06.000.001-5"),
    ("DF", "073.00001.001-09"),
    ("ES", "99999999-0"),
    ("GO", "10.987.654-7"),
    ("MA", "12.000.038-5"),
    ("MG", "062.307.904/0081"),
    ("MS", "28.311.594-7"),
    ("MT", "0013000001-9"),
    ("PA", "15-999999-5"),
    ("PB", "16.000.001-7"),
    ("PE", "0321418-40"),
    ("PE", "18.1.001.0000004-9"),
    ("PI", "01.234.567-9"),
    ("PR", "123.45678-50"),
    ("RJ", "99.999.99-3"),
    ("RN", "20.040.040-1"),
    ("RN", "20.0.040.040-0"),
    ("RO", "101.62521-3"),
    ("RO", "0000000062521-3"),
    ("RR", "24006628-1"),
    ("RR", "24003429-0"),
    ("RS", "224/365879-2"),
    ("SC", "251.040.852"),
    ("SE", "27123456-3"),
    ("SP", "110.042.490.114"),
    ("SP", "P-01100424.3/002"),
    ("TO", "29.01.022783-6"),
    ("TO", "29.022783-6"),
]


def test_all_states_have_a_rule_and_an_example() -> None:
    assert len(rules.STATES) == 27
    assert set(rules.CHECKS) == set(rules.STATES) == {state for state, _ in PUBLISHED}


@pytest.mark.parametrize(("state", "number"), PUBLISHED)
def test_published_examples_are_right_and_every_changed_check_digit_is_wrong(
    state: str, number: str
) -> None:
    bare = rules.validate(number, state)
    at = 8 + bare.startswith("P") if state == "SP" else len(bare) - 1
    right = [
        digit for digit in "0123456789" if rules.is_valid(bare[:at] + digit + bare[at + 1 :], state)
    ]
    assert right == [bare[at]]


@pytest.mark.parametrize("state", rules.STATES)
def test_too_short_too_long_and_empty_are_wrong_everywhere(state: str) -> None:
    for number in ("", "1", "123", "000000000", "1" * 16, "12345678X", "P12"):
        assert not rules.is_valid(number, state)


@pytest.mark.parametrize("text", ["isento", "ISENTA", " Isento de IE "])
def test_who_has_none_writes_isento(text: str) -> None:
    assert rules.validate(text, "SP") == "ISENTO"


def test_zeros_that_a_spreadsheet_dropped_come_back() -> None:
    assert rules.validate("100482300112", "AC") == "0100482300112"
    assert rules.validate("IE 13000001-9", "MT") == "00130000019"


def test_the_years_in_which_goias_and_amapa_differ() -> None:
    assert rules.is_valid("101031131", "GO") != rules.is_valid("101031130", "GO")
    assert not rules.is_valid("301234567", "GO")
    assert sum(rules.is_valid(f"03017001{d}", "AP") for d in range(10)) == 1
    assert sum(rules.is_valid(f"03020000{d}", "AP") for d in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "state", "code"),
    [("110.042.490.115", "SP", "bad_state_registration"), ("1", "XX", "bad_state")],
)
def test_a_wrong_number_or_state_is_refused_at_the_field(text: str, state: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.validate(text, state)
    assert refusal.value.code == code
    assert set(refusal.value.fields) == {"state_registration"}
