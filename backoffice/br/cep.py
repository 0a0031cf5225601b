"""CEP: the postal code, eight digits, the first of which tell the region."""

from django.utils.translation import gettext_lazy as _

from backoffice.br import typed

LENGTH = 8


def normalise(text: str) -> str:
    """The digits of a CEP that was typed or pasted; a zero that a spreadsheet dropped comes back."""
    plain = text.strip()
    if len(plain) == LENGTH - 1 and plain.isdecimal():
        return plain.zfill(LENGTH)
    return typed.digits(text)


def is_valid(cep: str) -> bool:
    """Whether eight bare digits can be a CEP: none begins with three zeros."""
    return len(cep) == LENGTH and cep.isascii() and cep.isdigit() and not cep.startswith("000")


def validate(text: str, field: str = "postal_code") -> str:
    """Read a CEP in any form.

    Args:
        text: What was typed.
        field: The input at which the refusal is shown.

    Returns:
        The eight digits.

    Raises:
        InvalidInput: ``bad_cep``.
    """
    cep = normalise(text)
    if not is_valid(cep):
        raise typed.refusal("cep", field, _("A CEP has eight digits."))
    return cep


def format(cep: str) -> str:  # noqa: A001  the verb of this module
    """Write eight digits as ``01310-100``."""
    return f"{cep[:5]}-{cep[5:]}"
