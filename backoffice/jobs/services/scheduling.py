"""Make the runs that are due, and do them: any number of schedulers and workers may try."""

import datetime as dt
import logging
import traceback
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from structlog.contextvars import bound_contextvars

from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from backoffice.jobs.hints import RUN_DUTY, Hint, publish
from backoffice.jobs.models import RunState, Schedule, ScheduleRun
from backoffice.jobs.registry import DUTIES

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
AT_ONCE = 100
LEASE = dt.timedelta(minutes=10)
HINT_AGAIN = dt.timedelta(seconds=30)
PAUSE_AFTER_FAULT = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a look at the schedules found: runs made, and runs of which workers were told."""

    made: int
    told: int


def tick(*, at: dt.datetime) -> TickReport:
    """Make the run of every schedule that is due, and tell workers of all that wait.

    Each schedule is held while its run is made and its next one is set, so that two schedulers make
    one run. Runs that were missed (no scheduler for a day) are made up for once: the next one is
    counted from now on.
    """
    _know_duties(at)
    with transaction.atomic(durable=True):
        due = list(
            Schedule.objects.select_for_update(skip_locked=True)
            .filter(paused_at__isnull=True, next_at__lte=at, duty__in=list(DUTIES))
            .order_by("next_at", "pk")[:AT_ONCE]
        )
        ScheduleRun.objects.bulk_create(
            [ScheduleRun(schedule=each, due_at=each.next_at) for each in due],
            ignore_conflicts=True,
        )
        for each in due:
            each.next_at = each.rhythm.next_after(at)
        Schedule.objects.bulk_update(due, ["next_at"])
        hints = _untold()
    publish(hints)
    return TickReport(len(due), len(hints))


def _know_duties(at: dt.datetime) -> None:
    """Give the installation a schedule for each of its duties that has none yet."""
    own = {duty.name: duty for duty in DUTIES.values() if duty.rhythm is not None}
    known = Schedule.objects.filter(company=None, duty__in=own).values_list("duty", flat=True)
    missing = [duty for name, duty in own.items() if name not in set(known)]
    Schedule.objects.bulk_create(
        [
            Schedule(
                duty=duty.name,
                every=duty.rhythm.every.value,
                number=duty.rhythm.number,
                minute=duty.rhythm.minute,
                shift=duty.rhythm.shift.value,
                time_zone=duty.rhythm.zone,
                next_at=at,
            )
            for duty in missing
            if duty.rhythm is not None
        ],
        ignore_conflicts=True,
    )


def _untold() -> list[Hint]:
    """Pending runs that nobody works on and that were not mentioned for a while."""
    waiting = list(
        ScheduleRun.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("schedule")
        .filter(
            Q(hinted_at__isnull=True) | Q(hinted_at__lt=Now() - HINT_AGAIN),
            Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
            state=RunState.PENDING,
            schedule__duty__in=list(DUTIES),
        )
        .order_by("due_at", "pk")[:AT_ONCE]
    )
    ScheduleRun.objects.filter(pk__in=[each.pk for each in waiting]).update(hinted_at=Now())
    return [Hint(RUN_DUTY, each.pk, DUTIES[each.schedule.duty].queue) for each in waiting]


def run_duty(run_id: int, *, at: dt.datetime) -> bool:
    """Do one run, unless it is done or somebody is at it.

    A refusal ends it as failed; a fault is tried again, five times in all. A duty is harmless twice:
    a worker that dies after its work and before this is written lets another one repeat it.

    Returns:
        Whether this call did it, well or badly.
    """
    run = _take(run_id)
    if run is None:
        return False
    schedule = run.schedule
    ctx = Context(
        company_id=schedule.company_id,
        at=at,
        channel=Channel.SYSTEM,
        reason=f"schedule {schedule.pk}",
    )
    with bound_contextvars(run_id=run.pk, duty=schedule.duty):
        try:
            with timezone.override(schedule.time_zone):
                result = DUTIES[schedule.duty].run(ctx)
        except BusinessError as refusal:
            _end(run, RunState.FAILED, str(refusal))
        except Exception:
            log.exception("run %s of %s failed", run.pk, schedule.duty)
            _set_back(run, traceback.format_exc())
        else:
            _end(run, RunState.DONE, result)
    return True


def run_due(*, at: dt.datetime) -> int:
    """Make and do everything that is due in this very process; how many runs were done."""
    tick(at=at)
    waiting = ScheduleRun.objects.filter(
        state=RunState.PENDING, schedule__duty__in=list(DUTIES)
    ).order_by("due_at", "pk")
    return sum(run_duty(pk, at=at) for pk in list(waiting.values_list("pk", flat=True)))


def _take(run_id: int) -> ScheduleRun | None:
    """Count an attempt and lease the run, in one statement that only one worker wins."""
    taken = ScheduleRun.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
        pk=run_id,
        state=RunState.PENDING,
        attempts__lt=MAX_ATTEMPTS,
        schedule__duty__in=list(DUTIES),
    ).update(attempts=F("attempts") + 1, leased_until=Now() + LEASE, started_at=Now())
    if taken:
        return ScheduleRun.objects.select_related("schedule").get(pk=run_id)
    ScheduleRun.objects.filter(
        pk=run_id, state=RunState.PENDING, attempts__gte=MAX_ATTEMPTS, leased_until__lt=Now()
    ).update(
        state=RunState.FAILED,
        ended_at=Now(),
        result=_("The worker died each time it tried."),
    )
    return None


def _end(run: ScheduleRun, state: RunState, result: str) -> None:
    ScheduleRun.objects.filter(pk=run.pk, state=RunState.PENDING).update(
        state=state, ended_at=Now(), leased_until=None, result=result
    )


def _set_back(run: ScheduleRun, trace: str) -> None:
    """Let a run wait a little for its next attempt, or end it after the last one."""
    if run.attempts >= MAX_ATTEMPTS:
        _end(run, RunState.FAILED, trace[-4_000:])
        return
    ScheduleRun.objects.filter(pk=run.pk, state=RunState.PENDING).update(
        leased_until=Now() + PAUSE_AFTER_FAULT, hinted_at=None, result=trace[-4_000:]
    )
