"""Inputs of exports, imports and views of lists, the same for pages and the API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.exchange.cells import Format


class ExportForm(forms.Form):
    """As what a list is saved."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(each.value, each.label) for each in Format],
        initial=Format.XLSX.value,
        widget=forms.RadioSelect,
    )
