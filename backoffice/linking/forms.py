"""What somebody says of a link."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity.rules import Access
from backoffice.linking.selectors import linkable, read
from backoffice.links.kinds import KINDS
from backoffice.links.services import RecordRef
from backoffice.web.fields import DateField

BACKWARD = "<"


class RecordSelect(forms.Select):
    """A select that holds only the chosen record; the others are looked up while typing."""

    access: Access

    def __init__(self) -> None:
        super().__init__(attrs={"data-autocomplete": "", "data-url": reverse_lazy("links:records")})

    @override
    def optgroups(
        self, name: str, value: Sequence[Any], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        refs = [(str(each), read(str(each))) for each in value if each]
        chosen = [(text, linkable(self.access, ref)) for text, ref in refs if ref]
        self.choices = [("", _("Choose")), *((text, title) for text, title in chosen if title)]
        return super().optgroups(name, [str(each) for each in value], attrs)


class RecordField(forms.CharField):
    """A record that this person may link; cleaned to its reference."""

    widget = RecordSelect

    @override
    def clean(self, value: Any) -> RecordRef:
        """The record.

        Raises:
            ValidationError: It is not written like a record.
        """
        found = read(super().clean(value))
        if found is None:
            raise ValidationError(_("Choose one of the list."), code="unknown")
        return found


class LinkForm(forms.Form):
    """A link from the record at hand; its kinds are named in both directions."""

    kind = forms.ChoiceField(label=_("This record…"))
    other = RecordField(
        label=_("Which record?"),
        help_text=_("Type a part of its name or number."),
    )
    since = DateField(label=_("Since"), required=False, help_text=_("Empty: today."))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, access: Access, model: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["kind"]
        offered.choices = directions(model)
        chosen: Any = self.fields["other"].widget
        chosen.access = access


def directions(model: str) -> list[tuple[str, Any]]:
    """The kinds that people may make from a record of a model, once for each way to read them."""
    found: list[tuple[str, Any]] = []
    for kind in KINDS.values():
        if not kind.by_people:
            continue
        if not kind.sources or model in kind.sources:
            found.append((kind.name, kind.forward))
        if kind.forward != kind.backward and (not kind.targets or model in kind.targets):
            found.append((f"{BACKWARD}{kind.name}", kind.backward))
    return found


class RemoveLinkForm(forms.Form):
    """Why a link is taken away."""

    why = forms.CharField(label=_("Reason"), max_length=300)
