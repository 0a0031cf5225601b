"""The one way to move work: open an item, take a step; every function is the set form."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _
from psycopg import sql

from backoffice.audit import services as audit
from backoffice.commands import Channel, Context, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.work.models import ActorType, WorkItem
from backoffice.work.registry import PROCESSES, document_model
from backoffice.work.rules import OPEN, Process, Step

NAMED = 5  # so many documents are named in a refusal, the others are counted


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
class _Held:
    """One document and its item, both locked."""

    document_id: int
    item_id: int
    title: str
    seq: int
    state: str
    phase: str
    since: dt.datetime


@step
def open_item(
    ctx: Context,
    process: str,
    document: Model,
    title: str,
    *,
    requester_id: int | None = None,
    assignee_id: int | None = None,
) -> WorkItem:
    """Open the work item of a document that was just saved; see `open_items`."""
    opened = open_items(
        ctx, process, [(document, title)], requester_id=requester_id, assignee_id=assignee_id
    )
    return opened[0]


@step
def open_items(
    ctx: Context,
    process: str,
    documents: Sequence[tuple[Model, str]],
    *,
    requester_id: int | None = None,
    assignee_id: int | None = None,
) -> list[WorkItem]:
    """Open the work items of documents that were just saved, in three statements.

    Every document of a process needs its item before the transaction ends; the database sees to that.

    Args:
        ctx: Of the command; its actor is the requester unless another is given.
        process: Key of the process.
        documents: Saved documents of the context's company, each with the title of its item.
        requester_id: User for whom the work is done.
        assignee_id: User who is to do it.

    Returns:
        The items, in the order given; each document's state is now the initial one.
    """
    if not documents:
        return []
    declared = PROCESSES[process]
    items = [
        WorkItem(
            company_id=ctx.company,
            process=process,
            document_id=document.pk,
            title=title,
            state=declared.initial.key,
            phase=declared.initial.phase.value,
            requester_id=requester_id or ctx.on_behalf_of_id or ctx.actor_id,
            assignee_id=assignee_id,
            opened_at=ctx.at,
            state_since=ctx.at,
        )
        for document, title in documents
    ]
    _insert(items)
    opening = Step(
        action=OPEN,
        label="",
        sources=frozenset({""}),
        target=declared.initial.key,
        permission="",
    )
    held = [_Held(item.document_id, item.pk, item.title, 0, "", "", ctx.at) for item in items]
    _append(ctx, declared, opening, held, "")
    for item in items:
        item.last_seq = 1
    return items


@step
def transition(
    ctx: Context,
    process: str,
    document_ids: Sequence[int],
    action: str,
    reason: str = "",
) -> list[Move]:
    """Take one step with all documents or with none, in three statements whatever their number.

    Locks the documents and their items, checks permission, reason and states, and appends the events; the
    database moves items and documents by them. In-memory documents keep their old state: read them again.
    The step is refused a second time, because the state has passed.

    Args:
        ctx: Of the command.
        process: Key of the process.
        document_ids: Primary keys of documents of the context's company; repeats count once.
        action: Name of a declared step.
        reason: Why, in the person's words; the context's reason when empty.

    Returns:
        The moves, in the order of the documents' keys.

    Raises:
        NotAllowed: The actor lacks the step's permission.
        InvalidInput: `reason_needed`.
        NotFound: Some document does not exist in this company.
        WrongState: Some document is in a state from which the step does not lead on; names it and its state.
    """
    declared = PROCESSES[process]
    chosen = declared.step[action]
    ctx.require(chosen.permission)
    why = reason.strip() or ctx.reason.strip()
    if chosen.needs_reason and not why:
        message = _("Say why.")
        raise InvalidInput("reason_needed", message, fields={"reason": message})
    wanted = set(document_ids)
    if not wanted:
        return []
    held = _lock(ctx, declared, wanted)
    _refuse_missing(wanted - {one.document_id for one in held})
    _refuse_wrong_state(declared, chosen, held)
    return _append(ctx, declared, chosen, held, why)


def _insert(items: Sequence[WorkItem]) -> None:
    """Insert items that differ in document and title alone, and give them their keys."""
    one = items[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO backoffice_work_item
                (company_id, process, document_id, title, state, phase, requester_id, assignee_id,
                 opened_at, state_since, backward_count, last_seq)
            SELECT %s, %s, d.document_id, d.title, %s, %s, %s, %s, %s, %s, 0, 0
            FROM unnest(%s::bigint[], %s::text[]) AS d (document_id, title)
            RETURNING document_id, id
            """,
            [
                one.company_id,
                one.process,
                one.state,
                one.phase,
                one.requester_id,
                one.assignee_id,
                one.opened_at,
                one.state_since,
                [item.document_id for item in items],
                [item.title for item in items],
            ],
        )
        keys = dict(cursor.fetchall())
    for item in items:
        item.pk = keys[item.document_id]
        item._state.adding = False


