"""Reminders: a person asks to be told of a record on a day, and ticks it off when it is done."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.collaboration.models import LONGEST_NOTE, FollowUp
from backoffice.collaboration.registry import KINDS, RecordKind, Text
from backoffice.commands import CHECKED_INSIDE, Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import access_of
from backoffice.jobs.registry import Duty, register_duty
from backoffice.jobs.rules import Every, Rhythm
from backoffice.notifications.registry import NoticeKind, Told, register
from backoffice.organization.models import Company
from backoffice.outbox.selectors import StreamEvent

OWN = "backoffice.follow_up.set"
LATEST = dt.timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One open reminder, with what its record is called and where it is."""

    row: FollowUp
    kind: Text
    title: Text
    url: str


@command("backoffice.follow_up.set", permission=OWN)
def set_follow_up(
    ctx: Context, *, record: str, record_id: int, due: dt.date, note: str = ""
) -> FollowUp:
    """Be reminded of a record on a day; the open reminder of the same record moves there.

    Args:
        ctx: Who wants to be reminded; a person who sees the record.
        record: Name of the object, such as ``hr.employee``.
        record_id: Its key.
        due: The day, later than today; the reminder comes in its morning.
        note: What it is about, for the person alone.

    Raises:
        NotFound: There is no such record within reach.
        InvalidInput: ``reminder_past``, ``reminder_too_far``, ``long_note``.
    """
    kind = KINDS.get(record)
    if not isinstance(ctx.actor, Access) or kind is None or not _sees(ctx.actor, kind, record_id):
        raise NotFound("not_found", _("There is no such record."))
    given = {"due": _checked_day(due, timezone.localdate(ctx.at)), "note": _checked_note(note)}
    made, new = FollowUp.objects.select_for_update(no_key=True).get_or_create(
        company_id=ctx.company,
        user_id=ctx.actor.user_id,
        record_type=record,
        record_id=record_id,
        done_at=None,
        defaults={**given, "set_at": ctx.at},
    )
    if not new:
        made.due, made.note, made.told_at = due, str(given["note"]), None
        made.save(update_fields=["due", "note", "told_at"])
    ctx.record("backoffice.follow_up.set", target=made, data={"record": record, "due": due})
    return made


@command("backoffice.follow_up.finish", permission=OWN)
def finish_follow_up(ctx: Context, *, follow_up_id: int) -> FollowUp:
    """Tick an own reminder off; ticking it off again changes nothing.

    Raises:
        NotFound: There is no such reminder of this person.
    """
    mine = FollowUp.objects.select_for_update(no_key=True)
    found = mine.filter(company_id=ctx.company, user_id=ctx.actor_id or 0, pk=follow_up_id).first()
    if found is None:
        raise NotFound("not_found", _("There is no such reminder."))
    if found.done_at is None:
        found.done_at = ctx.at
        found.save(update_fields=["done_at"])
        ctx.record("backoffice.follow_up.finished", target=found)
    return found


@command("backoffice.follow_up.remind", permission=CHECKED_INSIDE)
def remind(ctx: Context) -> int:
    """Remind everybody in the company of what is due today or was missed; a duty of the system.

    Any number of schedulers may run it: each reminder is held by one of them, and told once.

    Returns:
        How many reminders were given.

    Raises:
        NotAllowed: A person asks.
    """
    if ctx.actor is not None:
        raise NotAllowed("for_the_system", _("Reminders come by themselves."))
    waiting = FollowUp.objects.select_for_update(no_key=True, skip_locked=True).filter(
        company_id=ctx.company,
        due__lte=timezone.localdate(ctx.at),
        told_at=None,
        done_at=None,
    )
    rows = list(waiting.order_by("pk"))
    for row in rows:
        row.told_at = ctx.at
        row.save(update_fields=["told_at"])
        ctx.record("backoffice.follow_up.due", target=row)
    return len(rows)


