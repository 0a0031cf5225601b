"""Phones and postal codes are taken as people write them, and refused when they cannot exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.br import cep, phone
from backoffice.br.fields import CepField, PhoneField
from backoffice.errors import InvalidInput


@pytest.mark.parametrize(
    "text",
    [
        "11912345678",
        "(11) 91234-5678",
        "+55 (11) 91234-5678",
        "+55\u00a011\u00a091234\u20115678",
        "0055 11 91234 5678",
        "5511912345678",
        "011 91234-5678",
        "0 15 11 91234-5678",
        "Tel.: 11 9 1234.5678",
        "１１９１２３４５６７８",
    ],
)
def test_a_phone_is_read_however_it_is_written(text: str) -> None:
    assert phone.validate(text) == "+5511912345678"


def test_area_code_55_is_not_the_country() -> None:
    assert phone.validate("(55) 3222-1100") == "+555532221100"
    assert phone.validate("(55) 99122-1100") == "+5555991221100"
    assert phone.validate("+55 55 3222-1100") == "+555532221100"


@pytest.mark.parametrize(
    "text", ["", "91234-5678", "(20) 91234-5678", "(11) 81234-5678", "(11) 1234-5678", "(11) 912"]
)
def test_a_phone_that_cannot_exist_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        phone.validate(text, "contact")
    assert refusal.value.code == "bad_phone"
    assert set(refusal.value.fields) == {"contact"}


def test_there_are_67_area_codes() -> None:
    assert len(phone.AREA_CODES) == 67


def test_phones_are_shown_with_their_area_code() -> None:
    assert phone.format("+5511912345678") == "(11) 91234-5678"
    assert phone.format("+551133221100") == "(11) 3322-1100"
    assert phone.format("+351212345678") == "+351212345678"
    assert PhoneField().prepare_value("11 9123") == "11 9123"
    assert not PhoneField().has_changed("+5511912345678", "(11) 91234-5678")


@given(st.sampled_from(sorted(phone.AREA_CODES)), st.integers(900000000, 999999999))
def test_what_is_shown_is_read_again(area: str, number: int) -> None:
    kept = f"+55{area}{number}"
    assert phone.validate(phone.format(kept)) == kept


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("01310-100", "01310100"),
        ("CEP 01.310-100", "01310100"),
        ("1310100", "01310100"),
        ("80020\u00a0310", "80020310"),
    ],
)
def test_a_postal_code_is_read_however_it_is_written(text: str, bare: str) -> None:
    assert cep.validate(text) == bare
    assert CepField().clean(text) == bare


@pytest.mark.parametrize("text", ["", "1310-10", "00012345", "013101000", "abc"])
def test_a_postal_code_that_cannot_exist_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        cep.validate(text)
    assert refusal.value.code == "bad_cep"
    assert cep.format("01310100") == "01310-100"
