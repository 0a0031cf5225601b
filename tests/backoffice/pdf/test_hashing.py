import re

from hypothesis import given
from hypothesis import strategies as st

from backoffice.pdf import content_hash, verification_code


def test_the_content_hash_is_sha_256() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert content_hash(b"") == empty


def test_the_verification_code_is_the_start_of_the_hash_in_crockford_letters() -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int(content_hash(b"recibo")[:20], 16)
    digits = [alphabet[number >> 5 * place & 31] for place in reversed(range(16))]
    assert verification_code(b"recibo").replace("-", "") == "".join(digits)


@given(st.binary())
def test_a_verification_code_can_be_typed(content: bytes) -> None:
    assert re.fullmatch(
        r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", verification_code(content)
    )
