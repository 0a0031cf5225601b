"""Form fields as Brazilians type: every paste is read, cleaned values are bare.

Amounts and identifiers live with their rules (``money``, ``br``) and are named here too, so that a
form imports all its fields from one place. Each shows its stored value with its mask, and takes it
back with or without.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.br.fields import CepField, CnpjField, CpfField, PhoneField, PisField, TaxIdField
from backoffice.money import MoneyFormField as MoneyField
from backoffice.money import NotAnAmount, parse_amount
from backoffice.periods.rules import NotACompetence, format_competence, parse_competence
from backoffice.web.values import plain

__all__ = [
    "CepField",
    "CnpjField",
    "CompetenceField",
    "CpfField",
    "DateField",
    "MoneyField",
    "PhoneField",
    "PisField",
    "PixKeyField",
    "QuantityField",
    "RateField",
    "TaxIdField",
]

LONGEST_NUMBER = 40  # a longer text is cut, and then has too many decimals or is too large


class _TypedField(forms.Field):
    """A text box with a mask whose cleaned value is no text."""

    mask: ClassVar[str]
    placeholder: ClassVar[str | Promise] = ""
    widget = forms.TextInput

    @override
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = {**super().widget_attrs(widget), "data-mask": self.mask, "autocomplete": "off"}
        if self.placeholder:
            attrs["placeholder"] = self.placeholder
        return attrs

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another value was typed, however it is written."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class DateField(_TypedField):
    """A day, typed ``20/11/2026``, ``20112026``, ``20/11/26`` or ``2026-11-20``."""

    mask = "date"
    placeholder = _("dd/mm/yyyy")
    default_error_messages = {"invalid": _("This date does not exist. Write it as dd/mm/yyyy.")}
    FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d%m%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y")

    @override
    def to_python(self, value: Any) -> dt.date | None:
        """Read the typed text; an empty one is None."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        for form in self.FORMATS:
            try:
                return dt.datetime.strptime(str(value).strip(), form).date()  # noqa: DTZ007
            except ValueError:
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show a date as ``dd/mm/yyyy``; what was typed stays as typed."""
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value


class CompetenceField(_TypedField):
    """A month, typed ``11/2026``, ``112026`` or ``nov/26``; cleaned to its first day."""

    mask = "competence"
    placeholder = _("mm/yyyy")
    default_error_messages = {"invalid": _("Write the month as mm/yyyy.")}

    @override
    def to_python(self, value: Any) -> dt.date | None:
        """Read the typed text; an empty one is None."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value.replace(day=1)
        try:
            return parse_competence(str(value))
        except NotACompetence:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show a month as ``mm/yyyy``; what was typed stays as typed."""
        return format_competence(value) if isinstance(value, dt.date) else value


class QuantityField(_TypedField):
    """A number with up to ``decimals`` decimals, typed ``1.234,5`` or ``1234.5``."""

    mask = "quantity"
    default_error_messages = {
        "invalid": _("Write a number such as 1.234,56."),
        "decimals": _("This number has more decimals than are kept."),
    }

    def __init__(
        self,
        *,
        decimals: int = 2,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        **options: Any,  # noqa: ANN401  options of forms.Field
    ) -> None:
        super().__init__(**options)
        self.decimals = decimals
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value))
        self.widget.attrs["data-decimals"] = str(decimals)

    @override
    def to_python(self, value: Any) -> Decimal | None:
        """Read the typed text; an empty one is None."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal | int):
            return Decimal(value)
        return self._exact(self._read(str(value)), self.decimals)

    def _read(self, typed: str) -> Decimal:
        try:
            return parse_amount(typed[:LONGEST_NUMBER])
        except NotAnAmount:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def _exact(self, number: Decimal, decimals: int) -> Decimal:
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > decimals:
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return number

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show a number with thousands separated; what was typed stays as typed."""
        return plain(value) if isinstance(value, Decimal) else value


class RateField(QuantityField):
    """A rate typed in per cent (``7,5``) and cleaned to a fraction (0.075)."""

    mask = "rate"

    @override
    def to_python(self, value: Any) -> Decimal | None:
        """Read the typed text as per cent; an empty one is None; a Decimal is a fraction already."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        number = self._read(str(value).replace("%", ""))
        return self._exact(number, self.decimals).scaleb(-2)

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show a fraction in per cent; what was typed stays as typed."""
        return plain(value.scaleb(2)) if isinstance(value, Decimal) else value


_PIX: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), str.lower),
    (re.compile(r"\+\d{12,13}"), str),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE), str.lower),
)


class PixKeyField(forms.CharField):
    """A Pix key: e-mail, phone (+55...), CPF, CNPJ or random key; cleaned to how the bank keeps it."""

    default_error_messages = {
        "invalid": _("A Pix key is an e-mail, a phone with +55, a CPF, a CNPJ or a random key.")
    }

    @override
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-mask": "pix", "autocomplete": "off"}

    @override
    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).strip()
        if not typed:
            return ""
        if typed.startswith("+"):
            typed = "+" + re.sub(r"\D", "", typed)
        for form, keep in _PIX:
            if form.fullmatch(typed) and len(typed) <= 77:
                return keep(typed)
        try:
            return TaxIdField().clean(typed)
        except ValidationError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
