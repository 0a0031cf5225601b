"""Duties that are done in a rhythm: the database knows when, any scheduler may ask."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.jobs.rules import Every, Rhythm, Shift
from backoffice.organization.models import Company, TimeZone

EVERY = (
    (Every.SECONDS.value, _("Every so many seconds")),
    (Every.DAY.value, _("Every day")),
    (Every.BUSINESS_DAY.value, _("Every business day")),
    (Every.WEEKDAY.value, _("On a weekday")),
    (Every.MONTH_DAY.value, _("On a day of the month")),
    (Every.NTH_BUSINESS_DAY.value, _("On a business day of the month")),
    (Every.LAST_BUSINESS_DAY.value, _("On the last business day of the month")),
)
SHIFTS = (
    (Shift.STAYS.value, _("Stays there")),
    (Shift.BEFORE.value, _("On the business day before")),
    (Shift.AFTER.value, _("On the next business day")),
)


class Schedule(models.Model):
    """One row is one duty in one rhythm, for a company, or without one for the installation.

    ``next_at`` is when the next run is due; whoever finds it in the past makes the run and moves it.
    """

    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    duty = models.CharField(_("duty"), max_length=80)
    every = models.CharField(_("rhythm"), max_length=20, choices=EVERY)
    number = models.PositiveIntegerField(_("number"), default=0)
    minute = models.PositiveSmallIntegerField(_("time"), default=0)
    shift = models.CharField(
        _("on a day off"), max_length=6, choices=SHIFTS, blank=True, default=""
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, choices=TimeZone, default=TimeZone.SAO_PAULO
    )
    state = models.CharField(_("state"), max_length=2, blank=True)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    next_at = models.DateTimeField(_("next run"))

    class Meta:
        db_table = "backoffice_schedule"
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=Q(paused_at__isnull=True), name="schedule_due"
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duty"],
                condition=Q(company__isnull=True),
                name="schedule_once_for_the_installation",
                violation_error_message=_("The installation has this duty already."),
            ),
            models.CheckConstraint(
                condition=Q(minute__lt=24 * 60),
                name="schedule_minute_of_a_day",
                violation_error_message=_("A day has 1440 minutes."),
            ),
            models.CheckConstraint(
                condition=~Q(every="seconds") | Q(number__gte=10),
                name="schedule_not_without_rest",
                violation_error_message=_("At most every ten seconds."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.duty

    @property
    def rhythm(self) -> Rhythm:
        """When it is due, as a value that computes."""
        return Rhythm(
            every=Every(self.every),
            number=self.number,
            minute=self.minute,
            shift=Shift(self.shift),
            zone=self.time_zone,
            state=self.state,
        )


class RunState(models.TextChoices):
    """Where a run of a schedule stands."""

    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ScheduleRun(models.Model):
    """One row is one run of a schedule that was due, and what came of it.

    ``leased_until`` keeps a second worker away while one is at it; a worker that dies lets it end.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="runs")
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    result = models.TextField(_("result"), blank=True)

    class Meta:
        db_table = "backoffice_schedule_run"
        verbose_name = _("run of a schedule")
        verbose_name_plural = _("runs of schedules")
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(state="pending"), name="schedule_run_pending"
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schedule", "due_at"],
                name="schedule_run_once",
                violation_error_message=_("This run exists already."),
            ),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at__isnull=True)
                | (~Q(state="pending") & Q(ended_at__isnull=False)),
                name="schedule_run_ended_at_iff_ended",
                violation_error_message=_("A run has an end if and only if it ended."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at:%Y-%m-%d %H:%M}"
