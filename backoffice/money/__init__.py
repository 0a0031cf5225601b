"""Amounts of money in reais: always Decimal, always rounded by a named rule.

Pure rules import ``backoffice.money.rules`` directly, which knows no Django.
"""

from backoffice.money.fields import MoneyFormField, MoneyInput, figure_field, money_field
from backoffice.money.rules import (
    CENT,
    ZERO,
    NotAnAmount,
    Rounding,
    format_amount,
    format_brl,
    line_amount,
    parse_amount,
    round_to,
    split,
    to_cents,
)
from backoffice.money.words import amount_in_words, in_words

__all__ = [
    "CENT",
    "ZERO",
    "MoneyFormField",
    "MoneyInput",
    "NotAnAmount",
    "Rounding",
    "amount_in_words",
    "figure_field",
    "format_amount",
    "format_brl",
    "in_words",
    "line_amount",
    "money_field",
    "parse_amount",
    "round_to",
    "split",
    "to_cents",
]
