"""Amounts of money in reais: always Decimal, always rounded by a named rule.

Pure rules import ``backoffice.money.rules`` directly, which knows no Django.
"""

from backoffice.money.fields import MoneyFormField, MoneyInput, money_field
from backoffice.money.rules import (
    CENT,
    ZERO,
    NotAnAmount,
    Rounding,
    format_amount,
    format_brl,
    parse_amount,
    split,
    to_cents,
)

__all__ = [
    "CENT",
    "ZERO",
    "MoneyFormField",
    "MoneyInput",
    "NotAnAmount",
    "Rounding",
    "format_amount",
    "format_brl",
    "money_field",
    "parse_amount",
    "split",
    "to_cents",
]
