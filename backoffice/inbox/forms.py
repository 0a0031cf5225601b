"""Input shapes of the approvals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.resources.forms import CommandForm
from backoffice.work.models import Decision


class VoteForm(CommandForm):
    """A vote on exactly the content that was shown."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Whoever returns a request says what must change."),
    )
    content_hash = forms.CharField(
        label=_("Hash of the content that was looked at"),
        min_length=64,
        max_length=64,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(*args, **kwargs)
        if self.record is not None:  # on the field alone: the API has to name it
            self.fields["content_hash"].initial = self.record.content_hash
