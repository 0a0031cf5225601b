"""CPF: the number of a person with the Receita Federal, 11 digits with two check digits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from stdnum.br import cpf as stdnum_cpf

from backoffice.br import typed

LENGTH = 11


def normalise(text: str) -> str:
    """The 11 digits of a CPF that was typed or pasted in any form.

    Labels, dots, spaces and dashes go; zeros that a spreadsheet dropped come back where that
    makes the number valid. What is no CPF comes back as the digits it has.
    """
    restored = typed.lost_zeros(text, LENGTH)
    if restored is not None and is_valid(restored):
        return restored
    return typed.digits(text)


def is_valid(cpf: str) -> bool:
    """Whether 11 bare digits are a CPF. Eleven equal digits are not, although they check."""
    return (
        len(cpf) == LENGTH
        and cpf.isascii()
        and cpf.isdigit()
        and len(set(cpf)) > 1
        and bool(stdnum_cpf.is_valid(cpf))
    )


def validate(text: str, field: str = "cpf") -> str:
    """Read a CPF in any form.

    Args:
        text: What was typed.
        field: The input at which the refusal is shown.

    Returns:
        The 11 digits.

    Raises:
        InvalidInput: ``bad_cpf``, saying whether the length or the check digits are wrong.
    """
    cpf = normalise(text)
    if is_valid(cpf):
        return cpf
    if len(cpf) != LENGTH:
        message = ngettext_lazy(
            "A CPF has 11 digits; %(count)d digit was given.",
            "A CPF has 11 digits; %(count)d digits were given.",
            len(cpf),
        ) % {"count": len(cpf)}
        raise typed.refusal("cpf", field, message)
    raise typed.refusal(
        "cpf", field, _("This CPF does not exist: its check digits do not match. Was it mistyped?")
    )


def format(cpf: str) -> str:  # noqa: A001  the verb of this module
    """Write 11 digits as ``529.982.247-25``."""
    return f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"


def mask(cpf: str) -> str:
    """Write a CPF for a list, without what identifies the person: ``***.982.247-**``."""
    return f"***.{cpf[3:6]}.{cpf[6:9]}-**"
