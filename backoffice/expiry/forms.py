"""What the radar is narrowed by, and what people say to one line."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.expiry.registry import EXPIRIES
from backoffice.expiry.rules import Group
from backoffice.expiry.selectors import Line, Narrowing, people_responsible
from backoffice.resources.registry import AREAS
from backoffice.web.fields import DateField

GROUPS = {
    Group.OVERDUE: pgettext_lazy("several", "Expired"),
    Group.WEEK: _("Within 7 days"),
    Group.MONTH: _("Within 30 days"),
    Group.QUARTER: _("Within 90 days"),
    Group.LATER: _("Later"),
}


class NarrowingForm(forms.Form):
    """Kind, area, and who answers for it; the choices are what is on this person's radar."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    responsible = forms.TypedChoiceField(
        label=_("Responsible"), required=False, coerce=int, empty_value=None
    )
    group = forms.ChoiceField(
        label=_("When"), required=False, choices=[("", _("Any time")), *GROUPS.items()]
    )

    def offer(self, lines: list[Line]) -> None:
        """Let it choose among what stands on the radar."""
        kinds = {line.ending.kind.name for line in lines} | {self.data.get("kind")}
        areas = {line.ending.kind.area for line in lines} | {self.data.get("area")}
        for name, choices in (
            ("kind", [(k.name, k.label) for k in EXPIRIES.values() if k.name in kinds]),
            ("area", [(code, a.label) for code, a in AREAS.items() if code in areas]),
            ("responsible", people_responsible(lines)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = [("", _("All")), *choices]

    @property
    def narrowing(self) -> Narrowing:
        """What was chosen; what means nothing is left out."""
        self.is_valid()
        given = self.cleaned_data
        return Narrowing(
            kind=given.get("kind", ""),
            area=given.get("area", ""),
            responsible_id=given.get("responsible"),
            group=given.get("group", ""),
        )


class SnoozeForm(forms.Form):
    """Until when it can wait, and why."""

    until = DateField(label=_("Wake it on"))
    reason = forms.CharField(label=_("Why it can wait"), max_length=200)


def days_from(on: dt.date, days: int) -> dt.date:
    """A first proposal for the day."""
    return on + dt.timedelta(days=days)
