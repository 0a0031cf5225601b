"""Amounts of money: rounding, splitting, reading what people paste, writing it as Brazilians do."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
)
from enum import StrEnum

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MOST_PLACES = 10  # of a quantity or a unit price, as an NF-e has them
_SWAP = str.maketrans(",.", ".,")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

# Wide enough for any product of an amount and a rate with six decimals.
_WIDE = Context(prec=50)
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])


class Rounding(StrEnum):
    """How an amount becomes cents. There is no default: the rule that rounds names its way."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    DOWN = ROUND_DOWN
    UP = ROUND_UP


class NotAnAmount(ValueError):
    """A text cannot be read as an amount of money."""


def round_to(value: Decimal | int, places: int, rounding: Rounding) -> Decimal:
    """Round a quantity or a unit price to a number of decimals.

    Args:
        value: The figure, with any number of decimals.
        places: How many decimals stay, at most ``MOST_PLACES``.
        rounding: The way; there is no default.

    Returns:
        The figure with exactly ``places`` decimals; never a negative zero.

    Raises:
        TypeError: The value is a float, or no number at all.
        ValueError: More decimals are asked for than any figure has here.
    """
    if not 0 <= places <= MOST_PLACES:
        msg = f"a figure has 0 to {MOST_PLACES} decimals, not {places}"
        raise ValueError(msg)
    _refuse_other_types(value, "a figure")
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_WIDE) + 0


def line_amount(quantity: Decimal | int, unit_price: Decimal | int, rounding: Rounding) -> Decimal:
    """What a quantity costs at a unit price, in whole cents; rounded once, at the end.

    Args:
        quantity: With up to ``MOST_PLACES`` decimals.
        unit_price: In reais for one unit, with up to ``MOST_PLACES`` decimals.
        rounding: The way.

    Raises:
        TypeError: A figure is a float.
    """
    _refuse_other_types(quantity, "a quantity")
    _refuse_other_types(unit_price, "a unit price")
    return to_cents(_EXACT.multiply(Decimal(quantity), Decimal(unit_price)), rounding)


def to_cents(value: Decimal | int, rounding: Rounding) -> Decimal:
    """Round an amount to cents.

    Args:
        value: The amount, in reais, with any number of decimals.
        rounding: The way; ``HALF_UP`` is what Brazilian tax tables use.

    Returns:
        The amount with exactly two decimals; never a negative zero.

    Raises:
        TypeError: The value is a float (its cents are already lost) or no number at all.
    """
    if type(value) is not Decimal:
        _refuse_other_types(value, "an amount")
        value = Decimal(value)
    return value.quantize(CENT, rounding=rounding, context=_WIDE) + ZERO


def _refuse_other_types(value: object, what: str) -> None:
    """Floats above all: their cents are already lost."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        msg = f"{what} is a Decimal or an int, not {type(value).__name__}"
        raise TypeError(msg)


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Divide an amount in proportion to weights without losing or inventing a cent.

    Each part is cut to cents; the cents left over go to the parts that lost most by the cut,
    the earlier part first where two lost the same. A negative total is the mirror of the
    positive one.

    Args:
        total: The amount to divide, in reais, in whole cents.
        weights: One non-negative weight for each part; at least one above zero.

    Returns:
        The parts, in the order of the weights; their sum is exactly ``total``.

    Raises:
        TypeError: A value is a float.
        ValueError: No weight is above zero, a weight is negative, or the total has fractions of
            a cent.
    """
    if to_cents(total, Rounding.DOWN) != total:
        raise ValueError("the total must be in whole cents")
    scaled = [_whole(weight) for weight in weights]
    # Bring all weights to whole numbers of one common unit: from here on integers, no rounding.
    finest = max((decimals for _, decimals in scaled), default=0)
    units = [number * 10 ** (finest - decimals) for number, decimals in scaled]
    whole = sum(units)
    if any(unit < 0 for unit in units) or whole == 0:
        raise ValueError("weights must not be negative and one must be above zero")
    cents = int(abs(total).scaleb(2, context=_EXACT))
    shares = [divmod(cents * unit, whole) for unit in units]
    parts = [share for share, _ in shares]
    by_loss = sorted(range(len(shares)), key=lambda i: -shares[i][1])
    for i in by_loss[: cents - sum(parts)]:
        parts[i] += 1
    sign = -1 if total < 0 else 1
    return [Decimal(sign * part).scaleb(-2, context=_EXACT) for part in parts]


