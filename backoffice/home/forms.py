"""Inputs of the set-up checklist."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BackupForm(forms.Form):
    """Who answers for the backup, and where it is."""

    place = forms.CharField(
        label=_("Where the backup is kept"),
        max_length=200,
        help_text=_("On another machine, such as a bucket or a disk that is taken away."),
    )
    restored = forms.BooleanField(
        label=_("I restored it into an empty database, and its proofs were right."), required=False
    )
