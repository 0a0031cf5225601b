"""Named reads of schedules and of what waits."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from backoffice.identity.rules import Access, Scope
from backoffice.jobs.models import ChunkState, JobChunk, Schedule, ScheduleRun, WorkerBeat
from backoffice.jobs.registry import DUTIES, queue_of
from backoffice.organization.models.calendars import WEEKDAYS
from backoffice.resources.records import Text

ALIVE_WITHIN = dt.timedelta(minutes=1)
VIEW = "backoffice.schedule.view"


def visible_schedules(access: Access) -> QuerySet[Schedule]:
    """Schedules of the company, and those of the installation."""
    rows = Schedule.objects.filter(Q(company_id=access.company_id) | Q(company__isnull=True))
    if access.scope(VIEW) is not Scope.COMPANY:
        rows = rows.none()
    words = [When(duty=name, then=Value(str(duty.title))) for name, duty in sorted(DUTIES.items())]
    late = ScheduleRun.objects.filter(schedule=OuterRef("pk")).order_by("-due_at", "-pk")
    return rows.annotate(
        rhythm_label=_rhythm_words(),
        duty_label=Case(*words, default=F("duty"), output_field=CharField()),
        situation=Case(
            When(paused_at__isnull=False, then=Value("paused")),
            When(
                Exists(late.filter(state="failed", ended_at__gt=Now() - dt.timedelta(days=1))),
                then=Value("failing"),
            ),
            default=Value("active"),
            output_field=CharField(),
        ),
    )


def _rhythm_words() -> Combinable:
    """The rhythm of a schedule in words, such as "On business day 1 of the month at 08:00"."""
    at = Func(
        F("minute"),
        template="to_char(make_interval(mins => %(expressions)s), 'HH24:MI')",
        output_field=CharField(),
    )
    words: dict[str, Text] = {
        "seconds": _("Every %n seconds"),
        "day": _("Every day at %t"),
        "business_day": _("Every business day at %t"),
        "month_day": _("On day %n of the month at %t"),
        "nth_business_day": _("On business day %n of the month at %t"),
        "last_business_day": _("On the last business day of the month at %t"),
    }
    days = [
        When(every="weekday", number=number, then=Value(f"{name}, %t")) for number, name in WEEKDAYS
    ]
    text = Case(
        *(When(every=every, then=Value(str(word))) for every, word in words.items()),
        *days,
        default=F("every"),
        output_field=CharField(),
    )
    number = Cast("number", CharField())
    counted = Func(text, Value("%n"), number, function="replace", output_field=CharField())
    return Func(counted, Value("%t"), at, function="replace", output_field=CharField())


def runs_of(schedule: Schedule, _access: Access) -> QuerySet[ScheduleRun]:
    """Runs of a schedule, newest first."""
    return schedule.runs.order_by("-due_at", "-pk")


def company_duties() -> Mapping[str, str]:
    """The duties that a company schedules for itself, with their titles."""
    return {name: str(duty.title) for name, duty in sorted(DUTIES.items()) if duty.rhythm is None}


def present_values(_access: Access, record: Schedule | None) -> Mapping[str, Any]:
    """The values with which a change begins."""
    if record is None:
        return {"every": "nth_business_day", "number": 1, "at": dt.time(8)}
    names = ("every", "number", "shift", "state")
    at = dt.time(record.minute // 60, record.minute % 60)
    return {**{name: getattr(record, name) for name in names}, "at": at}


def why_of_installation(schedule: Schedule, _access: Access) -> Text | None:
    """Why a schedule cannot be changed: it is not the company's."""
    if schedule.company_id is None:
        return _("This duty belongs to the installation.")
    return None


def why_not_pause(schedule: Schedule, access: Access) -> Text | None:
    """Why a schedule cannot be paused."""
    if schedule.paused_at is not None:
        return _("This schedule is paused already.")
    return why_of_installation(schedule, access)


def why_not_resume(schedule: Schedule, access: Access) -> Text | None:
    """Why a schedule cannot be resumed."""
    if schedule.paused_at is None:
        return _("This schedule is not paused.")
    return why_of_installation(schedule, access)


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits in one queue, and who serves it."""

    name: str
    waiting: int
    oldest: dt.datetime | None
    workers: int


def queues() -> list[QueueState]:
    """Every queue with its pending parts of jobs and its living workers."""
    waiting = (
        JobChunk.objects.filter(state=ChunkState.PENDING)
        .order_by()
        .values("job__kind")
        .annotate(n=Count("pk"), oldest=Min("waiting_since"))
    )
    serving = [set(beat.queues) for beat in workers()]
    found = []
    for name in settings.QUEUES:
        rows = [row for row in waiting if queue_of(row["job__kind"]) == name]
        ages = [row["oldest"] for row in rows]
        count = sum(row["n"] for row in rows)
        found.append(
            QueueState(name, count, min(ages, default=None), sum(name in each for each in serving))
        )
    return found


def workers() -> list[WorkerBeat]:
    """The workers and the scheduler that gave a sign of life in the last minute."""
    return list(WorkerBeat.objects.filter(at__gt=Now() - ALIVE_WITHIN).order_by("name"))


def set_aside() -> int:
    """How many parts of jobs wait for a person because they failed again and again."""
    return JobChunk.objects.filter(state=ChunkState.POISONED).count()


def late_runs(company_id: int) -> QuerySet[ScheduleRun]:
    """Runs that wait for more than five minutes or failed in the last day.

    Those of the company and of the installation.
    """
    mine = Q(schedule__company_id=company_id) | Q(schedule__company__isnull=True)
    late = Q(state="pending", due_at__lt=Now() - dt.timedelta(minutes=5))
    failed = Q(state="failed", ended_at__gt=Now() - dt.timedelta(days=1))
    return (
        ScheduleRun.objects.filter(mine & (late | failed))
        .select_related("schedule")
        .order_by("-due_at")[:50]
    )
