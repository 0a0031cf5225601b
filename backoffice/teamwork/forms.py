"""Inputs of comments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.collaboration.models import MOST_CHARACTERS


class CommentForm(forms.Form):
    """The words of a comment."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5, "data-mention": ""}),
        help_text=_("What it said before stays readable."),
    )
