"""Choosing a record by typing a part of its name or number."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity.rules import Access
from backoffice.links.objects import OBJECTS
from backoffice.links.services import RecordRef


def read(text: str) -> RecordRef | None:
    """The record behind ``hr.employee:7``; None when it is not written like one."""
    name, _colon, pk = text.partition(":")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19) or OBJECTS.answer.kind(name) is None:
        return None
    return RecordRef(name, int(pk))


def written(ref: RecordRef) -> str:
    """A record as one text: ``hr.employee:7``."""
    return f"{ref.kind}:{ref.pk}"


def title_of(access: Access, ref: RecordRef, permission: str) -> str | None:
    """What a record is called, if this person sees it and holds the permission for it."""
    objects = OBJECTS.answer
    kind = objects.kind(ref.kind)
    if kind is None or not access.can(permission):
        return None
    record = objects.rows(kind, access, permission).filter(pk=ref.pk).first()
    return None if record is None else objects.title(kind, record)


class RecordSelect(forms.Select):
    """A select that holds only the chosen record; the others are looked up while typing."""

    access: Access

    def __init__(self, look_up: str, permission: str) -> None:
        self.permission = permission
        super().__init__(attrs={"data-autocomplete": "", "data-url": reverse_lazy(look_up)})

    @override
    def optgroups(
        self, name: str, value: Sequence[Any], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        refs = [(str(each), read(str(each))) for each in value if each]
        chosen = [(text, title_of(self.access, ref, self.permission)) for text, ref in refs if ref]
        self.choices = [("", _("Choose")), *((text, title) for text, title in chosen if title)]
        return super().optgroups(name, [str(each) for each in value], attrs)


class RecordField(forms.CharField):
    """A record for which somebody holds a permission; cleaned to its reference.

    Args:
        look_up: Name of the address that answers what was typed.
        permission: What the person must hold for the record.
    """

    def __init__(self, *, look_up: str, permission: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(widget=RecordSelect(look_up, permission), **options)

    @override
    def clean(self, value: Any) -> RecordRef | None:
        """The record; None where nothing need be chosen and nothing is.

        Raises:
            ValidationError: It is not written like a record.
        """
        typed = super().clean(value)
        if not typed:
            return None
        found = read(typed)
        if found is None:
            raise ValidationError(_("Choose one of the list."), code="unknown")
        return found

    @override
    def prepare_value(self, value: Any) -> Any:
        """A reference as its text."""
        return written(value) if isinstance(value, RecordRef) else value
