"""Inputs of the commands of the organization, the same for pages and the API."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.numbering.rules import LONGEST
from backoffice.numbering.selectors import series_labels
from backoffice.organization.models import (
    DayKind,
    Department,
    TaxRegime,
    TimeZone,
    WorkCalendar,
)
from backoffice.organization.models.calendars import WEEKDAYS
from backoffice.organization.rules import Span, read_spans, write_spans
from backoffice.resources.forms import CommandForm
from backoffice.structure.selectors import (
    visible_calendars,
    visible_cost_centers,
    visible_departments,
)
from backoffice.web.choices import OfficialField
from backoffice.web.fields import CnpjField, DateField


class HoursField(forms.CharField):
    """Times of a day, typed ``08:00-12:00 13:00-18:00`` or ``8-12, 13-18``."""

    @override
    def clean(self, value: Any) -> Any:
        """Read the text into minutes after midnight."""
        text = super().clean(value)
        try:
            return list(read_spans(text))
        except ValueError as error:
            message = _("Write hours as 08:00-12:00 13:00-18:00.")
            raise forms.ValidationError(message, code="invalid") from error

    @override
    def prepare_value(self, value: Any) -> Any:
        """Show hours as text; what was typed stays as typed."""
        return value if value is None or isinstance(value, str) else write_spans(_pairs(value))


def _pairs(value: Any) -> list[Span]:  # noqa: ANN401  of a form's first values
    return [(int(opens), int(closes)) for opens, closes in value]


class CompanyForm(CommandForm):
    """A new company."""

    cnpj = CnpjField(label=_("CNPJ"))
    legal_name = forms.CharField(label=_("Legal name"), max_length=150)
    trade_name = forms.CharField(label=_("Trade name"), max_length=150)
    tax_regime = forms.ChoiceField(label=_("Tax regime"), choices=TaxRegime.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=TimeZone.choices, initial=TimeZone.SAO_PAULO
    )


class CompanyChangeForm(CommandForm):
    """What can change of a company."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=150)
    trade_name = forms.CharField(label=_("Trade name"), max_length=150)
    tax_regime = forms.ChoiceField(label=_("Tax regime"), choices=TaxRegime.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=TimeZone.choices, initial=TimeZone.SAO_PAULO
    )
    allows_self_approval = forms.BooleanField(
        label=_("Allows approval of one's own requests"),
        required=False,
        help_text=_("Only for companies too small for two people; shown on every report."),
    )


class PartForm(CommandForm):
    """What every part of a company has."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=120)


class DepartmentForm(PartForm):
    """A department, new or changed."""

    parent = forms.ModelChoiceField(
        label=_("Parent department"), queryset=Department.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        rows = visible_departments(self.access)
        kept = self.record.parent_id if self.record else None
        _choices(self, "parent", rows.filter(Q(closed_on=None) | Q(pk=kept)).order_by("code"))


class BranchForm(PartForm):
    """A branch, new or changed."""

    cnpj = CnpjField(label=_("CNPJ"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    municipality = OfficialField(
        source="municipalities",
        label=_("Municipality"),
        help_text=_("Type a part of the name; the code of IBGE will do as well."),
    )
    state_registration = forms.CharField(
        label=_("State registration"),
        max_length=20,
        required=False,
        help_text=_("Of the state of the municipality, or ISENTO."),
    )
    work_calendar = forms.ModelChoiceField(
        label=_("Work calendar"),
        queryset=WorkCalendar.objects.none(),
        required=False,
        help_text=_("Empty: the standard calendar of the company."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        _choices(self, "work_calendar", visible_calendars(self.access).order_by("code"))


class CloseForm(CommandForm):
    """The last day of a part."""

    closed_on = DateField(label=_("Last day"))


class MergeDepartmentForm(CommandForm):
    """Which department takes over, and from when on."""

    into = forms.ModelChoiceField(label=_("Merge into"), queryset=Department.objects.none())
    merged_on = DateField(
        label=_("From"), help_text=_("The first day in the other; this one ends the day before.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        rows = visible_departments(self.access).filter(closed_on=None).exclude(pk=_key(self))
        _choices(self, "into", rows.order_by("code"))


class MergeCostCenterForm(MergeDepartmentForm):
    """Which cost centre takes over, and from when on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        rows = visible_cost_centers(self.access).filter(closed_on=None).exclude(pk=_key(self))
        _choices(self, "into", rows.order_by("code"))


class WorkCalendarForm(PartForm):
    """A work calendar, new or changed."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=TimeZone.choices, initial=TimeZone.SAO_PAULO
    )
    state = forms.CharField(
        label=_("State"),
        max_length=2,
        required=False,
        help_text=_("Adds the holidays of the state; empty for the national ones only."),
    )
    municipality = forms.CharField(label=_("Municipality"), max_length=80, required=False)
    holidays = forms.BooleanField(label=_("Closed on holidays"), required=False, initial=True)
    carnival = forms.BooleanField(
        label=_("Closed at Carnival and Corpus Christi"), required=False, initial=True
    )


class HoursForm(CommandForm):
    """The hours of some weekdays from a day on."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    spans = HoursField(
        label=_("Hours"),
        required=False,
        help_text=_("As 08:00-12:00 13:00-18:00; empty for a day without work."),
    )
    valid_from = DateField(label=_("Valid from"))


class DayForm(CommandForm):
    """A day that differs."""

    day = DateField(label=_("Day"))
    name = forms.CharField(label=_("Reason"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    spans = HoursField(
        label=_("Hours"),
        required=False,
        help_text=_("As 08:00-12:00; empty for a closed day."),
    )
    every_year = forms.BooleanField(
        label=_("Every year"), required=False, help_text=_("For holidays of the municipality.")
    )


class RemoveDayForm(CommandForm):
    """A day that is to be as usual again."""

    day = DateField(label=_("Day"))


class NumberFormatChangeForm(CommandForm):
    """How the numbers of a series are written."""

    pattern = forms.CharField(
        label=_("Pattern"),
        max_length=LONGEST,
        help_text=_("Such as FP-{year}/{number:4}: {number}, {year} or {yy}, {branch}, and signs."),
    )


class NumberFormatForm(NumberFormatChangeForm):
    """A series and how its numbers are written."""

    series = forms.ChoiceField(label=_("Series"))
    field_order = ("series", "pattern")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["series"])
        field.choices = list(series_labels().items())


def _choices(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = rows


def _key(form: CommandForm) -> int:
    return form.record.pk if form.record else 0
