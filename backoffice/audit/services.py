"""Append events and readings; seal what is finished into the chain of blocks."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from backoffice.audit.models import EventBlock, EventEpoch


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEvent:
    """An event before it has a number; the fields are those of ``Event``."""

    action: str
    at: dt.datetime
    company_id: int | None
    actor_id: int | None
    channel: str
    target_type: str = ""
    target_id: int | None = None
    on_behalf_of_id: int | None = None
    token_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    request_id: str = ""


COLUMNS = tuple(each.name for each in fields(NewEvent))


def _dumps(value: object) -> str:
    return DjangoJSONEncoder(sort_keys=True).encode(value)


def append_event(event: NewEvent) -> int:
    """Append one event and return its id; see ``append_events``."""
    return append_events([event])[0]


def append_events(events: Sequence[NewEvent]) -> list[int]:
    """Append events in one statement, in the caller's transaction.

    Returns:
        Their ids, in the order given.
    """
    with connection.cursor() as cursor:
        # one JSON value for all: half the time of twelve arrays, for one event as for a thousand
        cursor.execute(
            """
            INSERT INTO backoffice_event (at, action, company_id, actor_id, on_behalf_of_id, token_id,
                                          channel, target_type, target_id, data, reason, request_id)
            SELECT * FROM jsonb_to_recordset(%s::jsonb) AS row (
                at timestamptz, action text, company_id bigint, actor_id bigint, on_behalf_of_id bigint,
                token_id bigint, channel text, target_type text, target_id bigint, data jsonb,
                reason text, request_id text)
            RETURNING id
            """,
            [_dumps([_row(event) for event in events])],
        )
        return [row[0] for row in cursor.fetchall()]


def _row(event: NewEvent) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in COLUMNS}
    row["at"] = event.at.isoformat()  # the encoder would cut it to milliseconds
    return row


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReading:
    """Who is about to see which sensitive records; the fields are those of ``ReadLog``."""

    at: dt.datetime
    kind: str
    ids: Sequence[int]
    company_id: int | None
    user_id: int | None
    channel: str
    token_id: int | None = None
    request_id: str = ""


def record_reading(reading: NewReading) -> None:
    """Log a reading of sensitive data, one row for the request; call it before the answer is sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO backoffice_read_log
                (at, company_id, user_id, token_id, channel, kind, ids, request_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s)
            """,
            [
                reading.at,
                reading.company_id,
                reading.user_id,
                reading.token_id,
                reading.channel,
                reading.kind,
                _dumps(list(reading.ids)),
                reading.request_id,
            ],
        )


def seal_events(*, at: dt.datetime) -> EventBlock | None:
    """Chain all events of finished transactions that no block holds yet into new blocks.

    What is finished is told by transaction numbers, not by ids or times, which commit out of order:
    below the oldest running transaction of this database nothing can appear any more. Each epoch of
    the log (each server it lived on) has its own numbers and so a block of its own.

    Returns:
        The last new block, or None when there was nothing to seal or another process is sealing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('audit.seal'))")
        if not cursor.fetchone()[0]:
            return None
        last: EventBlock | None = None
        for epoch in EventEpoch.objects.order_by("pk").values_list("pk", flat=True):
            last = _seal_epoch(epoch, at) or last
        return last


def _seal_epoch(epoch: int, at: dt.datetime) -> EventBlock | None:
    """Seal what is finished in one epoch; the caller holds the lock."""
    done = EventBlock.objects.filter(epoch=epoch).order_by("-next_xid").first()
    first_xid = done.next_xid if done else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT backoffice_epoch_horizon(%s)::text::bigint", [epoch])
        next_xid: int | None = cursor.fetchone()[0]
    if next_xid is None or next_xid <= first_xid:
        return None
    bounds = Bounds(epoch, first_xid, next_xid)
    count, digest = digest_of(bounds)
    if not count:
        return None
    last = EventBlock.objects.order_by("-pk").first()
    previous = last.hash if last else NO_BLOCK
    head = block_hash(previous, bounds, count, digest)
    return EventBlock.objects.create(
        epoch=epoch,
        first_xid=first_xid,
        next_xid=next_xid,
        count=count,
        previous_hash=previous,
        hash=head,
        signature=sign(head),
        sealed_at=at,
    )


NO_BLOCK = "0" * 64
"""What the first block names as the hash of the one before."""


class Bounds(NamedTuple):
    """Which transactions a block holds: from ``first_xid`` to before ``next_xid`` of an epoch."""

    epoch: int
    first_xid: int
    next_xid: int


def block_hash(previous: str, bounds: Bounds, count: int, digest: str) -> str:
    """Hash of a block: SHA-256 over the previous hash, its bounds, and the digest of its events.

    Blocks of the first epoch were hashed before there were epochs; theirs is not in the hash.
    """
    numbers = bounds if bounds.epoch > 1 else bounds[1:]
    parts = (previous, *numbers, count, digest)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def sign(head: str) -> str:
    """HMAC-SHA-256 of a block's hash with the key that the database does not hold."""
    return hmac.new(settings.AUDIT_SIGNING_KEY.encode(), head.encode(), hashlib.sha256).hexdigest()


def digest_of(bounds: Bounds) -> tuple[int, str]:
    """How many events the transactions wrote, and the digest over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM backoffice_event_digest(%s, %s::text::xid8, %s::text::xid8)",
            [bounds.epoch, str(bounds.first_xid), str(bounds.next_xid)],
        )
        count, digest = cursor.fetchone()
    return count, digest or ""
