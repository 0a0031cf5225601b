"""Read events on, for one consumer: what follows from them and the new position commit together."""

import datetime as dt
import logging
import traceback
from collections.abc import Sequence

from django.db import transaction

from backoffice.outbox.models import OutboxPosition, OutboxSetAside
from backoffice.outbox.registry import CONSUMERS, Consumer
from backoffice.outbox.rules import Position
from backoffice.outbox.selectors import StreamEvent, events_after, horizon

BATCH = 1_000
MOST_ATTEMPTS = 5

log = logging.getLogger(__name__)


def consume(name: str, *, at: dt.datetime, limit: int = BATCH) -> int:
    """Hand the next events to a consumer; any number of processes may call it at once.

    A new consumer begins with what happens from now on. A batch that fails is handed over event by
    event; an event at which the consumer failed five times is set aside with its traceback, and the
    others go on: order is kept up to there.

    Args:
        name: Of a registered consumer.
        at: Now.
        limit: Events of one transaction.

    Returns:
        How many events were read; 0 when there is nothing new or another process reads.
    """
    consumer = CONSUMERS[name]
    try:
        return _batch(consumer, at, limit)
    except Exception:
        log.exception("consumer %s failed at a batch, it gets the events one by one", name)
    try:
        return _batch(consumer, at, 1)
    except Exception:
        log.exception("consumer %s failed at an event", name)
        return _remember_failure(consumer, at, traceback.format_exc())


@transaction.atomic(durable=True)
def _batch(consumer: Consumer, at: dt.datetime, limit: int) -> int:
    position = _locked(consumer, at)
    if position is None:
        return 0
    page = events_after(_place(position), limit=limit)
    if page.events:
        consumer.handle(page.events)
    _move(position, page.next, at)
    return len(page.events)


@transaction.atomic(durable=True)
def _remember_failure(consumer: Consumer, at: dt.datetime, error: str) -> int:
    """Count the failure; the fifth one sets the event aside."""
    position = _locked(consumer, at)
    events: Sequence[StreamEvent] = ()
    if position is not None:
        events = events_after(_place(position), limit=1).events
    if position is None or not events:
        return 0
    position.attempts += 1
    position.error = error
    position.save(update_fields=["attempts", "error"])
    if position.attempts < MOST_ATTEMPTS:
        return 0
    (event,) = events
    OutboxSetAside.objects.get_or_create(
        consumer=consumer.name,
        event_id=event.position.event_id,
        defaults={"error": error, "at": at},
    )
    _move(position, event.position, at)
    return 1


def _locked(consumer: Consumer, at: dt.datetime) -> OutboxPosition | None:
    """The consumer's row, held by this transaction; None while another one holds it."""
    rows = OutboxPosition.objects.filter(pk=consumer.name)
    found = rows.select_for_update(skip_locked=True).first()
    if found is None and not rows.exists():
        now = horizon()
        OutboxPosition.objects.bulk_create(
            [
                OutboxPosition(
                    consumer=consumer.name,
                    epoch=now.epoch,
                    xid=now.xid,
                    event_id=now.event_id,
                    moved_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        found = rows.select_for_update(skip_locked=True).first()
    return found


def _place(position: OutboxPosition) -> Position:
    return Position(position.epoch, position.xid, position.event_id)


def _move(position: OutboxPosition, to: Position, at: dt.datetime) -> None:
    if to == _place(position) and not position.attempts:
        return
    position.epoch, position.xid, position.event_id = to.epoch, to.xid, to.event_id
    position.attempts, position.error, position.moved_at = 0, "", at
    position.save()
