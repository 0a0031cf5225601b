"""Work items of new documents."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

from backoffice.commands import Context, step
from backoffice.work.models import WorkItem
from backoffice.work.registry import PROCESSES
from backoffice.work.rules import OPEN, Step
from backoffice.work.services.events import Held, append_moves


@step
def open_item(
    ctx: Context,
    process: str,
    document: Model,
    title: str,
    *,
    requester_id: int | None = None,
    assignee_id: int | None = None,
    due_at: dt.datetime | None = None,
) -> WorkItem:
    """Open the work item of a document that was just saved; see `open_items`."""
    opened = open_items(
        ctx,
        process,
        [(document, title)],
        requester_id=requester_id,
        assignee_id=assignee_id,
        due_at=due_at,
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
    due_at: dt.datetime | None = None,
) -> list[WorkItem]:
    """Open the work items of documents that were just saved, in three statements.

    Every document of a process needs its item before the transaction ends; the database sees to that.

    Args:
        ctx: Of the command; its actor is the requester unless another is given.
        process: Key of the process.
        documents: Saved documents of the context's company, each with the title of its item.
        requester_id: User for whom the work is done.
        assignee_id: User who is to do it.
        due_at: Until when the purpose is to be reached.

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
            due_at=due_at,
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
    held = [Held(item.document_id, item.pk, item.title, 0, "", "", ctx.at) for item in items]
    append_moves(ctx, declared, opening, held, "")
    for item in items:
        item.last_seq = 1
    return items


def _insert(items: Sequence[WorkItem]) -> None:
    """Insert items that differ in document and title alone, and give them their keys."""
    one = items[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO backoffice_work_item
                (company_id, process, document_id, title, state, phase, requester_id, assignee_id,
                 due_at, opened_at, state_since, backward_count, last_seq)
            SELECT %s, %s, d.document_id, d.title, %s, %s, %s, %s, %s, %s, %s, 0, 0
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
                one.due_at,
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
