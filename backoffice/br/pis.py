"""PIS/PASEP/NIT: the number of a worker with social security, 11 digits with one check digit."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.br import typed

LENGTH = 11
_WEIGHTS = (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def normalise(text: str) -> str:
    """The digits of a PIS that was typed or pasted in any form."""
    restored = typed.lost_zeros(text, LENGTH)
    if restored is not None and is_valid(restored):
        return restored
    return typed.digits(text)


def is_valid(pis: str) -> bool:
    """Whether 11 bare digits are a PIS. Eleven equal digits are not."""
    if len(pis) != LENGTH or not (pis.isascii() and pis.isdigit()) or len(set(pis)) == 1:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, pis, strict=False))
    return int(pis[-1]) == -total % 11 % 10


def validate(text: str, field: str = "pis") -> str:
    """Read a PIS in any form.

    Args:
        text: What was typed.
        field: The input at which the refusal is shown.

    Returns:
        The 11 digits.

    Raises:
        InvalidInput: ``bad_pis``, saying whether the length or the check digit is wrong.
    """
    pis = normalise(text)
    if is_valid(pis):
        return pis
    if len(pis) != LENGTH:
        message = ngettext_lazy(
            "A PIS has 11 digits; %(count)d digit was given.",
            "A PIS has 11 digits; %(count)d digits were given.",
            len(pis),
        ) % {"count": len(pis)}
        raise typed.refusal("pis", field, message)
    raise typed.refusal(
        "pis", field, _("This PIS does not exist: its check digit does not match. Was it mistyped?")
    )


def format(pis: str) -> str:  # noqa: A001  the verb of this module
    """Write 11 digits as ``120.12345.67-8``."""
    return f"{pis[:3]}.{pis[3:8]}.{pis[8:10]}-{pis[10:]}"