def _lock(ctx: Context, process: Process, document_ids: Iterable[int]) -> list[_Held]:
    """Lock the documents, then their items, in the order of the documents' keys.

    The document comes first because commands lock it before they ask for a step. NO KEY UPDATE is what
    the move itself takes: rows that refer to the document may still be written meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _lock_query(document_model(process)._meta.db_table),
            [process.key, sorted(document_ids), ctx.company],
        )
        return [_Held(*row) for row in cursor.fetchall()]


@cache
def _lock_query(table: str) -> str:
    query = """
        SELECT i.document_id, i.id, i.title, i.last_seq, i.state, i.phase, i.state_since
        FROM {table} d JOIN backoffice_work_item i ON i.process = %s AND i.document_id = d.id
        WHERE d.id = ANY(%s) AND d.company_id = %s
        ORDER BY d.id FOR NO KEY UPDATE
    """
    return sql.SQL(query).format(table=sql.Identifier(table)).as_string()


def _refuse_missing(missing: set[int]) -> None:
    if missing:
        raise NotFound("not_found", _("There is no such record."))


def _refuse_wrong_state(process: Process, chosen: Step, held: Sequence[_Held]) -> None:
    wrong = [one for one in held if one.state not in chosen.sources]
    if not wrong:
        return
    named = "; ".join(f"{one.title}: {process.state[one.state].label}" for one in wrong[:NAMED])
    if len(wrong) > NAMED:
        named = _("%(named)s; and %(count)d more") % {"named": named, "count": len(wrong) - NAMED}
    message = _("“%(action)s” is not possible in the present state (%(named)s).")
    raise WrongState("wrong_state", message % {"action": chosen.label, "named": named})


def _append(
    ctx: Context, process: Process, chosen: Step, held: Sequence[_Held], reason: str
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
    SELECT %(company_id)s, m.item_id, m.seq, %(process)s, %(action)s, m.state, %(target)s, m.phase, %(phase)s,
           %(backward)s, extract(epoch FROM greatest(%(at)s, m.since) - m.since), %(actor_type)s, %(actor_id)s,
           %(on_behalf_of_id)s, %(reason)s, m.event_id, greatest(%(at)s, m.since)
    FROM unnest(%(item_ids)s::bigint[], %(seqs)s::integer[], %(states)s::text[], %(phases)s::text[],
                %(since)s::timestamptz[], %(event_ids)s::bigint[])
         AS m (item_id, seq, state, phase, since, event_id)
"""


def _event_values(
    ctx: Context,
    process: Process,
    chosen: Step,
    held: Sequence[_Held],
    event_ids: list[int],
    reason: str,
) -> dict[str, Any]:
    doors = {Channel.API: ActorType.API, Channel.JOB: ActorType.JOB}
    actor_type = ActorType.SYSTEM if ctx.actor is None else doors.get(ctx.channel, ActorType.USER)
    return {
        "company_id": ctx.company,
        "process": process.key,
        "action": chosen.action,
        "target": chosen.target,
        "phase": process.state[chosen.target].phase.value,
        "backward": chosen.backward,
        "actor_type": actor_type.value,
        "actor_id": ctx.actor_id,
        "on_behalf_of_id": ctx.on_behalf_of_id,
        "reason": reason,
        "at": ctx.at,
        "item_ids": [one.item_id for one in held],
        "seqs": [one.seq + 1 for one in held],
        "states": [one.state for one in held],
        "phases": [one.phase for one in held],
        "since": [one.since for one in held],
        "event_ids": event_ids,
    }