def _whole(weight: Decimal | int) -> tuple[int, int]:
    """A weight as a whole number and how many decimals it had."""
    _refuse_other_types(weight, "a weight")
    value = Decimal(weight)
    if not value.is_finite():
        raise ValueError("a weight must be a finite number")
    exponent = value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return int(value.scaleb(decimals, context=_EXACT)), decimals


def format_amount(value: Decimal, decimals: int = 2) -> str:
    """Write a number as Brazilians do: ``1.234,56``; the minus sign comes first.

    Args:
        value: The number; more decimals than asked for are an error, not rounded away.
        decimals: How many decimals are shown.

    Raises:
        ValueError: The number has more decimals than are shown, or is not finite.
    """
    if not value.is_finite():
        msg = f"{value} is no amount"
        raise ValueError(msg)
    try:
        exact = value.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    except Inexact as error:
        msg = f"{value} has more than {decimals} decimals"
        raise ValueError(msg) from error
    return f"{exact + 0:,.{decimals}f}".translate(_SWAP)


def format_brl(value: Decimal) -> str:
    """Write an amount in reais with its sign and symbol: ``R$ 1.234,56``, ``-R$ 0,01``.

    The space is a no-break space, so that symbol and figure stay on one line.

    Args:
        value: The amount in whole cents.

    Raises:
        ValueError: The amount has fractions of a cent.
    """
    figure = format_amount(value)
    sign = "-" if figure.startswith("-") else ""
    return f"{sign}R${NO_BREAK_SPACE}{figure.removeprefix('-')}"


_SYMBOL = re.compile(r"^(R\$|BRL|REAIS)|(R\$|BRL|REAIS)$", re.IGNORECASE)
_BRAZILIAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+|,\d+", re.ASCII)
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+\.\d+|\d+\.\d+|\.\d+", re.ASCII)


def parse_amount(text: str) -> Decimal:
    """Read an amount as people type it or paste it from a bank site or a spreadsheet.

    ``1.234,56``, ``1234,56``, ``1234.56``, ``1,234.56``, ``R$ 1.234,56``, ``(10,00)`` and
    ``-10,00`` or ``10,00-`` are all understood. A point followed by exactly three digits, and
    nothing after, separates thousands (``1.234`` is one thousand two hundred and thirty-four).

    Args:
        text: What was typed.

    Returns:
        The amount exactly as written, neither rounded nor padded with zeros.

    Raises:
        NotAnAmount: The text is empty, ambiguous (``1,234,56``) or no number.
    """
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("\N{MINUS SIGN}", "-")
    negative = compact.startswith("(") and compact.endswith(")")
    if negative:
        compact = compact[1:-1]
    compact, minus_before = _without_sign(compact)
    compact, minus_inside = _without_sign(_SYMBOL.sub("", compact))
    if negative + minus_before + minus_inside > 1:
        raise NotAnAmount(text)
    if _BRAZILIAN.fullmatch(compact):
        number = Decimal(compact.replace(".", "").replace(",", "."))
    elif _ENGLISH.fullmatch(compact):
        number = Decimal(compact.replace(",", ""))
    else:
        raise NotAnAmount(text)
    return -number if number and (negative or minus_before or minus_inside) else number


def _without_sign(text: str) -> tuple[str, bool]:
    """Take one minus or plus sign off either end; say whether it was a minus."""
    if text[:1] in {"-", "+"}:
        return text[1:], text[0] == "-"
    if text[-1:] == "-":
        return text[:-1], True
    return text, False
