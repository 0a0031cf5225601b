"""Values of the API in JSON: fields for serializers, and the JSON twin of each form field."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from typing_extensions import override

from backoffice.money.fields import MAX_DIGITS, MoneyFormField

JsonField = serializers.Field[Any, Any, Any, Any]
FormField = Any  # a form field of the kind that the maker is for
Json = Any


class CompetenceField(serializers.Field[dt.date, str, str, Any]):
    """A month as ``2026-11``; inside, the first day of the month."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the month as “2026-11”.")
    }

    @override
    def to_internal_value(self, data: str) -> dt.date:
        """The first day of the month."""
        try:
            return dt.date.fromisoformat(f"{data}-01")
        except ValueError:
            self.fail("invalid")

    @override
    def to_representation(self, value: dt.date) -> str:
        """Year and month."""
        return f"{value:%Y-%m}"


def json_field(field: forms.Field) -> JsonField | None:
    """How JSON says what a form field takes; None for files, which have endpoints of their own."""
    given: dict[str, Any] = {
        "required": field.required and field.initial is None,
        "allow_null": not field.required,
        "label": field.label,
        "help_text": field.help_text or None,
    }
    if (masked := MASKED.get(getattr(field, "mask", ""))) is not None:
        return masked(field, given)
    for kind, make in MAKERS:
        if isinstance(field, kind):
            return make(field, given)
    return None


def _text(field: FormField, given: dict[str, Any]) -> JsonField:
    return serializers.CharField(
        **given,
        allow_blank=not field.required,
        max_length=field.max_length,
        min_length=field.min_length,
    )


def _amount(field: FormField, given: dict[str, Any]) -> JsonField:
    return serializers.DecimalField(
        **given,
        max_digits=field.max_digits,
        decimal_places=field.decimal_places,
        min_value=field.min_value,
        max_value=field.max_value,
    )


def _money(field: FormField, given: dict[str, Any]) -> JsonField:
    del field  # the form itself checks its limits
    return serializers.DecimalField(**given, max_digits=MAX_DIGITS, decimal_places=2)


def _quantity(field: FormField, given: dict[str, Any]) -> JsonField:
    places = field.decimals + 2 if field.mask == "rate" else field.decimals
    return serializers.DecimalField(**given, max_digits=MAX_DIGITS + places, decimal_places=places)


def _number(field: FormField, given: dict[str, Any]) -> JsonField:
    return serializers.IntegerField(**given, min_value=field.min_value, max_value=field.max_value)


def _choice(field: FormField, given: dict[str, Any]) -> JsonField:
    choices = [choice for choice in field.choices if choice[0] not in {"", None}]
    return serializers.ChoiceField(**given, choices=choices, allow_blank=not field.required)


def _choices(field: FormField, given: dict[str, Any]) -> JsonField:
    given.pop("allow_null")
    return serializers.MultipleChoiceField(**given, choices=list(field.choices))


def _yes_no(field: FormField, given: dict[str, Any]) -> JsonField:
    return serializers.BooleanField(**{**given, "required": False, "allow_null": False})


def _simple(kind: type[JsonField]) -> Callable[[FormField, dict[str, Any]], JsonField]:
    return lambda _field, given: kind(**given)


def _keys(field: FormField, given: dict[str, Any]) -> JsonField:
    return serializers.ListField(**given, child=serializers.IntegerField())


# Fields that clean a text to something else say what by their mask.
MASKED: dict[str, Callable[[FormField, dict[str, Any]], JsonField]] = {
    "date": _simple(serializers.DateField),
    "competence": _simple(CompetenceField),
    "quantity": _quantity,
    "rate": _quantity,
}

# The first kind that fits counts: narrower kinds stand first.
MAKERS: tuple[
    tuple[type[forms.Field], Callable[[FormField, dict[str, Any]], JsonField | None]], ...
] = (
    (forms.FileField, lambda _field, _given: None),
    (forms.ModelMultipleChoiceField, _keys),
    (forms.ModelChoiceField, _simple(serializers.IntegerField)),
    (forms.MultipleChoiceField, _choices),
    (forms.ChoiceField, _choice),
    (forms.BooleanField, _yes_no),
    (MoneyFormField, _money),
    (forms.DecimalField, _amount),
    (forms.IntegerField, _number),
    (forms.DateTimeField, _simple(serializers.DateTimeField)),
    (forms.DateField, _simple(serializers.DateField)),
    (forms.TimeField, _simple(serializers.TimeField)),
    (forms.UUIDField, _simple(serializers.UUIDField)),
    (forms.JSONField, _simple(serializers.DictField)),
    (forms.CharField, _text),
)


def json_types(field: JsonField) -> tuple[type, ...]:
    """The Python types under which strict JSON brings a field; nothing is read from another one."""
    for kinds, types in JSON_TYPES:
        if isinstance(field, kinds):
            return types
    return (str,)


JSON_TYPES: tuple[tuple[tuple[type[JsonField], ...], tuple[type, ...]], ...] = (
    ((serializers.DictField,), (dict,)),
    ((serializers.BooleanField,), (bool,)),
    ((serializers.IntegerField,), (int,)),
    ((serializers.ListField, serializers.MultipleChoiceField), (list,)),
    ((serializers.ChoiceField,), (str, int)),
)


class CommandInput(serializers.Serializer[Any]):
    """The JSON body of a command: the fields of its form, in the strict types of JSON."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("There is no such field."),
        "wrong_type": _("This JSON type does not fit; amounts and dates are strings."),
    }

    def __init__(self, form: forms.Form, data: Json = serializers.empty, **kwargs: Json) -> None:
        self.form = form
        super().__init__(data=data, **kwargs)

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """A JSON field for each field of the form that JSON can say."""
        found = {name: json_field(field) for name, field in self.form.fields.items()}
        return {name: field for name, field in found.items() if field is not None}

    @override
    def to_internal_value(self, data: Json) -> Json:
        """Refuse names that the command does not know; they would be silently lost otherwise."""
        wrong = {}
        for name, value in data.items() if isinstance(data, Mapping) else ():
            field = self.fields.get(name)
            if field is None:
                wrong[name] = "unknown"
            elif value is not None and not isinstance(value, json_types(field)):
                wrong[name] = "wrong_type"
        if wrong:
            raise exceptions.ValidationError(
                {
                    name: [exceptions.ErrorDetail(str(self.error_messages[code]), code)]
                    for name, code in wrong.items()
                }
            )
        return super().to_internal_value(data)
