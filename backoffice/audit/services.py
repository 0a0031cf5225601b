"""Append events and readings; seal what is finished into the chain of blocks."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from backoffice.audit.models import EventBlock


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
    columns = list(
        zip(
            *(
                (
                    e.at,
                    e.action,
                    e.company_id,
                    e.actor_id,
                    e.on_behalf_of_id,
                    e.token_id,
                    e.channel,
                    e.target_type,
                    e.target_id,
                    Jsonb(e.data, dumps=_dumps),
                    e.reason,
                    e.request_id,
                )
                for e in events
            ),
            strict=True,
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO backoffice_event (at, action, company_id, actor_id, on_behalf_of_id, token_id,
                                          channel, target_type, target_id, data, reason, request_id)
            SELECT u.* FROM unnest(%s::timestamptz[], %s::text[], %s::bigint[], %s::bigint[],
                     %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::jsonb[],
                     %s::text[], %s::text[]) AS u
            RETURNING id
            """,
            [list(column) for column in columns],
        )
        return [row[0] for row in cursor.fetchall()]


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
    """Chain all events of finished transactions that no block holds yet into one new block.

    What is finished is told by transaction numbers, not by ids or times, which commit out of order:
    below the oldest running transaction of this database nothing can appear any more.

    Returns:
        The new block, or None when there was nothing to seal or another process is sealing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('audit.seal'))")
        if not cursor.fetchone()[0]:
            return None
        last = EventBlock.objects.order_by("-next_xid").first()
        first_xid = last.next_xid if last else 0
        cursor.execute("SELECT backoffice_event_horizon()::text::bigint")
        next_xid: int = cursor.fetchone()[0]
        count, digest = _digest(first_xid, next_xid)
        if not count:
            return None
        previous = last.hash if last else "0" * 64
        head = block_hash(previous, first_xid, next_xid, count, digest)
        return EventBlock.objects.create(
            first_xid=first_xid,
            next_xid=next_xid,
            count=count,
            previous_hash=previous,
            hash=head,
            signature=sign(head),
            sealed_at=at,
        )


def block_hash(previous: str, first_xid: int, next_xid: int, count: int, digest: str) -> str:
    """Hash of a block: SHA-256 over the previous hash, its bounds, and the digest of its events."""
    return hashlib.sha256(
        f"{previous}|{first_xid}|{next_xid}|{count}|{digest}".encode()
    ).hexdigest()


def sign(head: str) -> str:
    """HMAC-SHA-256 of a block's hash with the key that the database does not hold."""
    return hmac.new(settings.AUDIT_SIGNING_KEY.encode(), head.encode(), hashlib.sha256).hexdigest()


def find_broken_block() -> EventBlock | None:
    """Recompute the chain from the start.

    Returns:
        The first block whose events, link or signature do not agree; None when all is whole.
    """
    previous = "0" * 64
    for block in EventBlock.objects.order_by("first_xid").iterator():
        count, digest = _digest(block.first_xid, block.next_xid)
        head = block_hash(previous, block.first_xid, block.next_xid, count, digest)
        if head != block.hash or not hmac.compare_digest(sign(head), block.signature):
            return block
        previous = block.hash
    return None


def _digest(first_xid: int, next_xid: int) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM backoffice_event_digest(%s::text::xid8, %s::text::xid8)",
            [str(first_xid), str(next_xid)],
        )
        count, digest = cursor.fetchone()
    return count, digest or ""
