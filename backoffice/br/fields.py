"""Brazilian identifiers, phones and postal codes in models (validators) and forms (fields)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from typing_extensions import override

from backoffice.br import cep, cnpj, cpf, phone, pis, tax_id
from backoffice.errors import InvalidInput

Reader = Callable[[str], str]


def _check(read: Reader, value: str) -> str:
    try:
        return read(value)
    except InvalidInput as refusal:
        raise ValidationError(str(refusal.message), code=refusal.code) from None


def validate_cpf(value: str) -> None:
    """Model validator: the stored text is a CPF."""
    _check(cpf.validate, value)


def validate_cnpj(value: str) -> None:
    """Model validator: the stored text is a CNPJ."""
    _check(cnpj.validate, value)


def validate_pis(value: str) -> None:
    """Model validator: the stored text is a PIS."""
    _check(pis.validate, value)


def validate_tax_id(value: str) -> None:
    """Model validator: the stored text is a CPF or a CNPJ."""
    _check(tax_id.validate, value)


class _IdentifierField(forms.CharField):
    """A text box whose cleaned value is the bare identifier, however it was typed."""

    read: Reader
    show: Reader
    mask: str
    lengths: tuple[int, ...]
    placeholder: ClassVar[str] = ""

    @override
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = {**super().widget_attrs(widget), "autocomplete": "off", "data-mask": self.mask}
        return {**attrs, "placeholder": self.placeholder} if self.placeholder else attrs

    @override
    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        return _check(type(self).read, typed) if typed else ""

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show a stored identifier with its dots and dashes; what was typed stays as typed."""
        known = isinstance(value, str) and value.isalnum() and len(value) in self.lengths
        return type(self).show(value) if known else value

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another identifier was typed; dots and dashes are no change."""
        try:
            return self.clean(data) != (initial or "")
        except ValidationError:
            return True


class CpfField(_IdentifierField):
    """A CPF typed in any form; cleaned to 11 digits."""

    read, show = staticmethod(cpf.validate), staticmethod(cpf.format)
    mask, lengths = "cpf", (cpf.LENGTH,)


class CnpjField(_IdentifierField):
    """A CNPJ, with or without letters, typed in any form; cleaned to 14 characters."""

    read, show = staticmethod(cnpj.validate), staticmethod(cnpj.format)
    mask, lengths = "cnpj", (cnpj.LENGTH,)


class TaxIdField(_IdentifierField):
    """A CPF or a CNPJ typed in any form; cleaned to its bare characters."""

    read, show = staticmethod(tax_id.validate), staticmethod(tax_id.format)
    mask, lengths = "tax-id", (cpf.LENGTH, cnpj.LENGTH)


class PisField(_IdentifierField):
    """A PIS typed in any form; cleaned to 11 digits."""

    read, show = staticmethod(pis.validate), staticmethod(pis.format)
    mask, lengths = "pis", (pis.LENGTH,)


class CepField(_IdentifierField):
    """A postal code typed in any form; cleaned to eight digits."""

    read, show = staticmethod(cep.validate), staticmethod(cep.format)
    mask, lengths, placeholder = "cep", (cep.LENGTH,), "00000-000"


class PhoneField(_IdentifierField):
    """A Brazilian phone typed in any form; cleaned to E.164: ``+5511912345678``."""

    read, show = staticmethod(phone.validate), staticmethod(phone.format)
    mask, lengths, placeholder = "phone", (), "(00) 00000-0000"

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show a stored number with its area code in brackets; what was typed stays as typed."""
        return phone.format(value) if isinstance(value, str) and value.startswith("+") else value
