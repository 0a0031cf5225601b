"""Inputs of the commands on webhooks, the same for pages and the API."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backoffice.effects.gateway import check_address
from backoffice.errors import InvalidInput
from backoffice.integration.delivery import SILENT
from backoffice.integration.selectors import told_types
from backoffice.resources.forms import CommandForm


class WebhookForm(CommandForm):
    """A new webhook."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Begins with https:// and belongs to the public internet."),
    )
    objects_told = forms.MultipleChoiceField(
        label=_("Objects"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What happens to these records is told; only what you may see yourself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        seen = {each.name: each for each in told_types(self.access).values()}
        choices = [
            (name, each.label_plural)
            for name, each in seen.items()
            if each.model._meta.label_lower not in SILENT
        ]
        field = cast("forms.MultipleChoiceField", self.fields["objects_told"])
        field.choices = sorted(choices, key=lambda choice: str(choice[1]))

    def clean_url(self) -> str:
        """Refuse an address that would never be called."""
        url: str = self.cleaned_data["url"].strip()
        try:
            check_address(url)
        except InvalidInput as refusal:
            raise ValidationError(str(refusal)) from None
        return url


class WebhookChangeForm(WebhookForm):
    """A change of a webhook."""

    active = forms.BooleanField(label=_("Active"), required=False)
