"""Events in the one order in which none is ever skipped."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from backoffice.outbox.models import Webhook
from backoffice.outbox.rules import LAST_ID, Position, derive_secret


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event as it is told outside."""

    position: Position
    at: dt.datetime
    action: str
    company_id: int | None
    actor_id: int | None
    target_type: str
    target_id: int | None
    data: Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in order, and the place to ask from next.

    ``more`` says that there may be further ones already.
    """

    events: tuple[StreamEvent, ...]
    next: Position
    more: bool


def horizon() -> Position:
    """The place behind which every event is final: what was read up to it never gets company.

    Take it before reading, in a statement of its own: a transaction that ends between the two is
    then read the next time instead of never.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT backoffice_current_epoch(), backoffice_event_horizon()::text::bigint"
        )
        epoch, xid = cursor.fetchone()
    return Position(epoch, xid - 1, LAST_ID)


def events_after(
    after: Position,
    *,
    limit: int,
    company_id: int | None = None,
    target_types: Sequence[str] | None = None,
) -> Page:
    """The events behind a place, in order, in two statements.

    Args:
        after: Where the last page ended.
        limit: How many at most.
        company_id: Only those of one company; None for all.
        target_types: Only those about records of these models (labels in lower case); None for all.
    """
    end = horizon()
    conditions = [
        "(epoch, xid, id) > (%(epoch)s, %(xid)s::text::xid8, %(id)s)",
        "(epoch < %(end_epoch)s OR epoch = %(end_epoch)s AND xid <= %(end_xid)s::text::xid8)",
    ]
    values: dict[str, Any] = {
        "epoch": after.epoch,
        "xid": after.xid,
        "id": after.event_id,
        "end_epoch": end.epoch,
        "end_xid": end.xid,
        "limit": limit,
    }
    if company_id is not None:
        conditions.append("company_id = %(company)s")
        values["company"] = company_id
    if target_types is not None:
        conditions.append("target_type = ANY(%(types)s)")
        values["types"] = list(target_types)
    with connection.cursor() as cursor:
        cursor.execute(_QUERY + " AND ".join(conditions) + _ORDER, values)
        events = tuple(_event(row) for row in cursor.fetchall())
    more = len(events) == limit
    return Page(events, events[-1].position if more else max(after, end), more)


_QUERY = """
    SELECT epoch, xid::text::bigint, id, at, action, company_id, actor_id, target_type, target_id, data::text
    FROM backoffice_event WHERE
"""
_ORDER = " ORDER BY epoch, xid, id LIMIT %(limit)s"


def _event(row: Sequence[Any]) -> StreamEvent:
    epoch, xid, pk, at, action, company_id, actor_id, target_type, target_id, data = row
    return StreamEvent(
        position=Position(epoch, xid, pk),
        at=at,
        action=action,
        company_id=company_id,
        actor_id=actor_id,
        target_type=target_type,
        target_id=target_id,
        data=json.loads(data),
    )


def secret_of(webhook: Webhook) -> str:
    """The secret with which messages to a webhook are signed."""
    return derive_secret(
        settings.WEBHOOK_KEY or settings.SECRET_KEY, str(webhook.key), webhook.secret_version
    )
