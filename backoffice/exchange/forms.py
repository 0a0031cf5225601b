"""Inputs of exports, imports and views of lists, the same for pages and the API."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.exchange.cells import Format
from backoffice.exchange.models import Sharing
from backoffice.files.rules import safe_name


class ExportForm(forms.Form):
    """As what a list is saved."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(each.value, each.label) for each in Format],
        initial=Format.XLSX.value,
        widget=forms.RadioSelect,
    )


class SourceForm(forms.Form):
    """A file, or rows copied from a spreadsheet."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        help_text=_("XLSX, ODS or CSV; the first line names the columns."),
    )
    pasted = forms.CharField(
        label=_("Or pasted rows"),
        required=False,
        strip=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Copy cells in the spreadsheet, with their headings, and paste them here."),
    )
    sheet = forms.CharField(
        label=_("Sheet"),
        required=False,
        max_length=100,
        help_text=_("Only if the file has several."),
    )

    @override
    def clean(self) -> dict[str, Any]:
        """Take the one that was given.

        Raises:
            ValidationError: None, or both.
        """
        given = self.cleaned_data
        file, pasted = given.get("file"), given.get("pasted", "")
        if self.errors:
            return given
        if bool(file) == bool(pasted.strip()):
            raise forms.ValidationError(_("Give a file, or paste rows."), code="one_source")
        if file and (file.size or 0) > settings.FILES_MAX_BYTES:
            raise forms.ValidationError(_("The file is too large."), code="file_too_large")
        given["name"] = safe_name(file.name, "") if file else ""
        given["content"] = file.read() if file else pasted.encode()
        return given


class ColumnsForm(forms.Form):
    """Which column is which field."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own
        headings: list[str],
        choices: Mapping[str, Any],
        **kwargs: Any,  # noqa: ANN401  Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        options = [("", _("Leave out")), *choices.items()]
        for number, heading in enumerate(headings):
            label = heading or _("Column %(number)s") % {"number": number + 1}
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=label, choices=options, required=False
            )

    @property
    def mapping(self) -> dict[str, str]:
        """Number of a column -> field."""
        return {
            name.removeprefix("column_"): field
            for name, field in self.cleaned_data.items()
            if field
        }


class ViewForm(forms.Form):
    """What a view of a list is called, and for whom it is."""

    name = forms.CharField(label=_("Name"), max_length=60)
    sharing = forms.ChoiceField(
        label=_("For whom"), choices=Sharing.choices, initial=Sharing.MINE, required=False
    )
    roles = forms.TypedMultipleChoiceField(
        label=_("Roles"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for “some roles”."),
    )
    is_default = forms.BooleanField(label=_("Opens the list"), required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own
        may_share: bool,
        roles: Sequence[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401  Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        if may_share:
            cast("forms.TypedMultipleChoiceField", self.fields["roles"]).choices = list(roles)
        else:
            del self.fields["sharing"], self.fields["roles"]

    @property
    def given(self) -> dict[str, Any]:
        """Arguments of the commands."""
        clean = self.cleaned_data
        return {
            "name": clean["name"],
            "sharing": clean.get("sharing") or Sharing.MINE.value,
            "role_ids": clean.get("roles") or [],
            "is_default": clean["is_default"],
        }
