"""Inputs of the commands on schedules, the same for pages and the API."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.models import Schedule
from backoffice.jobs.models.schedules import EVERY, SHIFTS
from backoffice.operation.selectors import company_duties
from backoffice.resources.forms import CommandForm


class RhythmForm(CommandForm):
    """When a duty is due."""

    every = forms.ChoiceField(label=_("Rhythm"), choices=EVERY[1:])
    number = forms.IntegerField(
        label=_("Number"),
        min_value=0,
        max_value=31,
        required=False,
        help_text=_("Weekday (0 is Monday), day of the month, or which business day."),
    )
    at = forms.TimeField(
        label=_("Time"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M"),
    )
    shift = forms.ChoiceField(
        label=_("On a day off"),
        choices=SHIFTS,
        required=False,
        help_text=_("Only for a day of the month."),
    )
    state = forms.CharField(
        label=_("State"),
        max_length=2,
        required=False,
        help_text=_("Adds the holidays of the state; empty for the national ones only."),
    )


class ScheduleForm(RhythmForm):
    """A duty and when it is due."""

    duty = forms.ChoiceField(label=_("Routine"))
    field_order = ("duty", "every", "number", "at", "shift", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["duty"])
        field.choices = list(company_duties().items())


def rhythm_arguments(data: Mapping[str, Any], record: Schedule | None) -> dict[str, Any]:
    """Arguments of the commands: the time of day becomes minutes after midnight."""
    given = dict(data)
    at = given.pop("at")
    given["number"] = given["number"] or 0
    given["minute"] = at.hour * 60 + at.minute
    return given if record is None else {**given, "schedule_id": record.pk}
