"""Commands on schedules: who wants what done when."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.jobs.hints import RUN_DUTY, Hint, publish
from backoffice.jobs.models import Schedule, ScheduleRun
from backoffice.jobs.registry import DUTIES
from backoffice.jobs.rules import Every, Rhythm, Shift
from backoffice.organization.models import Company

CHANGE = "backoffice.schedule.change"


@command("backoffice.schedule.create")
def create_schedule(
    ctx: Context,
    *,
    duty: str,
    every: str,
    number: int = 0,
    minute: int = 0,
    shift: str = "",
    state: str = "",
) -> Schedule:
    """Let a duty of the company be done in a rhythm, by the clock of the company.

    Raises:
        InvalidInput: The company has no such duty, or the rhythm means nothing.
    """
    spec = DUTIES.get(duty)
    if spec is None or spec.rhythm is not None:
        message = _("There is no such duty of a company.")
        raise InvalidInput("no_such_duty", message, fields={"duty": message})
    schedule = Schedule(company_id=ctx.company, duty=duty)
    schedule.time_zone = Company.objects.get(pk=ctx.company).time_zone
    _set_rhythm(ctx, schedule, every=every, number=number, minute=minute, shift=shift, state=state)
    schedule.save()
    ctx.record("backoffice.schedule.created", target=schedule, data={"duty": duty})
    return schedule


@command(CHANGE)
def change_schedule(
    ctx: Context,
    *,
    schedule_id: int,
    every: str,
    number: int,
    minute: int,
    shift: str,
    state: str,
) -> Schedule:
    """Give a schedule of the company another rhythm; the next run is counted from now on.

    Raises:
        InvalidInput: The rhythm means nothing.
        NotAllowed: It belongs to the installation.
    """
    schedule = _own(ctx, schedule_id)
    _set_rhythm(ctx, schedule, every=every, number=number, minute=minute, shift=shift, state=state)
    schedule.save()
    ctx.record(
        "backoffice.schedule.changed", target=schedule, data={"every": every, "number": number}
    )
    return schedule


@command("backoffice.schedule.pause", permission=CHANGE)
def pause_schedule(ctx: Context, *, schedule_id: int) -> Schedule:
    """Make no more runs until it is resumed.

    Raises:
        WrongState: It is paused.
        NotAllowed: It belongs to the installation, which needs its duties.
    """
    schedule = _own(ctx, schedule_id)
    if schedule.paused_at is not None:
        raise WrongState("already_paused", _("This schedule is paused already."))
    schedule.paused_at = ctx.at
    schedule.save(update_fields=["paused_at"])
    ctx.record("backoffice.schedule.paused", target=schedule)
    return schedule


@command("backoffice.schedule.resume", permission=CHANGE)
def resume_schedule(ctx: Context, *, schedule_id: int) -> Schedule:
    """Make runs again, the next one counted from now on; what was left out stays left out.

    Raises:
        WrongState: It is not paused.
    """
    schedule = _own(ctx, schedule_id)
    if schedule.paused_at is None:
        raise WrongState("not_paused", _("This schedule is not paused."))
    schedule.paused_at = None
    schedule.next_at = schedule.rhythm.next_after(ctx.at)
    schedule.save(update_fields=["paused_at", "next_at"])
    ctx.record("backoffice.schedule.resumed", target=schedule)
    return schedule


@command("backoffice.schedule.run_now", permission=CHANGE)
def run_schedule_now(ctx: Context, *, schedule_id: int) -> Schedule:
    """Do a duty once more, now; its rhythm stays.

    Raises:
        WrongState: A run waits already.
    """
    schedule = _own(ctx, schedule_id, of_installation=True)
    if schedule.runs.filter(state="pending").exists():
        raise WrongState("run_waits", _("A run of this schedule is waiting already."))
    last = schedule.runs.order_by("-due_at").values_list("due_at", flat=True).first()
    after_last = last + dt.timedelta(microseconds=1) if last else ctx.at
    run = ScheduleRun.objects.create(schedule=schedule, due_at=max(ctx.at, after_last))
    spec = DUTIES.get(schedule.duty)
    if spec is not None:
        transaction.on_commit(lambda: publish([Hint(RUN_DUTY, run.pk, spec.queue)]) and None)
    ctx.record("backoffice.schedule.run_asked", target=schedule)
    return schedule


@step
def _set_rhythm(
    ctx: Context,
    schedule: Schedule,
    *,
    every: str,
    number: int,
    minute: int,
    shift: str,
    state: str,
) -> None:
    """Put a rhythm that means something into the schedule, and the next run after now."""
    try:
        rhythm = Rhythm(
            every=Every(every),
            number=number,
            minute=minute,
            shift=Shift(shift),
            zone=schedule.time_zone,
            state=state.strip().upper(),
        )
        if rhythm.every is Every.SECONDS:
            raise ValueError("seconds are for duties of the installation")  # noqa: TRY301
        following = rhythm.next_after(ctx.at)
    except ValueError as error:
        message = _("This rhythm means nothing; look at the number.")
        raise InvalidInput("bad_rhythm", message, fields={"number": message}) from error
    schedule.every, schedule.number, schedule.minute = every, number, minute
    schedule.shift, schedule.state, schedule.next_at = shift, rhythm.state, following


@step
def _own(ctx: Context, schedule_id: int, *, of_installation: bool = False) -> Schedule:
    """The schedule, held; one of the installation only where that is allowed."""
    found = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if found is None or found.company_id not in {None, ctx.company}:
        raise NotFound("not_found", _("There is no such record."))
    if found.company_id is None and not of_installation:
        raise NotAllowed("of_the_installation", _("This duty belongs to the installation."))
    return found


def next_runs(schedule: Schedule, at: dt.datetime, count: int = 3) -> list[dt.datetime]:
    """When a schedule will be due the next times."""
    found = [schedule.next_at]
    while len(found) < count:
        found.append(schedule.rhythm.next_after(max(found[-1], at)))
    return found
