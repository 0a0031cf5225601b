"""Events in the one order in which none is ever skipped."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from backoffice.outbox.models import Webhook
from backoffice.outbox.rules import LAST_ID, Position, derive_secret


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event as it is told outside; ``raw`` is its data as JSON text."""

    position: Position
    at: dt.datetime
    action: str
    company_id: int | None
    actor_id: int | None
    target_type: str
    target_id: int | None
    raw: str

    @property
    def data(self) -> Any:  # noqa: ANN401  any JSON
        """What the command said about it."""
        return json.loads(self.raw)


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
    """The events behind a place, in order: one statement, and the horizon before it.

    Args:
        after: Where the last page ended.
        limit: How many at most.
        company_id: Only those of one company; None for all.
        target_types: Only those about records of these models (labels in lower case); None for all.
    """
    end = horizon()
    narrowed, values = _narrowed(company_id, target_types)
    found: list[StreamEvent] = []
    epoch, xid, event_id = after.epoch, after.xid, after.event_id
    while epoch <= end.epoch and len(found) < limit:
        last = end.xid if epoch == end.epoch else LAST_ID
        place = {"epoch": epoch, "xid": xid, "id": event_id, "last": last}
        found += _read(narrowed, {**values, **place, "limit": limit - len(found)})
        epoch, xid, event_id = epoch + 1, 0, 0
    more = len(found) == limit
    return Page(tuple(found), found[-1].position if more else max(after, end), more)


def _narrowed(
    company_id: int | None, target_types: Sequence[str] | None
) -> tuple[str, dict[str, Any]]:
    conditions, values = "", dict[str, Any]()
    if company_id is not None:
        conditions += " AND company_id = %(company)s"
        values["company"] = company_id
    if target_types is not None:
        conditions += " AND target_type = ANY(%(types)s)"
        values["types"] = list(target_types)
    return conditions, values


def _read(narrowed: str, values: Mapping[str, Any]) -> list[StreamEvent]:
    with connection.cursor() as cursor:
        cursor.execute(_QUERY + narrowed + _ORDER, values)
        return [_event(row) for row in cursor.fetchall()]


# One epoch at a time: the planner would take the number of rows behind a triple from its first part
# alone, which is the same in all of them. Ordered by the columns themselves: a bare `xid` would be
# the number of the list above, which no index knows.
_QUERY = """
    SELECT e.epoch, e.xid::text::bigint, e.id, at, action, company_id, actor_id, target_type, target_id,
           data::text
    FROM backoffice_event e
    WHERE e.epoch = %(epoch)s AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s)
        AND e.xid <= %(last)s::text::xid8
"""
_ORDER = " ORDER BY e.xid, e.id LIMIT %(limit)s"


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
        raw=data,
    )


def secret_of(webhook: Webhook) -> str:
    """The secret with which messages to a webhook are signed."""
    return derive_secret(
        settings.WEBHOOK_KEY or settings.SECRET_KEY, str(webhook.key), webhook.secret_version
    )
