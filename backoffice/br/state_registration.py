"""Inscrição estadual (IE): the number of an establishment with the revenue of its state.

Each state has its own number of digits and check digits, as the states publish them for SINTEGRA.
An establishment that sells no goods has none and writes ``ISENTO``.
"""

from collections.abc import Callable, Sequence
from itertools import cycle

from django.utils.translation import gettext_lazy as _

from backoffice.br import typed

EXEMPT = "ISENTO"
STATES = (
    *("AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA"),
    *("PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"),
)

Check = Callable[[str], bool]


def _weights(count: int, highest: int = 9) -> list[int]:
    """The weights 2, 3, ... ``highest``, 2, 3 ... from the right, written from the left."""
    circle = cycle(range(2, highest + 1))
    return [next(circle) for _ in range(count)][::-1]


def _sum(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _mod11(digits: str, weights: Sequence[int] | None = None) -> int:
    """Eleven less the remainder; ten and eleven are zero."""
    digit = 11 - _sum(digits, weights or _weights(len(digits))) % 11
    return 0 if digit > 9 else digit


def _plain(*lengths: int, starts: tuple[str, ...] = ("",)) -> Check:
    """One check digit at the end, weights 2 to 9 from the right."""

    def check(number: str) -> bool:
        right = len(number) in lengths and number.startswith(starts)
        return right and int(number[-1]) == _mod11(number[:-1])

    return check


def _two(length: int, highest: int = 9, starts: tuple[str, ...] = ("",)) -> Check:
    """Two check digits at the end, the second over the first as well."""

    def check(number: str) -> bool:
        if len(number) != length or not number.startswith(starts):
            return False
        return all(
            int(number[at]) == _mod11(number[:at], _weights(at, highest))
            for at in (length - 2, length - 1)
        )

    return check


def _times_ten(*lengths: int, starts: tuple[str, ...]) -> Check:
    """The sum times ten, modulo eleven; ten is zero (AL, RN)."""

    def check(number: str) -> bool:
        if len(number) not in lengths or not number.startswith(starts):
            return False
        total = _sum(number[:-1], range(len(number), 1, -1))
        return int(number[-1]) == total * 10 % 11 % 10

    return check


def _ap(number: str) -> bool:
    if len(number) != 9 or not number.startswith("03"):
        return False
    base = int(number[:8])
    first, second = base <= 3017000, base <= 3019022
    start, eleven = (5, 0) if first else (9, 1) if second else (0, 0)
    digit = 11 - (start + _sum(number[:8], _weights(8))) % 11
    return int(number[8]) == {10: 0, 11: eleven}.get(digit, digit)


def _ba(number: str) -> bool:
    if len(number) not in {8, 9}:
        return False
    base, first, second = number[:-2], int(number[-2]), int(number[-1])
    modulus = 10 if number[len(number) - 8] in "0123458" else 11

    def digit(digits: str) -> int:
        rest = _sum(digits, range(len(digits) + 1, 1, -1)) % modulus
        return 0 if rest == 0 or (modulus == 11 and rest == 1) else modulus - rest

    return second == digit(base) and first == digit(base + number[-1])


def _go(number: str) -> bool:
    starts = ("10", "11", "15", *(str(prefix) for prefix in range(20, 30)))
    if len(number) != 9 or not number.startswith(starts):
        return False
    rest = _sum(number[:8], _weights(8)) % 11
    if rest == 1:
        return int(number[8]) == (1 if 10103105 <= int(number[:8]) <= 10119997 else 0)
    return int(number[8]) == (0 if rest == 0 else 11 - rest)


def _mg(number: str) -> bool:
    if len(number) != 13:
        return False
    widened = number[:3] + "0" + number[3:11]
    products = (
        str(int(digit) * weight) for digit, weight in zip(widened, cycle((1, 2)), strict=False)
    )
    total = sum(int(digit) for product in products for digit in product)
    first = -total % 10
    return int(number[11]) == first and int(number[12]) == _mod11(
        number[:12], _weights(12, highest=11)
    )


def _pe(number: str) -> bool:
    if len(number) == 14:
        digit = 11 - _sum(number[:13], (5, 4, 3, 2, 1, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
        return int(number[13]) == digit % 10
    return _two(9)(number)


def _ro(number: str) -> bool:
    if len(number) == 9:
        base, last = number[3:8], number[8]
        digit = 11 - _sum(base, (6, 5, 4, 3, 2)) % 11
    elif len(number) == 14:
        base, last = number[:13], number[13]
        digit = 11 - _sum(base, _weights(13)) % 11
    else:
        return False
    return int(last) == (digit - 10 if digit > 9 else digit)


def _rr(number: str) -> bool:
    return (
        len(number) == 9
        and number.startswith("24")
        and int(number[8]) == _sum(number[:8], range(1, 9)) % 9
    )


def _sp(number: str) -> bool:
    rural = number.startswith("P")
    number = number.removeprefix("P")
    if len(number) != 12 or not number.isdigit():
        return False
    first = _sum(number[:8], (1, 3, 4, 5, 6, 7, 8, 10)) % 11 % 10
    if int(number[8]) != first or rural:
        return int(number[8]) == first
    return int(number[11]) == _sum(number[:11], _weights(11, highest=10)) % 11 % 10


def _to(number: str) -> bool:
    if len(number) == 11 and number[2:4] in {"01", "02", "03", "99"}:
        number = number[:2] + number[4:]
    return _plain(9)(number)


CHECKS: dict[str, Check] = {
    "AC": _two(13, starts=("01",)),
    "AL": _times_ten(9, starts=("24",)),
    "AM": _plain(9),
    "AP": _ap,
    "BA": _ba,
    "CE": _plain(9, starts=("06",)),
    "DF": _two(13, starts=("07", "08")),
    "ES": _plain(9),
    "GO": _go,
    "MA": _plain(9, starts=("12",)),
    "MG": _mg,
    "MS": _plain(9, starts=("28", "50")),
    "MT": _plain(11),
    "PA": _plain(9, starts=("15", "75", "76", "77", "78", "79")),
    "PB": _plain(9),
    "PE": _pe,
    "PI": _plain(9),
    "PR": _two(10, highest=7),
    "RJ": lambda number: len(number) == 8 and int(number[7]) == _mod11(number[:7], _weights(7, 7)),
    "RN": _times_ten(9, 10, starts=("20",)),
    "RO": _ro,
    "RR": _rr,
    "RS": _plain(10),
    "SC": _plain(9),
    "SE": _plain(9),
    "SP": _sp,
    "TO": _to,
}
# Numbers that are shorter where zeros at their start were dropped.
FULL = {"AC": 13, "DF": 13, "MG": 13, "MT": 11, "RO": 14, "SP": 12}


def normalise(text: str, state: str) -> str:
    """The bare characters of a number as it was typed, with the zeros that a spreadsheet dropped."""
    bare = typed.compact(text).removeprefix("IE") if state != "SP" else typed.compact(text)
    if bare.startswith(EXEMPT[:4]):
        return EXEMPT
    short = FULL.get(state, 0) - len(bare)
    padded = bare.zfill(FULL.get(state, 0))
    return padded if 0 < short <= 3 and bare.isdigit() and CHECKS[state](padded) else bare


def is_valid(number: str, state: str) -> bool:
    """Whether bare characters are a number of the state; ``ISENTO`` is one of every state."""
    if number == EXEMPT:
        return True
    digits = number.removeprefix("P") if state == "SP" else number
    return digits.isascii() and digits.isdigit() and int(digits) > 0 and CHECKS[state](number)


def validate(text: str, state: str, field: str = "state_registration") -> str:
    """Read a state registration in any form.

    Args:
        text: What was typed; ``isento`` in any form for none.
        state: Two letters.
        field: The input at which the refusal is shown.

    Returns:
        The bare characters, or ``ISENTO``.

    Raises:
        InvalidInput: ``bad_state_registration``; ``no_state`` if there is no such state.
    """
    if state not in CHECKS:
        raise typed.refusal("state", field, _("Choose a state first."))
    number = normalise(text, state)
    if not is_valid(number, state):
        message = _("This is no state registration of %(state)s: its digits do not match.")
        raise typed.refusal("state_registration", field, message % {"state": state})
    return number
