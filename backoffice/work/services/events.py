"""The one place that writes moves into the log; the database moves items and documents by them."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from backoffice.audit import services as audit
from backoffice.commands import Channel, Context, step
from backoffice.work.models import ActorType
from backoffice.work.registry import document_model
from backoffice.work.rules import Process, Step


@dataclass(frozen=True, slots=True)
class Move:
    """One move that was made: of which document, from where to where, and its events."""

    document_id: int
    item_id: int
    seq: int
    from_state: str
    to_state: str
    event_id: int


@dataclass(frozen=True, slots=True)
class Held:
    """One document and its item, both locked."""

    document_id: int
    item_id: int
    title: str
    seq: int
    state: str
    phase: str
    since: dt.datetime


@step
def append_moves(
    ctx: Context, process: Process, chosen: Step, held: Sequence[Held], reason: str
) -> list[Move]:
    """Write one audit event and one work event for each item; the database does the moving.

    Time runs forward for an item even when a command that started earlier gets its lock later: such a
    move counts from the moment of the one before.
    """
    meta = document_model(process)._meta
    event_ids = audit.append_events(
        [
            audit.NewEvent(
                action=f"{process.key}.{chosen.action}",
                at=ctx.at,
                company_id=ctx.company,
                actor_id=ctx.actor_id,
                on_behalf_of_id=ctx.on_behalf_of_id,
                token_id=ctx.token_id,
                channel=ctx.channel.value,
                target_type=meta.label_lower,
                target_id=one.document_id,
                data={"from": one.state, "to": chosen.target},
                reason=reason,
                request_id=ctx.request_id,
            )
            for one in held
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(INSERT_EVENTS, _event_values(ctx, process, chosen, held, event_ids, reason))
    return [
        Move(one.document_id, one.item_id, one.seq + 1, one.state, chosen.target, event_id)
        for one, event_id in zip(held, event_ids, strict=True)
    ]


INSERT_EVENTS = """
    INSERT INTO backoffice_work_event
        (company_id, item_id, seq, process, action, from_state, to_state, from_phase, to_phase, backward,
         wall_seconds, actor_type, actor_id, on_behalf_of_id, reason, event_id, at)
    SELECT %s, m.item_id, m.seq, %s, %s, m.state, %s, m.phase, %s, %s,
           extract(epoch FROM greatest(now.at, m.since) - m.since), %s, %s, %s, %s, m.event_id,
           greatest(now.at, m.since)
    FROM (SELECT %s::timestamptz) AS now (at), jsonb_to_recordset(%s::jsonb)
         AS m (item_id bigint, seq integer, state text, phase text, since timestamptz, event_id bigint)
"""
DOORS = {Channel.API: ActorType.API, Channel.JOB: ActorType.JOB}


def _event_values(
    ctx: Context,
    process: Process,
    chosen: Step,
    held: Sequence[Held],
    event_ids: list[int],
    reason: str,
) -> list[Any]:
    """What all moves share, and as one JSON value what each has of its own."""
    actor_type = ActorType.SYSTEM if ctx.actor is None else DOORS.get(ctx.channel, ActorType.USER)
    moves = [
        {
            "item_id": one.item_id,
            "seq": one.seq + 1,
            "state": one.state,
            "phase": one.phase,
            "since": one.since.isoformat(),
            "event_id": event_id,
        }
        for one, event_id in zip(held, event_ids, strict=True)
    ]
    return [
        ctx.company,
        process.key,
        chosen.action,
        chosen.target,
        process.state[chosen.target].phase.value,
        chosen.backward,
        actor_type.value,
        ctx.actor_id,
        ctx.on_behalf_of_id,
        reason,
        ctx.at,
        json.dumps(moves),
    ]