def reminder_of(access: Access, record: str, pk: int) -> FollowUp | None:
    """The person's open reminder of a record."""
    return _open(access).filter(record_type=record, record_id=pk).first()


def own(access: Access, pk: int) -> FollowUp | None:
    """A reminder of the person themselves."""
    mine = FollowUp.objects.filter(company_id=access.company_id, user_id=access.user_id)
    return mine.filter(pk=pk).first()


def due_now(access: Access) -> int:
    """How many of the person's open reminders are due."""
    return _open(access).filter(due__lte=access.on).count()


def reminders(access: Access, until: dt.date | None = None) -> list[Reminder]:
    """The person's open reminders, the nearest first, up to a day; of records that they still see."""
    rows = _open(access) if until is None else _open(access).filter(due__lte=until)
    found: list[Reminder] = []
    ordered = sorted(rows, key=lambda row: row.record_type)
    for name, group in groupby(ordered, key=lambda row: row.record_type):
        kind = KINDS.get(name)
        if kind is not None:
            found += _titled(kind, access, list(group))
    return sorted(found, key=lambda each: (each.row.due, each.row.pk))


def _open(access: Access) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(
        company_id=access.company_id, user_id=access.user_id, done_at=None
    )


def _titled(kind: RecordKind, access: Access, rows: list[FollowUp]) -> Iterator[Reminder]:
    seen = kind.rows(access, "").filter(pk__in=[row.record_id for row in rows])
    titles = {record.pk: kind.title(record) for record in seen}
    for row in rows:
        if row.record_id in titles:
            yield Reminder(row, kind.label, titles[row.record_id], kind.url(row.record_id))


def _sees(access: Access, kind: RecordKind, pk: int) -> bool:
    return kind.rows(access, "").filter(pk=pk).exists()


def _checked_day(due: dt.date, today: dt.date) -> dt.date:
    if due <= today:
        message = _("Choose a later day.")
        raise InvalidInput("reminder_past", message, fields={"due": message})
    if due > today + LATEST:
        message = _("Choose a day within two years.")
        raise InvalidInput("reminder_too_far", message, fields={"due": message})
    return due


def _checked_note(note: str) -> str:
    wanted = note.replace("\x00", "").strip()
    if len(wanted) > LONGEST_NOTE:
        message = _("A note has at most 200 characters.")
        raise InvalidInput("long_note", message, fields={"note": message})
    return wanted


def _due(event: StreamEvent) -> Iterator[Told]:
    """Whose reminder it is, if it is still open and they still see the record."""
    row = FollowUp.objects.filter(pk=event.target_id or 0, done_at=None).first()
    kind = KINDS.get(row.record_type) if row else None
    if row is None or kind is None:
        return
    user = User.objects.get(pk=row.user_id)
    access = access_of(user, row.company_id, timezone.localdate(event.at))
    record = kind.rows(access, "").filter(pk=row.record_id).first()
    if record is not None:
        yield Told(user.pk, partial(_words, row.note, kind.title(record)), kind.url(row.record_id))


def _words(note: str, title: Text) -> str:
    text = _("You wanted to be reminded: %(title)s") % {"title": title}
    return f"{text} ({note})" if note else text


register(
    NoticeKind(
        name="follow_up",
        label=gettext_lazy("A reminder that I set is due"),
        actions=("backoffice.follow_up.due",),
        tell=_due,
    )
)


def remind_all(ctx: Context) -> str:
    """Remind in each company."""
    companies = Company.objects.order_by("pk").values_list("pk", flat=True)
    return str(sum(remind(replace(ctx, company_id=pk)) for pk in companies))


DUTY = register_duty(
    Duty(
        name="backoffice.follow_up.remind",
        title=gettext_lazy("Remind people of records"),
        run=remind_all,
        rhythm=Rhythm(every=Every.DAY, minute=6 * 60 + 30),
    )
)
