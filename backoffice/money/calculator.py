"""Sums typed into a field of money: a closed parser on exact fractions, the same as in the browser (masks.js)."""

import re
from decimal import Decimal
from fractions import Fraction

from backoffice.money.rules import NotAnAmount, Rounding, parse_amount, to_cents

MOST_CHARACTERS = 80
_PART = re.compile(r"\s*(?:([\d.,]+)\s*(%?)|([-+*/x×÷]))\s*")
_SAME = {"x": "*", "×": "*", "÷": "/"}
_SCALE = 10**12


def calculate(text: str) -> Decimal:
    """The result of a sum of products, read from left to right, in cents (half up).

    ``1200/3+15%`` is 460: behind a plus or minus, a percentage is one of what stands before it.
    There are no brackets and no names.

    >>> calculate("1200/3+15%")
    Decimal('460.00')
    >>> calculate("3 x 19,90")
    Decimal('59.70')

    Raises:
        NotAnAmount: No sum, a division by zero, or more than a field of money takes.
    """
    parts = _parts(text)
    total = Fraction(0)
    term: Fraction | None = None
    sign, operator = 1, ""
    for number, percent, mark in parts:
        if mark in {"+", "-"}:
            if operator:
                raise NotAnAmount(text)
            if term is not None:
                total, term, sign = total + sign * term, None, 1
            sign = -sign if mark == "-" else sign
        elif mark:
            if term is None or operator:
                raise NotAnAmount(text)
            operator = mark
        else:
            value = _value(
                number, percent=percent, of=Fraction(1) if operator else total or Fraction(1)
            )
            term = _joined(text, term, operator, value)
            operator = ""
    if term is None or operator:
        raise NotAnAmount(text)
    found = total + sign * term
    return to_cents(Decimal(round(found * _SCALE)) / _SCALE, Rounding.HALF_UP)


def _parts(text: str) -> list[tuple[str, str, str]]:
    """Number, percent sign and operator of each part; a sum has at least one operator between."""
    bare = text.replace("R$", "").replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")
    bare = bare.strip().removeprefix("=").strip().lower()
    parts, place = [], 0
    while place < len(bare):
        found = _PART.match(bare, place)
        if found is None or len(bare) > MOST_CHARACTERS:
            raise NotAnAmount(text)
        parts.append((found[1] or "", found[2] or "", _SAME.get(found[3] or "", found[3] or "")))
        place = found.end()
    if len([number for number, _percent, _mark in parts if number]) < 2:
        raise NotAnAmount(text)
    return parts


def _value(number: str, *, percent: str, of: Fraction) -> Fraction:
    value = Fraction(parse_amount(number))
    return of * value / 100 if percent else value


def _joined(text: str, term: Fraction | None, operator: str, value: Fraction) -> Fraction:
    """A number behind the term so far."""
    if term is None:
        return value
    if not operator or (operator == "/" and not value):
        raise NotAnAmount(text)
    return term / value if operator == "/" else term * value
