"""Working calendars: when a place works, with what is usual, and the days that differ."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models.parts import (
    Coded,
    CompanyOwned,
    DateRange,
    TimeZone,
    code_once,
)
from backoffice.organization.rules import DAY_MINUTES

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


class MinuteRange(Func):
    """``int4range(opens, closes)``: half open, so that a window may begin where another ends."""

    function = "int4range"
    output_field = models.TextField()

    def __init__(self) -> None:
        super().__init__(F("opens"), F("closes"))


class OpenSpan(CompanyOwned):
    """A time of day in minutes after midnight; 1440 is the midnight at the end."""

    opens = models.PositiveSmallIntegerField(_("opens at"), default=0)
    closes = models.PositiveSmallIntegerField(
        _("closes at"), default=DAY_MINUTES, validators=[MaxValueValidator(DAY_MINUTES)]
    )

    class Meta:
        abstract = True


def span_in_order(model: str) -> models.CheckConstraint:
    """A span closes after it opened, on the same day."""
    return models.CheckConstraint(
        condition=Q(opens__lt=F("closes")) & Q(closes__lte=DAY_MINUTES),
        name=f"{model}_span_in_order",
        violation_error_message=_("The closing time comes after the opening, up to 24:00."),
    )


@tracked
class WorkCalendar(Coded):
    """One row is one calendar of work: where it holds, and which holidays close it."""

    time_zone = models.CharField(
        _("time zone"), max_length=40, choices=TimeZone, default=TimeZone.SAO_PAULO
    )
    state = models.CharField(_("state"), max_length=2, blank=True)
    municipality = models.CharField(_("municipality"), max_length=80, blank=True)
    holidays = models.BooleanField(_("closed on holidays"), default=True)
    carnival = models.BooleanField(_("closed at Carnival and Corpus Christi"), default=True)
    standard = models.BooleanField(
        _("standard"),
        default=False,
        help_text=_("Holds for every branch that has no calendar of its own."),
    )

    class Meta:
        db_table = "backoffice_work_calendar"
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")
        constraints: ClassVar = [
            code_once("work_calendar"),
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(standard=True),
                name="work_calendar_one_standard",
                violation_error_message=_("The company already has a standard calendar."),
            ),
            models.CheckConstraint(
                condition=Q(state__regex=r"^([A-Z]{2})?$"),
                name="work_calendar_state_form",
                violation_error_message=_("A state has two letters."),
            ),
        ]


@tracked
class WorkWindow(OpenSpan):
    """One row is a time of a weekday in which work is done, from one day to another."""

    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, related_name="windows", verbose_name=_("calendar")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_work_window"
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints: ClassVar = [
            span_in_order("work_window"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6),
                name="work_window_weekday_known",
                violation_error_message=_("A week has seven days."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="work_window_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
            ExclusionConstraint(
                name="work_window_once",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (MinuteRange(), RangeOperators.OVERLAPS),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These hours overlap others of the same weekday."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class DayKind(models.TextChoices):
    """How a day differs from what is usual."""

    CLOSED = "closed", _("Closed")
    HALF = "half", _("Only inside these hours")
    OPEN = "open", _("Open at these hours instead")


@tracked
class CalendarDay(OpenSpan):
    """One row is a day, or a time of a day, that differs: a bridge, a half day, a stocktaking."""

    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, related_name="days", verbose_name=_("calendar")
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("reason"), max_length=120)
    kind = models.CharField(_("kind"), max_length=6, choices=DayKind, default=DayKind.CLOSED)
    every_year = models.BooleanField(_("every year"), default=False)

    class Meta:
        db_table = "backoffice_calendar_day"
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints: ClassVar = [
            span_in_order("calendar_day"),
            models.CheckConstraint(
                condition=~Q(kind=DayKind.CLOSED) | Q(opens=0, closes=DAY_MINUTES),
                name="calendar_day_closed_is_whole",
                violation_error_message=_("A closed day has no hours."),
            ),
            models.CheckConstraint(
                condition=Q(every_year=False) | Q(kind=DayKind.CLOSED),
                name="calendar_day_yearly_is_closed",
                violation_error_message=_("Only a holiday comes every year."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DayKind.values),
                name="calendar_day_kind_known",
                violation_error_message=_("A day does not differ this way."),
            ),
            ExclusionConstraint(
                name="calendar_day_once",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("day", RangeOperators.EQUAL),
                    (MinuteRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This day already differs at these hours."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.day} {self.name}"
