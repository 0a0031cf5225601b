"""Take note of what ends, let it sleep, and warn of it in time."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import CHECKED_INSIDE, Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.expiry.models import ExpiryAlarm, ExpiryMark
from backoffice.expiry.registry import EXPIRIES
from backoffice.expiry.rules import STALE_DAYS, covered_until, crossed, latest_snooze
from backoffice.expiry.selectors import (
    Ending,
    answers_for,
    endings,
    given_alarms,
    marks_of,
    seen,
)
from backoffice.identity.rules import Access

MARK = "backoffice.expiry.mark"


@command("backoffice.expiry.snooze", permission=MARK)
def snooze(ctx: Context, *, kind: str, record_id: int, until: dt.date, reason: str) -> ExpiryMark:
    """Warn nobody of one end date until a day; then warn once more, whatever threshold that is.

    Raises:
        NotFound: There is no such thing, for this person.
        NotAllowed: Others answer for it.
        InvalidInput: ``snooze_past``, ``snooze_too_long``, ``no_reason``.
    """
    ending = _held(ctx, kind, record_id)
    on = timezone.localdate(ctx.at)
    if not reason.strip():
        message = _("Say why it can wait.")
        raise InvalidInput("no_reason", message, fields={"reason": message})
    if until <= on:
        message = _("Choose a later day.")
        raise InvalidInput("snooze_past", message, fields={"until": message})
    last = latest_snooze(ending.ends_on, on)
    if until > last:
        long = _("It can wait until %(day)s at most.") % {"day": f"{last:%d/%m/%Y}"}
        raise InvalidInput("snooze_too_long", long, fields={"until": long})
    mark = _mark(ctx, ending)
    mark.snoozed_until, mark.reason = until, reason.strip()
    mark.save(update_fields=["snoozed_until", "reason", "by"])
    ctx.record(
        "backoffice.expiry.snoozed",
        target=mark,
        data={"kind": kind, "record": record_id, "until": until, "reason": mark.reason},
    )
    return mark


@command("backoffice.expiry.acknowledge", permission=MARK)
def acknowledge(ctx: Context, *, kind: str, record_id: int) -> ExpiryMark:
    """Take note of one end date; the next threshold asks again.

    Raises:
        NotFound: There is no such thing, for this person.
        NotAllowed: Others answer for it.
    """
    ending = _held(ctx, kind, record_id)
    mark = _mark(ctx, ending)
    mark.acknowledged_at = ctx.at
    mark.save(update_fields=["acknowledged_at", "by"])
    ctx.record(
        "backoffice.expiry.acknowledged", target=mark, data={"kind": kind, "record": record_id}
    )
    return mark


@command("backoffice.expiry.warn", permission=CHECKED_INSIDE)
def give_alarms(ctx: Context) -> int:
    """Warn of everything in the company that has reached a threshold; a duty of the system.

    A day that was missed is made up for with one warning, the nearest. Any number of schedulers may
    run it: one at a time reads and writes, and the unique key stands behind.

    Returns:
        How many things were warned of.

    Raises:
        NotAllowed: A person asks.
    """
    if ctx.actor is not None:
        raise NotAllowed("for_the_system", _("Warnings are given by themselves."))
    on = timezone.localdate(ctx.at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"expiry:{ctx.company}"]
        )
    found = _near(ctx.company, on)
    marks, given = marks_of(ctx.company, found), given_alarms(ctx.company, found)
    warned = 0
    for ending in found:
        mark = marks.get(ending.key)
        until = mark.snoozed_until if mark is not None else None
        if until is not None and until > on:
            continue
        occasions = [
            str(days) for days in crossed(ending.ends_on, covered_until(on), ending.kind.warn)
        ]
        if until is not None:
            occasions.append(f"slept:{until:%Y-%m-%d}")
        new = [each for each in occasions if (ending.key, each) not in given]
        if new:
            _warn(ctx, ending, new)
            warned += 1
    return warned


def _near(company_id: int, on: dt.date) -> list[Ending]:
    """What ends within the widest threshold of its kind, or ended not long ago."""
    return list(_near_by_kind(company_id, on))


def _near_by_kind(company_id: int, on: dt.date) -> Iterator[Ending]:
    covered, oldest = covered_until(on), on - dt.timedelta(days=STALE_DAYS)
    found = endings([(kind, kind.rows(company_id, on)) for kind in EXPIRIES.values()], limit=None)
    for each in found:
        if oldest <= each.ends_on <= covered + dt.timedelta(days=each.kind.warn[0]):
            yield each


@step
def _warn(ctx: Context, ending: Ending, occasions: Sequence[str]) -> None:
    """Write down all occasions that have passed, and say it once."""
    alarms = ExpiryAlarm.objects.bulk_create(
        [
            ExpiryAlarm(
                company_id=ctx.company,
                kind=ending.kind.name,
                record_id=ending.pk,
                ends_on=ending.ends_on,
                occasion=occasion,
                at=ctx.at,
            )
            for occasion in occasions
        ]
    )
    ctx.record(
        "backoffice.expiry.warned",
        target=alarms[-1],
        data={"kind": ending.kind.name, "record": ending.pk, "ends_on": ending.ends_on},
    )


@step
def _held(ctx: Context, kind: str, record_id: int) -> Ending:
    """The thing, if the person sees it and answers for it."""
    spec = EXPIRIES.get(kind)
    rows = None
    if spec is not None:
        access = ctx.actor if isinstance(ctx.actor, Access) else None
        rows = (
            spec.rows(ctx.company, timezone.localdate(ctx.at))
            if access is None
            else seen(spec, access)
        )
    found = [] if spec is None or rows is None else endings([(spec, rows.filter(pk=record_id))])
    if not found:
        raise NotFound("not_found", _("There is no such record."))
    if isinstance(ctx.actor, Access) and not answers_for(found[0], ctx.actor):
        raise NotAllowed("not_responsible", _("Others answer for this."))
    return found[0]


@step
def _mark(ctx: Context, ending: Ending) -> ExpiryMark:
    """The mark on an ending, held until the transaction ends."""
    about = {
        "company_id": ctx.company,
        "kind": ending.kind.name,
        "record_id": ending.pk,
        "ends_on": ending.ends_on,
    }
    ExpiryMark.objects.bulk_create([ExpiryMark(**about)], ignore_conflicts=True)
    mark = ExpiryMark.objects.select_for_update().get(**about)
    mark.by_id = ctx.actor_id
    return mark
