"""Forms of the own account."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.identity import catalogue
from backoffice.identity.models import Language, Theme, User
from backoffice.identity.rules import Access
from backoffice.identity.services.tokens import LONGEST_LIFE

USUAL_LIFE = dt.timedelta(days=90)


class ProfileForm(forms.Form):
    """Name, language and theme of the own account."""

    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Like my browser")), *Language.choices],
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=Theme.choices)

    @classmethod
    def of(cls, user: User, data: Any = None) -> "ProfileForm":  # noqa: ANN401  a QueryDict or None
        """The form with what the account has now."""
        now = {"name": user.name, "language": user.language, "theme": user.theme}
        return cls(data, initial=now)


class TokenForm(forms.Form):
    """A new API token: what it is for, until when, and which of the own permissions it carries."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("For example: accountant's import, time clock at the gate."),
    )
    expires_on = forms.DateField(label=_("Last day"))
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you may do yourself; a right that you lose, the token loses too."),
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = grantable(access)  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = access.on + USUAL_LIFE
        self.last_day = access.on + LONGEST_LIFE - dt.timedelta(days=1)
        self.first_day = access.on

    def clean_expires_on(self) -> dt.date:
        """The last day must be today or later, and at most a year ahead."""
        day: dt.date = self.cleaned_data["expires_on"]
        if not self.first_day <= day <= self.last_day:
            raise forms.ValidationError(
                _("Choose a day from today to %(last)s."),
                params={"last": self.last_day.strftime("%d/%m/%Y")},
            )
        return day

    @property
    def expires_at(self) -> dt.datetime:
        """The moment at which the last day is over."""
        after = self.cleaned_data["expires_on"] + dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(after, dt.time()))


def grantable(access: Access) -> list[tuple[str, list[tuple[str, str]]]]:
    """The permissions that this person can put into a token, grouped by area."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for permission in catalogue.permissions().values():
        if permission.tokens and access.can(permission.name):
            groups[permission.area].append((permission.name, str(permission.label)))
    return [(str(catalogue.area_label(area)), choices) for area, choices in groups.items()]
