"""CNPJ: the number of an establishment with the Receita Federal, 14 characters.

Since July 2026 new numbers may have letters in the first twelve places (IN RFB 2.229/2024); the
two check digits are always digits. It is stored as text everywhere.
"""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from stdnum.br import cnpj as stdnum_cnpj

from backoffice.br import typed

LENGTH = 14
_SHAPE = re.compile(r"[0-9A-Z]{12}[0-9]{2}")


def normalise(text: str) -> str:
    """The 14 characters of a CNPJ that was typed or pasted in any form, letters in capitals.

    A label ``CNPJ`` in front goes, unless the number itself begins with these letters; zeros
    that a spreadsheet dropped come back where that makes the number valid.
    """
    restored = typed.lost_zeros(text, LENGTH)
    if restored is not None and is_valid(restored):
        return restored
    characters = typed.compact(text)
    if len(characters) > LENGTH:
        characters = characters.removeprefix("CNPJ")
    return characters


def is_valid(cnpj: str) -> bool:
    """Whether 14 bare characters are a CNPJ."""
    return _SHAPE.fullmatch(cnpj) is not None and bool(stdnum_cnpj.is_valid(cnpj))


def validate(text: str, field: str = "cnpj") -> str:
    """Read a CNPJ in any form.

    Args:
        text: What was typed.
        field: The input at which the refusal is shown.

    Returns:
        The 14 characters.

    Raises:
        InvalidInput: ``bad_cnpj``, saying whether the length or the check digits are wrong.
    """
    cnpj = normalise(text)
    if is_valid(cnpj):
        return cnpj
    if len(cnpj) != LENGTH:
        message = ngettext_lazy(
            "A CNPJ has 14 characters; %(count)d was given.",
            "A CNPJ has 14 characters; %(count)d were given.",
            len(cnpj),
        ) % {"count": len(cnpj)}
        raise typed.refusal("cnpj", field, message)
    raise typed.refusal(
        "cnpj",
        field,
        _("This CNPJ does not exist: its check digits do not match. Was it mistyped?"),
    )


def format(cnpj: str) -> str:  # noqa: A001  the verb of this module
    """Write 14 characters as ``11.222.333/0001-81``."""
    return f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}"


def root(cnpj: str) -> str:
    """The first eight characters, the same for all branches of one company."""
    return cnpj[:8]
