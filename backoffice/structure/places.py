"""Where branches stand, and the holidays there: reads, inputs and shapes of the API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, LPad
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backoffice.identity.rules import Access
from backoffice.official.models import LocalHoliday, Municipality
from backoffice.official.services import HolidayData
from backoffice.organization.models import Branch
from backoffice.resources.forms import CommandForm
from backoffice.resources.records import Row
from backoffice.structure.selectors import present_values
from backoffice.web.choices import OfficialField
from backoffice.web.fields import DateField

VIEW = "backoffice.local_holiday.view"
MOVABLE = (
    (-48, _("Carnival Monday")),
    (-47, _("Carnival Tuesday")),
    (-46, _("Ash Wednesday")),
    (-3, _("Maundy Thursday")),
    (-2, _("Good Friday")),
    (1, _("Easter Monday")),
    (39, _("Ascension")),
    (50, _("Whit Monday")),
    (60, _("Corpus Christi")),
)


def visible_holidays(access: Access) -> QuerySet[LocalHoliday]:
    """Holidays of all municipalities, the same for every company; none without the right."""
    day = LPad(Cast("day", CharField()), 2, Value("0"))
    month = LPad(Cast("month", CharField()), 2, Value("0"))
    movable = [When(easter_offset=days, then=Value(str(name))) for days, name in MOVABLE]
    from_easter = Concat(Value(str(_("Easter"))), Value(" "), Cast("easter_offset", CharField()))
    rows = LocalHoliday.objects.all() if access.can(VIEW) else LocalHoliday.objects.none()
    return rows.annotate(
        place=F("municipality__label"),
        yearly=Case(
            When(easter_offset__isnull=True, then=Concat(day, Value("/"), month)),
            *movable,
            default=from_easter,
            output_field=CharField(),
        ),
    )


def holidays_of_branch(branch: Branch, access: Access) -> QuerySet[LocalHoliday]:
    """The holidays of the municipality of a branch."""
    return visible_holidays(access).filter(municipality_id=branch.place_id).order_by("name")


def holiday_values(access: Access, record: LocalHoliday | None) -> Mapping[str, Any]:
    """The values of a holiday, to begin a change with; a new one holds from today on."""
    if record is None:
        return {"valid_from": access.on}
    names = ("name", "day", "month", "easter_offset", "act", "valid_from", "valid_to")
    values = {name: getattr(record, name) for name in names}
    return {**values, "municipality": record.municipality_id}


def branch_values(access: Access, record: Branch | None) -> Mapping[str, Any]:
    """The values of a branch, with its municipality by code."""
    values = dict(present_values(access, record))
    return values if record is None else {**values, "municipality": record.place_id or ""}


def branch_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``create_branch`` and ``change_branch``: the place that was chosen, by name."""
    place = Municipality.objects.get(pk=data["municipality"])
    given = {key: value for key, value in data.items() if key != "work_calendar"}
    given |= {"municipality": place.name, "state": place.state}
    calendar = data.get("work_calendar")
    given["work_calendar_id"] = None if calendar is None else calendar.pk
    return given if record is None else {**given, "branch_id": record.pk}


def holiday_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``create_holiday``, and of ``change_holiday`` for one that is there."""
    given = {key: value for key, value in data.items() if key != "municipality"}
    holiday = HolidayData(municipality_code=data["municipality"], **given)
    return {"data": holiday} if record is None else {"data": holiday, "local_holiday_id": record.pk}


class LocalHolidayForm(CommandForm):
    """A holiday of a municipality."""

    municipality = OfficialField(source="municipalities", label=_("Municipality"))
    name = forms.CharField(label=_("Name"), max_length=100)
    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31, required=False)
    month = forms.TypedChoiceField(
        label=_("Month"),
        choices=[("", "—"), *((str(month), name) for month, name in MONTHS.items())],
        coerce=int,
        empty_value=None,
        required=False,
    )
    easter_offset = forms.TypedChoiceField(
        label=_("Day counted from Easter"),
        choices=[("", "—"), *((str(days), name) for days, name in MOVABLE)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Instead of a day and a month."),
    )
    act = forms.CharField(label=_("Act"), max_length=200)
    valid_from = DateField(label=_("Valid from"))
    valid_to = DateField(label=_("Valid to"), required=False)


class LocalHolidaySerializer(serializers.ModelSerializer[LocalHoliday]):
    """A municipal holiday: day and month, or days from Easter; municipality as code of IBGE."""

    class Meta:
        model = LocalHoliday
        fields: ClassVar = [
            "id",
            "municipality",
            "name",
            "day",
            "month",
            "easter_offset",
            "act",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields
