"""How and when one wants to hear of things."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.notifications.models import Delivery
from backoffice.notifications.registry import KINDS
from backoffice.notifications.selectors import delivery_of, hours_of

PREFIX = "kind-"


class PreferencesForm(forms.Form):
    """One choice for each kind of thing, quiet hours, and the hour of the digest."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("No e-mail leaves in these hours; it follows afterwards."),
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    digest_hour = forms.TypedChoiceField(
        label=_("Hour of the digest"), coerce=int, choices=[(n, f"{n:02d}:00") for n in range(24)]
    )

    def __init__(self, *args: Any, user_id: int, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        hours = hours_of(user_id)
        kwargs["initial"] = {
            "quiet_from": hours.quiet_from,
            "quiet_to": hours.quiet_to,
            "digest_hour": hours.digest_hour,
        }
        super().__init__(*args, **kwargs)
        chosen = {
            PREFIX + kind.name: forms.ChoiceField(
                label=str(kind.label),
                choices=Delivery.choices,
                initial=delivery_of(user_id, kind.name).value,
            )
            for kind in KINDS.values()
        }
        self.fields = {**chosen, **self.fields}  # the kinds come first

    def arguments(self) -> dict[str, Any]:
        """What the command takes."""
        given = self.cleaned_data
        return {
            "choices": {name: given[PREFIX + name] for name in KINDS},
            **{name: given[name] for name in ("quiet_from", "quiet_to", "digest_hour")},
        }
