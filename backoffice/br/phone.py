"""Phone numbers of Brazil: kept as E.164 (``+5511912345678``), taken as anybody writes them.

Area codes and lengths as in the numbering plan (Resolução Anatel 749/2022): eight digits for fixed
lines, which begin with 2 to 5, nine for mobiles, which begin with 9.
"""

import re

from django.utils.translation import gettext_lazy as _

from backoffice.br import typed

COUNTRY = "55"
AREA_CODES = frozenset(
    code
    for first, rest in {
        "1": "123456789",
        "2": "12478",
        "3": "1234578",
        "4": "123456789",
        "5": "1345",
        "6": "123456789",
        "7": "134579",
        "8": "123456789",
        "9": "123456789",
    }.items()
    for code in (first + second for second in rest)
)
_NUMBER = re.compile(r"(?P<area>\d\d)(?P<number>9\d{8}|[2-5]\d{7})")
# 0 and, if there is one, the two digits of a carrier
_TRUNK = re.compile(r"0(?:\d\d)?(?=\d{10,11}$)")


def normalise(text: str) -> str:
    """The area code and the number, without country, trunk zero, carrier and punctuation."""
    bare = typed.digits(text)
    foreign = re.match(r"\s*(\+|00)", text) is not None
    if foreign:
        bare = bare.removeprefix("00")
    if bare.startswith(COUNTRY) and (foreign or len(bare) > 11):
        bare = bare.removeprefix(COUNTRY)
    return _TRUNK.sub("", bare) if len(bare) > 11 else bare.removeprefix("0")


def is_valid(number: str) -> bool:
    """Whether bare digits are an area code in use and a number that can be there."""
    found = _NUMBER.fullmatch(number)
    return found is not None and found["area"] in AREA_CODES


def validate(text: str, field: str = "phone") -> str:
    """Read a phone in any form.

    Args:
        text: What was typed.
        field: The input at which the refusal is shown.

    Returns:
        The number as E.164.

    Raises:
        InvalidInput: ``bad_phone``.
    """
    number = normalise(text)
    if not is_valid(number):
        message = _("Write the phone with its area code, as (11) 91234-5678.")
        raise typed.refusal("phone", field, message)
    return f"+{COUNTRY}{number}"


def format(phone: str) -> str:  # noqa: A001  the verb of this module
    """Write E.164 as ``(11) 91234-5678``; a number of another country as it is kept."""
    found = _NUMBER.fullmatch(phone.removeprefix(f"+{COUNTRY}"))
    if found is None:
        return phone
    number = found["number"]
    return f"({found['area']}) {number[:-4]}-{number[-4:]}"
