"""Money in models and forms."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.money.calculator import calculate
from backoffice.money.rules import (
    MOST_PLACES,
    NotAnAmount,
    Rounding,
    format_amount,
    parse_amount,
    to_cents,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_DIGITS = 15
LARGEST = Decimal("9999999999999.99")


def money_field(
    verbose_name: "str | _StrPromise",
    **options: Any,  # noqa: ANN401  options of the field
) -> "models.DecimalField[Any, Any]":
    """A model column for an amount in reais: 15 digits, two of them cents.

    Args:
        verbose_name: The label people see.
        options: Any other option of ``models.DecimalField`` (``null``, ``default`` ...).
    """
    return models.DecimalField(verbose_name, max_digits=MAX_DIGITS, decimal_places=2, **options)


def figure_field(
    verbose_name: "str | _StrPromise",
    *,
    places: int,
    whole: int = 11,
    **options: Any,  # noqa: ANN401  options of the field
) -> "models.DecimalField[Any, Any]":
    """A model column for a quantity, a rate or a unit price.

    Args:
        verbose_name: The label people see.
        places: Decimals kept, at most ``MOST_PLACES``.
        whole: Digits before them.
        options: Any other option of ``models.DecimalField``.

    Raises:
        ValueError: More decimals than any figure has here.
    """
    if not 0 <= places <= MOST_PLACES:
        msg = f"a figure has 0 to {MOST_PLACES} decimals, not {places}"
        raise ValueError(msg)
    return models.DecimalField(
        verbose_name, max_digits=whole + places, decimal_places=places, **options
    )


class MoneyInput(forms.TextInput):
    """A text box that shows an amount as ``1.234,56`` and opens the number keyboard on phones."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={"inputmode": "decimal", "autocomplete": "off", "data-money": "", **(attrs or {})}
        )

    @override
    def format_value(self, value: Any) -> str | None:
        """Write a Decimal the Brazilian way; leave what was typed wrongly as it was typed."""
        if isinstance(value, Decimal):
            return format_amount(to_cents(value, Rounding.HALF_UP))
        shown: str | None = super().format_value(value)
        return shown


class MoneyFormField(forms.Field):
    """An amount in reais as people type, paste or calculate it; cleaned to a Decimal of two places.

    Args:
        min_value: Smallest amount allowed; None for no limit.
        max_value: Largest amount allowed.
    """

    widget = MoneyInput
    default_error_messages = {
        "invalid": _("Enter an amount such as 1.234,56."),
        "fractions": _("An amount has at most two decimals: %(typed)s has more."),
    }

    def __init__(
        self,
        *,
        min_value: Decimal | None = None,
        max_value: Decimal = LARGEST,
        **options: Any,  # noqa: ANN401  options of forms.Field
    ) -> None:
        super().__init__(**options)
        self.validators.append(MaxValueValidator(max_value))
        self.validators.append(MinValueValidator(-LARGEST if min_value is None else min_value))

    @override
    def to_python(self, value: Any) -> Decimal | None:
        """Read the typed text; an empty one is None.

        Raises:
            forms.ValidationError: No amount, or one with fractions of a cent.
        """
        if value in self.empty_values:
            return None
        try:
            amount = value if isinstance(value, Decimal) else _read(str(value))
        except NotAnAmount:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        cents = to_cents(amount, Rounding.DOWN)
        if cents != amount:
            raise forms.ValidationError(
                self.error_messages["fractions"], code="fractions", params={"typed": value}
            )
        return cents

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed; ``10,00`` and ``10`` are the same amount."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except forms.ValidationError:
            return True


def _read(typed: str) -> Decimal:
    """An amount, or the result of a sum such as ``1200/3+15%``, which counts in cents."""
    try:
        return parse_amount(typed)
    except NotAnAmount:
        return calculate(typed)
