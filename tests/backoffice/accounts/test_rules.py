"""Codes, one-time secrets and names of browsers."""

import base64
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.accounts.rules import (
    ALPHABET,
    browser_name,
    mailed_digest,
    new_code,
    plain_code,
    totp_counter,
    totp_match,
    totp_value,
)

KEY = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [  # RFC 6238, appendix B, SHA-1; the last six of its eight digits
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_digits_are_those_of_the_standard(seconds: int, digits: str) -> None:
    assert totp_value(KEY, totp_counter(seconds)) == digits
    assert base64.b32encode(KEY).decode() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_a_code_may_be_half_a_minute_off_and_no_more() -> None:
    now = 1_700_000_000
    step = totp_counter(now)
    for drift, found in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        assert totp_match(KEY, totp_value(KEY, step + drift), now, used=0) == found


def test_a_code_and_those_before_it_are_never_taken_again() -> None:
    now = 1_700_000_000
    step = totp_counter(now)
    assert totp_match(KEY, totp_value(KEY, step), now, used=step) is None
    assert totp_match(KEY, totp_value(KEY, step - 1), now, used=step) is None
    assert totp_match(KEY, totp_value(KEY, step + 1), now, used=step) == step + 1


def test_spaces_in_a_code_do_not_matter_and_letters_are_no_code() -> None:
    digits = totp_value(KEY, totp_counter(59))
    assert totp_match(KEY, f" {digits[:3]} {digits[3:]} ", 59, used=0) == 1
    assert totp_match(KEY, "abcdef", 59, used=0) is None
    assert totp_match(KEY, "", 59, used=0) is None


@given(st.randoms(use_true_random=False))
def test_a_printed_code_is_read_again_however_it_is_typed(random: Random) -> None:
    code = new_code(random.choice)
    plain = plain_code(code)
    assert len(plain) == 12
    assert set(plain) <= set(ALPHABET)
    assert plain_code(code.lower().replace("-", " ")) == plain


def test_a_printed_code_has_no_sign_that_is_mistaken_on_paper() -> None:
    assert not set("01IOL") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


def test_of_a_mailed_secret_only_a_hash_is_kept() -> None:
    assert mailed_digest("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit/605 Version/18 Safari/604",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8.5.0 (x)", "curl/8.5.0"),
        ("", "?"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name
