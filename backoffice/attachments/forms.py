"""What is said about a document, and the file that comes with it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.files.models import Attachment
from backoffice.files.registry import OWNERS, Text
from backoffice.files.uploads import CheckedFileField
from backoffice.identity.rules import Access
from backoffice.resources.forms import CommandForm
from backoffice.web.fields import DateField


class AboutForm(CommandForm):
    """What is said about a document; the API and the page of a change take it."""

    title = forms.CharField(label=_("Title"), max_length=150)
    category = forms.ChoiceField(label=_("Category"))
    valid_until = DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("Last day of what it proves, if it expires."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(*args, **kwargs)
        offer_categories(self, {} if self.record is None else categories_of(self.record))


def categories_of(attachment: Attachment) -> Mapping[str, Text]:
    """What a document can be, by the kind of its record."""
    kind = OWNERS.get(attachment.owner_type)
    return {} if kind is None else kind.categories


def offer_categories(form: forms.Form, categories: Mapping[str, Text]) -> None:
    """Let a form choose among the categories of one kind of record."""
    field: Any = form.fields["category"]
    field.choices = [("", _("Choose")), *categories.items()]


def about_initial(_access: Access, attachment: Attachment | None) -> dict[str, Any]:
    """What is said about the document now."""
    if attachment is None:
        return {}
    return {
        "title": attachment.title,
        "category": attachment.category,
        "valid_until": attachment.valid_until,
        "note": attachment.note,
    }


class RemoveForm(CommandForm):
    """Why a document is taken off its record."""

    why = forms.CharField(label=_("Reason"), max_length=300)


class AddForm(forms.Form):
    """A document for a record."""

    file = CheckedFileField()
    category = forms.ChoiceField(label=_("Category"))
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=150,
        help_text=_("Empty: the name of the file."),
    )
    valid_until = DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("Last day of what it proves, if it expires."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReplaceForm(forms.Form):
    """A new version of a document."""

    file = CheckedFileField()
    note = forms.CharField(label=_("What changed"), required=False, max_length=500)
