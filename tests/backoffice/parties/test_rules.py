"""A contact is an e-mail address or a Brazilian phone number, kept in one form."""

import pytest

from backoffice.errors import InvalidInput
from backoffice.parties.rules import clean_contact


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Compras@Fornecedor.Example ", ("email", "compras@fornecedor.example")),
        ("(11) 98765-4321", ("phone", "+5511987654321")),
    ],
)
def test_a_contact_is_recognised(typed: str, kept: tuple[str, str]) -> None:
    assert clean_contact(typed) == kept


@pytest.mark.parametrize("typed", ["a@", "@b", "a b@c.d", "123", ""])
def test_what_is_neither_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        clean_contact(typed)
    assert refusal.value.code == "bad_contact"
    assert "value" in refusal.value.fields
